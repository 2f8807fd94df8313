import hashlib
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from election.log import EMPTY_ROOT, hash_of_leaf, hash_of_node, root_of
from election.log_proofs import Tree, verify_consistency, verify_inclusion
from tests.election.transparency import KNOWN_LEAVES, KNOWN_NODES, MTH, PATH, PROOF

LENGTHS = st.binary(max_size=70) | st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(-3, 20) | st.integers()


def _nodes(*names: str) -> list[bytes]:
    return [bytes.fromhex(KNOWN_NODES[name]) for name in names]


def _leaves(number: int, seed: int = 0) -> list[bytes]:
    return [hash_of_leaf(random.Random(f"{seed} {place}").randbytes(8)) for place in range(number)]


def _altered(hashes: list[bytes]) -> Iterator[list[bytes]]:
    """The list with each byte of each hash changed, one at a time."""
    for number, whole in enumerate(hashes):
        for place in range(len(whole)):
            other = whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :]
            yield [*hashes[:number], other, *hashes[number + 1 :]]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (0, 8, ["1", "23", "4567"]),
        (5, 8, ["4", "67", "0123"]),
        (2, 3, ["01"]),
        (1, 5, ["0", "23", "4"]),
    ],
)
def test_inclusion_is_proved_as_in_certificate_transparency(index: int, size: int, path: list[str]) -> None:
    tree = Tree(KNOWN_LEAVES)
    assert tree.inclusion(index, size) == _nodes(*path)
    assert verify_inclusion(KNOWN_LEAVES[index], index, size, _nodes(*path), tree.root(size))


@pytest.mark.parametrize(
    ("size1", "size2", "path"),
    [(1, 1, []), (1, 8, ["1", "23", "4567"]), (6, 8, ["45", "67", "0123"]), (2, 5, ["23", "4"])],
)
def test_growth_is_proved_as_in_certificate_transparency(size1: int, size2: int, path: list[str]) -> None:
    tree = Tree(KNOWN_LEAVES)
    assert tree.consistency(size1, size2) == _nodes(*path)
    assert verify_consistency(size1, tree.root(size1), size2, tree.root(size2), _nodes(*path))


def test_every_proof_of_small_logs_is_the_one_that_the_rfc_defines() -> None:
    leaves = _leaves(35)
    tree = Tree(leaves)
    for size in range(1, 36):
        root = MTH(leaves[:size])
        for index in range(size):
            path = tree.inclusion(index, size)
            assert path == PATH(index, leaves[:size])
            assert verify_inclusion(leaves[index], index, size, path, root)
        for earlier in range(1, size + 1):
            path = tree.consistency(earlier, size)
            assert path == PROOF(earlier, leaves[:size])
            assert verify_consistency(earlier, MTH(leaves[:earlier]), size, root, path)


def test_roots_and_proofs_of_two_thousand_random_logs_are_those_of_another_program() -> None:
    chance = random.Random(9162)
    for _ in range(2_000):
        later = chance.choice([chance.randint(1, 12), chance.randint(1, 200), 2 ** chance.randint(1, 7) + 1])
        entries = [chance.randbytes(6) for _ in range(later)]
        leaves = [hash_of_leaf(entry) for entry in entries]
        index, earlier = chance.randrange(later), chance.randint(1, later)
        other = InmemoryTree(algorithm="sha256")
        other.append_entries(entries)
        tree = Tree(leaves)
        root, root1 = other.get_root(), other.get_root(earlier)

        assert root_of(leaves) == tree.root(later) == root
        assert tree.root(earlier) == root1
        path = tree.inclusion(index, later)
        assert [leaves[index], *path] == other.prove_inclusion(index + 1).path
        assert verify_inclusion(leaves[index], index, later, path, root)
        path = tree.consistency(earlier, later)
        assert path == PROOF(earlier, leaves)
        assert verify_consistency(earlier, root1, later, root, path)
        if earlier % 2 and earlier < later:  # elsewhere the other program divides the tree more finely than the RFC
            second, first, *rest = other.prove_consistency(earlier).path
            assert path == ([second, *rest] if earlier == 1 else [first, second, *rest])


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 9, 13])
def test_one_changed_byte_or_another_number_proves_no_inclusion(size: int) -> None:
    leaves = _leaves(size + 6)
    tree = Tree(leaves)
    for index in range(size):
        whole = [leaves[index], tree.root(size), *tree.inclusion(index, size)]
        for leaf, root, *path in _altered(whole):
            assert not verify_inclusion(leaf, index, size, path, root)
        leaf, root, *path = whole
        for place in range(-2, size + 7):
            assert verify_inclusion(leaf, place, size, path, root) == (place == index)
        for other in range(size + 7):
            assert verify_inclusion(leaf, index, other, path, tree.root(other)) == (other == size)
        for wrong in ([*path, leaf], [leaf, *path], path[1:], path[:-1], path[::-1]):
            assert verify_inclusion(leaf, index, size, wrong, root) == (wrong == path)


