"""The counters of turnout, kept beside the votes: by branch, by the hour in which members voted first, and of each
branch by ten seconds, for the radar.

To count is the last thing to do in a transaction, and it is done in one order, branches before their rhythm before
hours: all processes write these few rows, and each holds them until its commit.
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
_SLOT = 10_000_000
_PARTS = 16  # of an hour, for as many processes that do not wait for each other; SQLite has one writer, and one part
_FIGURES = ("enrolled", "telegram", "sms", "paper", "void")
_PLACES = {figure: place for place, figure in enumerate(_FIGURES, start=2)}


Figure = Literal["enrolled", "telegram", "sms", "paper", "void"]
Move = tuple[str, str, Figure, int]
"""In the region the branch has so many more, or fewer, in this figure."""
First = tuple[datetime, Literal["telegram", "sms", "paper"]]
"""When and how a member has voted who had not before. What she does later is counted in no hour."""
Stroke = tuple[datetime, str, str, int]
"""When somebody of this region and branch voted by phone, and how many votes of hers this one replaces, 0 or 1."""

_MORE = {figure: f"{figure} + ?{place + 1}" for figure, place in _PLACES.items()}
_MOVE_ON_SQLITE = f"""UPDATE branch_count SET {", ".join(f"{name} = {more}" for name, more in _MORE.items())},
                        seal = {seal_of_changed("branch_count", **_MORE)}
                      WHERE region = ?1 AND branch = ?2"""  # noqa: S608
_NOTED = {"hour": "?1", "channel": "?2", "part": "0", "votes": "?3"}
_NOTE_ON_SQLITE = f"""INSERT INTO hour_count (hour, channel, part, votes, seal)
                      VALUES (?1, ?2, 0, ?3, {seal_of_new("hour_count", **_NOTED)})
                      ON CONFLICT (hour, channel, part) DO UPDATE SET votes = votes + ?3,
                        seal = {seal_of_changed("hour_count", votes="votes + ?3")}"""  # noqa: S608
_BEATEN = {"slot": "?1", "region": "?2", "branch": "?3", "votes": "?4", "again": "?5"}
_MORE_BEATEN = {"votes": "votes + ?4", "again": "again + ?5"}
_BEAT_ON_SQLITE = f"""INSERT INTO rhythm (slot, region, branch, votes, again, seal)
                      VALUES (?1, ?2, ?3, ?4, ?5, {seal_of_new("rhythm", **_BEATEN)})
                      ON CONFLICT (slot, region, branch) DO UPDATE SET votes = votes + ?4, again = again + ?5,
                        seal = {seal_of_changed("rhythm", **_MORE_BEATEN)}"""  # noqa: S608

COUNT_ON_POSTGRESQL = f"""WITH moved AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                              $7::bigint[]) AS m(region, branch, {", ".join(_FIGURES)})
       ), held AS (
         SELECT moved.* FROM moved JOIN branch_count USING (region, branch)
         ORDER BY region, branch FOR UPDATE OF branch_count
       ), counted AS (
         UPDATE branch_count SET {", ".join(f"{name} = branch_count.{name} + held.{name}" for name in _FIGURES)}
         FROM held WHERE branch_count.region = held.region AND branch_count.branch = held.branch RETURNING 1
       ), beaten AS (
         INSERT INTO rhythm (slot, region, branch, votes, again)
         SELECT slot, region, branch, votes, again
         FROM unnest($11::bigint[], $12::text[], $13::text[], $14::bigint[], $15::bigint[])
           AS s(slot, region, branch, votes, again)
         WHERE (SELECT count(*) FROM counted) >= 0 ORDER BY slot, region, branch
         ON CONFLICT (slot, region, branch) DO UPDATE
           SET votes = rhythm.votes + excluded.votes, again = rhythm.again + excluded.again
         RETURNING 1
       )
       INSERT INTO hour_count (hour, channel, part, votes)
       SELECT hour, channel, pg_backend_pid() % {_PARTS}, votes
       FROM unnest($8::bigint[], $9::text[], $10::bigint[]) AS n(hour, channel, votes)
       WHERE (SELECT count(*) FROM counted) + (SELECT count(*) FROM beaten) >= 0 ORDER BY hour, channel
       ON CONFLICT (hour, channel, part) DO UPDATE SET votes = hour_count.votes + excluded.votes"""  # noqa: S608
"""Takes the `columns`. Branches are held in their order, then changed, and only then are rhythm and hours noted."""


def count(
    connection: Connection, moves: Iterable[Move], firsts: Iterable[First] = (), strokes: Iterable[Stroke] = ()
) -> None:
    """Count what happened, at the end of a transaction."""
    if connection.dialect.name == "sqlite":
        count_on_sqlite(driver_of(connection), moves, firsts, strokes)
    else:
        connection.exec_driver_sql(COUNT_ON_POSTGRESQL, columns(moves, firsts, strokes))


def count_on_sqlite(
    driver: sqlite3.Connection, moves: Iterable[Move], firsts: Iterable[First], strokes: Iterable[Stroke] = ()
) -> None:
    """The same, straight over the driver."""
    driver.executemany(_MOVE_ON_SQLITE, _moved(moves))
    driver.executemany(_BEAT_ON_SQLITE, _beaten(strokes))
    driver.executemany(_NOTE_ON_SQLITE, _noted(firsts))


def columns(
    moves: Iterable[Move], firsts: Iterable[First], strokes: Iterable[Stroke] = ()
) -> tuple[Sequence[Any], ...]:
    """What COUNT_ON_POSTGRESQL takes."""
    moved, noted, beaten = _moved(moves), _noted(firsts), _beaten(strokes)
    return (*_turned(moved, 2 + len(_FIGURES)), *_turned(noted, 3), *_turned(beaten, 5))


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


def _beaten(strokes: Iterable[Stroke]) -> list[tuple[int, str, str, int, int]]:
    sums: Counter[tuple[int, str, str, int]] = Counter(
        ((microseconds(now) or 0) // _SLOT, region, branch, again) for now, region, branch, again in strokes
    )
    places = sorted({stroke[:3] for stroke in sums})
    return [(*place, sums[*place, 0], sums[*place, 1]) for place in places]


def _turned(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]
