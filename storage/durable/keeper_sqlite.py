"""The keeper of a SQLite store: one thread writes, many acts to one commit; reads go beside it.

A vote alone is committed at once. Votes that come while a commit runs wait for the next one and share it, so
that under load the disk is asked once for hundreds of them. Nobody is told before the commit of her own batch.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from election.errors import StoreUnavailable
from storage.durable.keeper import A, Change, Look, T, Together
from storage.durable.sqlite_engine import sqlite_engine

_log = logging.getLogger(__name__)
_ACTS_A_COMMIT = 512


@dataclass(eq=False, slots=True)
class _Act:
    """Something to be written, the one who waits for it, and what came of it."""

    run: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    item: Any
    waiter: asyncio.Future[Any]
    outcome: Any = None


class SqliteKeeper:
    """storage.durable.keeper.Keeper over one SQLite file. An async context manager, for one event loop.

    StoreUnavailable always means that nothing was done. What was accepted before the end of the context is done
    before it ends.
    """

    def __init__(self, path: Path) -> None:
        self._writing = sqlite_engine(path, "write")
        self._loading = sqlite_engine(path, "load")
        self._reading = sqlite_engine(path, "read")
        self._acts: queue.SimpleQueue[_Act | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_until_told, name="ledger-writer", daemon=True)
        self._open = False

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        with _available():
            self._looking = self._reading.connect()
        self._writer.start()
        self._open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        self._acts.put(None)
        await asyncio.to_thread(self._writer.join)
        self._looking.close()
        self._writing.dispose()
        self._loading.dispose()
        self._reading.dispose()

    async def read(self, look: Look[T]) -> T:
        """See Keeper. It runs in the caller's thread, since a hop to another costs four times what such a look does;
        readers never wait for the writer."""
        self._refuse_after_the_end()
        with _available(), self._looking.begin():
            return look(self._looking)

    async def survey(self, look: Look[T]) -> T:
        """See Keeper. In a thread of its own."""
        self._refuse_after_the_end()
        return await asyncio.to_thread(self._survey, look)

    async def write(self, change: Change[T]) -> T:
        """See Keeper."""
        return await self.write_together(_one_by_one, change)

    async def write_together(self, change: Together[A, T], item: A) -> T:
        """See Keeper."""
        self._refuse_after_the_end()
        waiter: asyncio.Future[T] = self._loop.create_future()
        self._acts.put(_Act(change, item, waiter))
        return await waiter

    async def write_here(self, change: Change[T]) -> T:
        """See Keeper."""
        self._refuse_after_the_end()
        with _available(), self._loading.begin() as connection:
            return change(connection)

    async def forget_deleted(self) -> None:
        """See Keeper. SQLite overwrites them in the database (secure_delete); copies stand in the log until it is
        emptied."""
        self._refuse_after_the_end()
        if await asyncio.to_thread(self._log_is_busy):
            raise StoreUnavailable

    def _refuse_after_the_end(self) -> None:
        if not self._open:
            raise StoreUnavailable

    def _survey(self, look: Look[T]) -> T:
        with _available(), self._reading.begin() as connection:
            return look(connection)

    def _log_is_busy(self) -> bool:
        with _available(), self._writing.connect() as connection:
            driver = connection.connection.cursor()
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = driver.fetchone() or (1, 0, 0)
            return bool(busy)

    def _write_until_told(self) -> None:
        while True:
            acts = [self._acts.get()]
            while len(acts) < _ACTS_A_COMMIT and not self._acts.empty():
                acts.append(self._acts.get())
            accepted = [act for act in acts if act is not None]
            if accepted:
                self._write(accepted)
                self._loop.call_soon_threadsafe(_tell, accepted)
            if acts[-1] is None:
                return

    def _write(self, acts: Sequence[_Act]) -> None:
        """Give every act its outcome, all in one commit."""
        try:
            with self._writing.begin() as connection:
                for group in _grouped(acts):
                    _run(connection, group)
        except Exception as error:
            _log.error("store_write_failed", exc_info=error)  # its parameters are hidden
            for act in acts:
                act.outcome = StoreUnavailable()


def _one_by_one(connection: Connection, changes: Sequence[Change[T]]) -> Sequence[T | Exception]:
    return [change(connection) for change in changes]


def _grouped(acts: Sequence[_Act]) -> list[list[_Act]]:
    """Acts that are written together in one group, each other act in a group of its own, in order of arrival."""
    groups: dict[object, list[_Act]] = {}
    for act in acts:
        groups.setdefault(act if act.run is _one_by_one else act.run, []).append(act)
    return list(groups.values())


def _run(connection: Connection, group: Sequence[_Act]) -> None:
    """Run a group so that what it raises undoes it alone. A group of several is then run again one by one."""
    connection.exec_driver_sql("SAVEPOINT acts")
    try:
        outcomes = group[0].run(connection, [act.item for act in group])
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            raise  # the database itself failed, and the whole transaction is in doubt
        connection.exec_driver_sql("ROLLBACK TO acts")
        connection.exec_driver_sql("RELEASE acts")
        if len(group) == 1:
            group[0].outcome = error
        else:
            for act in group:
                _run(connection, [act])
    else:
        connection.exec_driver_sql("RELEASE acts")
        for act, outcome in zip(group, outcomes, strict=True):
            act.outcome = outcome


def _tell(acts: Sequence[_Act]) -> None:
    for act in acts:
        if act.waiter.done():
            continue  # the caller has gone; what she asked for is done all the same
        if isinstance(act.outcome, Exception):
            act.waiter.set_exception(act.outcome)
        else:
            act.waiter.set_result(act.outcome)


@contextmanager
def _available() -> Iterator[None]:
    """StoreUnavailable for what the database itself fails at; a broken constraint is a fault of ours."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, IntegrityError):
            raise
        raise StoreUnavailable from error
