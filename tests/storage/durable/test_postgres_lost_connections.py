"""PostgreSQL goes away in the middle of an election: no vote is lost, none is doubled, and nobody need do anything."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from election.errors import AlreadyVoted, StoreUnavailable
from election.ports import BoxCount
from storage.durable.store import DurableStore, keeper_of, open_store
from tests import servers
from tests.storage.durable.cut_line import Line
from tests.storage.durable.polling import SEAL_KEY, polling_opens, total, vote
from tests.storage.durable.test_keeper import put, rows

GOOD_BYE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dauys'"


@pytest.fixture
def url(own_postgres: servers.Postgres) -> Iterator[str]:
    own_postgres.start()
    with servers.postgres_database(own_postgres.url) as made:
        yield made


@pytest.fixture
async def store(url: str) -> AsyncIterator[DurableStore]:
    async with open_store(url, SEAL_KEY) as opened:
        yield opened


@dataclass
class Voters:
    """Vote until they are answered. `told` were told that their vote is in; `had` that they had voted already, which
    nobody may hear who was not left in doubt before."""

    numbers: Iterator[int]
    told: list[int] = field(default_factory=list)
    had: list[int] = field(default_factory=list)
    doubts: int = 0

    async def vote(self, store: DurableStore) -> None:
        for number in self.numbers:
            await self._vote_one(store, number)

    async def _vote_one(self, store: DurableStore, number: int) -> None:
        sent, doubtful = vote(number), False
        while True:
            try:
                await store.ledger.cast(sent)
            except StoreUnavailable:
                doubtful, self.doubts = True, self.doubts + 1
                await asyncio.sleep(0.01)
            except AlreadyVoted:
                assert doubtful
                return self.had.append(number)
            else:
                return self.told.append(number)


async def everything_is_there(store: DurableStore, members: int) -> None:
    assert await store.office.box() == BoxCount(members, members, 0)
    assert await total(store, "telegram") == members
    assert await store.outbox.counts() == {"waiting": members}


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_restart_in_mid_election_loses_no_vote_and_doubles_none(
    own_postgres: servers.Postgres, url: str, store: DurableStore, mode: str
) -> None:
    await polling_opens(store, members=3_000)
    voters = Voters(iter(range(3_000)))
    async with open_store(url, SEAL_KEY) as other, asyncio.TaskGroup() as voting:
        for n in range(32):
            voting.create_task(voters.vote((store, other)[n % 2]))
        while len(voters.told) < 300:
            await asyncio.sleep(0)
        await asyncio.to_thread(own_postgres.restart, mode)
        assert len(voters.told) < 3_000
    assert sorted(voters.told + voters.had) == list(range(3_000))
    await everything_is_there(store, 3_000)


async def test_connections_that_are_dropped_under_load_cost_nobody_a_vote(
    own_postgres: servers.Postgres, url: str, store: DurableStore
) -> None:
    await polling_opens(store, members=2_000)
    voters = Voters(iter(range(2_000)))
    async with open_store(url, SEAL_KEY) as other, asyncio.TaskGroup() as voting:
        for n in range(16):
            voting.create_task(voters.vote((store, other)[n % 2]))
        dropped = [await asyncio.to_thread(servers.ask_postgres, own_postgres.url, GOOD_BYE) for _ in range(5)]
        assert len(voters.told) + len(voters.had) < 2_000
    assert sum("t" in each for each in dropped) >= 2
    assert sorted(voters.told + voters.had) == list(range(2_000))
    await everything_is_there(store, 2_000)


async def test_a_read_over_a_dropped_connection_is_made_again_unnoticed(
    own_postgres: servers.Postgres, store: DurableStore
) -> None:
    await polling_opens(store)
    await asyncio.gather(*(store.ledger.member("m00001") for _ in range(20)))
    await asyncio.to_thread(servers.ask_postgres, own_postgres.url, GOOD_BYE)
    found = await asyncio.gather(*(store.ledger.member("m00001") for _ in range(20)))
    assert all(member is not None for member in found)
    await asyncio.to_thread(servers.ask_postgres, own_postgres.url, GOOD_BYE)
    assert (await store.office.box()).voted == 0


async def test_while_the_server_is_down_every_act_says_so_and_afterwards_none(
    own_postgres: servers.Postgres, store: DurableStore
) -> None:
    await polling_opens(store)
    await asyncio.to_thread(own_postgres.stop)
    for act in (store.ledger.member("m00001"), store.ledger.cast(vote(1)), store.office.box()):
        with pytest.raises(StoreUnavailable):
            await act
    await asyncio.to_thread(own_postgres.start)
    assert await store.ledger.member("m00001") is not None
    await store.ledger.cast(vote(1))
    assert await store.office.box() == BoxCount(1, 1, 0)


@pytest.mark.parametrize("heard", [True, False])
async def test_a_vote_whose_commit_was_lost_on_the_way_is_cast_again_and_counts_once(url: str, heard: bool) -> None:
    line = Line(url)
    async with line.laid() as shaky, open_store(shaky, SEAL_KEY) as store:
        await polling_opens(store)
        line.cut_at(b"COMMIT", heard=heard)
        sent = vote(1)
        with pytest.raises(StoreUnavailable):
            await store.ledger.cast(sent)
        assert line.cuts == 1
        if heard:  # it was in the box, and nobody could know
            with pytest.raises(AlreadyVoted):
                await store.ledger.cast(sent)
        else:
            await store.ledger.cast(sent)
        assert await store.books.bulletin_of(sent.receipt_digest) == 0
        await everything_is_there(store, 1)


async def test_a_vote_whose_connection_was_lost_before_the_commit_is_put_again_unnoticed(url: str) -> None:
    line = Line(url)
    async with line.laid() as shaky, open_store(shaky, SEAL_KEY) as store:
        await polling_opens(store)
        await store.ledger.cast(vote(1))
        line.cut_at(b"m00002", heard=True)
        await store.ledger.cast(vote(2))
        assert line.cuts == 1
        await everything_is_there(store, 2)


async def test_a_batch_that_kills_its_connection_is_refused_as_a_whole_and_leaves_nothing(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with await keeper_of(url, SEAL_KEY) as keeper:

        def kill(connection: object) -> int:
            connection.execute(
                text("INSERT INTO leaf (key, kind, digest) VALUES (:d, 'cast', :d)"), {"d": b"unspeakable"}
            )  # type: ignore[attr-defined]
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))  # type: ignore[attr-defined]
            return 0

        answers = await asyncio.gather(
            keeper.write(put(1)), keeper.write(kill), keeper.write(put(2)), return_exceptions=True
        )
        assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
        assert await rows(keeper) == 0
        assert "store_write_failed" in caplog.text
        assert "unspeakable" not in caplog.text
        assert b"unspeakable".hex() not in caplog.text
        assert await keeper.write(put(3)) == 3
