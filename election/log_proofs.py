"""Proofs about the public log (RFC 9162, sections 2.1.3 and 2.1.4): how the board makes them, how anyone checks them.

A root does not tell how many leaves are under it, so a size and a root are always taken together, from one signed
head: the root of another size beside a true size is for the signature to refuse, not for a proof.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from election.log import EMPTY_ROOT, HASH_BYTES, LARGEST_SIZE, hash_of_node, joined


class Tree:
    """A whole log in memory, from which proofs are taken; 64 bytes a leaf, and twice that while it is built.

    To build it costs n - 1 hashes at most, each proof then log2(n) look-ups and as many hashes.
    """

    __slots__ = ("_levels", "size")

    size: int
    """How many leaves the log has."""

    def __init__(self, leaf_hashes: Iterable[bytes]) -> None:
        """Raises ValueError unless each leaf hash has 32 bytes."""
        leaves = [*leaf_hashes]
        if any(len(leaf_hash) != HASH_BYTES for leaf_hash in leaves):
            raise ValueError(f"a leaf hash has {HASH_BYTES} bytes")
        self.size = len(leaves)
        self._levels = [b"".join(leaves)]  # the roots of the complete subtrees of 1, 2, 4, … leaves, end to end
        while len(self._levels[-1]) >= 2 * HASH_BYTES:
            self._levels.append(_level_above(self._levels[-1]))

    def root(self, size: int) -> bytes:
        """The root the log had at this size. Raises ValueError unless 0 <= size <= its size."""
        if not 0 <= size <= self.size:
            raise ValueError(f"the log has {self.size} leaves, not {size}")
        return self._root(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof (RFC 9162, section 2.1.3.1) that this leaf, counted from 0, is in the log of this size.

        Raises ValueError unless 0 <= index < size <= the log's size.
        """
        if not 0 <= index < size <= self.size:
            raise ValueError(f"no leaf {index} in {size} of {self.size}")
        return self._path(index, 0, size)

    def consistency(self, size1: int, size2: int) -> list[bytes]:
        """The proof (RFC 9162, section 2.1.4.1) that the log of one size only had leaves appended to reach another.

        It is empty from an empty log and between equal sizes. Raises ValueError unless
        0 <= size1 <= size2 <= the log's size.
        """
        if not 0 <= size1 <= size2 <= self.size:
            raise ValueError(f"no growth from {size1} to {size2} in {self.size}")
        return self._subproof(size1, 0, size2, known=True) if size1 else []

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        """PATH of the section 2.1.3.1, over the leaves from `start` to before `end`."""
        if end - start == 1:
            return []
        middle = _middle(start, end)
        if index < middle:
            return [*self._path(index, start, middle), self._root(middle, end)]
        return [*self._path(index, middle, end), self._root(start, middle)]

    def _subproof(self, size: int, start: int, end: int, *, known: bool) -> list[bytes]:
        """SUBPROOF of the section 2.1.4.1; `known`: the checker has this subtree's root, it is the first head's."""
        if size == end:
            return [] if known else [self._root(start, end)]
        middle = _middle(start, end)
        if size <= middle:
            return [*self._subproof(size, start, middle, known=known), self._root(middle, end)]
        return [*self._subproof(size, middle, end, known=False), self._root(start, middle)]

    def _root(self, start: int, end: int) -> bytes:
        """The root over a run of leaves that is a subtree of the log, at whatever size."""
        complete = []
        while start < end:
            height = (end - start).bit_length() - 1
            place = (start >> height) * HASH_BYTES
            complete.append(self._levels[height][place : place + HASH_BYTES])
            start += 1 << height
        return joined(complete)


def verify_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from this leaf, counted from 0, to the root (RFC 9162, section 2.1.3.2).

    Whatever the numbers and bytes are, the answer is True or False.
    """
    if not 0 <= index < size <= LARGEST_SIZE or not _are_hashes(leaf_hash, root, *path):
        return False
    place, last, reached = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = hash_of_node(step, reached)
            place, last = _past_lone_nodes(place, last)
        else:
            reached = hash_of_node(reached, step)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(size1: int, root1: bytes, size2: int, root2: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the second head grew out of the first (RFC 9162, section 2.1.4.2).

    Two cases the section leaves open have an empty path: equal sizes, whose roots must be equal, and the empty log,
    out of which any head grew. Whatever the numbers and bytes are, the answer is True or False.
    """
    if not 0 <= size1 <= size2 <= LARGEST_SIZE or not _are_hashes(root1, root2, *path):
        return False
    if size1 == 0 and root1 != EMPTY_ROOT:
        return False
    if size1 == size2:
        return not path and root1 == root2
    if size1 == 0:
        return not path
    if not path:
        return False
    power_of_two = size1 & (size1 - 1) == 0
    first, *rest = [root1, *path] if power_of_two else path
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    reached1 = reached2 = first
    for step in rest:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached1, reached2 = hash_of_node(step, reached1), hash_of_node(step, reached2)
            place, last = _past_lone_nodes(place, last)
        else:
            reached2 = hash_of_node(reached2, step)
        place, last = place >> 1, last >> 1
    return last == 0 and reached1 == root1 and reached2 == root2


def _past_lone_nodes(place: int, last: int) -> tuple[int, int]:
    """Up past the levels at whose right edge a node has no neighbour and so is not hashed."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _are_hashes(*values: bytes) -> bool:
    # else bytes could be moved between two neighbours without a change to what is hashed
    return all(len(value) == HASH_BYTES for value in values)


def _middle(start: int, end: int) -> int:
    """Where a subtree divides: its left half is the largest power of two smaller than the whole."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _level_above(level: bytes) -> bytes:
    """The hashes above each two neighbours; a last one without a neighbour has none."""
    pair = 2 * HASH_BYTES
    places = range(0, len(level) - pair + 1, pair)
    return b"".join(sha256(b"\1" + level[place : place + pair]).digest() for place in places)
