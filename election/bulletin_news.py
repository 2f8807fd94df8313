"""What is new in a bulletin: its figures beside those of the one before, as a broadcast tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from election.turnout import OTHER_REGIONS, percent

REGIONS_TOLD = 3
"""Of those where turnout grew most, and of those where it grew least."""


@dataclass(frozen=True, slots=True)
class RegionNews:
    """A region's turnout and its growth, both in tenths of a per cent of everybody on its roll."""

    region: str
    tenths: int
    grown: int


@dataclass(frozen=True, slots=True)
class BulletinNews:
    """Figures of one bulletin. `tenths` of a per cent of the electorate, None where nobody is on the roll; `gained`
    votes since the bulletin before, which was `since`, None for the first. `up` and `down` have no region in common."""

    number: int
    at: datetime
    final: bool
    voted: int
    electorate: int
    roll_version: int
    tenths: int | None
    gained: int
    since: datetime | None
    up: tuple[RegionNews, ...]
    down: tuple[RegionNews, ...]
    log_size: int
    log_root: str


def news(told: Mapping[str, Any], before: Mapping[str, Any] | None) -> BulletinNews:
    """The news of a published bulletin; `before` is the one before it.

    A region is compared only where both bulletins name it: what is merged into the rest has no figures of its own.
    """
    earlier = {row["region"]: row for row in (before or {}).get("by_region", [])}
    grown = sorted(
        (
            _region(row, earlier.get(row["region"]))
            for row in told["by_region"]
            if row["region"] != OTHER_REGIONS and row["electorate"] and (before is None or row["region"] in earlier)
        ),
        key=lambda region: (-region.grown, region.region),
    )
    least = list(reversed(grown[REGIONS_TOLD:]))
    return BulletinNews(
        number=told["number"],
        at=datetime.fromisoformat(told["at"]),
        final=told["final"],
        voted=told["voted"],
        electorate=told["electorate"],
        roll_version=told["roll_version"],
        tenths=percent(told["voted"], told["electorate"], "electorate").tenths,
        gained=told["voted"] - (before["voted"] if before else 0),
        since=datetime.fromisoformat(before["at"]) if before else None,
        up=tuple(grown[:REGIONS_TOLD]),
        down=tuple(least[:REGIONS_TOLD]),
        log_size=told["log"]["size"],
        log_root=told["log"]["root"],
    )


def _region(row: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> RegionNews:
    now = _tenths(row)
    return RegionNews(row["region"], now, now - (_tenths(earlier) if earlier else 0))


def _tenths(row: Mapping[str, Any]) -> int:
    return percent(row["voted"], row["electorate"], "electorate").tenths or 0
