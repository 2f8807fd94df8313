"""Two transactions in the middle of each other on PostgreSQL, each held there until the other has come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from election.errors import Closed
from election.ports import BoxCount
from storage.durable.store import DurableStore, open_store
from tests.storage.durable.polling import (
    NOW,
    SEAL_KEY,
    again,
    ballot,
    letter,
    polling_opens,
    pseudonym,
    total,
    vote,
    withdrawal,
)

A_WHILE = 0.2  # seconds in which what does not wait would long be done


@pytest.fixture
async def store(made_postgres_emptied: str) -> AsyncIterator[DurableStore]:
    async with open_store(made_postgres_emptied, SEAL_KEY) as opened:
        yield opened


@pytest.fixture
async def other(made_postgres_emptied: str, store: DurableStore) -> AsyncIterator[DurableStore]:
    async with open_store(made_postgres_emptied, SEAL_KEY) as opened:
        yield opened


@asynccontextmanager
async def meanwhile(url: str, statement: str) -> AsyncIterator[None]:
    """Another transaction has done this and commits it at the end."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute(statement)
            yield
    finally:
        await connection.close()


async def test_a_close_waits_for_the_votes_that_are_being_put_and_counts_them(
    made_postgres_emptied: str, store: DurableStore, other: DurableStore
) -> None:
    await polling_opens(store)
    async with meanwhile(made_postgres_emptied, "UPDATE branch_count SET paper = paper"):
        casting = asyncio.ensure_future(store.ledger.cast(vote(1)))
        await asyncio.sleep(A_WHILE)
        closing = asyncio.ensure_future(other.office.move(["open"], "closed", NOW))
        await asyncio.sleep(A_WHILE)
        late = asyncio.ensure_future(store.ledger.cast(vote(2)))
        assert not casting.done()
        assert not closing.done()
    assert await closing
    assert await store.office.box() == BoxCount(1, 1, 0)
    await casting
    with pytest.raises(Closed):
        await late


async def test_a_vote_waits_for_the_close_that_is_being_written_and_is_refused(
    made_postgres_emptied: str, store: DurableStore
) -> None:
    await polling_opens(store)
    async with meanwhile(made_postgres_emptied, "UPDATE election SET stage = 'closed'"):
        casting = asyncio.ensure_future(store.ledger.cast(vote(1)))
        await asyncio.sleep(A_WHILE)
        assert not casting.done()
    with pytest.raises(Closed):
        await casting
    assert await store.office.box() == BoxCount(0, 0, 0)


async def test_branches_are_counted_in_one_order_so_that_no_two_processes_wait_for_each_other(
    made_postgres_emptied: str, store: DurableStore, other: DurableStore, caplog: pytest.LogCaptureFixture
) -> None:
    await polling_opens(store)
    async with meanwhile(made_postgres_emptied, "UPDATE branch_count SET paper = paper WHERE region = 'r0'"):
        first = asyncio.gather(*(store.ledger.cast(vote(n)) for n in (0, 4)))  # r0, r1
        await asyncio.sleep(A_WHILE)
        second = asyncio.gather(*(other.ledger.cast(vote(n)) for n in (1, 3)))  # r1, r0
        await asyncio.sleep(A_WHILE)
    await asyncio.gather(first, second)
    assert await total(store, "telegram") == 4
    assert "store_write_again" not in caplog.text


async def test_members_are_held_in_one_order_so_that_no_two_processes_wait_for_each_other(
    made_postgres_emptied: str, store: DurableStore, other: DurableStore, caplog: pytest.LogCaptureFixture
) -> None:
    await polling_opens(store)
    for number in (1, 4):
        await store.ledger.cast(vote(number))
    async with meanwhile(made_postgres_emptied, "UPDATE voter SET silent = silent WHERE member_id = 'm00001'"):
        first = asyncio.gather(*(store.ledger.cast(again(n, 2)) for n in (1, 4)))
        await asyncio.sleep(A_WHILE)
        second = asyncio.gather(*(other.ledger.hand_out_paper(withdrawal(n, 2)) for n in (4, 1)))
        await asyncio.sleep(A_WHILE)
    await asyncio.gather(first, second)
    assert await total(store, "paper") == 2
    assert "store_write_again" not in caplog.text


async def test_two_cuts_at_once_move_each_ballot_once(
    made_postgres_emptied: str, store: DurableStore, other: DurableStore, caplog: pytest.LogCaptureFixture
) -> None:
    await polling_opens(store)
    await asyncio.gather(*(store.ledger.cast(vote(number)) for number in range(10)))
    await store.office.move(["open"], "closed", NOW)
    async with meanwhile(made_postgres_emptied, "LOCK TABLE urn IN SHARE MODE"):
        cutting = asyncio.gather(store.office.cut(pseudonym), other.office.cut(pseudonym))
        await asyncio.sleep(A_WHILE)
    assert await cutting == [10, 10]
    assert sorted(await store.office.urn()) == [ballot(number) for number in range(10)]
    assert "store_write_again" not in caplog.text


async def test_processes_that_wait_for_each_other_begin_again_and_lose_nothing(
    made_postgres_emptied: str, store: DurableStore, caplog: pytest.LogCaptureFixture
) -> None:
    await polling_opens(store)
    connection = await asyncpg.connect(made_postgres_emptied.replace("+asyncpg", ""))
    await connection.execute("SET deadlock_timeout = '1min'")  # so that the other is the one to give way
    async with connection.transaction():
        await connection.execute("UPDATE branch_count SET paper = paper WHERE region = 'r1'")
        casting = asyncio.ensure_future(store.ledger.cast(vote(1)))
        await asyncio.sleep(A_WHILE)
        await connection.execute("UPDATE voter SET silent = true WHERE member_id = 'm00001'")
    await casting
    await connection.close()
    assert "store_write_again" in caplog.text
    assert await store.office.box() == BoxCount(1, 1, 0)


async def test_letters_in_other_hands_are_left_to_them_and_nobody_waits(
    made_postgres_emptied: str, store: DurableStore
) -> None:
    await polling_opens(store)
    for number in range(3):
        await store.ledger.record_code("m00001", letter(b"%d" % number))
    await store.ledger.record_code("m00001", letter(b"old", expires_at=NOW))
    held = "SELECT 1 FROM outbox WHERE sealed_body IN ('0', 'old') FOR UPDATE"
    async with meanwhile(made_postgres_emptied, held):
        claimed = await asyncio.wait_for(store.outbox.claim(NOW, 10), 5)
        assert [item.sealed_body for item in claimed] == [b"1", b"2"]
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 10)] == [b"0"]
    assert await store.outbox.counts() == {"sending": 3, "too_old": 1}
