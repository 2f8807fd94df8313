from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from election.ballot import Marks, Spoilt, ballot_size, check, decode, encode
from election.definition import Definition
from election.errors import InvalidMarks
from tests.election.elections import PLACES, contest, election, elections, marks_in, words

CLUB = election(contest("chair", 3), contest("board", 9, choose=4), contest("motion", 2, blank=False))
MARKS = {"chair": ("2",), "board": ("9", "1"), "motion": ("1",)}
LOCAL = election(
    contest("chair", 3),
    contest("almaty", 3, regions=frozenset({"Алматы"})),
    contest("astana", 3, regions=frozenset({"Астана"})),
    contest("north", 3, regions=frozenset({"Астана"}), branches=frozenset({"север"})),
)


def refused(definition: Definition, marks: Marks) -> str:
    """The contest that is named when these marks are checked as a whole ballot."""
    with pytest.raises(InvalidMarks) as caught:
        check(definition, definition.contests, marks)
    with pytest.raises(InvalidMarks):
        encode(definition, marks)
    return caught.value.contest


@given(st.data())
def test_what_is_written_is_read_again(data: st.DataObject) -> None:
    definition = data.draw(elections())
    style = definition.style(data.draw(st.sampled_from([*PLACES, ""])), data.draw(st.sampled_from([*PLACES, ""])))
    assume(style)
    marks = data.draw(marks_in(style))
    check(definition, style, marks)
    written = encode(definition, marks)
    assert len(written) == ballot_size(definition)
    assert len(written) % 32 == 0
    read = decode(definition, written)
    assert {known: set(chosen) for known, chosen in read.items()} == {
        known: set(chosen) for known, chosen in marks.items()
    }
    assert encode(definition, read) == written


@given(st.data())
def test_a_ballot_with_one_changed_bit_is_spoilt_or_is_another_ballot(data: st.DataObject) -> None:
    written = encode(CLUB, MARKS)
    bit = data.draw(st.integers(0, 8 * len(written) - 1))
    changed = bytearray(written)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        read = decode(CLUB, bytes(changed))
    except Spoilt:
        return
    assert read != decode(CLUB, written)


@given(st.binary(max_size=100) | st.binary(min_size=32, max_size=32))
def test_reading_any_bytes_at_all_ends_well(data: bytes) -> None:
    head = encode(CLUB, MARKS)[:9]
    for tried in (data, (head + data)[:32].ljust(32, b"\0")):
        try:
            read = decode(CLUB, tried)
        except Spoilt:
            continue
        assert set(read) == {"chair", "board", "motion"}


def test_equal_choices_are_equal_bytes() -> None:
    other_order = {"motion": ("1",), "board": ("1", "9"), "chair": ("2",)}
    assert encode(CLUB, MARKS) == encode(CLUB, other_order)


def test_the_bytes_of_a_ballot_do_not_change_between_versions() -> None:
    written = encode(CLUB, MARKS)
    assert written.hex() == "01" + written[1:9].hex() + "0003" + "000040" + "00018080" + "000280" + "00" * 11
    assert written[1:9].hex() == "1ca16b9d223a3b45"


def test_every_ballot_of_an_election_has_one_size() -> None:
    sizes = {
        len(encode(LOCAL, marks))
        for marks in (
            {"chair": ()},
            {"chair": ("1",), "almaty": ("3",)},
            {"chair": ("1",), "astana": ("3",)},
            {"chair": ("1",), "astana": ("3",), "north": ("2",)},
        )
    }
    assert sizes == {ballot_size(LOCAL)}


def test_the_size_is_that_of_the_largest_ballot_that_can_fall_together() -> None:
    split = election(*[contest(f"c{n}", 100, regions=frozenset({f"R{n}"})) for n in range(50)])
    assert ballot_size(split) == 32
    crossed = election(
        contest("everybody", 100),
        contest("region", 100, regions=frozenset({"R"})),
        contest("branch", 100, branches=frozenset({"B"})),
        contest("elsewhere", 100, regions=frozenset({"S"}), branches=frozenset({"B"})),
    )
    assert ballot_size(crossed) == 64  # 11 + 3 * 15: nobody lives in R and S
    assert ballot_size(election(*[contest(f"c{n}", 100) for n in range(3)])) == 64
    assert ballot_size(election(*[contest(f"c{n}", 100) for n in range(4)])) == 96


