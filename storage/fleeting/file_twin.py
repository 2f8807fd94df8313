"""The file twin of Redis: short-lived things in a SQLite file of its own, for one machine.

Every call is one short statement or transaction, made in the caller's thread, and returns without waiting for
the disk: what a power cut loses here may be lost. Several processes may share the file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from election.errors import StoreUnavailable
from election.ports import Grant, Limit, Try
from storage.durable.sqlite_file import make_sqlite_file
from storage.fleeting import buckets, file_tables
from storage.fleeting.moments import SECOND, moment

_WAIT_FOR_A_LOCK = 5.0  # seconds


class FileTwin:
    """election.ports.Fleeting in a file, to be used in one thread; other processes may have the file open too.

    Any method raises StoreUnavailable when the file cannot be read or written. A limit's count is 1 or more.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; make it, for its owner alone, if it is not there."""
        with _available():
            make_sqlite_file(path)
            self._file = sqlite3.connect(path, timeout=_WAIT_FOR_A_LOCK, isolation_level=None)
            for pragma in ("synchronous=NORMAL", "secure_delete=ON", "temp_store=MEMORY"):
                self._file.execute(f"PRAGMA {pragma}")
            with self._alone():
                if self._file.execute("PRAGMA user_version").fetchone() != (file_tables.FORM,):
                    for statement in file_tables.TABLES.split(";"):
                        self._file.execute(statement)
                    self._file.execute(f"PRAGMA user_version={file_tables.FORM}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Harmless when repeated."""
        self._file.close()

    async def get(self, key: str, now: datetime) -> bytes | None:
        """See election.ports.Fleeting."""
        row = self._row("SELECT value FROM kept WHERE key = ? AND until > ?", key, moment(now))
        return None if row is None else bytes(row[0])

    async def put(self, key: str, value: bytes, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        self._row(
            """INSERT INTO kept VALUES (?, ?, ?)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until""",
            key,
            value,
            moment(now, seconds),
        )

    async def drop(self, key: str) -> None:
        """See election.ports.Fleeting."""
        with _available(), self._alone():
            for statement in file_tables.DROP:
                self._file.execute(statement, (key,))

    async def once(self, key: str, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting. A mark is an empty value."""
        marked = self._row(
            """INSERT INTO kept VALUES (?, x'', ?)
               ON CONFLICT (key) DO UPDATE SET value = x'', until = excluded.until WHERE kept.until <= ?
               RETURNING 1""",
            key,
            moment(now, seconds),
            moment(now),
        )
        return marked is not None

    async def spend(self, key: str, limits: Sequence[Limit], now: datetime) -> float:
        """See election.ports.Fleeting."""
        at = moment(now)
        with _available(), self._alone():
            wait = max((self._free_in(key, limit, at) for limit in limits), default=0)
            if wait == 0:
                until = at + SECOND * max((limit.seconds for limit in limits), default=0)
                self._file.execute("INSERT INTO spent VALUES (?, ?, ?)", (key, at, until))
        return wait / SECOND

    async def count(self, key: str, step: int, seconds: int, now: datetime) -> int:
        """See election.ports.Fleeting."""
        if step == 0:
            row = self._row("SELECT n FROM counted WHERE key = ? AND until > ?", key, moment(now))
            return 0 if row is None else int(row[0])
        row = self._row(
            """INSERT INTO counted VALUES (?1, ?2, ?3)
               ON CONFLICT (key) DO UPDATE SET
                 n = CASE WHEN until <= ?4 THEN excluded.n ELSE n + excluded.n END,
                 until = CASE WHEN until <= ?4 THEN excluded.until ELSE until END
               RETURNING n""",
            key,
            step,
            moment(now, seconds),
            moment(now),
        )
        return 0 if row is None else int(row[0])

    async def put_secret(self, key: str, value: bytes, tries: int, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        self._row("INSERT OR REPLACE INTO secret VALUES (?, ?, ?, ?)", key, value, tries, moment(now, seconds))

    async def take_try(self, key: str, now: datetime) -> Try | None:
        """See election.ports.Fleeting."""
        row = self._row(
            """UPDATE secret SET tries_left = tries_left - 1 WHERE key = ? AND until > ? AND tries_left > 0
               RETURNING value, tries_left""",
            key,
            moment(now),
        )
        return None if row is None else Try(bytes(row[0]), row[1])

    async def consume(self, key: str, value: bytes) -> bool:
        """See election.ports.Fleeting."""
        return self._row("DELETE FROM secret WHERE key = ? AND value = ? RETURNING 1", key, value) is not None

    async def hold(self, key: str, holder: bytes, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting."""
        held = self._row(
            """INSERT INTO held VALUES (?1, ?2, ?3)
               ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, until = excluded.until
                 WHERE held.holder = excluded.holder OR held.until <= ?4
               RETURNING 1""",
            key,
            holder,
            moment(now, seconds),
            moment(now),
        )
        return held is not None

    async def release(self, key: str, holder: bytes) -> bool:
        """See election.ports.Fleeting."""
        return self._row("DELETE FROM held WHERE key = ? AND holder = ? RETURNING 1", key, holder) is not None

    async def take(self, key: str, per_second: float, burst: int, most: int, now: datetime, *, owed: int = 0) -> Grant:
        """See election.ports.Fleeting."""
        with _available(), self._alone():
            bucket, grant = buckets.take(self._bucket(key), buckets.spacing(per_second), burst, most, owed, moment(now))
            self._keep_bucket(key, bucket)
        return grant

    async def keep_still(self, key: str, seconds: float, now: datetime) -> None:
        """See election.ports.Fleeting."""
        with _available(), self._alone():
            bucket = self._bucket(key)
            self._keep_bucket(key, bucket._replace(still=max(bucket.still, moment(now, seconds))))

    async def purge(self, now: datetime) -> int:
        """Wipe what is over, from the file and from its log; how many things there were."""
        wiped = 0
        with _available():
            with self._alone():
                for statement in file_tables.PURGE:
                    wiped += self._file.execute(statement, (moment(now),)).rowcount
            self._file.execute("PRAGMA busy_timeout=0")  # another process at work: next time, then
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._file.execute(f"PRAGMA busy_timeout={int(_WAIT_FOR_A_LOCK * 1000)}")
        return wiped

    def _free_in(self, key: str, limit: Limit, at: int) -> int:
        """Microseconds until this limit allows one more: until the count-th last time has left the window."""
        opening = at - limit.seconds * SECOND
        row = self._file.execute(
            "SELECT at FROM spent WHERE key = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?",
            (key, opening, limit.count - 1),
        ).fetchone()
        return 0 if row is None else int(row[0]) - opening

    def _bucket(self, key: str) -> buckets.Bucket:
        row = self._file.execute("SELECT due, still FROM bucket WHERE key = ?", (key,)).fetchone()
        return buckets.Bucket(*row) if row else buckets.NEW

    def _keep_bucket(self, key: str, bucket: buckets.Bucket) -> None:
        row = (key, *bucket, bucket.until)
        self._file.execute("INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?)", row)

    def _row(self, statement: str, *values: str | bytes | int) -> tuple[Any, ...] | None:
        """The first row of one statement, which is atomic by itself."""
        try:
            rows = self._file.execute(statement, values).fetchall()
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreUnavailable from error
        return rows[0] if rows else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A transaction in which nobody else writes."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        finally:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreUnavailable from error
