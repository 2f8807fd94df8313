"""What paper stations ask of a store (election.paper.PaperKeeping), on every store."""

import asyncio
import json
from collections.abc import Awaitable, Sequence
from dataclasses import replace

import pytest

from election.deeds.deed import payload
from election.deeds.paper import opening
from election.errors import AlreadyVoted, OperatorRefusal
from election.paper import CLOSE, COUNT, MERGE, OPEN, Merge, PaperKeeping, PaperPerson, PaperStation
from election.paper_count import ContestCount, Entry, PaperCount
from election.ports import Act, Withdrawal
from storage.durable.store import DurableStore
from tests.storage.durable.polling import (
    NOW,
    again,
    letter,
    member,
    polling_opens,
    pseudonym,
    take_in,
    total,
    vote,
    withdrawal,
)

SHEET = Act(0, NOW, MERGE, json.dumps({"station": "South", "sha256": "aa"}), "", "Clerk", "Clerk", "done")
COUNTED = Act(0, NOW, COUNT, json.dumps({"station": "South", "sha256": "bb"}), "", "Clerk", "Clerk", "done")


def act(kind: str, about: dict[str, str | int]) -> Act:
    return Act(0, NOW, kind, payload("primaries", about), "it is time", "Clerk One", "Clerk Two", "done")


async def opens(store: DurableStore, name: str, *regions: str) -> None:
    await store.office.enact(act(OPEN, dict(opening(name, regions, ()))), {}, NOW)


async def closes(store: DurableStore, name: str, cast: int) -> None:
    await store.office.enact(act(CLOSE, dict((await station(store, name)).account(cast).as_about())), {}, NOW)


async def station(store: DurableStore, name: str) -> PaperStation:
    papers: PaperKeeping = store.papers
    return next(each for each in await papers.stations() if each.name == name)


async def person(store: DurableStore, number: int) -> PaperPerson:
    found = await store.papers.person(f"m{number:05d}")
    assert found is not None
    return found


def at(name: str, number: int, after: int = 0) -> Withdrawal:
    """A ballot handed out to the n-th member, who has cast so often."""
    return replace(withdrawal(number, after=after), station=name)


def ticked(*numbers: int, **conflicts: int) -> tuple[list[Withdrawal], Merge]:
    """Rows of these members in a sheet of South."""
    return [at("South", number) for number in numbers], Merge(len(numbers), 0, 0, conflicts)  # type: ignore[arg-type]


async def is_refused(code: str, asked: Awaitable[object]) -> None:
    with pytest.raises(OperatorRefusal) as refusal:
        await asked
    assert refusal.value.code == code


@pytest.fixture
async def polling(store: DurableStore) -> DurableStore:
    """Ten members of three regions; South serves r0 and r1, North everybody."""
    await polling_opens(store)
    await opens(store, "South", "r1", "r0")
    await opens(store, "North")
    return store


async def test_stations_are_there_with_whom_they_serve(polling: DurableStore) -> None:
    assert await polling.papers.stations() == [
        PaperStation("North", members=10),
        PaperStation("South", ("r0", "r1"), members=7),
    ]
    assert [each.id for each in await polling.papers.served("South")] == [f"m{n:05d}" for n in (0, 1, 3, 4, 6, 7, 9)]
    await is_refused("station_unknown", polling.papers.served("West"))


async def test_a_ballot_handed_out_is_the_stations_and_its_place_is_known(polling: DurableStore) -> None:
    await polling.ledger.cast(vote(1))
    await polling.ledger.hand_out_paper(at("South", 1, after=1))
    await polling.ledger.hand_out_paper(at("North", 2))
    assert (await person(polling, 1)).station == "South"
    assert (await person(polling, 1)).right == "paper"
    assert ((await person(polling, 2)).station, (await person(polling, 2)).ballots) == ("North", 1)
    assert ((await person(polling, 3)).station, (await person(polling, 3)).ballots) == ("", 0)
    assert [(each.name, each.issued) for each in await polling.papers.stations()] == [("North", 1), ("South", 1)]
    assert await polling.papers.person("m77777") is None


async def test_the_notice_goes_out_with_the_ballot_and_with_no_refusal(polling: DurableStore) -> None:
    out = replace(at("South", 1), notice=letter())
    await polling.ledger.hand_out_paper(out)
    with pytest.raises(AlreadyVoted):
        await polling.ledger.hand_out_paper(out)
    assert await polling.outbox.counts() == {"waiting": 1}
    outs = [replace(at("South", number), notice=letter()) for number in (1, 3, 4)]
    for _ in range(2):
        await polling.papers.merge("South", outs, Merge(3, 0, 0, {}), SHEET)
    assert await polling.outbox.counts() == {"waiting": 3}


