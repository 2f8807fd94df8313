"""The keeper of a SQLite store: one thread writes, many acts to one commit; reads go beside it.

A vote alone is committed at once. Votes that come in the same turn of the loop, or while a commit runs, share the next
one, so that under load the disk is asked once for hundreds of them. Nobody is told before the commit of her own batch.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError, IntegrityError

from election.errors import StoreUnavailable
from storage.durable.acts import Act, one_by_one, tell
from storage.durable.batch_sqlite import commit, over_the_driver
from storage.durable.keeper import A, Change, Look, Straight, T, Together
from storage.durable.lookup import Lookups
from storage.durable.seals import Seals
from storage.durable.seals_sqlite import seal_what_is_written
from storage.durable.sqlite_engine import driver_of, sqlite_engine

_log = logging.getLogger(__name__)
_ACTS_AT_ONCE = 512


class SqliteKeeper:
    """storage.durable.keeper.Keeper over one SQLite file. An async context manager, for one event loop.

    StoreUnavailable always means that nothing was done. What was accepted before the end of the context is done
    before it ends.
    """

    def __init__(self, path: Path, seal_key: bytes) -> None:
        self._writing = sqlite_engine(path, "write")
        self._loading = sqlite_engine(path, "load")
        self._reading = sqlite_engine(path, "read")
        seals = Seals(seal_key)
        for engine in (self._writing, self._loading):
            seal_what_is_written(engine, seals)
        self._connection: Connection | None = None  # the writer's
        self._gathered: list[Act] = []
        self._handed: queue.SimpleQueue[list[Act]] = queue.SimpleQueue()  # an empty list is the end
        self._writer = threading.Thread(target=self._write_until_told, name="ledger-writer", daemon=True)
        self._lookups = Lookups(self._reading.dialect)
        self._open = False

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        with _available():
            self._looking = self._reading.connect()
        self._driver = driver_of(self._looking)
        self._writer.start()
        self._open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        self._hand_over()
        self._handed.put([])
        await asyncio.to_thread(self._writer.join)
        if self._connection is not None:
            self._connection.close()
        self._looking.close()
        self._writing.dispose()
        self._loading.dispose()
        self._reading.dispose()

    async def find(self, statement: Select[Any], **sought: str | bytes) -> tuple[Any, ...] | None:
        """See Keeper. In the caller's thread, like `read`, and straight through the driver: a tenth of its cost."""
        self._refuse_after_the_end()
        lookup = self._lookups[statement]
        try:
            rows = self._driver.execute(lookup.text, lookup.values(sought)).fetchall()  # all: that ends the read
        except sqlite3.Error as error:
            raise StoreUnavailable from error
        return lookup.row(rows[0]) if rows else None

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
        return await self.write_together(one_by_one, change)

    async def write_together(self, change: Together[A, T], item: A) -> T:
        """See Keeper."""
        self._refuse_after_the_end()
        waiter: asyncio.Future[T] = self._loop.create_future()
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(Act(change, item, waiter))
        return await waiter

    async def write_straight(self, change: Straight[A, T], item: A) -> T:
        """See Keeper."""
        return await self.write_together(over_the_driver(change.sqlite), item)

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

    def _hand_over(self) -> None:
        """To the writer, all at once what has come in one turn of the loop: put singly, the first would go alone."""
        gathered, self._gathered = self._gathered, []
        for first in range(0, len(gathered), _ACTS_AT_ONCE):
            self._handed.put(gathered[first : first + _ACTS_AT_ONCE])

    def _survey(self, look: Look[T]) -> T:
        with _available(), self._reading.connect() as connection:  # no commit: it fails where a page is damaged
            return look(connection)

    def _log_is_busy(self) -> bool:
        with _available(), self._writing.connect() as connection:
            driver = connection.connection.cursor()
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = driver.fetchone() or (1, 0, 0)
            return bool(busy)

    def _write_until_told(self) -> None:
        while acts := self._handed.get():
            ending = False
            while not ending and len(acts) < _ACTS_AT_ONCE and not self._handed.empty():
                more = self._handed.get()
                acts, ending = acts + more, not more
            self._write(acts)
            self._loop.call_soon_threadsafe(tell, acts)
            if ending:
                return

    def _write(self, acts: Sequence[Act]) -> None:
        """Give every act its outcome."""
        try:
            if self._connection is None:
                self._connection = self._writing.connect()
            commit(self._connection, acts)
        except Exception as error:
            _log.error("store_write_failed", exc_info=error)  # its parameters are hidden
            for act in acts:
                act.outcome = StoreUnavailable()
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Without the connection that has failed, whatever state it is in. Never fails itself: votes still to come
        wait for this thread."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
                connection.close()


@contextmanager
def _available() -> Iterator[None]:
    """StoreUnavailable for what the database itself fails at; a broken constraint is a fault of ours."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, IntegrityError):
            raise
        raise StoreUnavailable from error
