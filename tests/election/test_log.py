import hashlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from election.log import EMPTY_ROOT, Frontier, hash_of_leaf, hash_of_node, root_of, roots_at
from election.log_proofs import Tree
from tests.election.transparency import KNOWN_LEAVES, KNOWN_ROOTS

LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def _frontier(leaves: list[bytes]) -> Frontier:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    known = bytes.fromhex(KNOWN_ROOTS[size])
    assert root_of(KNOWN_LEAVES[:size]) == known
    assert Tree(KNOWN_LEAVES).root(size) == known
    assert roots_at(KNOWN_LEAVES, [size]) == {size: known}


def test_an_entry_is_never_taken_for_a_node() -> None:
    left, right = KNOWN_LEAVES[:2]
    assert hash_of_leaf(left + right) != hash_of_node(left, right)
    assert hash_of_leaf(b"") != EMPTY_ROOT


@pytest.mark.parametrize("power", range(1, 11))
def test_the_roots_around_a_power_of_two_are_those_of_another_program(power: int) -> None:
    entries = [number.to_bytes(4, "big") for number in range(2**power + 1)]
    other = InmemoryTree(algorithm="sha256")
    other.append_entries(entries)
    sizes = {2**power - 1, 2**power, 2**power + 1}
    roots = roots_at([hash_of_leaf(entry) for entry in entries], sizes)
    assert roots == {size: other.get_root(size) for size in sizes}


def test_all_heads_come_of_one_pass_and_a_size_the_log_never_had_of_none() -> None:
    passed = iter(KNOWN_LEAVES)
    assert roots_at(passed, [8, 0, 3, 3, 9, -1]) == {size: bytes.fromhex(KNOWN_ROOTS[size]) for size in (0, 3, 8)}
    assert roots_at([], [1]) == {}


@given(LEAVES)
def test_a_log_put_away_after_every_leaf_grows_as_one_that_was_not(leaves: list[bytes]) -> None:
    put_away = Frontier().packed()
    for number, leaf in enumerate(leaves, start=1):
        frontier = Frontier.unpacked(put_away)
        frontier.append(leaf)
        put_away = frontier.packed()
        assert frontier.size == number
        assert len(put_away) == 8 + 32 * number.bit_count()
    assert put_away == _frontier(leaves).packed()
    assert Frontier.unpacked(put_away).root() == root_of(leaves)


def test_the_packed_bytes_do_not_change_between_versions() -> None:
    assert Frontier().packed().hex() == "00" * 8
    seven = _frontier(KNOWN_LEAVES[:7]).packed()
    assert seven[:8].hex() == "0000000000000007"
    assert seven[8:40].hex() == KNOWN_ROOTS[4]
    assert hashlib.sha256(seven).hexdigest() == "6742dee369f7c3da0ab3b62a49dd5a2b6b41ba82a11f15ec4b5c388cc7dbbceb"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        bytes(9),
        bytes(8 + 32),
        (3).to_bytes(8, "big") + bytes(32),
        (3).to_bytes(8, "big") + bytes(63),
        (2).to_bytes(8, "big") + bytes(64),
        b"\xff" * 8 + bytes(64 * 32),
    ],
)
def test_bytes_that_no_log_gave_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no packed frontier"):
        Frontier.unpacked(data)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_what_is_no_hash_is_refused_and_leaves_the_log_as_it_was(length: int) -> None:
    frontier = _frontier(KNOWN_LEAVES[:3])
    before = frontier.packed()
    with pytest.raises(ValueError, match="a leaf hash has 32 bytes"):
        frontier.append(bytes(length))
    assert frontier.packed() == before
    with pytest.raises(ValueError, match="a leaf hash has 32 bytes"):
        Tree([*KNOWN_LEAVES, bytes(length)])


def test_a_leaf_costs_no_more_hashes_than_the_size_has_bits_and_a_root_no_more() -> None:
    frontier, hashes = Frontier(), 0

    def count(frame: object, event: str, function: object) -> None:
        nonlocal hashes
        hashes += event == "c_call" and function is hashlib.sha256

    total = 0
    for number in range(1, 2_050):
        hashes = 0
        sys.setprofile(count)
        frontier.append(KNOWN_LEAVES[0])
        sys.setprofile(None)
        assert hashes == (number & -number).bit_length() - 1  # as many as there are zeros at the number's end
        total += hashes
        hashes = 0
        sys.setprofile(count)
        frontier.root()
        sys.setprofile(None)
        assert hashes == number.bit_count() - 1
    assert 0 < total < 2_049
