import csv
import io
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from election.ballot import encode
from election.tally import CSV_HEADINGS, Result, as_json, count, csv_rows, reconcile
from tests.election.elections import PLACES, contest, election, elections, marks_in

CLUB = election(
    contest("chair", 4),
    contest("board", 3, choose=2),
    contest("local", 2, regions=frozenset({"Алматы"}), blank=False),
)
BALLOTS = [
    encode(CLUB, {"chair": ("3",), "board": ("1", "2"), "local": ("1",)}),
    encode(CLUB, {"chair": ("3",), "board": (), "local": ("1",)}),
    encode(CLUB, {"chair": ("1",), "board": ("2",)}),
    encode(CLUB, {"chair": ("4",), "board": ("2", "3")}),
    encode(CLUB, {"chair": (), "board": ("1",)}),
]


def counted() -> Result:
    return count(CLUB, BALLOTS)


def lines(result: Result, contest_id: str) -> list[tuple[str, int, int]]:
    (found,) = (known for known in result.contests if known.id == contest_id)
    return [(line.candidate.id, line.votes, line.rank) for line in found.results]


def test_votes_are_counted_and_ranked_with_ties_in_the_order_of_the_file() -> None:
    result = counted()
    assert lines(result, "chair") == [("3", 2, 1), ("1", 1, 2), ("4", 1, 2), ("2", 0, 4)]
    assert lines(result, "board") == [("2", 3, 1), ("1", 2, 2), ("3", 1, 3)]
    assert lines(result, "local") == [("1", 2, 1), ("2", 0, 2)]
    assert (result.cast, result.counted, result.void_ballots) == (5, 5, 0)


def test_blank_votes_and_contests_of_some_regions_are_counted_apart() -> None:
    chair, board, local = counted().contests
    assert (chair.cast, chair.blank, chair.void, chair.marked) == (5, 1, 0, 4)
    assert (board.cast, board.blank, board.void, board.marked) == (5, 1, 0, 4)
    assert (local.cast, local.blank, local.void, local.marked) == (2, 0, 0, 2)


def test_a_share_is_of_the_ballots_with_marks() -> None:
    chair, board, _ = counted().contests
    assert [line.share for line in chair.results] == [0.5, 0.25, 0.25, 0.0]
    assert [line.share for line in board.results] == [0.75, 0.5, 0.25]
    nobody = count(CLUB, [])
    assert [line.share for line in nobody.contests[0].results] == [None] * 4
    assert [line.rank for line in nobody.contests[0].results] == [1] * 4


def test_a_ballot_that_cannot_be_read_is_void_as_a_whole() -> None:
    result = count(CLUB, [*BALLOTS, b"", bytes(32), BALLOTS[0][:-1] + b"\x01"])
    assert (result.cast, result.counted, result.void_ballots) == (8, 5, 3)
    assert result.contests == counted().contests


def test_marks_against_the_rules_are_void_in_their_contest_alone() -> None:
    too_many = bytearray(BALLOTS[0])
    assert too_many[11:14].hex() == "000020"
    too_many[13] = 0x30
    unlawful_blank = bytearray(BALLOTS[0])
    assert unlawful_blank[17:20].hex() == "000280"
    unlawful_blank[19] = 0
    chair, board, local = count(CLUB, [bytes(too_many), bytes(unlawful_blank)]).contests
    assert (chair.cast, chair.blank, chair.void, chair.marked) == (2, 0, 1, 1)
    assert (board.cast, board.void, board.marked) == (2, 0, 2)
    assert (local.cast, local.blank, local.void, local.marked) == (2, 0, 1, 1)
    assert reconcile(count(CLUB, [bytes(too_many), bytes(unlawful_blank)]), 2, 2) == []


@given(st.data())
def test_the_count_agrees_with_counting_the_marks_and_reconciles(data: st.DataObject) -> None:
    definition = data.draw(elections())
    places = st.sampled_from([*PLACES, ""])
    cast = []
    for _ in range(data.draw(st.integers(0, 8))):
        if style := definition.style(data.draw(places), data.draw(places)):
            cast.append(data.draw(marks_in(style)))
    result = count(definition, [encode(definition, marks) for marks in cast])
    for known in result.contests:
        chosen = Counter(mark for marks in cast for mark in marks.get(known.id, ()))
        assert {line.candidate.id: line.votes for line in known.results if line.votes} == chosen
        assert known.cast == sum(known.id in marks for marks in cast)
        assert known.blank == sum(marks.get(known.id) == () for marks in cast)
    assert reconcile(result, len(cast), len(cast)) == []


