"""The file twin of Redis: short-lived things in a SQLite file of its own, for one machine.

Every call is one short statement or transaction, made in the caller's thread, and returns without waiting for
the disk: what a power cut loses here may be lost. Several processes may share the file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from election.errors import StoreUnavailable
from election.ports import Limit, Try
from storage.durable.sqlite_file import make_sqlite_file

_FORM = 1  # of the tables; a file of another form is emptied
_WAIT_FOR_A_LOCK = 5.0  # seconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000

_TABLES = """
DROP TABLE IF EXISTS kept;
DROP TABLE IF EXISTS secret;
DROP TABLE IF EXISTS spent;
DROP TABLE IF EXISTS counted;
-- values and marks, `until` is in microseconds since 1970 UTC
CREATE TABLE kept (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_until ON kept (until);
-- what may be tried a few times
CREATE TABLE secret (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, tries_left INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_until ON secret (until);
-- a row each time something was spent
CREATE TABLE spent (key TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
CREATE INDEX spent_by_key ON spent (key, at);
CREATE INDEX spent_until ON spent (until);
-- counters
CREATE TABLE counted (
    key TEXT PRIMARY KEY, n INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counted_until ON counted (until);
"""
_DROP = (
    "DELETE FROM kept WHERE key = ?",
    "DELETE FROM secret WHERE key = ?",
    "DELETE FROM spent WHERE key = ?",
    "DELETE FROM counted WHERE key = ?",
)
_PURGE = (
    "DELETE FROM kept WHERE until <= ?",
    "DELETE FROM secret WHERE until <= ?",
    "DELETE FROM spent WHERE until <= ?",
    "DELETE FROM counted WHERE until <= ?",
)


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
                if self._file.execute("PRAGMA user_version").fetchone() != (_FORM,):
                    for statement in _TABLES.split(";"):
                        self._file.execute(statement)
                    self._file.execute(f"PRAGMA user_version={_FORM}")

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
        row = self._row("SELECT value FROM kept WHERE key = ? AND until > ?", key, _at(now))
        return None if row is None else bytes(row[0])

    async def put(self, key: str, value: bytes, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        self._row("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", key, value, _at(now, seconds))

    async def drop(self, key: str) -> None:
        """See election.ports.Fleeting. Whatever is under the key goes: value, mark, secret, counter, what was spent."""
        with _available(), self._alone():
            for statement in _DROP:
                self._file.execute(statement, (key,))

    async def once(self, key: str, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting. A mark is an empty value."""
        marked = self._row(
            """INSERT INTO kept VALUES (?, x'', ?)
               ON CONFLICT (key) DO UPDATE SET value = x'', until = excluded.until WHERE kept.until <= ?
               RETURNING 1""",
            key,
            _at(now, seconds),
            _at(now),
        )
        return marked is not None

    async def spend(self, key: str, limits: Sequence[Limit], now: datetime) -> float:
        """See election.ports.Fleeting."""
        moment = _at(now)
        with _available(), self._alone():
            wait = max((self._free_in(key, limit, moment) for limit in limits), default=0)
            if wait == 0:
                until = moment + _SECOND * max((limit.seconds for limit in limits), default=0)
                self._file.execute("INSERT INTO spent VALUES (?, ?, ?)", (key, moment, until))
        return wait / _SECOND

    async def count(self, key: str, step: int, seconds: int, now: datetime) -> int:
        """See election.ports.Fleeting."""
        if step == 0:
            row = self._row("SELECT n FROM counted WHERE key = ? AND until > ?", key, _at(now))
            return 0 if row is None else int(row[0])
        row = self._row(
            """INSERT INTO counted VALUES (?1, ?2, ?3)
               ON CONFLICT (key) DO UPDATE SET
                 n = CASE WHEN until <= ?4 THEN excluded.n ELSE n + excluded.n END,
                 until = CASE WHEN until <= ?4 THEN excluded.until ELSE until END
               RETURNING n""",
            key,
            step,
            _at(now, seconds),
            _at(now),
        )
        return 0 if row is None else int(row[0])

    async def put_secret(self, key: str, value: bytes, tries: int, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        self._row("INSERT OR REPLACE INTO secret VALUES (?, ?, ?, ?)", key, value, tries, _at(now, seconds))

    async def take_try(self, key: str, now: datetime) -> Try | None:
        """See election.ports.Fleeting."""
        row = self._row(
            """UPDATE secret SET tries_left = tries_left - 1 WHERE key = ? AND until > ? AND tries_left > 0
               RETURNING value, tries_left""",
            key,
            _at(now),
        )
        return None if row is None else Try(bytes(row[0]), row[1])

    async def consume(self, key: str, value: bytes) -> bool:
        """See election.ports.Fleeting."""
        return self._row("DELETE FROM secret WHERE key = ? AND value = ? RETURNING 1", key, value) is not None

    async def purge(self, now: datetime) -> int:
        """Wipe what is over, from the file and from its log; how many things there were."""
        wiped = 0
        with _available():
            with self._alone():
                for statement in _PURGE:
                    wiped += self._file.execute(statement, (_at(now),)).rowcount
            self._file.execute("PRAGMA busy_timeout=0")  # another process at work: next time, then
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._file.execute(f"PRAGMA busy_timeout={int(_WAIT_FOR_A_LOCK * 1000)}")
        return wiped

    def _free_in(self, key: str, limit: Limit, moment: int) -> int:
        """Microseconds until this limit allows one more: until the count-th last time has left the window."""
        opening = moment - limit.seconds * _SECOND
        row = self._file.execute(
            "SELECT at FROM spent WHERE key = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?",
            (key, opening, limit.count - 1),
        ).fetchone()
        return 0 if row is None else int(row[0]) - opening

    def _row(self, statement: str, *values: str | bytes | int) -> tuple[Any, ...] | None:
        """The first row of one statement, which is atomic by itself."""
        with _available():
            rows = self._file.execute(statement, values).fetchall()
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


def _at(now: datetime, seconds: int = 0) -> int:
    return (now - _EPOCH) // timedelta(microseconds=1) + seconds * _SECOND


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreUnavailable from error
