"""The durable store, opened."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from storage.durable.keeper_sqlite import SqliteKeeper
from storage.durable.ledger import SqlLedger
from storage.durable.office import SqlOffice
from storage.durable.outbox import SqlOutbox
from storage.durable.roll import SqlRoll
from storage.durable.upgrade import bring_up_to_date


@dataclass(frozen=True, slots=True)
class DurableStore:
    """Everything that can be asked of one store."""

    ledger: SqlLedger
    office: SqlOffice
    outbox: SqlOutbox
    roll: SqlRoll


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[DurableStore]:
    """The store at this URL, made and brought up to date if it must be.

    Everything accepted is finished at the end. Raises OperatorRefusal where the store cannot be used.
    """
    path = await asyncio.to_thread(bring_up_to_date, url)
    async with SqliteKeeper(path) as keeper:
        yield DurableStore(SqlLedger(keeper), SqlOffice(keeper), SqlOutbox(keeper), SqlRoll(keeper))