def test_the_order_of_the_ballots_does_not_matter() -> None:
    assert count(CLUB, reversed(BALLOTS)) == counted()


def test_a_whole_election_reconciles_to_the_last_vote() -> None:
    result = count(CLUB, [*BALLOTS, b""])
    assert reconcile(result, voted=6, urn=6) == []
    assert reconcile(result, voted=9, urn=6, superseded=2, paper=1) == []


@pytest.mark.parametrize(
    ("voted", "urn", "sentence"),
    [
        (5, 6, "The urn holds 6 sealed ballots, but 5 were opened."),
        (6, 5, "6 votes were cast, but 5 counted, 0 superseded, 0 void and 0 replaced by paper make 5."),
        (4, 5, "4 votes were cast, but 5 counted, 0 superseded, 0 void and 0 replaced by paper make 5."),
    ],
)
def test_a_vote_too_many_or_too_few_is_told(voted: int, urn: int, sentence: str) -> None:
    assert reconcile(counted(), voted, urn) == [sentence]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"blank": 2}, 'Contest "chair": 5 ballots, but 2 blank, 0 void and 4 with marks make 6.'),
        ({"cast": 6, "blank": 2}, 'Contest "chair": 6 ballots, but only 5 were counted in all.'),
        ({"marked": 5, "blank": 0}, 'Contest "chair": 4 votes on 5 ballots with marks, where each gives 1 to 1.'),
        ({"marked": 3, "blank": 2}, 'Contest "chair": 4 votes on 3 ballots with marks, where each gives 1 to 1.'),
        ({"marked": 1, "blank": 4, "choose": 4}, 'Contest "chair": candidate "3" has 2 votes on 1 ballots.'),
    ],
)  # fmt: skip
def test_a_contest_that_does_not_add_up_is_named(changes: dict[str, int], sentence: str) -> None:
    result = counted()
    chair = replace(result.contests[0], **changes)
    assert reconcile(replace(result, contests=(chair, *result.contests[1:])), 5, 5) == [sentence]


def test_totals_that_do_not_add_up_are_told() -> None:
    result = replace(counted(), counted=4, void_ballots=0)
    assert "5 ballots were opened, but 4 counted and 0 void make 4." in reconcile(result, 4, 5)
    lost = replace(counted(), contests=())
    assert reconcile(lost, 5, 5) == ["5 ballots were counted, but the contests together hold 0."]


def test_the_json_has_the_shape_of_the_command_line() -> None:
    shape = json.loads(json.dumps(as_json(counted(), [], "kk")))
    assert shape["reconciles"] is True
    assert shape["totals"] == {"cast": 5, "counted": 5, "void_ballots": 0}
    local = shape["contests"][2]
    assert local == {
        "id": "local",
        "title": "local (kk)",
        "cast": 2,
        "blank": 0,
        "void": 0,
        "marked": 2,
        "results": [
            {"candidate": "1", "name": "N1 (kk)", "votes": 2, "share": 1.0, "rank": 1},
            {"candidate": "2", "name": "N2 (kk)", "votes": 0, "share": 0.0, "rank": 2},
        ],
    }
    assert as_json(counted(), ["One is missing."])["reconciles"] is False


def test_the_table_has_a_row_for_each_candidate() -> None:
    out = io.StringIO()
    csv.writer(out).writerows(csv_rows(counted()))
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == CSV_HEADINGS
    assert len(rows) == 9
    assert rows[0] == {
        "contest": "chair",
        "title": "chair (ru)",
        "cast": "5",
        "blank": "1",
        "void": "0",
        "rank": "1",
        "candidate": "3",
        "name": "N3 (ru)",
        "votes": "2",
        "share": "0.500000",
        "on_paper": "",
    }
    assert csv_rows(count(CLUB, []))[1][-1] == ""
