"""The durable store, opened."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from storage.durable.bookkeeping import SqlBooks
from storage.durable.broadcasts import SqlBroadcasts
from storage.durable.complaints import SqlComplaints
from storage.durable.keeper import Keeper
from storage.durable.keeper_sqlite import SqliteKeeper
from storage.durable.leases import SqlLeases
from storage.durable.ledger import SqlLedger
from storage.durable.office import SqlOffice
from storage.durable.outbox import SqlOutbox
from storage.durable.paper import SqlPapers
from storage.durable.radar import SqlRadar
from storage.durable.repairs import SqlRepairs
from storage.durable.roll import SqlRoll
from storage.durable.roll_change import SqlRollChanges
from storage.durable.roll_looks import SqlRollLooks
from storage.durable.seals import Seals
from storage.durable.upgrade import bring_up_to_date


@dataclass(frozen=True, slots=True)
class DurableStore:
    """Everything that can be asked of one store."""

    ledger: SqlLedger
    office: SqlOffice
    outbox: SqlOutbox
    roll: SqlRoll
    roll_changes: SqlRollChanges
    roll_looks: SqlRollLooks
    leases: SqlLeases
    books: SqlBooks
    broadcasts: SqlBroadcasts
    repairs: SqlRepairs
    complaints: SqlComplaints
    papers: SqlPapers
    radar: SqlRadar


@asynccontextmanager
async def open_store(url: str, seal_key: bytes) -> AsyncIterator[DurableStore]:
    """The store at this URL (`sqlite:///…` or `postgresql://…`, any driver), made and brought up to date if it must be.

    Every row is sealed with this key, which is always the same for one store. Everything accepted is finished at the
    end. Raises OperatorRefusal where the store cannot be used, StoreDamaged if it must be inspected and is damaged.
    """
    async with await keeper_of(url, seal_key) as keeper:
        yield DurableStore(
            SqlLedger(keeper),
            SqlOffice(keeper),
            SqlOutbox(keeper),
            SqlRoll(keeper),
            SqlRollChanges(keeper),
            SqlRollLooks(keeper),
            SqlLeases(keeper),
            SqlBooks(keeper, Seals(seal_key)),
            SqlBroadcasts(keeper),
            SqlRepairs(keeper),
            SqlComplaints(keeper),
            SqlPapers(keeper),
            SqlRadar(keeper),
        )


async def keeper_of(url: str, seal_key: bytes) -> AbstractAsyncContextManager[Keeper]:
    """A keeper of the store at this URL, which is up to date; to be entered. Raises what `open_store` does."""
    if url.lower().startswith("postgres"):
        return await _postgres_keeper(url, seal_key)
    return SqliteKeeper(await asyncio.to_thread(bring_up_to_date, url, seal_key), seal_key)


async def _postgres_keeper(url: str, seal_key: bytes) -> AbstractAsyncContextManager[Keeper]:
    """Imports asyncpg where it is needed: a small club on SQLite does not wait for it."""
    from storage.durable.keeper_postgres import PostgresKeeper
    from storage.durable.postgres_engine import postgres_dsn
    from storage.durable.upgrade_postgres import bring_postgres_up_to_date

    dsn = postgres_dsn(url)
    await bring_postgres_up_to_date(dsn, seal_key)
    return PostgresKeeper(dsn, seal_key)
