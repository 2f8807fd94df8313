"""While leaves get their places votes go on, and a publisher may die, or be overtaken, between any two steps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from election.leaf import Leaf
from election.log import Frontier
from storage.durable import placing
from storage.durable.bookkeeping import Pace, SqlBooks
from storage.durable.keeper import Keeper
from storage.durable.seals import Seals
from storage.durable.store import DurableStore, keeper_of
from tests.storage.durable.polling import SEAL_KEY, polling_opens, vote
from tests.storage.durable.test_books import NONE, numbered

VOTES = 6
LEAVES = 2 * VOTES


@pytest.fixture
async def keeper(url: str, store: DurableStore) -> AsyncIterator[Keeper]:
    """Another process's."""
    async with await keeper_of(url, SEAL_KEY) as opened:
        yield opened


def publisher(keeper: Keeper, leaves: int, pause: float = 0, patience: float = 60) -> SqlBooks:
    return SqlBooks(keeper, Seals(SEAL_KEY), Pace(leaves, pause, patience))


async def votes_are_in(store: DurableStore) -> None:
    await polling_opens(store)
    for number in range(VOTES):
        await store.ledger.cast(vote(number))


async def stopped_between_steps(keeper: Keeper, leaves: int) -> "asyncio.Task[bytes]":
    """A publishing that has taken its first step, with so many leaves, and pauses."""
    publishing = asyncio.create_task(publisher(keeper, leaves, pause=60).publish(numbered, at_least=0))
    while not (await keeper.read(placing.under_way))[0]:
        await asyncio.sleep(0.01)
    return publishing


async def killed(publishing: "asyncio.Task[bytes]") -> None:
    publishing.cancel()
    with suppress(asyncio.CancelledError):
        await publishing


async def is_right(store: DurableStore, leaves: int) -> list[Leaf]:
    """The log is as its frontier says and nothing waits; its leaves."""
    log = list(await store.books.leaves(0, 1000))
    frontier = Frontier()
    for leaf in log:
        frontier.append(leaf.hash)
    books = await store.books.books()
    assert (books.frontier, len(log), books.waiting) == (frontier.packed(), leaves, NONE)
    assert await store.books.inspect() == []
    return log


async def test_a_log_of_many_steps_is_that_of_one(store: DurableStore, keeper: Keeper) -> None:
    await votes_are_in(store)
    await publisher(keeper, leaves=5).publish(numbered, at_least=VOTES)
    first = await is_right(store, LEAVES)
    assert sorted(leaf.digest for leaf in first if leaf.kind == "cast") == sorted(
        vote(number).receipt_digest for number in range(VOTES)
    )
    await store.ledger.cast(vote(7))
    await publisher(keeper, leaves=1).publish(numbered, at_least=0)
    assert (await is_right(store, LEAVES + 2))[:LEAVES] == first


async def test_between_steps_votes_go_on_and_what_has_a_place_already_waits_like_the_others(
    store: DurableStore, keeper: Keeper
) -> None:
    await votes_are_in(store)
    publishing = await stopped_between_steps(keeper, leaves=LEAVES - 1)
    await store.ledger.cast(vote(7))
    books = await store.books.books()
    assert (books.placed, books.waiting) == (NONE, NONE | {"cast": VOTES + 1, "ballot": VOTES + 1})
    assert not await store.books.leaves(0, 100)
    assert not await store.books.bulletins()
    assert {await store.books.bulletin_of(vote(number).receipt_digest) for number in (*range(VOTES), 7)} == {0}
    assert await store.books.inspect() == []
    await killed(publishing)


async def test_what_a_killed_publisher_has_left_is_in_order_and_the_next_bulletin_is_right(
    store: DurableStore, keeper: Keeper
) -> None:
    await votes_are_in(store)
    await killed(await stopped_between_steps(keeper, leaves=7))
    assert await store.books.inspect() == []
    assert await store.books.bulletin_of(vote(1).receipt_digest) == 0
    first, last = bytes(16), b"\xff" * 16  # so that each of the others gets another place than it had
    await store.ledger.cast(vote(7, leaf_keys=(first, last, b"")))
    assert await publisher(keeper, leaves=4, patience=0.1).publish(numbered, at_least=0) == b"1"
    assert (await is_right(store, LEAVES + 2))[0] == Leaf("cast", vote(7).receipt_digest)
    assert await store.books.bulletins() == [b"1"]


async def test_who_was_taken_for_dead_and_is_not_gets_no_further(store: DurableStore, keeper: Keeper) -> None:
    await votes_are_in(store)
    books = await store.books.books()
    draft = await keeper.survey(lambda connection: placing.drawn_up(connection, books, numbered, 0))
    *steps, last = placing.steps_of(draft, at_once=5)
    for step in steps:
        assert await keeper.write_together(placing.take_steps, step)
    assert await publisher(keeper, leaves=100, patience=0.1).publish(numbered, at_least=0) == b"1"
    assert not await keeper.write_together(placing.take_steps, last)
    await is_right(store, LEAVES)
    assert await store.books.bulletins() == [b"1"]


async def test_who_publishes_meanwhile_waits_for_the_one_before_and_takes_the_votes_that_came_later(
    store: DurableStore, keeper: Keeper
) -> None:
    await votes_are_in(store)
    before = asyncio.create_task(publisher(keeper, leaves=3, pause=0.05).publish(numbered, at_least=0))
    while not (await keeper.read(placing.under_way))[0] and not before.done():
        await asyncio.sleep(0)
    await store.ledger.cast(vote(7))
    assert await store.books.publish(numbered, at_least=0) == b"2"
    assert await before == b"1"
    assert [await store.books.bulletin_of(vote(number).receipt_digest) for number in (1, 7)] == [1, 2]
    await is_right(store, LEAVES + 2)
