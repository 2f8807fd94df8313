"""The counters of turnout, kept beside the votes."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, text

Happening = Literal["enrolled", "telegram", "sms"]

_ADD = text(
    """INSERT INTO region_count (region, enrolled, telegram, sms) VALUES (:region, :enrolled, :telegram, :sms)
       ON CONFLICT (region) DO UPDATE SET enrolled = region_count.enrolled + excluded.enrolled,
         telegram = region_count.telegram + excluded.telegram, sms = region_count.sms + excluded.sms"""
)


def count_in_regions(connection: Connection, happened: Iterable[tuple[str, Happening]]) -> None:
    """Count what happened in which region.

    The last thing to do in a transaction: all processes write these few rows, and each holds them until its commit.
    They are taken in one order, so that no two processes wait for each other.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for region, happening in happened:
        counts[region][happening] += 1
    if counts:
        connection.execute(
            _ADD,
            [
                {"region": region, **{name: counts[region][name] for name in ("enrolled", "telegram", "sms")}}
                for region in sorted(counts)
            ],
        )
