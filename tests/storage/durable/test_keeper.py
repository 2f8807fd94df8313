"""What a keeper promises (storage.durable.keeper): many acts to a commit, and each of them alone in its failing."""

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, column, select, table, text, update
from sqlalchemy.exc import IntegrityError

from election.errors import AlreadyVoted, StoreUnavailable
from storage.durable.keeper import Keeper
from storage.durable.keeper_sqlite import SqliteKeeper
from storage.durable.schema import election, leaf
from storage.durable.store import keeper_of
from tests.storage.durable.polling import SEAL_KEY

Change = Callable[[Connection], int]


@pytest.fixture
async def keeper(url: str) -> AsyncIterator[Keeper]:
    async with await keeper_of(url, SEAL_KEY) as opened:
        yield opened


def put(number: int) -> Change:
    def change(connection: Connection) -> int:
        connection.execute(
            text("INSERT INTO leaf (key, kind, digest) VALUES (:digest, 'cast', :digest)"), {"digest": b"%05d" % number}
        )
        return number

    return change


def put_and_refuse(number: int) -> Change:
    def change(connection: Connection) -> int:
        put(number)(connection)
        raise AlreadyVoted

    return change


@asynccontextmanager
async def one_batch(keeper: Keeper) -> AsyncIterator[None]:
    """What is asked for inside goes into one batch. On SQLite the writer, a thread, is held for that; on PostgreSQL it
    is a task and does not run before all have asked."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(_: Connection) -> None:
        begun.set()
        go_on.wait(10)

    if not isinstance(keeper, SqliteKeeper):
        yield
        return
    holding = asyncio.ensure_future(keeper.write(wait))
    await asyncio.to_thread(begun.wait, 10)
    yield
    await asyncio.sleep(0)
    go_on.set()
    await holding


DIGEST = select(leaf.c.digest, leaf.c.place).where(leaf.c.digest == bindparam("sought"))
MOMENTS = select(election.c.opened_at, election.c.closed_at, election.c.id).where(election.c.stage == "open")


async def rows(keeper: Keeper) -> int:
    return await keeper.read(lambda connection: connection.execute(text("SELECT count(*) FROM leaf")).scalar_one())


async def test_what_was_written_is_read_at_once(keeper: Keeper) -> None:
    assert await keeper.write(put(1)) == 1
    assert await rows(keeper) == 1
    assert await keeper.survey(lambda c: c.execute(text("SELECT count(*) FROM leaf")).scalar_one()) == 1


async def test_a_look_up_finds_what_was_just_written_and_nothing_that_was_not(keeper: Keeper) -> None:
    assert await keeper.find(DIGEST, sought=b"00001") is None
    await keeper.write(put(1))
    assert await keeper.find(DIGEST, sought=b"00001") == (b"00001", None)
    with pytest.raises(KeyError):
        await keeper.find(DIGEST, digest=b"00001")


async def test_a_look_up_tells_values_as_a_read_does(keeper: Keeper) -> None:
    opened = datetime(2026, 12, 1, 9, 3, 7, 123456, tzinfo=UTC)
    await keeper.write(lambda connection: connection.execute(update(election).values(stage="open", opened_at=opened)))
    read = await keeper.read(lambda connection: connection.execute(MOMENTS).one())
    assert await keeper.find(MOMENTS) == tuple(read) == (opened, None, 1)


async def test_a_look_up_the_database_fails_at_says_that_the_store_is_unavailable(keeper: Keeper) -> None:
    with pytest.raises(StoreUnavailable):
        await keeper.find(select(column("nothing")).select_from(table("nowhere")))
    assert await keeper.find(MOMENTS) is None


async def test_one_refusal_in_a_batch_undoes_itself_and_reaches_its_caller_alone(keeper: Keeper) -> None:
    async with one_batch(keeper):
        batch = [keeper.write((put_and_refuse if number % 5 == 0 else put)(number)) for number in range(100)]
        batch.append(keeper.write(put(1)))  # breaks the primary key
        waiting = asyncio.gather(*batch, return_exceptions=True)
    answers = await waiting
    for number, answer in enumerate(answers[:100]):
        assert isinstance(answer, AlreadyVoted) if number % 5 == 0 else answer == number
    assert isinstance(answers[100], IntegrityError)
    assert await rows(keeper) == 80


async def test_a_fault_never_shows_what_was_to_be_written(keeper: Keeper) -> None:
    number = 12_345  # which source lines in a traceback do not spell as it is stored
    await keeper.write(put(number))
    with pytest.raises(IntegrityError) as fault:
        await keeper.write(put(number))
    shown = "".join(traceback.format_exception(fault.value))
    assert "leaf" in shown
    assert "12345" not in shown
    assert b"12345".hex() not in shown


async def test_items_written_together_go_in_one_call_and_after_a_fault_apart(keeper: Keeper) -> None:
    calls: list[list[int]] = []

    def put_all(connection: Connection, numbers: list[int]) -> list[int]:
        calls.append(list(numbers))
        for number in numbers:
            put(number)(connection)
        return numbers

    await keeper.write(put(3))
    async with one_batch(keeper):
        waiting = asyncio.gather(
            *(keeper.write_together(put_all, number) for number in range(5)), return_exceptions=True
        )
    answers = await waiting
    assert [answer if isinstance(answer, int) else type(answer) for answer in answers] == [0, 1, 2, IntegrityError, 4]
    assert calls[0] == [0, 1, 2, 3, 4]
    assert [3] in calls
    assert await rows(keeper) == 5


async def test_nothing_accepted_is_lost_at_the_end(url: str) -> None:
    async with await keeper_of(url, SEAL_KEY) as keeper:
        waiting = [asyncio.ensure_future(keeper.write(put(number))) for number in range(1_000)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == list(range(1_000))
    async with await keeper_of(url, SEAL_KEY) as again:
        assert await rows(again) == 1_000


async def test_a_caller_who_goes_away_disturbs_nobody(keeper: Keeper) -> None:
    async with one_batch(keeper):
        leaving, staying = (asyncio.ensure_future(keeper.write(put(number))) for number in (1, 2))
        await asyncio.sleep(0)
        leaving.cancel()
    assert await staying == 2
    assert await rows(keeper) == 2


async def test_after_the_end_and_before_the_beginning_the_store_is_unavailable(url: str) -> None:
    context = await keeper_of(url, SEAL_KEY)
    keeper: Any = context
    with pytest.raises(StoreUnavailable):
        await keeper.read(lambda _: 0)
    async with context:
        pass
    for attempt in (
        keeper.write(put(1)),
        keeper.find(MOMENTS),
        keeper.read(lambda _: 0),
        keeper.survey(lambda _: 0),
        keeper.write_here(put(1)),
    ):
        with pytest.raises(StoreUnavailable):
            await attempt


async def test_a_reader_cannot_write(keeper: Keeper) -> None:
    with pytest.raises(StoreUnavailable):
        await keeper.read(put(1))
    assert await rows(keeper) == 0