@pytest.mark.parametrize("size2", [1, 2, 3, 6, 7, 8, 9, 13])
def test_one_changed_byte_or_another_number_proves_no_growth(size2: int) -> None:
    tree = Tree(_leaves(size2 + 6))
    for size1 in range(1, size2 + 1):
        whole = [tree.root(size1), tree.root(size2), *tree.consistency(size1, size2)]
        for root1, root2, *path in _altered(whole):
            assert not verify_consistency(size1, root1, size2, root2, path)
        root1, root2, *path = whole
        for other in range(1, size2 + 7):
            assert verify_consistency(other, tree.root(other), size2, root2, path) == (other == size1)
            assert verify_consistency(size1, root1, other, tree.root(other), path) == (other == size2)
        for wrong in ([*path, root1], [root1, *path], path[1:], path[:-1], path[::-1]):
            assert verify_consistency(size1, root1, size2, root2, wrong) == (wrong == path)


def test_a_log_that_changed_an_old_leaf_did_not_grow_out_of_the_old_one() -> None:
    leaves = _leaves(12)
    for changed in range(7):
        tree = Tree([*leaves[:changed], hash_of_leaf(b"another"), *leaves[changed + 1 :]])
        assert not verify_consistency(7, root_of(leaves[:7]), 12, tree.root(12), tree.consistency(7, 12))


def test_any_log_grew_out_of_the_empty_one_and_none_shrank() -> None:
    tree = Tree(_leaves(5))
    root = tree.root(5)
    assert tree.root(0) == EMPTY_ROOT
    assert tree.consistency(0, 5) == tree.consistency(0, 0) == []
    assert verify_consistency(0, EMPTY_ROOT, 5, root, [])
    assert verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not verify_consistency(0, root, 5, root, [])
    assert not verify_consistency(0, EMPTY_ROOT, 5, root, [root])
    assert not verify_consistency(0, EMPTY_ROOT, 0, root, [])
    assert not verify_consistency(0, root, 0, root, [])
    assert not verify_consistency(5, root, 0, EMPTY_ROOT, [])
    assert not verify_consistency(5, root, 3, tree.root(3), tree.consistency(3, 5))


def test_bytes_moved_between_two_hashes_prove_nothing() -> None:
    leaves = _leaves(2)
    joined = leaves[0] + leaves[1]
    root = root_of(leaves)
    for length in (0, 31, 33, 64):
        assert hashlib.sha256(b"\1" + joined[:length] + joined[length:]).digest() == root
        assert not verify_inclusion(joined[length:], 1, 2, [joined[:length]], root)
        assert not verify_inclusion(bytes(length), 0, 1, [], bytes(length))
        assert not verify_consistency(2, bytes(length), 2, bytes(length), [])


def test_a_path_longer_or_shorter_than_the_size_asks_for_proves_nothing() -> None:
    leaves = _leaves(9)
    tree, above = Tree(leaves), leaves[8]
    assert not verify_inclusion(leaves[1], 0, 1, [leaves[0]], tree.root(2))
    assert not verify_inclusion(leaves[0], 0, 8, [leaves[1]], tree.root(2))
    assert not verify_consistency(1, leaves[0], 8, tree.root(2), [leaves[1]])
    higher1, higher2 = (hash_of_node(above, tree.root(size)) for size in (3, 4))
    assert not verify_consistency(3, higher1, 4, higher2, [*tree.consistency(3, 4), above])


def test_sizes_that_no_log_has_prove_nothing() -> None:
    one, two = _leaves(2)
    root = hash_of_node(one, two)
    assert verify_inclusion(two, 2**62, 2**62 + 1, [one], root)
    assert not verify_inclusion(two, 2**63, 2**63 + 1, [one], root)
    assert verify_consistency(2**62, one, 2**62 + 1, root, [two])
    assert not verify_consistency(2**63, one, 2**63 + 1, root, [two])
    assert not verify_consistency(-1, root, -1, root, [])
    assert not verify_consistency(6, root, 5, root, [two, one])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, 6), (5, 6)])
def test_a_proof_of_a_leaf_that_is_not_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        Tree(_leaves(5)).inclusion(index, size)


@pytest.mark.parametrize(("size1", "size2"), [(-1, 3), (4, 3), (1, 6), (6, 6)])
def test_a_proof_of_growth_that_was_not_is_refused(size1: int, size2: int) -> None:
    with pytest.raises(ValueError, match="no growth"):
        Tree(_leaves(5)).consistency(size1, size2)


@pytest.mark.parametrize("size", [-1, 6])
def test_a_root_the_log_never_had_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="5 leaves"):
        Tree(_leaves(5)).root(size)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=60), st.data())
def test_what_is_proved_holds(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    earlier, index = data.draw(st.integers(0, size)), data.draw(st.integers(0, size - 1))
    tree = Tree(leaves)
    assert verify_inclusion(leaves[index], index, size, tree.inclusion(index, size), tree.root(size))
    path = tree.consistency(earlier, size)
    assert verify_consistency(earlier, tree.root(earlier), size, tree.root(size), path)


@given(LENGTHS, NUMBERS, NUMBERS, st.lists(LENGTHS, max_size=6), LENGTHS)
def test_checking_nonsense_is_false_and_never_fails(
    leaf: bytes, number: int, size: int, path: list[bytes], root: bytes
) -> None:
    lone = number == 0 and size == 1 and not path and leaf == root and len(leaf) == 32
    assert verify_inclusion(leaf, number, size, path, root) is lone
    same = number == size and number >= 0 and not path and leaf == root and len(leaf) == 32
    if number or leaf != EMPTY_ROOT:
        assert verify_consistency(number, leaf, size, root, path) is (same and 0 < size < 2**63)