def test_a_large_election_is_sized_at_once() -> None:
    branches = [contest(f"b{n}", 4, branches=frozenset({f"B{n}"})) for n in range(2_700)]
    regions = [contest(f"r{n}", 90, regions=frozenset({f"R{n}"})) for n in range(17)]
    assert ballot_size(election(*regions, *branches)) == 32


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"chair": ("4",)}, "chair"),
        ({"chair": ("1", "2")}, "chair"),
        ({"board": ("1", "1")}, "board"),
        ({"board": ("1", "2", "3", "4", "5")}, "board"),
        ({"motion": ()}, "motion"),
        ({"unknown": ("1",)}, "unknown"),
    ],
)
def test_marks_that_break_a_rule_name_their_contest(change: Mapping[str, tuple[str, ...]], named: str) -> None:
    assert refused(CLUB, {**MARKS, **change}) == named


def test_a_contest_left_out_is_no_blank_vote() -> None:
    assert refused(CLUB, {"chair": ("1",), "motion": ("1",)}) == "board"
    check(CLUB, CLUB.contests, {**MARKS, "board": ()})


def test_contests_that_no_member_has_together_are_no_ballot() -> None:
    with pytest.raises(InvalidMarks):
        encode(LOCAL, {"chair": ("1",), "almaty": ("1",), "astana": ("1",)})
    with pytest.raises(InvalidMarks):
        encode(LOCAL, {"almaty": ("1",)})
    with pytest.raises(InvalidMarks):
        encode(LOCAL, {})


def test_a_ballot_of_contests_that_no_member_has_together_is_spoilt() -> None:
    written = bytearray(encode(LOCAL, {"chair": ("1",), "almaty": ("1",)}))
    assert written[11:17].hex() == "000080" + "000180"
    written[9:20] = bytes.fromhex("0003" + "000080" + "000180" + "000280")
    with pytest.raises(Spoilt, match="no member has together"):
        decode(LOCAL, bytes(written))


@pytest.mark.parametrize(
    ("at", "new", "reason"),
    [
        (0, "02", "another version"),
        (1, "ff", "another version or another election"),
        (9, "0000", "after the last contest"),
        (9, "0002", "after the last contest"),
        (9, "0004", "out of order"),
        (9, "ffff", "out of order"),
        (12, "03", "unknown or out of order"),
        (15, "00", "out of order"),
        (13, "41", "beside the candidates"),
        (31, "01", "after the last contest"),
        (32, "00", "wrong length"),
    ],
)
def test_a_ballot_written_otherwise_is_spoilt(at: int, new: str, reason: str) -> None:
    written = bytearray(encode(CLUB, MARKS))
    written[at : at + len(new) // 2] = bytes.fromhex(new)
    with pytest.raises(Spoilt, match=reason):
        decode(CLUB, bytes(written))


def test_a_ballot_cut_off_in_a_contest_is_spoilt() -> None:
    long = election(*[contest(f"c{n}", 100) for n in range(3)])
    head = encode(long, {f"c{n}": () for n in range(3)})[:9]
    narrow = head + bytes.fromhex("0003" + "0000" + "00" * 13 + "0001" + "00" * 13 + "0002")
    with pytest.raises(Spoilt, match="wrong length"):
        decode(long, narrow)


def test_a_ballot_of_another_election_is_spoilt() -> None:
    moved = election(*reversed(CLUB.contests))
    other = election(*CLUB.contests, election_id="club-2027")
    for definition in (moved, other):
        with pytest.raises(Spoilt, match="another election"):
            decode(definition, encode(CLUB, MARKS))


def test_a_mended_title_leaves_the_ballots_good() -> None:
    renamed = Definition(id=CLUB.id, title=words("Society"), contests=CLUB.contests, digest="other")
    assert decode(renamed, encode(CLUB, MARKS)) == {"chair": ("2",), "board": ("1", "9"), "motion": ("1",)}


def test_the_words_of_a_spoilt_ballot_show_no_choice() -> None:
    with pytest.raises(Spoilt) as caught:
        decode(CLUB, encode(CLUB, MARKS)[:-1] + b"\x02")
    assert not any(sign.isdigit() for sign in str(caught.value))
