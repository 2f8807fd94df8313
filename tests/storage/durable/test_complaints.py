"""What the store promises to the complaint desk (election.complaints.Complaints), on every store."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from election.broadcasts import a_word
from election.complaints import (
    A_DAY,
    ADDED,
    AN_ELECTION,
    DECIDED,
    Addition,
    Complaint,
    Complaints,
    Counts,
    Decision,
    Filing,
    Question,
)
from election.definition import Words
from election.errors import ComplaintDecided, NoSuchComplaint, OperatorRefusal, TooManyComplaints
from election.ports import Act
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW, member, polling_opens, take_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = Words("сұрақ", "вопрос", "a question")


def filing(person: int = 1, message: str = "m", **others: Any) -> Filing:
    plain = Filing(
        member_id=f"m{person:05d}",
        channel="telegram",
        kind="voted",
        pressed=False,
        sealed=b"sealed words",
        message=message.encode(),
        now=NOW,
        due_at=NOW + 3 * DAY,
    )
    return replace(plain, **others)


def addition(number: int = 101, person: int = 1, message: str = "a", **others: Any) -> Addition:
    plain = Addition(f"m{person:05d}", number, "telegram", False, b"sealed answer", message.encode(), NOW + HOUR)
    return replace(plain, **others)


def question(number: int = 101) -> Question:
    return Question(number, "Berik", b"sealed question", a_word("m00001", WORDS, "Berik", NOW), NOW + HOUR)


def decision(number: int = 101, outcome: Any = "upheld", by: str = "Berik") -> Decision:
    act = Act(0, NOW + HOUR, DECIDED, f'{{"complaint": {number}}}', "", by, by, "done")
    return Decision(number, outcome, b"sealed reason", act, a_word("m00001", WORDS, by, NOW))


async def filed(store: DurableStore, *wishes: Filing) -> list[Complaint]:
    return [await store.complaints.file(each) for each in wishes or (filing(),)]


async def test_the_store_is_what_the_desk_asks_for(store: DurableStore) -> None:
    complaints: Complaints = store.complaints
    assert await complaints.complaint(101) is None
    assert await complaints.by_message(b"m") is None
    assert await complaints.whose(101) == ""
    assert await complaints.entries(101) == []
    assert await complaints.counts(NOW) == Counts()


async def test_complaints_are_numbered_from_101_and_kept_as_they_were_filed(store: DurableStore) -> None:
    await polling_opens(store, members=40)
    first, second = await filed(store, filing(), filing(2, "n", kind="pressed", pressed=True, channel="sms"))
    assert first == Complaint(101, "voted", False, "open", "telegram", "", NOW, NOW + 3 * DAY, "r1", "b")
    assert (second.number, second.kind, second.pressed, second.channel) == (102, "pressed", True, "sms")
    [entry] = await store.complaints.entries(101)
    assert (entry.step, entry.officer, entry.sealed, entry.at) == ("filed", "", b"sealed words", NOW)
    assert await store.complaints.whose(102) == "m00002"
    assert [each.number for each in await store.complaints.hers("m00001")] == [101]


async def test_a_message_delivered_twice_files_once(store: DurableStore) -> None:
    await polling_opens(store)
    [first] = await filed(store)
    again = await store.complaints.file(filing(now=NOW + HOUR))
    assert again == first == await store.complaints.by_message(b"m")
    assert (await store.complaints.counts(NOW)).filed == 1


async def test_of_many_who_file_at_once_each_gets_a_number_of_her_own(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=20)
    numbers = await asyncio.gather(
        *(each.complaints.file(filing(n, f"m{n}")) for n, each in enumerate([store, other] * 8))
    )
    assert sorted(each.number for each in numbers) == list(range(101, 117))
    assert await store.books.inspect() == []


async def test_a_branch_or_a_region_of_few_is_not_named(store: DurableStore) -> None:
    people = [member(n, region="large" if n < 22 else "small", branch="north" if n < 9 else "south") for n in range(25)]
    await take_in(store, people)
    told = await filed(store, *(filing(n, f"m{n}") for n in (0, 12, 23)))
    assert [(each.region, each.branch) for each in told] == [("large", ""), ("large", "south"), ("", "")]


async def test_a_member_files_three_a_day_by_each_door_and_twenty_an_election(store: DurableStore) -> None:
    await polling_opens(store)
    for n in range(A_DAY):
        await filed(store, filing(1, f"a{n}"))
    with pytest.raises(TooManyComplaints) as refused:
        await filed(store, filing(1, "too many"))
    assert refused.value.today
    await filed(store, filing(1, "by the other door", channel="sms"))
    for n in range(A_DAY, AN_ELECTION):
        await filed(store, filing(1, f"a{n}", now=NOW + n * DAY))
    with pytest.raises(TooManyComplaints) as refused:
        await filed(store, filing(1, "too many", now=NOW + 100 * DAY))
    assert not refused.value.today
    await filed(store, filing(2, "hers"))


async def test_a_question_waits_for_her_answer(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    assert (await store.complaints.ask(question())).state == "asked"
    answered = await store.complaints.add(addition(pressed=True))
    assert (answered.state, answered.pressed) == ("open", True)
    await store.complaints.add(addition(now=NOW + 2 * HOUR))  # the same message again
    assert [each.step for each in await store.complaints.entries(101)] == ["filed", "asked", "answered"]
    word = await store.broadcasts.next(NOW + HOUR)
    assert word is not None
    assert (word.plan.kind, word.plan.text, word.plan.only.member) == ("word", WORDS, "m00001")
    assert await store.books.inspect() == []


async def test_nobody_adds_to_another_ones_complaint_nor_endlessly_to_her_own(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    for number, person in ((101, 2), (999, 1)):
        with pytest.raises(NoSuchComplaint):
            await store.complaints.add(addition(number, person))
    for n in range(ADDED):
        await store.complaints.add(addition(message=f"a{n}"))
    with pytest.raises(TooManyComplaints):
        await store.complaints.add(addition(message="too many"))


async def test_a_decision_is_an_act_with_its_leaf_and_nothing_comes_after_it(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    assert (await store.complaints.decide(decision())).state == "upheld"
    acts = await store.office.acts("done")
    assert [(act.kind, act.proposer, act.reason) for act in acts] == [(DECIDED, "Berik", "")]
    assert (await store.books.books()).waiting["action"] == 1
    with pytest.raises(ComplaintDecided):
        await store.complaints.add(addition())
    for again in (store.complaints.decide(decision(outcome="rejected")), store.complaints.ask(question())):
        with pytest.raises(OperatorRefusal) as refused:
            await again
        assert refused.value.code == "complaint_decided"
    assert [each.step for each in await store.complaints.entries(101)] == ["filed", "decided"]
    assert len(await store.office.acts()) == 1
    assert await store.books.inspect() == []


async def test_of_two_officers_who_decide_at_once_one_does(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    outcomes = await asyncio.gather(
        store.complaints.decide(decision(outcome="upheld")),
        other.complaints.decide(decision(outcome="rejected", by="Dana")),
        return_exceptions=True,
    )
    refused = [each for each in outcomes if isinstance(each, OperatorRefusal)]
    assert [each.code for each in refused] == ["complaint_decided"]
    assert len(await store.office.acts("done")) == 1


async def test_an_officer_looks_after_it_and_an_unknown_number_is_refused(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    assert (await store.complaints.assign(101, "Dana", "Berik", NOW)).officer == "Dana"
    with pytest.raises(OperatorRefusal) as refused:
        await store.complaints.assign(7, "Dana", "Berik", NOW)
    assert refused.value.code == "no_such_complaint"


async def test_what_is_due_first_comes_first_and_the_newest_decision_first(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store, *(filing(n, f"m{n}", due_at=NOW + (9 - n) * HOUR) for n in range(5)))
    for number in (102, 104):
        await store.complaints.decide(decision(number))
    queue = store.complaints.queue
    assert [each.number for each in await queue(decided=False, most=2)] == [105, 103]
    assert [each.number for each in await queue(decided=False, most=2, start=2)] == [101]
    assert [each.number for each in await queue(decided=True, most=9)] == [104, 102]


async def test_the_committee_is_reminded_of_each_once_soon_and_once_late(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store, filing(), filing(2, "n"), filing(3, "o", due_at=NOW + 30 * DAY))
    await store.complaints.decide(decision(102))
    found = []
    for hours in (59, 60, 61, 72, 73):
        at = NOW + hours * HOUR
        counts = await store.complaints.counts(at)
        found.append((counts.soon, counts.late, await store.complaints.remind(at)))
    assert found == [(0, 0, 0), (1, 0, 1), (1, 0, 0), (0, 1, 1), (0, 1, 0)]


async def test_all_are_counted_for_the_bulletin(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store, *(filing(n, f"m{n}", pressed=n > 2) for n in range(5)))
    await store.complaints.decide(decision(101, "no-fault"))
    await store.complaints.decide(decision(102, "rejected"))
    assert (await store.books.books()).complaints == Counts(5, 3, 0, 1, 1, 2)


async def test_a_complaint_that_is_taken_out_is_missed(store: DurableStore, url: str) -> None:
    await polling_opens(store)
    await filed(store, filing(), filing(2, "n"))
    await store.complaints._keeper.write(
        lambda c: c.exec_driver_sql("DELETE FROM complaint WHERE number = 101").close()
    )
    assert [each.table for each in await store.books.inspect()] == ["complaint"]


async def test_an_entry_that_is_taken_out_is_missed(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    await store.complaints._keeper.write(lambda c: c.exec_driver_sql("DELETE FROM complaint_entry").close())
    assert [each.table for each in await store.books.inspect()] == ["complaint_entry"]


async def test_at_the_end_the_words_and_whose_they_are_are_wiped_and_the_numbers_stay(store: DurableStore) -> None:
    await polling_opens(store)
    await filed(store)
    assert await store.complaints.erase() == 1
    assert [each.sealed for each in await store.complaints.entries(101)] == [b""]
    assert await store.complaints.whose(101) == ""
    assert (await store.complaints.counts(NOW)).filed == 1
    assert await store.books.inspect() == []
