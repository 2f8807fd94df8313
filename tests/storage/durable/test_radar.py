"""What the store keeps for the radar, and that nothing of it is left after the cut: on every store."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from election.ports import CodeRequest, Signal
from election.radar.case import Case, Finding
from storage.durable import schema
from storage.durable.store import DurableStore
from tests.storage.durable.polling import (
    NOW,
    again,
    member,
    phone,
    phone_key,
    polling_opens,
    pseudonym,
    seal_phone,
    take_in,
    vote,
    withdrawal,
)
from tests.voters import FILE

SLOT = int(datetime(2026, 12, 1, 9, 3, 0, tzinfo=UTC).timestamp()) // 10
MINUTE = timedelta(minutes=1)
BURST = Finding("burst", ("r1", "b"), NOW, NOW + 30 * MINUTE, {"votes": 20, "due": "4.5"}, 9)


async def test_votes_are_counted_by_branch_and_ten_seconds(store: DurableStore) -> None:
    await polling_opens(store)
    late = NOW + timedelta(seconds=3)
    sent = [vote(0), vote(1), vote(3, "sms"), vote(4, now=late), vote(7, now=late), vote(7, now=late)]
    await asyncio.gather(*(store.ledger.cast(each) for each in sent), return_exceptions=True)
    assert await store.radar.rhythm(0) == [(SLOT, "r0", "b", 2), (SLOT, "r1", "b", 1), (SLOT + 1, "r1", "b", 2)]
    assert await store.radar.rhythm(SLOT + 1) == [(SLOT + 1, "r1", "b", 2)]
    assert list(await store.books.inspect()) == []


async def test_a_vote_again_is_counted_apart_and_paper_is_not(store: DurableStore) -> None:
    await polling_opens(store)
    for number in range(3):
        await store.ledger.cast(vote(number))
    await store.ledger.cast(again(1, 2, "sms", now=NOW + MINUTE))
    await store.ledger.cast(again(1, 3, "sms", now=NOW + MINUTE))
    await store.ledger.hand_out_paper(withdrawal(2))
    await store.ledger.hand_out_paper(withdrawal(5, after=0))
    assert await store.radar.again() == {("r1", "b"): 2}
    assert sum(votes for *_, votes in await store.radar.rhythm(0)) == 5
    assert list(await store.books.inspect()) == []


async def test_members_are_counted_with_those_whom_a_code_reaches(store: DurableStore) -> None:
    await polling_opens(store)
    await take_in(store, [member(0, status="landline", phone=""), member(20, branch="x")])
    found = await store.radar.members()
    assert found["r0", "b"] == (4, 3)
    assert found["r2", "x"] == (1, 1)


async def test_wrong_codes_and_signals_are_noted_together(store: DurableStore) -> None:
    await polling_opens(store)
    signal = Signal("other-chat", NOW, "r1", "b", "m00001")
    assert await store.ledger.record_wrong_code("m00001") == 1
    assert await store.ledger.record_wrong_code("m00001", signal) == 2
    stranger = Signal("contact", NOW)
    await store.ledger.note_signal(stranger)
    assert await store.radar.signals() == [signal, stranger]
    assert await store.radar.wrong_codes() == {("r1", "b"): 2}


async def test_the_phone_that_freezes_an_account_tells_of_all_whose_phones_it_showed(store: DurableStore) -> None:
    await polling_opens(store)

    def shown(number: int) -> CodeRequest:
        return CodeRequest("telegram", "555", phone_key(phone(number)), NOW)

    for number in (1, 2, 2, 900):
        await store.ledger.note_phone_tried(shown(number))
    assert await store.radar.signals() == []
    assert await store.ledger.note_phone_tried(shown(4)) == 4
    told = [signal.member_id for signal in await store.radar.signals()]
    assert told == ["m00001", "m00002", "m00004"]
    for number in (4, 4, 5):
        await store.ledger.note_phone_tried(shown(number))
    assert [signal.member_id for signal in await store.radar.signals()] == [*told, "m00005"]
    assert {signal.kind for signal in await store.radar.signals()} == {"phones"}


async def test_a_finding_makes_one_case_however_often_it_is_found(store: DurableStore, other: DurableStore) -> None:
    assert await store.radar.keep([BURST], NOW) == 1
    assert await other.radar.keep([BURST], NOW) == 0
    grown = replace(BURST, began=NOW + 10 * MINUTE, ended=NOW + 40 * MINUTE, numbers={"votes": 26}, weight=12)
    assert await store.radar.keep([grown, replace(BURST, weight=3, numbers={"votes": 9})], NOW + 10 * MINUTE) == 0
    (case,) = await store.radar.cases()
    assert (case.numbers, case.weight, case.began, case.ended) == ({"votes": 26}, 12, NOW, NOW + 40 * MINUTE)
    assert (case.seen_at, case.state, case.by, case.word) == (NOW, "new", "", "")
    elsewhere = [replace(BURST, place=("r1", "")), replace(BURST, detector="beat")]
    hours_later = replace(BURST, began=NOW + 120 * MINUTE, ended=NOW + 150 * MINUTE)
    assert await store.radar.keep([*elsewhere, hours_later], NOW) == 3
    assert [each.number - case.number for each in await store.radar.cases()] == [3, 2, 1, 0]


async def test_what_somebody_has_looked_at_does_not_change_any_more(store: DurableStore) -> None:
    await store.radar.keep([BURST], NOW)
    (number,) = [case.number for case in await store.radar.cases()]
    assert await store.radar.set_state(number, "looked", "Committee One", "")
    await store.radar.keep([replace(BURST, weight=99, numbers={"votes": 99})], NOW)
    assert await store.radar.set_state(number, "closed", "Committee One", "a meeting")
    assert not await store.radar.set_state(number, "closed", "Committee Two", "no")
    assert not await store.radar.set_state(number + 7, "looked", "Committee Two", "")
    case = await store.radar.case(number)
    assert isinstance(case, Case)
    assert (case.state, case.by, case.word, case.numbers["votes"]) == ("closed", "Committee One", "a meeting", 20)
    assert await store.radar.case(number + 7) is None


async def _busy(store: DurableStore) -> None:
    """Members of two branches of r1, and of ten that are told as r1, who vote or do something odd."""
    await store.office.load_election(FILE, "its digest")
    people = [member(number, region="r1", branch="big" if number < 12 else "other") for number in range(24)]
    tiny = [member(number, region="r1", branch=f"tiny {number}") for number in range(30, 40)]
    await take_in(store, [*people, *tiny])
    await store.office.move(["draft"], "open", NOW)
    hours = timedelta(hours=2)
    for number in (1, 2, 14, 30):
        await store.ledger.cast(vote(number, redo_from=(NOW + hours).replace(second=0, microsecond=0) + MINUTE))
    later = NOW + 3 * hours
    await store.ledger.cast(vote(3, now=later, redo_from=later + hours))
    await store.ledger.cast(again(2, 2, now=later, redo_from=later + hours))
    await store.ledger.note_signal(Signal("contact", NOW, "r1", "big", "m00004"))
    await store.ledger.note_signal(Signal("contact", NOW - 2 * hours, "r1", "big", "m00005"))
    await store.ledger.note_signal(Signal("not-me", NOW, "r1", "big", "m00006"))


@pytest.mark.parametrize(
    ("detector", "branch", "behind"),
    [
        ("burst", "big", ["m00001"]),
        ("beat", "other", ["m00014"]),
        ("burst", "", ["m00030"]),
        ("redo", "big", ["m00002"]),
        ("contacts", "big", ["m00004"]),
        ("not-me", "big", ["m00006"]),
    ],
)
async def test_behind_a_case_are_those_it_is_about_and_nobody_else(
    store: DurableStore, detector: str, branch: str, behind: list[str]
) -> None:
    await _busy(store)
    found = replace(BURST, detector=detector, place=("r1", branch), began=NOW - MINUTE, ended=NOW + MINUTE)  # type: ignore[arg-type]
    await store.radar.keep([found], NOW)
    (case,) = await store.radar.cases()
    told = await store.radar.behind(case)
    assert [member_id for member_id, _ in told] == behind
    assert [sealed for _, sealed in told] == [seal_phone(phone(int(member_id[1:]))) for member_id in behind]


async def test_after_the_cut_nothing_is_left_of_when_who_did_what(store: DurableStore) -> None:
    await _busy(store)
    await store.radar.keep([BURST], NOW)
    await store.office.move(["open"], "closed", NOW)
    assert await store.radar.rhythm(0) != []
    assert list(await store.books.inspect()) == []
    await store.office.cut(pseudonym)
    assert await store.radar.rhythm(0) == []
    assert await store.radar.again() == {}
    assert await store.radar.signals() == []
    assert len(await store.radar.cases()) == 1
    assert list(await store.books.inspect()) == []


def _kept() -> Iterator[tuple[str, set[str]]]:
    for name in ("rhythm", "signal", "radar_case"):
        yield name, set(schema.metadata.tables[name].columns.keys())


def test_no_row_of_the_radar_has_a_place_for_a_choice_a_ballot_or_an_envelope() -> None:
    columns = dict(_kept())
    assert columns["rhythm"] == {"slot", "region", "branch", "votes", "again", "seal"}
    assert columns["signal"] == {"id", "kind", "at", "region", "branch", "member_id", "seal"}
    assert "member_id" not in columns["radar_case"]
    assert all(not table.foreign_keys for name, table in schema.metadata.tables.items() if name in columns)
