"""Rulings on candidates, the hour of closing, and what both do to a count and to a bulletin."""

from datetime import UTC, datetime, timedelta

import pytest

from election.ballot import encode
from election.deeds import hours
from election.deeds.rulings import ruling
from election.definition import Definition, Policy
from election.errors import NoMoreRedos, OperatorRefusal
from election.ports import ElectionRecord, Member
from election.redoing import must_be_allowed
from election.rulings import Ruling, find, must_be_possible, newest, packed, struck, unpacked
from election.standing import Standing
from election.tally import as_json, count, csv_rows, reconcile
from tests.election.elections import contest, election, words

NOW = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)  # 20:00 in Almaty
CLUB = election(contest("chair", 3), contest("board", 4, choose=2), contest("local", 2, regions=frozenset({"A"})))
HERS = Member("m1", "A", "", "kk", "mobile", "voted", True, 1, 0, b"", casts=2, redo_from=NOW + timedelta(hours=1))


def ruled(*words: str) -> tuple[Ruling, ...]:
    """`chair 2` strikes off, `chair -2` gives back."""
    return tuple(
        Ruling(where, who.removeprefix("-"), not who.startswith("-"), act, NOW)
        for act, (where, who) in enumerate((word.split() for word in words), 11)
    )


def standing(closes: datetime | None = CLOSES, stage: str = "open", extended: datetime | None = None) -> Standing:
    definition = Definition("club", words("Club"), CLUB.contests, closes=closes)
    record = ElectionRecord("", "", stage, None, 1, None, "", NOW, None, extended)  # type: ignore[arg-type]
    return Standing(record, definition)


def test_the_last_word_on_a_candidate_holds() -> None:
    assert struck(ruled("chair 2", "board 1", "chair -2", "board 3")) == {"board": {"1", "3"}}
    assert struck(()) == {}


def test_rulings_are_numbered_as_they_were_made_and_touch_their_contests_ballots() -> None:
    rulings = ruled("local 1", "chair 2", "board 1")
    assert newest(rulings, CLUB.style("A", "")) == 3
    assert newest(rulings[:1], CLUB.style("A", "")) == 1
    assert newest(rulings[:1], CLUB.style("B", "")) == 0
    assert unpacked(packed(rulings)) == rulings


def test_the_last_candidate_is_not_struck_off() -> None:
    local = CLUB.contests[2]
    must_be_possible("strike", local, "1", ())
    for kind, who, rulings, code in (
        ("strike", "2", ruled("local 1"), "last_candidate"),
        ("strike", "1", ruled("local 1"), "struck_already"),
        ("unstrike", "2", ruled("local 1"), "not_struck"),
    ):
        with pytest.raises(OperatorRefusal) as refused:
            must_be_possible(kind, local, who, rulings)
        assert refused.value.code == code
    must_be_possible("strike", local, "2", ruled("local 1", "local -1"))


def test_a_candidate_of_several_contests_is_asked_after() -> None:
    with pytest.raises(OperatorRefusal, match="--contest: chair, board"):
        find(CLUB, "3")
    with pytest.raises(OperatorRefusal, match="no candidate 9"):
        find(CLUB, "9")
    assert ruling(*find(CLUB, "3", "board")) == {
        "contest": "board",
        "candidate": "3",
        "name": "N3 (ru)",
        "title": "board (ru)",
    }


def test_after_a_ruling_she_may_vote_again_whatever_the_limit_and_the_wait() -> None:
    with pytest.raises(NoMoreRedos):
        must_be_allowed(Policy(), HERS, NOW)
    must_be_allowed(Policy(), HERS, NOW, ruling=1)
    must_be_allowed(Policy(redo_limit=0), HERS, NOW, ruling=1)


def test_marks_for_who_is_struck_off_are_dropped_and_what_is_left_without_a_mark_is_void() -> None:
    ballots = [
        encode(CLUB, {"chair": ("2",), "board": ("1", "2")}),
        encode(CLUB, {"chair": ("1",), "board": ("1",)}),
        encode(CLUB, {"chair": (), "board": ("3",)}),
    ]
    result = count(CLUB, ballots, {"chair": frozenset({"2"}), "board": frozenset({"1"})})
    chair, board, _ = result.contests
    assert (chair.cast, chair.blank, chair.void, chair.marked, chair.dropped) == (3, 1, 1, 1, 1)
    assert (board.cast, board.blank, board.void, board.marked, board.dropped) == (3, 0, 1, 2, 2)
    assert [(line.candidate.id, line.votes, line.rank) for line in board.results] == [
        ("2", 1, 1), ("3", 1, 1), ("4", 0, 3), ("1", 0, None),
    ]  # fmt: skip
    assert reconcile(result, 3, 3) == []
    told = as_json(result, [])["contests"]
    assert [line.get("struck") for line in told[1]["results"]] == [None, None, None, True]  # type: ignore[index]
    assert [row[5] for row in csv_rows(result)[1:4]] == ["1", "2", ""]
    whole = count(CLUB, ballots)
    assert [line.votes for line in whole.contests[1].results] == [2, 1, 1, 0], "given back, all marks count again"


def test_too_many_marks_are_void_also_when_some_are_for_who_is_struck_off() -> None:
    data = bytearray(encode(CLUB, {"chair": ("1",), "board": ("1", "2")}))
    data[-1 - data[::-1].index(0b11000000)] = 0b11100000
    board = count(CLUB, [bytes(data)], {"board": frozenset({"1"})}).contests[1]
    assert (board.void, board.dropped) == (1, 0)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("22:00", "2026-12-03T17:00"),
        ("19:30", "2026-12-04T14:30"),
        ("2026-12-05 08:15", "2026-12-05T03:15"),
    ],
)
def test_an_hour_is_the_next_one_after_the_close_where_the_election_is(typed: str, until: str) -> None:
    assert hours.typed_hour(typed, standing()) == datetime.fromisoformat(f"{until}+00:00")


@pytest.mark.parametrize("typed", ["", "ten", "25:00", "2026-13-01 10:00", "tomorrow 10:00"])
def test_an_hour_that_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(OperatorRefusal) as refused:
        hours.typed_hour(typed, standing())
    assert refused.value.code == "bad_hour"


async def test_voting_is_extended_to_later_only_before_the_close_and_as_shown() -> None:
    check = hours.deeds()["extend"].check
    now = standing()
    about = hours.extension(now.definition, CLOSES + timedelta(hours=2))
    assert about == {"until": "2026-12-03T17:00+00:00", "hour": "22:00 03.12"}
    await check(about, now.record, now.definition, NOW)
    for other, told, at, code in (
        (now, hours.extension(now.definition, CLOSES), NOW, "not_later"),
        (now, about, CLOSES + timedelta(hours=2), "not_later"),
        (standing(extended=CLOSES + timedelta(hours=2)), about, NOW, "not_later"),
        (standing(stage="closed"), about, NOW, "wrong_stage"),
        (standing(closes=None), about, NOW, "no_hour"),
        (now, {**about, "hour": "21:00 03.12"}, NOW, "bad_hour"),
        (now, {"until": "soon", "hour": ""}, NOW, "bad_hour"),
    ):
        with pytest.raises(OperatorRefusal) as refused:
            await check(told, other.record, other.definition, at)
        assert refused.value.code == code


def test_the_hour_in_force_is_the_one_that_was_moved() -> None:
    assert standing().is_past(CLOSES)
    moved = standing(extended=CLOSES + timedelta(hours=1))
    assert not moved.is_past(CLOSES)
    assert moved.is_past(CLOSES + timedelta(hours=1))
