"""What the store promises to broadcasts (election.broadcasts.Broadcasting), on every store."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from election.broadcasts import Broadcast, Broadcasting, Outcomes, Plan, Progress, Recipient
from election.definition import Words
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW, letter, polling_opens, vote

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WORDS = Words("сәлем", "привет", "hello")


def wish(**others: Any) -> Plan:
    plain: dict[str, Any] = {
        "kind": "message",
        "ways": ("telegram",),
        "due_at": NOW,
        "made_at": NOW,
        "by": "Aigerim",
        "text": WORDS,
    }
    return Plan(**(plain | others))


async def members_sign_in(store: DurableStore, *numbers: int, members: int = 10) -> None:
    await polling_opens(store, members=members)
    for number in numbers:
        await store.ledger.enrol(f"m{number:05d}", "telegram", f"{9000 + number}", "7")


async def taken(store: DurableStore, plan: Plan, holder: str = "me") -> Broadcast:
    found = await store.broadcasts.take(await store.broadcasts.plan(plan, 5), holder, NOW)
    assert found is not None
    return found


async def met(store: DurableStore, broadcast: Broadcast, after: str = "", most: int = 10, leg: int = 0) -> list[str]:
    return [each.key for each in await store.broadcasts.recipients(broadcast, leg, after, most, NOW)]


async def test_the_store_is_what_broadcasts_ask_for(store: DurableStore) -> None:
    broadcasts: Broadcasting = store.broadcasts
    assert await broadcasts.next(NOW) is None
    assert await broadcasts.broadcast(1) is None
    assert await broadcasts.broadcasts() == []


async def test_a_broadcast_is_kept_as_it_was_planned(store: DurableStore) -> None:
    plan = wish(ways=("channels", "telegram", "sms"), channels=("@b", "-100"))
    number = await store.broadcasts.plan(plan, 12)
    found = await store.broadcasts.broadcast(number)
    assert found is not None
    assert (found.plan.ways, found.plan.text, found.plan.by, found.plan.due_at) == (plan.ways, WORDS, "Aigerim", NOW)
    assert (found.state, found.counts.expected, found.counts.settled) == ("planned", 12, 0)
    assert await met(store, found) == ["-100", "@b"]


async def test_what_waits_goes_in_turn_and_not_before_its_time(store: DurableStore) -> None:
    bulletin = await store.broadcasts.plan(wish(kind="bulletin", text=None, bulletin=4), 1)
    reminder = await store.broadcasts.plan(wish(kind="reminder", text=None), 1)
    message = await store.broadcasts.plan(wish(due_at=NOW + MINUTE), 1)
    order = []
    for at in (NOW - MINUTE, NOW, NOW + MINUTE, NOW + MINUTE, NOW + MINUTE):
        found = await store.broadcasts.next(at)
        order.append(found.number if found else 0)
        if found and at > NOW:
            await store.broadcasts.take(found.number, "me", at)
            await store.broadcasts.end(found.number, "me", at)
    assert order == [0, reminder, message, reminder, bulletin]


async def test_a_bulletin_is_planned_once_and_overtakes_the_one_before(store: DurableStore) -> None:
    await members_sign_in(store, 1, 2, 3)
    first = await taken(store, wish(kind="bulletin", text=None, bulletin=1))
    assert await store.broadcasts.plan(wish(kind="bulletin", text=None, bulletin=1), 9) == first.number
    await store.broadcasts.note(first.number, "me", Progress(0, "9001"), Outcomes(sent=1))
    second = await taken(store, wish(kind="bulletin", text=None, bulletin=2))
    assert not await store.broadcasts.note(first.number, "me", Progress(0, "9002"), Outcomes(sent=1))
    assert [await met(store, second, leg.after, leg=n) for n, leg in enumerate(second.plan.legs)] == [
        ["9002", "9003"],
        ["9001"],
    ]


async def test_members_are_met_by_pages_in_order_each_in_her_language(store: DurableStore) -> None:
    await members_sign_in(store, 3, 1, 2)
    await store.ledger.set_preferences("m00002", language="en")
    broadcast = await taken(store, wish())
    page = await store.broadcasts.recipients(broadcast, 0, "", 2, NOW)
    assert page == [
        Recipient("telegram", "9001", "m00001", "kk", "7"),
        Recipient("telegram", "9002", "m00002", "en", "7"),
    ]
    assert await met(store, broadcast, "9002") == ["9003"]
    assert await store.broadcasts.reach(wish(), NOW) == {("telegram", "kk"): 2, ("telegram", "en"): 1}


async def test_who_said_stop_or_closed_her_chat_is_not_met_until_she_writes_again(store: DurableStore) -> None:
    await members_sign_in(store, 1, 2, 3)
    await store.ledger.set_preferences("m00001", silent=True)
    broadcast = await taken(store, wish())
    noted = Outcomes(sent=1, blocked=1, closed=("9002",))
    assert await store.broadcasts.note(broadcast.number, "me", Progress(0, "9003"), noted)
    assert await met(store, broadcast) == ["9003"]
    await store.ledger.chat_is_open("telegram", "9002")
    assert await met(store, broadcast) == ["9002", "9003"]
    found = await store.broadcasts.broadcast(broadcast.number)
    assert found is not None
    assert (found.counts.sent, found.counts.blocked, found.progress.after) == (1, 1, "9003")


async def test_by_sms_those_who_signed_in_by_sms_alone(store: DurableStore) -> None:
    await members_sign_in(store, 1)
    for number in (1, 2, 4):
        await store.ledger.enrol(f"m{number:05d}", "sms", "")
    await store.ledger.set_preferences("m00004", silent=True)
    broadcast = await taken(store, wish(ways=("sms",)))
    (only,) = await store.broadcasts.recipients(broadcast, 0, "", 10, NOW)
    assert (only.member_id, only.sealed_phone) == ("m00002", b"sealed +77010000002")


async def test_after_a_crash_those_begun_are_met_again_and_nobody_else(
    store: DurableStore, other: DurableStore
) -> None:
    await members_sign_in(store, 1, 2, 3, 4)
    broadcast = await taken(store, wish(ways=("channels", "telegram"), channels=("@a",)))
    place = Progress(1, "9003", ((0, "@a"), (1, "9002")))
    assert await store.broadcasts.note(broadcast.number, "me", place, Outcomes(sent=2))
    taken_over = await other.broadcasts.take(broadcast.number, "another", NOW)
    assert taken_over is not None
    again = await other.broadcasts.again(taken_over)
    assert [(leg, each.key) for leg, each in again] == [(0, "@a"), (1, "9002")]
    assert await met(other, taken_over, taken_over.progress.after, leg=1) == ["9004"]
    # who ran it before is told so
    assert not await store.broadcasts.note(broadcast.number, "me", place, Outcomes(sent=1))
    assert await store.broadcasts.queue(broadcast.number, "me", place, [("m00001", letter())], NOW) is None


async def test_a_stopped_broadcast_notes_nothing_more_and_its_letters_stay_here(store: DurableStore) -> None:
    await members_sign_in(store)
    broadcast = await taken(store, wish(ways=("sms",)))
    letters = [("m00001", letter(kind="broadcast")), ("m00002", letter(kind="broadcast"))]
    assert await store.broadcasts.queue(broadcast.number, "me", Progress(0, "m00002"), letters, NOW) == 2
    assert await store.broadcasts.queue(broadcast.number, "me", Progress(0, "m00002"), letters, NOW) == 0, "asked again"
    assert len(await store.outbox.claim(NOW, 1)) == 1
    assert await store.broadcasts.stop(broadcast.number, NOW)
    assert not await store.broadcasts.stop(broadcast.number, NOW)
    assert not await store.broadcasts.note(broadcast.number, "me", Progress(), Outcomes())
    assert await store.broadcasts.take(broadcast.number, "me", NOW) is None
    assert await store.broadcasts.next(NOW) is None
    assert await store.outbox.counts() == {"sending": 1, "too_old": 1}


async def test_a_letter_of_a_broadcast_waits_behind_codes_and_notices(store: DurableStore) -> None:
    await members_sign_in(store)
    broadcast = await taken(store, wish(ways=("sms",)))
    news = letter(b"news", kind="broadcast", due_at=NOW - MINUTE)
    await store.broadcasts.queue(broadcast.number, "me", Progress(0, "m00001"), [("m00001", news)], NOW)
    await store.ledger.record_code("m00001", letter(b"notice"))
    await store.ledger.record_code("m00001", letter(b"code", kind="code"))
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 10)] == [b"code", b"notice", b"news"]


async def test_a_member_is_reminded_once_a_day_and_never_after_she_voted(store: DurableStore) -> None:
    await members_sign_in(store, 1, 2, 3)
    await store.ledger.cast(vote(3))
    broadcast = await taken(store, wish(kind="reminder", text=None))
    assert await met(store, broadcast) == ["9001", "9002"]
    assert await store.broadcasts.reach(wish(kind="reminder"), NOW) == {("telegram", "kk"): 2}
    assert await store.broadcasts.remind("m00001", NOW)
    assert await store.broadcasts.remind("m00001", NOW), "a second try of the same moment"
    assert not await store.broadcasts.remind("m00001", NOW + MINUTE)
    assert not await store.broadcasts.remind("m00001", NOW + DAY - MINUTE)
    await store.ledger.cast(vote(2))
    assert not await store.broadcasts.remind("m00002", NOW), "she voted after the list was read"
    assert await met(store, broadcast) == []
    assert await store.broadcasts.remind("m00001", NOW + DAY)
    await store.office.move(["open"], "closed", NOW)
    assert not await store.broadcasts.remind("m00001", NOW + 3 * DAY)


async def test_of_two_who_would_remind_her_at_once_one_does(store: DurableStore, other: DurableStore) -> None:
    await members_sign_in(store, 1)
    moments = [NOW + timedelta(seconds=n) for n in range(20)]
    done = await asyncio.gather(
        *((store, other)[n % 2].broadcasts.remind("m00001", moment) for n, moment in enumerate(moments))
    )
    assert done.count(True) == 1


async def test_a_reminder_by_sms_is_not_sent_to_who_has_voted_while_it_waited(store: DurableStore) -> None:
    await members_sign_in(store)
    for number in (1, 2, 3):
        await store.ledger.enrol(f"m{number:05d}", "sms", "")
    broadcast = await taken(store, wish(kind="reminder", text=None, ways=("sms",)))
    await store.ledger.cast(vote(1, "sms", notice=letter(due_at=NOW + DAY)))
    letters = [(f"m{n:05d}", letter(b"%d" % n, kind="broadcast")) for n in (1, 2, 3)]
    assert await store.broadcasts.queue(broadcast.number, "me", Progress(0, "m00003"), letters, NOW) == 2
    await store.ledger.cast(vote(3, "sms", notice=letter(due_at=NOW + DAY)))
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 10)] == [b"2"]
    found = await store.broadcasts.broadcast(broadcast.number)
    assert found is not None
    assert (found.counts.queued, found.counts.spared) == (2, 1)


@pytest.mark.parametrize("kind", ["message", "reminder"])
async def test_an_ended_broadcast_is_not_sent_again(store: DurableStore, kind: Any) -> None:
    broadcast = await taken(store, wish(kind=kind))
    await store.broadcasts.end(broadcast.number, "me", NOW + MINUTE)
    found = await store.broadcasts.broadcast(broadcast.number)
    assert found is not None
    assert (found.state, found.ended_at) == ("done", NOW + MINUTE)
    assert await store.broadcasts.take(broadcast.number, "me", NOW) is None
