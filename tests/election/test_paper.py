"""Paper by the rules alone: accounts, lists, counts of two clerks, and the joined result."""

import random
from dataclasses import replace

import pytest

from election import tally
from election.ballot import encode
from election.bulletin_result import published
from election.errors import OperatorRefusal
from election.paper import Account, PaperPerson, PaperStation, wrong_accounts
from election.paper_count import ContestCount, PaperCount, differing, held, joined, wrong
from election.paper_sheet import HEADINGS, Row, read_rows, row_hash, write_rows
from election.rulings import Struck
from tests.election.elections import contest, election

CLUB = election(contest("chair", 3), contest("council", 4, choose=2), contest("local", 2, regions=frozenset({"A"})))
STYLES = [("A", ""), ("B", "")]


def station(**figures: int) -> PaperStation:
    return PaperStation("School", ("A",), is_open=False, **({"members": 10} | figures))


@pytest.mark.parametrize(
    ("figures", "cast", "difference", "adds_up"),
    [
        ({"issued": 5, "spoilt": 1, "returned": 1}, 3, 0, True),
        ({"issued": 5}, 6, 1, False),
        ({"issued": 5, "spoilt": 1}, 3, -1, False),
        ({"issued": 11, "spoilt": 1}, 10, 0, True),  # the same member twice is one of the roll
        ({"issued": 11}, 11, 0, False),
        ({}, 0, 0, True),
    ],
)
def test_a_station_adds_up_or_says_by_how_much_it_does_not(
    figures: dict[str, int], cast: int, difference: int, adds_up: bool
) -> None:
    account = station(**figures).account(cast)
    assert (account.difference, account.adds_up) == (difference, adds_up)
    assert Account.of(account.as_about()) == account
    assert bool(wrong_accounts([station(**figures, cast=cast)])) is not adds_up


def test_ballots_of_a_station_that_is_not_closed_are_not_accounted_for() -> None:
    shown = wrong_accounts([PaperStation("School", issued=3, returned=1), PaperStation("", issued=2)])
    assert shown == [
        "2 paper ballots were handed out at “School”, which is not closed.",
        "2 paper ballots were handed out beside any station.",
    ]


def test_a_station_serves_its_regions_and_branches_or_everybody() -> None:
    some = PaperStation("School", ("A",), ("north", "south"))
    assert some.serves("A", "north")
    assert not some.serves("A", "west")
    assert not some.serves("B", "north")
    assert PaperStation("Hall").serves("B", "west")


def test_a_name_is_masked_so_that_it_can_be_held_against_a_document_and_not_copied() -> None:
    person = PaperPerson("m1", "Серікқызы Айгүл Ли", "A", "", "mobile", "open", 0)
    assert person.masked_name == "С*** А."


def row(number: int, salt: bytes = b"salt") -> Row:
    return Row(f"m{number}", "Се… Ай…", row_hash(salt, f"m{number}"))


def test_a_list_comes_back_with_the_ticked_rows_and_no_others() -> None:
    sheet = write_rows([row(number) for number in range(6)]).decode("utf-8-sig")
    assert sheet.splitlines()[0] == ";".join(HEADINGS)
    assert read_rows(sheet.encode()) == []
    lines = sheet.splitlines()
    for place, tick in ((1, "x"), (3, " ДА "), (4, "1"), (5, "нет"), (6, "0")):
        lines[place] = lines[place].replace(";;", f";{tick};")
    for text in ("\n".join(lines).encode("utf-8-sig"), "\r\n".join(lines).replace("…", ".").encode("cp1251")):
        assert [each.hash for each in read_rows(text)] == [row(n).hash for n in (0, 2, 3)]
    assert read_rows(sheet.replace(";;", ";+;").replace(";", ",").encode())[5] == row(5)


@pytest.mark.parametrize("text", [b"", b"number;name;row\nm1;x;y", b"\xff\xfe\x98", b"number;name;given\n"])
def test_what_is_no_list_is_refused(text: bytes) -> None:
    with pytest.raises(OperatorRefusal) as refusal:
        read_rows(text)
    assert refusal.value.code == "sheet_unreadable"


