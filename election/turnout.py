"""Turnout as it may be shown: totals, channels, and regions of which none tells on fewer than ten voters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from election.ports import RegionTurnout

FEWEST_VOTERS = 10
OTHER_REGIONS = "*"
Base = Literal["electorate", "enrolled"]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One row of the table by region. `*` stands for all the regions that are not named."""

    region: str
    electorate: int
    enrolled: int
    voted: int


@dataclass(frozen=True, slots=True)
class Percent:
    """A part of a base that is named: no percentage is ever shown without it.

    `tenths` is in tenths of a per cent, None when the base is empty; rounded half up, except that only nobody is 0
    and only everybody is 1000.
    """

    part: int
    whole: int
    of: Base
    tenths: int | None


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who could vote and who did, by one version of the roll at one moment. `regions` is merged already."""

    at: datetime
    roll_version: int
    electorate: int
    enrolled: int
    by_channel: Mapping[Literal["telegram", "sms", "paper"], int]
    regions: tuple[RegionRow, ...]

    @property
    def voted(self) -> int:
        """All who voted, by whatever channel."""
        return sum(self.by_channel.values())

    def percent(self, of: Base) -> Percent:
        """Those who voted, out of the whole roll or out of those who signed in."""
        return percent(self.voted, self.electorate if of == "electorate" else self.enrolled, of)

    def as_json(self) -> dict[str, object]:
        """What `dauys turnout --json` prints. `at` keeps the offset it was given in."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "roll_version": self.roll_version,
            "electorate": self.electorate,
            "enrolled": self.enrolled,
            "voted": self.voted,
            "by_channel": dict(self.by_channel),
            "by_region": [
                {
                    "region": row.region,
                    "electorate": row.electorate,
                    "enrolled": row.enrolled,
                    "voted": row.voted,
                }
                for row in self.regions
            ],
        }


def turnout(regions: Sequence[RegionTurnout], roll_version: int, at: datetime) -> Turnout:
    """The turnout that the counters of the regions add up to."""
    return Turnout(
        at=at,
        roll_version=roll_version,
        electorate=sum(region.electorate for region in regions),
        enrolled=sum(region.enrolled for region in regions),
        by_channel={
            "telegram": sum(region.telegram for region in regions),
            "sms": sum(region.sms for region in regions),
            "paper": sum(region.paper for region in regions),
        },
        regions=merged(regions),
    )


def merged(regions: Sequence[RegionTurnout]) -> tuple[RegionRow, ...]:
    """Rows by name, those with fewer than ten voters merged into one last row `*`.

    Were `*` itself under ten, it would tell on them: then the smallest of the named rows joins it. So no row is
    under ten, unless it is the only one.
    """
    rows = [
        RegionRow(region.region, region.electorate, region.enrolled, region.telegram + region.sms + region.paper)
        for region in regions
    ]
    small = [row for row in rows if row.voted < FEWEST_VOTERS or row.region == OTHER_REGIONS]
    named = sorted(
        (row for row in rows if row not in small), key=lambda row: (-row.voted, row.region)
    )  # the smallest last
    if small and named and sum(row.voted for row in small) < FEWEST_VOTERS:
        small.append(named.pop())
    shown = sorted(named, key=lambda row: row.region)
    return (*shown, _together(small)) if small else tuple(shown)


def percent(part: int, whole: int, of: Base) -> Percent:
    """`part` out of `whole`, which is the base named by `of`."""
    if whole == 0:
        return Percent(part, whole, of, None)
    tenths = (2000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    return Percent(part, whole, of, tenths)


def _together(rows: Sequence[RegionRow]) -> RegionRow:
    return RegionRow(
        OTHER_REGIONS,
        electorate=sum(row.electorate for row in rows),
        enrolled=sum(row.enrolled for row in rows),
        voted=sum(row.voted for row in rows),
    )
