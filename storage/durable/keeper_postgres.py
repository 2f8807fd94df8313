"""The keeper of a PostgreSQL store: a writer for each kind of act, and all that waits for it in one commit.

Votes that come while votes are being committed wait and share the next commit; other acts do not stand in their way,
since they have a writer, a connection and a transaction of their own. Nobody is told before the commit of her own
batch. Any number of processes do this side by side: what keeps them apart are the conditions in the statements, and
each function locks its rows in one order.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Self

import asyncpg
from sqlalchemy import Select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from election.errors import StoreUnavailable
from storage.durable.acts import Act, one_by_one, tell
from storage.durable.keeper import A, Change, Look, Straight, T, Together
from storage.durable.lookup import Lookups
from storage.durable.postgres_engine import driver_of, is_gone, postgres_engine, sqlstate, strike_out_values

_log = logging.getLogger(__name__)
_ACTS_A_COMMIT = 512
_PAUSES = (0.0, 0.05, 0.2, 0.5)  # seconds before the tries after the first
_CONFLICTS = {"40001", "40P01"}  # serialization failure, deadlock: PostgreSQL says to begin again
_OF_THE_ACT = ("22", "23")  # what it wanted to write cannot be kept
_FAULTS = (DBAPIError, PoolTimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_Change = Callable[..., Any]
_Outcomes = Awaitable[Sequence[Any]]
_Commit = Callable[[Sequence[Any]], _Outcomes]
_Line = asyncio.Queue[Act | None]


class PostgresKeeper:
    """storage.durable.keeper.Keeper over asyncpg. An async context manager, for one event loop.

    What was accepted before the end of the context is done before it ends.
    """

    def __init__(self, dsn: str, seal_key: bytes) -> None:
        self._writing = postgres_engine(dsn, "write", seal_key)
        self._loading = postgres_engine(dsn, "load", seal_key)
        self._reading = postgres_engine(dsn, "read", seal_key)
        self._lookups = Lookups(self._reading.dialect)
        self._lines: dict[_Change, _Line] = {}
        self._writers = asyncio.TaskGroup()
        self._open = False

    async def __aenter__(self) -> Self:
        await self._writers.__aenter__()
        self._open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        for line in self._lines.values():
            line.put_nowait(None)
        try:
            await self._writers.__aexit__(None, None, None)  # whatever ended it, they finish
        finally:
            for engine in (self._writing, self._loading, self._reading):
                await engine.dispose()

    async def find(self, statement: Select[Any], **sought: str | bytes) -> tuple[Any, ...] | None:
        """See Keeper. Where that fails it is asked again the long way, by `read`, which knows what to make of it."""
        self._refuse_after_the_end()
        lookup = self._lookups[statement]
        try:
            async with driver_of(self._reading) as driver:
                row = await driver.fetchrow(lookup.text, *lookup.values(sought))  # asyncpg keeps it prepared
        except _FAULTS:
            found = await self.read(lambda connection: connection.execute(statement, sought).first())
            return None if found is None else tuple(found)
        return None if row is None else lookup.row(row)

    async def read(self, look: Look[T]) -> T:
        """See Keeper. Tried once more over a fresh connection where one was lost."""
        return await self._look(look, {})

    async def survey(self, look: Look[T]) -> T:
        """See Keeper."""
        return await self._look(look, {"isolation_level": "REPEATABLE READ"})

    async def write(self, change: Change[T]) -> T:
        """See Keeper."""
        return await self.write_together(one_by_one, change)

    async def write_together(self, change: Together[A, T], item: A) -> T:
        """See Keeper."""
        outcome: T = await self._written(change, self._commit_over_sqlalchemy, item)
        return outcome

    async def write_straight(self, change: Straight[A, T], item: A) -> T:
        """See Keeper."""
        outcome: T = await self._written(change.postgresql, self._commit_straight, item)
        return outcome

    async def write_here(self, change: Change[T]) -> T:
        """See Keeper."""
        self._refuse_after_the_end()
        try:
            async with self._loading.begin() as connection:
                return await connection.run_sync(change)
        except _FAULTS as error:
            strike_out_values(error)
            raise _told(error) from error

    async def forget_deleted(self) -> None:
        """See Keeper. The letters are copied into new files without what was wiped from them. The write-ahead log, its
        archive and freed blocks of the disk are PostgreSQL's and the operator's: see `schema`."""
        self._refuse_after_the_end()
        try:
            async with self._loading.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.execute(text("VACUUM FULL outbox"))
        except _FAULTS as error:
            raise _told(error) from error

    def _refuse_after_the_end(self) -> None:
        if not self._open:
            raise StoreUnavailable

    async def _look(self, look: Look[T], options: dict[str, str]) -> T:
        self._refuse_after_the_end()
        try:
            try:
                return await _looked(self._reading, look, options)
            except _FAULTS as error:
                if not is_gone(error):
                    raise
                return await _looked(self._reading, look, options)
        except _FAULTS as error:
            raise _told(error) from error

    async def _written(self, change: _Change, commit: Callable[[_Change, Sequence[Any]], _Outcomes], item: Any) -> Any:
        """The outcome of one act. Acts of its kind wait in one line, for one writer."""
        self._refuse_after_the_end()
        line = self._lines.get(change)
        if line is None:
            line = self._lines[change] = asyncio.Queue()
            self._writers.create_task(self._write_until_told(partial(commit, change), line))
        waiter: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        line.put_nowait(Act(change, item, waiter))
        return await waiter

    async def _write_until_told(self, commit: _Commit, line: _Line) -> None:
        while True:
            acts = [await line.get()]
            while len(acts) < _ACTS_A_COMMIT and not line.empty():
                acts.append(line.get_nowait())
            accepted = [act for act in acts if act is not None]
            if accepted:
                await self._write(commit, accepted)
                tell(accepted)
            if acts[-1] is None:
                return

    async def _write(self, commit: _Commit, acts: Sequence[Act]) -> None:
        """Give every act its outcome, all in one commit; where one of them is at fault, half of them in each of two."""
        try:
            outcomes: Sequence[Any] = await _committed(commit, [act.item for act in acts])
        except Exception as error:
            at_fault = _is_of_an_act(error)
            if at_fault and len(acts) > 1:
                half = len(acts) // 2
                await self._write(commit, acts[:half])
                await self._write(commit, acts[half:])
                return
            if not at_fault or isinstance(error, DBAPIError):
                _log.error("store_write_failed", exc_info=error)  # its parameters are hidden
            outcomes = [_told(error) for _ in acts]
        for act, outcome in zip(acts, outcomes, strict=True):
            act.outcome = outcome

    async def _commit_straight(self, change: _Change, items: Sequence[Any]) -> Sequence[Any]:
        """Raises StoreUnavailable like the other."""
        done = False
        try:
            async with driver_of(self._writing) as driver, driver.transaction():
                outcomes: Sequence[Any] = await change(driver, items)
                done = True
        except _FAULTS as error:
            if done and is_gone(error):
                raise StoreUnavailable from error
            raise
        return outcomes

    async def _commit_over_sqlalchemy(self, change: _Change, items: Sequence[Any]) -> Sequence[Any]:
        """Raises StoreUnavailable where the connection was lost in the commit: whether it was done nobody can say."""
        async with self._writing.connect() as connection:
            outcomes: Sequence[Any] = await connection.run_sync(change, items)
            try:
                await connection.commit()
            except _FAULTS as error:
                if is_gone(error):
                    raise StoreUnavailable from error
                raise
            return outcomes


async def _committed(commit: _Commit, items: Sequence[Any]) -> Sequence[Any]:
    """What was made of the items, committed. Begun again, a few times, after what has surely undone it."""
    for pause in _PAUSES:
        try:
            return await commit(items)
        except _FAULTS as error:
            if not is_gone(error) and sqlstate(error) not in _CONFLICTS:
                raise
            _log.warning("store_write_again", extra={"sqlstate": sqlstate(error)})
        await asyncio.sleep(pause)
    return await commit(items)


async def _looked(engine: AsyncEngine, look: Look[T], options: dict[str, str]) -> T:
    async with engine.connect() as connection:
        if options:
            await connection.execution_options(**options)
        return await connection.run_sync(look)


def _is_of_an_act(error: Exception) -> bool:
    """Whether one of the acts is at fault, and not the database."""
    if not isinstance(error, _FAULTS):
        return not isinstance(error, StoreUnavailable)
    return isinstance(error, DBAPIError) and not is_gone(error) and sqlstate(error)[:2] in ("", *_OF_THE_ACT)


def _told(error: Exception) -> Exception:
    """What the caller hears: StoreUnavailable for what the database itself fails at; a broken constraint, and whatever
    else is a fault of ours, stays what it is."""
    if isinstance(error, IntegrityError) or not isinstance(error, (*_FAULTS, StoreUnavailable)):
        return error
    unavailable = StoreUnavailable()
    unavailable.__cause__ = error
    return unavailable
