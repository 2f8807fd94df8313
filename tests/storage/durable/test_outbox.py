"""What the outbox promises (election.ports.Outbox), on every store."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from election.ports import Outbox, OutboxItem
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW, letter, polling_opens

MINUTE = timedelta(minutes=1)


async def put(store: DurableStore, body: bytes = b"words", **others: Any) -> None:
    if await store.ledger.member("m00000") is None:
        await polling_opens(store, members=1)
    await store.ledger.record_code("m00000", letter(body, **others))


async def claim_one(store: DurableStore) -> OutboxItem:
    (item,) = await store.outbox.claim(NOW, 10)
    return item


async def test_the_outbox_is_what_the_rules_ask_for(store: DurableStore) -> None:
    outbox: Outbox = store.outbox
    assert await outbox.claim(NOW, 10) == []
    assert await outbox.counts() == {}


async def test_due_letters_are_handed_out_codes_before_notices(store: DurableStore) -> None:
    await put(store, b"notice", due_at=NOW - MINUTE)
    await put(store, b"late code", kind="code", due_at=NOW)
    await put(store, b"early code", kind="code", due_at=NOW - MINUTE)
    await put(store, b"not due", due_at=NOW + MINUTE)
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 2)] == [b"early code", b"late code"]
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 2)] == [b"notice"]
    assert await store.outbox.counts() == {"sending": 3, "waiting": 1}


async def test_no_letter_is_handed_to_two(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=1)
    await asyncio.gather(*(put(store, str(number).encode()) for number in range(200)))
    hands = await asyncio.gather(*((store, other)[n % 2].outbox.claim(NOW, 7) for n in range(60)))
    bodies = [item.sealed_body for hand in hands for item in hand]
    assert len(bodies) == len(set(bodies)) == 200


async def test_an_expired_letter_is_wiped_and_never_handed_out(store: DurableStore) -> None:
    await put(store, b"too old", kind="code", expires_at=NOW)
    await put(store, b"in time", kind="code", expires_at=NOW + MINUTE)
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 10)] == [b"in time"]
    assert await store.outbox.counts() == {"too_old": 1, "sending": 1}


async def test_a_letter_not_sent_comes_again_when_due_with_its_tries_counted(store: DurableStore) -> None:
    await put(store, expires_at=NOW + 9 * MINUTE)
    item = await claim_one(store)
    assert (item.tries, item.expires_at, item.kind) == (1, NOW + 9 * MINUTE, "notice")
    await store.outbox.later(item.id, NOW + MINUTE, NOW)
    assert await store.outbox.claim(NOW, 10) == []
    (again,) = await store.outbox.claim(NOW + MINUTE, 10)
    assert (again.id, again.tries, again.sealed_body) == (item.id, 2, b"words")


@pytest.mark.parametrize("state", ["failed", "unknown", "too_old"])
async def test_a_settled_letter_stays_settled(store: DurableStore, state: Any) -> None:
    await put(store)
    item = await claim_one(store)
    await store.outbox.settled(item.id, state, NOW)
    await store.outbox.later(item.id, NOW, NOW)
    await store.outbox.sent(item.id, "SM1", NOW)
    assert await store.outbox.counts() == {state: 1}
    assert await store.outbox.claim(NOW + MINUTE, 10) == []


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["queued", "sent", "delivered"], "delivered"),
        (["delivered", "sent"], "delivered"),
        (["delivered", "undelivered"], "delivered"),
        (["undelivered", "sent"], "undelivered"),
        (["failed", "queued"], "undelivered"),
        (["undelivered", "delivered"], "delivered"),
        (["sending"], "sent"),
    ],
)
async def test_what_the_carrier_says_never_goes_back(store: DurableStore, statuses: list[str], state: str) -> None:
    await put(store)
    await store.outbox.sent((await claim_one(store)).id, "SM1", NOW)
    assert [await store.outbox.delivered("SM1", status, NOW) for status in statuses] == [True] * len(statuses)
    assert await store.outbox.counts() == {state: 1}


async def test_the_carriers_word_on_a_letter_we_do_not_know_is_not_ours(store: DurableStore) -> None:
    assert not await store.outbox.delivered("SM404", "delivered", NOW)


async def test_letters_of_a_process_that_died_are_found(store: DurableStore, other: DurableStore) -> None:
    await put(store, b"stranded")
    await claim_one(store)
    assert await other.outbox.stranded(NOW) == []
    assert [item.sealed_body for item in await other.outbox.stranded(NOW + MINUTE)] == [b"stranded"]