def test_a_row_is_the_members_and_needs_her_salt() -> None:
    hashes = {row_hash(salt, member) for salt in (b"a", b"b") for member in ("m1", "m2", "m11")}
    assert len(hashes) == 6
    assert all(each[0] == "r" and len(each) == 20 for each in hashes)


def counted(**changed: ContestCount) -> PaperCount:
    """Ten papers of a station that serves A and B, of which four are of A."""
    whole = {
        "chair": ContestCount("chair", 10, 1, 1, {"1": 5, "2": 3, "3": 0}),
        "council": ContestCount("council", 10, 2, 0, {"1": 8, "2": 4, "3": 1, "4": 1}),
        "local": ContestCount("local", 4, 0, 0, {"1": 4, "2": 0}),
    }
    return PaperCount("School", tuple((whole | changed).values()))


def test_a_count_that_can_be_is_not_refused_and_reads_back_as_it_was() -> None:
    assert wrong(counted(), CLUB, STYLES, 10) == []
    assert PaperCount.unpacked("School", counted().packed()) == counted()
    assert [each.id for each in held(CLUB, [("B", "")])] == ["chair", "council"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (ContestCount("chair", 9, 0, 1, {"1": 5, "2": 3, "3": 0}), "9 ballots, but 10 were in the box"),
        (ContestCount("chair", 10, 1, 1, {"1": 5, "2": 2, "3": 0}), "7 votes cannot come of 8 ballots"),
        (ContestCount("chair", 10, 6, 5, {"1": 0, "2": 0, "3": 0}), "6 blank and 5 void are more than 10"),
        (ContestCount("chair", 10, 1, 1, {"1": 9, "2": -1, "3": 0}), "a figure is below zero"),
        (ContestCount("chair", 10, 1, 1, {"1": 8}), "its candidates are not those"),
        (ContestCount("council", 10, 2, 0, {"1": 9, "2": 4, "3": 1, "4": 1}), "15 votes cannot come of 8 ballots"),
        (ContestCount("council", 10, 2, 0, {"1": 8, "2": 8, "3": 1, "4": 0}), "17 votes cannot come of 8 ballots"),
        (ContestCount("local", 11, 0, 0, {"1": 11, "2": 0}), "11 ballots, but 10 were in the box"),
    ],
)
def test_a_count_that_cannot_be_is_told_with_its_contest(count: ContestCount, said: str) -> None:
    (problem,) = wrong(counted(**{count.contest: count}), CLUB, STYLES, 10)
    assert problem.startswith(f"Contest {count.contest}: ")
    assert said in problem


def test_contests_of_other_places_and_blank_votes_where_there_are_none_are_refused() -> None:
    assert "The contests of this station are chair, council." in wrong(counted(), CLUB, [("B", "")], 10)
    strict = election(contest("chair", 3, blank=False))
    count = PaperCount("School", (ContestCount("chair", 2, 1, 0, {"1": 1, "2": 0, "3": 0}),))
    assert "no blank vote" in wrong(count, strict, STYLES, 2)[0]


def test_where_two_counts_differ_is_told_without_the_figures() -> None:
    other = counted(chair=ContestCount("chair", 10, 0, 2, {"1": 5, "2": 2, "3": 1}))
    assert differing(counted(), other) == [("chair", "*blank"), ("chair", "*void"), ("chair", "2"), ("chair", "3")]
    assert differing(counted(), counted()) == []


def by_phone(chosen: list[dict[str, tuple[str, ...]]], struck: Struck | None = None) -> tally.Result:
    return tally.count(CLUB, [encode(CLUB, marks) for marks in chosen], struck)


PHONE = [
    {"chair": ("1",), "council": ("1", "2"), "local": ("1",)},
    {"chair": ("2",), "council": (), "local": ("2",)},
    {"chair": (), "council": ("3",)},
]


