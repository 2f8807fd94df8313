"""The public log: an append-only Merkle tree with SHA-256, as RFC 9162 (Certificate Transparency 2.0) defines it.

A head is the size of the log and its root. Here are the hashes of section 2.1.1 and what it takes to append; proofs
that one leaf is in the log, or that one head grew out of another, are in `election/log_proofs.py`.
"""

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import Self

HASH_BYTES = 32
LARGEST_SIZE = 2**63 - 1
"""The most leaves a log may have: what both databases keep in an integer."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a log without leaves (RFC 9162, section 2.1.1)."""

_SIZE_BYTES = 8


def hash_of_leaf(data: bytes) -> bytes:
    """The hash of an entry (RFC 9162, section 2.1.1): SHA-256 of 0x00 and the entry."""
    return sha256(b"\0" + data).digest()


def hash_of_node(left: bytes, right: bytes) -> bytes:
    """The hash above two others (RFC 9162, section 2.1.1): SHA-256 of 0x01, the left one and the right one."""
    return sha256(b"\1" + left + right).digest()


def joined(complete: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, at least one, each smaller than the one to its left, given left to right."""
    *larger, root = complete
    for left in reversed(larger):
        root = hash_of_node(left, root)
    return root


class Frontier:
    """All that is needed to append: the size, and the roots of the complete subtrees from left to right.

    There is one subtree for each 1 in the binary size (RFC 9162, section 2.1.2), so a log of a million leaves
    keeps at most twenty. Fold a whole log into one, and take `root()` on the way wherever a head is wanted:
    a pass over n leaves costs n - 1 hashes at most, and each head log2(n) more. `roots_at` does so.
    """

    __slots__ = ("_complete", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._complete: list[bytes] = []

    @property
    def size(self) -> int:
        """How many leaves were appended."""
        return self._size

    def append(self, leaf_hash: bytes) -> None:
        """Take in the next leaf. Leaf number n costs at most log2(n) hashes, and one on average.

        Raises ValueError, and changes nothing, unless given 32 bytes.
        """
        if len(leaf_hash) != HASH_BYTES:
            raise ValueError(f"a leaf hash has {HASH_BYTES} bytes, not {len(leaf_hash)}")
        node, carries = leaf_hash, self._size
        while carries & 1:  # as in adding one to a binary number: two equal subtrees become one
            node = hash_of_node(self._complete.pop(), node)
            carries >>= 1
        self._complete.append(node)
        self._size += 1

    def root(self) -> bytes:
        """The root of the log so far (RFC 9162, section 2.1.1), at most log2(size) hashes away."""
        return joined(self._complete) if self._complete else EMPTY_ROOT

    def packed(self) -> bytes:
        """Bytes for a database row: the size in eight, most significant first, then the subtrees' roots."""
        return self._size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._complete)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """The frontier that gave these bytes. Raises ValueError for bytes that no frontier gives."""
        size, roots = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or size > LARGEST_SIZE or len(roots) != HASH_BYTES * size.bit_count():
            raise ValueError("these bytes are no packed frontier")
        frontier = cls()
        frontier._size = size
        frontier._complete = [roots[place : place + HASH_BYTES] for place in range(0, len(roots), HASH_BYTES)]
        return frontier


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of a log of these leaves (RFC 9162, section 2.1.1). Raises ValueError as `Frontier.append` does."""
    frontier = Frontier()
    for leaf_hash in leaf_hashes:
        frontier.append(leaf_hash)
    return frontier.root()


def roots_at(leaf_hashes: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """The root the log had at each of these sizes, in one pass over its leaves; a size it never had is left out.

    This is how the heads in all bulletins are checked at once. Raises ValueError as `Frontier.append` does.
    """
    wanted = set(sizes)
    frontier = Frontier()
    roots = {0: EMPTY_ROOT} if 0 in wanted else {}
    for leaf_hash in leaf_hashes:
        frontier.append(leaf_hash)
        if frontier.size in wanted:
            roots[frontier.size] = frontier.root()
    return roots
