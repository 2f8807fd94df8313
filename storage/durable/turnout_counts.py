"""The counters of turnout, kept beside the votes."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection

Happening = Literal["enrolled", "telegram", "sms"]

_ADD = """INSERT INTO region_count (region, enrolled, telegram, sms) VALUES ({})
          ON CONFLICT (region) DO UPDATE SET enrolled = region_count.enrolled + excluded.enrolled,
            telegram = region_count.telegram + excluded.telegram, sms = region_count.sms + excluded.sms"""
ADD_ON = {"sqlite": _ADD.format("?, ?, ?, ?"), "postgresql": _ADD.format("$1, $2, $3, $4")}
"""The statement that takes each of the `additions`, as the driver of either database reads it.

It is the last thing to do in a transaction: all processes write these few rows, and each holds them until its commit.
"""
_PLACES: dict[Happening, int] = {"enrolled": 0, "telegram": 1, "sms": 2}


def additions(happened: Iterable[tuple[str, Happening]]) -> list[tuple[str | int, ...]]:
    """What is to be added in which region, in one order, so that no two processes wait for each other."""
    counts: dict[str, list[int]] = {}
    for region, happening in happened:
        counts.setdefault(region, [0, 0, 0])[_PLACES[happening]] += 1
    return [(region, *counts[region]) for region in sorted(counts)]


def count_in_regions(connection: Connection, happened: Iterable[tuple[str, Happening]]) -> None:
    """Count what happened in which region, at the end of a transaction."""
    if added := additions(happened):
        connection.exec_driver_sql(ADD_ON[connection.dialect.name], added)