def test_papers_are_joined_with_the_votes_by_phone() -> None:
    result = joined(by_phone(PHONE), CLUB, [counted(), counted()], 20)
    assert tally.reconcile(result, 3, 3) == []
    chair, council, local = result.contests
    assert (chair.cast, chair.blank, chair.void, chair.marked) == (23, 3, 2, 18)
    assert [(line.candidate.id, line.votes, line.rank) for line in chair.results] == [
        ("1", 11, 1),
        ("2", 7, 2),
        ("3", 0, 3),
    ]
    assert (council.cast, council.marked, local.cast) == (23, 18, 10)
    assert (result.paper, result.cast, result.counted) == (20, 3, 3)


def test_without_stations_nothing_changes() -> None:
    assert joined(by_phone(PHONE), CLUB, [], 0) == by_phone(PHONE)


def test_papers_for_somebody_struck_off_are_void_where_one_is_chosen_and_dropped_elsewhere() -> None:
    struck = {"chair": frozenset({"1"}), "council": frozenset({"2"})}
    phone = by_phone([{"chair": ("2",), "council": ("1", "3")}], struck)
    result = joined(phone, CLUB, [counted()], 10)
    chair, council, _ = result.contests
    assert (chair.cast, chair.blank, chair.void, chair.marked) == (11, 1, 6, 4)
    assert {line.candidate.id: (line.votes, line.rank) for line in chair.results} == {
        "2": (4, 1),
        "3": (0, 2),
        "1": (0, None),
    }
    assert (chair.dropped, council.dropped) == (5, 4)
    assert (council.void, {line.candidate.id: line.votes for line in council.results}["2"]) == (0, 0)
    assert tally.reconcile(result, 1, 1) == []


def test_papers_that_cannot_have_another_mark_left_are_void() -> None:
    struck = {"council": frozenset({"1"})}
    only = ContestCount("council", 10, 0, 0, {"1": 10, "2": 3, "3": 0, "4": 0})
    result = joined(by_phone([], struck), CLUB, [counted(council=only)], 10)
    assert (result.contests[1].void, result.contests[1].marked) == (7, 3)


def _large(votes: int, rest: int) -> tuple[tally.Result, PaperCount]:
    club = election(contest("chair", 2))
    phone = [{"chair": ("1",)}] * 10 + [{"chair": ("2",)}] * 10 + [{"chair": ()}] * 10
    paper = ContestCount("chair", 10 + votes + rest, rest, 0, {"1": 10, "2": votes})
    count = PaperCount("School", (paper,))
    whole = tally.count(club, [encode(club, marks) for marks in phone])
    return joined(whole, club, [count], 10 + votes + rest), count


def test_what_came_on_paper_is_told_apart_only_where_every_figure_is_ten_or_more() -> None:
    result, _ = _large(votes=12, rest=11)
    assert result.contests[0].paper == tally.OnPaper({"1": 10, "2": 12}, 11)
    assert tally.as_json(result, [])["contests"][0]["results"][0]["on_paper"] == 12  # type: ignore[index]
    assert tally.csv_rows(result)[1][-1] == "12"
    for votes, rest in ((9, 11), (12, 9)):
        result, _ = _large(votes, rest)
        assert result.contests[0].paper is None
        assert "on_paper" not in str(tally.as_json(result, []))
        assert b'"rest"' not in published(election(contest("chair", 2)), result, lambda told: b"s" * 64)


def test_random_papers_joined_are_the_papers_counted_together() -> None:
    chance = random.Random(6)
    for _ in range(200):
        boxes = [
            [chance.sample(["1", "2", "3", "4"], chance.randint(0, 2)) for _ in range(chance.randint(0, 9))]
            for _ in range(3)
        ]
        club = election(contest("council", 4, choose=2))
        counts = [
            PaperCount(
                str(place),
                (
                    ContestCount(
                        "council",
                        len(box),
                        sum(not marks for marks in box),
                        0,
                        {who: sum(who in marks for marks in box) for who in "1234"},
                    ),
                ),
            )
            for place, box in enumerate(boxes)
        ]
        papers = [marks for box in boxes for marks in box]
        together = joined(tally.count(club, []), club, counts, len(papers))
        by_themselves = tally.count(club, [encode(club, {"council": tuple(marks)}) for marks in papers])
        assert [replace(each, paper=None) for each in together.contests] == list(by_themselves.contests)
