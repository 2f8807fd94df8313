"""The counters of turnout, kept beside the votes: by branch, and by the hour in which members voted first.

To count is the last thing to do in a transaction, and it is done in one order, branches before hours: all processes
write these few rows, and each holds them until its commit.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from storage.durable.column_types import microseconds
from storage.durable.seals_sqlite import seal_of_changed, seal_of_new
from storage.durable.sqlite_engine import driver_of

_HOUR = 3_600_000_000
_PARTS = 16  # of an hour, for as many processes that do not wait for each other; SQLite has one writer, and one part
_FIGURES = ("enrolled", "telegram", "sms", "paper", "void")
_PLACES = {figure: place for place, figure in enumerate(_FIGURES, start=2)}


Figure = Literal["enrolled", "telegram", "sms", "paper", "void"]
Move = tuple[str, str, Figure, int]
"""In the region the branch has so many more, or fewer, in this figure."""
First = tuple[datetime, Literal["telegram", "sms", "paper"]]
"""When and how a member has voted who had not before. What she does later is counted in no hour."""

_MORE = {figure: f"{figure} + ?{place + 1}" for figure, place in _PLACES.items()}
_MOVE_ON_SQLITE = f"""UPDATE branch_count SET {", ".join(f"{name} = {more}" for name, more in _MORE.items())},
                        seal = {seal_of_changed("branch_count", **_MORE)}
                      WHERE region = ?1 AND branch = ?2"""  # noqa: S608
_NOTED = {"hour": "?1", "channel": "?2", "part": "0", "votes": "?3"}
_NOTE_ON_SQLITE = f"""INSERT INTO hour_count (hour, channel, part, votes, seal)
                      VALUES (?1, ?2, 0, ?3, {seal_of_new("hour_count", **_NOTED)})
                      ON CONFLICT (hour, channel, part) DO UPDATE SET votes = votes + ?3,
                        seal = {seal_of_changed("hour_count", votes="votes + ?3")}"""  # noqa: S608

COUNT_ON_POSTGRESQL = f"""WITH moved AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                              $7::bigint[]) AS m(region, branch, {", ".join(_FIGURES)})
       ), held AS (
         SELECT moved.* FROM moved JOIN branch_count USING (region, branch)
         ORDER BY region, branch FOR UPDATE OF branch_count
       ), counted AS (
         UPDATE branch_count SET {", ".join(f"{name} = branch_count.{name} + held.{name}" for name in _FIGURES)}
         FROM held WHERE branch_count.region = held.region AND branch_count.branch = held.branch RETURNING 1
       )
       INSERT INTO hour_count (hour, channel, part, votes)
       SELECT hour, channel, pg_backend_pid() % {_PARTS}, votes
       FROM unnest($8::bigint[], $9::text[], $10::bigint[]) AS n(hour, channel, votes)
       WHERE (SELECT count(*) FROM counted) >= 0 ORDER BY hour, channel
       ON CONFLICT (hour, channel, part) DO UPDATE SET votes = hour_count.votes + excluded.votes"""  # noqa: S608
"""Takes the `columns`. Branches are held in their order, then changed, and only then are hours noted."""


def count(connection: Connection, moves: Iterable[Move], firsts: Iterable[First] = ()) -> None:
    """Count what happened, at the end of a transaction."""
    if connection.dialect.name == "sqlite":
        count_on_sqlite(driver_of(connection), moves, firsts)
    else:
        connection.exec_driver_sql(COUNT_ON_POSTGRESQL, columns(moves, firsts))


def count_on_sqlite(driver: sqlite3.Connection, moves: Iterable[Move], firsts: Iterable[First]) -> None:
    """The same, straight over the driver."""
    driver.executemany(_MOVE_ON_SQLITE, _moved(moves))
    driver.executemany(_NOTE_ON_SQLITE, _noted(firsts))


def columns(moves: Iterable[Move], firsts: Iterable[First]) -> tuple[Sequence[Any], ...]:
    """What COUNT_ON_POSTGRESQL takes."""
    moved, noted = _moved(moves), _noted(firsts)
    return (*_turned(moved, 2 + len(_FIGURES)), *_turned(noted, 3))


def _moved(moves: Iterable[Move]) -> list[list[Any]]:
    sums: dict[tuple[str, str], list[Any]] = {}
    for region, branch, figure, by in moves:
        row = sums.get((region, branch))
        if row is None:
            row = sums[region, branch] = [region, branch, 0, 0, 0, 0, 0]
        row[_PLACES[figure]] += by
    return [sums[branch] for branch in sorted(sums)]


def _noted(firsts: Iterable[First]) -> list[tuple[int, str, int]]:
    votes = Counter(((microseconds(now) or 0) // _HOUR * _HOUR, channel) for now, channel in firsts)
    return [(hour, channel, votes[hour, channel]) for hour, channel in sorted(votes)]


def _turned(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]
