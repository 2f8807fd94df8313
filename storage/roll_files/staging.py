"""A working copy of a roll on disk, in which the members are told apart by SQL and not in memory.

The rules. The last row of a member id wins; every row that repeats an id is counted as extra. Only the final
phones are compared: one mobile on two members or more holds all of them back. A row with no member id is
noted and dropped.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self

from storage.roll_files.errors import RollFileError
from storage.roll_files.report import Report
from storage.roll_files.roll import RollRow

Status = Literal["mobile", "none", "invalid", "landline", "shared"]
_STEP: Final = 5_000  # rows between two calls of on_rows

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -8192;
-- one line per row of the file; after settling, one per member
CREATE TABLE line (
    number INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    e164 TEXT NOT NULL,
    status TEXT NOT NULL,
    region TEXT NOT NULL,
    branch TEXT NOT NULL,
    cell TEXT NOT NULL,
    language TEXT NOT NULL,
    several INTEGER NOT NULL
);
-- rows the report names for a reason that a member's status does not hold
CREATE TABLE noted (
    reason TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (reason, number)
) WITHOUT ROWID;
"""

_SETTLE: Final = (
    "CREATE INDEX line_by_member ON line (member_id, number)",
    "INSERT INTO noted SELECT 'no_member_id', number FROM line WHERE member_id = ''",
    "DELETE FROM line WHERE member_id = ''",
    """CREATE TABLE repeated AS
       SELECT member_id, min(number) AS first, max(number) AS last
       FROM line GROUP BY member_id HAVING count(*) > 1""",
    """INSERT INTO noted SELECT 'repeated_member_id_rows', number
       FROM repeated JOIN line USING (member_id) WHERE number > first""",
    """DELETE FROM line WHERE number IN
       (SELECT number FROM repeated JOIN line USING (member_id) WHERE number < last)""",
    """UPDATE line SET status = 'shared' WHERE status = 'mobile' AND e164 IN
       (SELECT e164 FROM line WHERE status = 'mobile' GROUP BY e164 HAVING count(*) > 1)""",
    "INSERT INTO noted SELECT 'several_numbers', number FROM line WHERE several",
    """INSERT INTO noted SELECT CASE status WHEN 'none' THEN 'no_phone' WHEN 'invalid' THEN 'invalid_phone'
       WHEN 'landline' THEN 'landline' ELSE 'shared_phone_members' END, number
       FROM line WHERE status <> 'mobile'""",
)


class StagedMember(NamedTuple):
    """A member as the whole file leaves her. `phone` is E.164, or "" where status is `none` or `invalid`.

    Only `mobile` may vote by phone. `row` is the row that won.
    """

    member_id: str
    name: str
    phone: str
    status: Status
    region: str
    branch: str
    cell: str
    language: str
    row: int


class Staging:
    """A private, temporary SQLite database for one roll: `load` once, then `members`, then `close`.

    It holds whole phones. It is SQLite's own temporary database: a file of mode 0600 in SQLITE_TMPDIR, TMPDIR
    or /var/tmp that loses its name as soon as it is made, so that even kill -9 leaves nothing behind.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop everything. Harmless when repeated."""
        self._database.close()

    def load(self, rows: Iterable[RollRow], on_rows: Callable[[int], None] | None = None) -> Report:
        """Take all rows of a file, tell the members apart and report. `on_rows(n)` hears of n rows so far."""
        with _disk_room():
            self._database.execute("BEGIN")
            self._database.executemany(
                "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _lines(rows, on_rows or _unheard)
            )
            (count,) = self._database.execute("SELECT count(*) FROM line").fetchone()
            for statement in _SETTLE:
                self._database.execute(statement)
            self._database.execute("COMMIT")
            return self._report(count)

    def members(self, chunk: int = 5_000) -> Iterator[list[StagedMember]]:
        """The members in order of member id, in lists of at most `chunk`."""
        with _disk_room():
            # "+": sorted as a whole; by the index each row would be looked up somewhere else on the disk
            cursor = self._database.execute(
                "SELECT member_id, name, e164, status, region, branch, cell, language, number"
                " FROM line ORDER BY +member_id"
            )
            while rows := cursor.fetchmany(chunk):
                yield [StagedMember._make(row) for row in rows]

    def leave_out(self, member_ids: Iterable[str]) -> None:
        """Have these members no more; a reading that is under way has them still."""
        with _disk_room():
            self._database.executemany("DELETE FROM line WHERE member_id = ?", ((each,) for each in member_ids))

    def _report(self, rows: int) -> Report:
        counts = dict(self._database.execute("SELECT reason, count(*) FROM noted GROUP BY reason").fetchall())
        members, free = self._database.execute(
            "SELECT count(*), count(*) FILTER (WHERE status = 'mobile') FROM line"
        ).fetchone()
        return Report.of(rows=rows, members=members, can_vote_by_phone=free, noted=counts, numbers=self._numbers)

    def _numbers(self, reason: str, limit: int) -> Iterator[int]:
        found = self._database.execute(
            "SELECT number FROM noted WHERE reason = ? ORDER BY number LIMIT ?", (reason, limit)
        )
        return (number for (number,) in found)


def _lines(rows: Iterable[RollRow], on_rows: Callable[[int], None]) -> Generator[tuple[object, ...], None, None]:
    count = 0
    for count, (number, member_id, name, phone, *places) in enumerate(rows, start=1):
        yield number, member_id, name, phone.e164 or "", phone.kind, *places, phone.several
        if count % _STEP == 0:
            on_rows(count)
    on_rows(count)


def _unheard(_: int) -> None:
    return None


@contextmanager
def _disk_room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as wrong:
        if wrong.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise RollFileError("no_room", why=wrong) from wrong
        raise