async def test_nobody_gets_a_ballot_twice_or_where_she_may_not(polling: DurableStore) -> None:
    await polling.ledger.hand_out_paper(at("South", 1))
    for name in ("South", "North"):
        with pytest.raises(AlreadyVoted):
            await polling.ledger.hand_out_paper(at(name, 1))
    await is_refused("not_of_station", polling.ledger.hand_out_paper(at("South", 2)))
    await is_refused("station_unknown", polling.ledger.hand_out_paper(at("West", 3)))
    await closes(polling, "South", 1)
    await is_refused("station_closed", polling.ledger.hand_out_paper(at("South", 3)))
    assert [(each.name, each.issued) for each in await polling.papers.stations()] == [("North", 0), ("South", 1)]
    assert await total(polling, "paper") == 1
    assert (await person(polling, 3)).right == "open"


async def test_of_many_clerks_at_once_one_hands_out_each_ballot(polling: DurableStore, other: DurableStore) -> None:
    asked = [
        (polling, other)[n % 2].ledger.hand_out_paper(at(("North", "South")[n // 7 % 2], (0, 1, 3, 4, 6, 7, 9)[n % 7]))
        for n in range(42)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["AlreadyVoted"] * 35 + ["NoneType"] * 7
    assert sum(each.issued for each in await polling.papers.stations()) == 7 == await total(polling, "paper")
    assert await polling.books.inspect() == []


async def test_a_spoilt_ballot_is_exchanged_once_for_each_time_it_is_asked(polling: DurableStore) -> None:
    await polling.ledger.hand_out_paper(at("South", 1))
    await polling.papers.exchange("South", "m00001", 1)
    await is_refused("no_ballot_out", polling.papers.exchange("South", "m00001", 1))
    await polling.papers.exchange("South", "m00001", 2)
    await is_refused("no_ballot_out", polling.papers.exchange("North", "m00001", 3))
    await is_refused("no_ballot_out", polling.papers.exchange("South", "m00003", 0))
    south = await station(polling, "South")
    assert (south.issued, south.spoilt, south.out) == (3, 2, 1)
    assert await total(polling, "paper") == 1
    await polling.office.move(["open"], "paused", NOW)
    await is_refused("wrong_stage", polling.papers.exchange("South", "m00001", 3))


async def test_a_ballot_handed_back_is_counted_once_and_the_right_stays_paper(polling: DurableStore) -> None:
    await polling.ledger.hand_out_paper(at("South", 1))
    await polling.papers.give_back("South", "m00001")
    await is_refused("no_ballot_out", polling.papers.give_back("South", "m00001"))
    await is_refused("no_ballot_out", polling.papers.exchange("South", "m00001", 1))
    south = await station(polling, "South")
    assert (south.issued, south.returned, south.out) == (1, 1, 0)
    assert ((await person(polling, 1)).right, (await person(polling, 1)).returned) == ("paper", True)
    with pytest.raises(AlreadyVoted):
        await polling.ledger.cast(vote(1))


async def test_a_station_closes_with_the_figures_it_has_and_no_others(polling: DurableStore) -> None:
    await polling.ledger.hand_out_paper(at("South", 1))
    before = (await station(polling, "South")).account(1)
    await polling.ledger.hand_out_paper(at("South", 3))
    await is_refused("station_moved_on", polling.office.enact(act(CLOSE, dict(before.as_about())), {}, NOW))
    await closes(polling, "South", 2)
    south = await station(polling, "South")
    assert (south.is_open, south.cast, south.account(south.cast).adds_up) == (False, 2, True)
    await opens(polling, "South", "r0", "r1")
    assert ((await station(polling, "South")).is_open, (await station(polling, "South")).cast) == (True, 0)
    assert await polling.books.inspect() == []


async def test_a_sheet_uses_rights_and_each_row_that_cannot_is_a_conflict_of_its_kind(polling: DurableStore) -> None:
    await polling.ledger.cast(vote(0))
    await polling.ledger.cast(vote(3))
    await polling.ledger.cast(again(3, 2))
    await polling.ledger.hand_out_paper(at("North", 4))
    await polling.ledger.hand_out_paper(at("South", 6))
    outs, found = ticked(0, 1, 2, 3, 4, 6, unknown=1, twice=2)
    merged = await polling.papers.merge("South", outs, found, SHEET)
    assert (merged.ticked, merged.handed_out, merged.known) == (6, 3, 1)
    assert {kind: n for kind, n in merged.conflicts.items() if n} == {
        **{"unknown": 1, "twice": 2},
        **{"voted": 2, "not-of-station": 1, "elsewhere": 1},
    }
    assert merged.named == {"not-of-station": ["m00002"], "elsewhere": ["m00004"]}
    assert [(await person(polling, n)).station for n in (0, 1, 3)] == ["South"] * 3
    assert (await station(polling, "South")).issued == 4
    assert (await polling.office.box()).standing == 2
    await polling.office.move(["open"], "closed", NOW)
    assert await polling.office.cut(pseudonym) == 0, "paper wins"
    assert await polling.books.inspect() == []


async def test_the_same_sheet_once_more_changes_nothing_and_says_the_same(
    polling: DurableStore, other: DurableStore
) -> None:
    outs, found = ticked(0, 1, 2)
    answers = await asyncio.gather(
        *((polling, other)[n % 2].papers.merge("South", outs, found, SHEET) for n in range(4))
    )
    assert len({(each.act, each.handed_out, str(sorted(each.conflicts.items()))) for each in answers}) == 1
    assert (await station(polling, "South")).issued == 2 == await total(polling, "paper")
    assert [each.kind for each in await polling.office.acts()].count(MERGE) == 1
    more, found = ticked(0, 1, 3)
    another = replace(SHEET, payload=json.dumps({"station": "South", "sha256": "cc"}))
    merged = await polling.papers.merge("South", more, found, another)
    assert (merged.handed_out, merged.known, merged.act) == (1, 2, answers[0].act + 1)


async def test_a_sheet_is_merged_after_the_close_but_not_after_the_cut(polling: DurableStore) -> None:
    await polling.ledger.cast(vote(0))
    await polling.ledger.cast(vote(1))
    await polling.office.move(["open"], "closed", NOW)
    await polling.ledger.withdraw(withdrawal(1))
    merged = await polling.papers.merge("South", *ticked(0, 1, 3), SHEET)
    assert (merged.handed_out, dict(merged.conflicts)) == (2, {"voted": 1, "withdrawn": 1})
    assert (await person(polling, 1)).right == "void"
    await polling.office.cut(pseudonym)
    await polling.office.move(["closed"], "counted", NOW)
    late = replace(SHEET, payload=json.dumps({"station": "South", "sha256": "dd"}))
    await is_refused("too_late", polling.papers.merge("South", *ticked(4), late))
    assert await polling.books.inspect() == []


async def test_what_a_sheet_fails_at_undoes_all_of_it(polling: DurableStore) -> None:
    await closes(polling, "South", 0)
    await is_refused("station_closed", polling.papers.merge("South", *ticked(0, 1), SHEET))
    await is_refused("station_unknown", polling.papers.merge("West", *ticked(0, 1), SHEET))
    assert await total(polling, "paper") == 0
    assert [each.kind for each in await polling.office.acts()].count(MERGE) == 0


def counted(votes: int, name: str = "South") -> PaperCount:
    return PaperCount(name, (ContestCount("chair", 9, 1, 0, {"101": votes, "102": 8 - votes}),))


async def test_a_count_stands_when_two_clerks_have_counted_the_same_and_not_before(polling: DurableStore) -> None:
    await is_refused("station_open", polling.papers.enter_count(counted(5), "One", COUNTED, alone=False))
    await closes(polling, "South", 9)
    enter = polling.papers.enter_count
    assert await enter(counted(4), "One", COUNTED, alone=False) == [Entry("One", counted(4), stands=False)]
    entries = await enter(counted(5), "Two", COUNTED, alone=False)
    assert [(each.clerk, each.stands) for each in entries] == [("One", False), ("Two", False)]
    assert await enter(counted(4), "One", COUNTED, alone=False) == entries, "the same clerk twice is one clerk"
    entries = await enter(counted(5), "One", COUNTED, alone=False)
    assert [(each.clerk, each.stands) for each in entries] == [("One", True), ("Two", True)]
    assert await polling.papers.entries("South") == entries
    await is_refused("count_stands", enter(counted(4), "Three", COUNTED, alone=False))
    await is_refused("count_stands", opens(polling, "South", "r0", "r1"))
    on_record = [each for each in await polling.office.acts() if each.kind == COUNT]
    assert [(each.proposer, each.approver) for each in on_record] == [("Two", "One")]
    assert await polling.books.inspect() == []


async def test_where_one_persons_word_is_enough_her_count_stands(polling: DurableStore) -> None:
    await closes(polling, "South", 9)
    (entry,) = await polling.papers.enter_count(counted(5), "One", COUNTED, alone=True)
    assert entry.stands
    assert await polling.books.inspect() == []


async def test_a_station_opened_again_forgets_a_count_on_which_nobody_agreed(polling: DurableStore) -> None:
    await closes(polling, "South", 9)
    await polling.papers.enter_count(counted(5), "One", COUNTED, alone=False)
    await opens(polling, "South", "r0", "r1")
    assert await polling.papers.entries("South") == []


async def test_the_books_have_the_stations_and_what_was_handed_out_beside_any(polling: DurableStore) -> None:
    await polling.ledger.hand_out_paper(at("South", 1))
    await polling.ledger.hand_out_paper(withdrawal(2, after=0))
    books = await polling.books.books()
    assert [(each.name, each.issued) for each in books.stations] == [("North", 0), ("South", 1), ("", 1)]


async def test_a_roll_that_grows_makes_its_stations_serve_more(polling: DurableStore) -> None:
    people: Sequence[object] = [member(20, region="r1")]
    await take_in(polling, people)  # type: ignore[arg-type]
    assert (await station(polling, "South")).members == 8
