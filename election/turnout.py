"""Turnout as it may be shown: totals, channels, and regions and hours of which none tells on fewer than ten voters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from election.ports import RegionTurnout

FEWEST_VOTERS = 10
OTHER_REGIONS = "*"
CHANNELS = ("telegram", "sms", "paper")
HOUR = timedelta(hours=1)
Base = Literal["electorate", "enrolled"]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One row of the table by region. `*` stands for all the regions that are not named."""

    region: str
    electorate: int
    enrolled: int
    voted: int


@dataclass(frozen=True, slots=True)
class HourRow:
    """First votes of one hour, or of several that follow on each other, with hours between them in which nobody voted.
    `start` is the first moment of the row, `end` the first one behind it."""

    start: datetime
    end: datetime
    by_channel: Mapping[str, int]

    @property
    def voted(self) -> int:
        """By whatever channel."""
        return sum(self.by_channel.values())


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


def by_hour(hours: Mapping[tuple[datetime, str], int]) -> tuple[HourRow, ...]:
    """Rows in order, from votes by the start of the hour and the channel. An hour with fewer than ten votes stands
    together with the next ones, until they have ten; at the end, with those before it. So no row is under ten, unless
    it is the only one. A row that has others behind it stays as it is when more votes come in later hours."""
    rows: list[HourRow] = []
    for start in sorted({hour for (hour, _), votes in hours.items() if votes}):
        row = HourRow(start, start + HOUR, {channel: hours.get((start, channel), 0) for channel in CHANNELS})
        rows.append(_joined(rows.pop(), row) if rows and rows[-1].voted < FEWEST_VOTERS else row)
    if len(rows) > 1 and rows[-1].voted < FEWEST_VOTERS:
        last = rows.pop()
        rows.append(_joined(rows.pop(), last))
    return tuple(rows)


def percent(part: int, whole: int, of: Base) -> Percent:
    """`part` out of `whole`, which is the base named by `of`."""
    if whole == 0:
        return Percent(part, whole, of, None)
    tenths = (2000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    return Percent(part, whole, of, tenths)


def _joined(earlier: HourRow, later: HourRow) -> HourRow:
    both = Counter(earlier.by_channel)
    both.update(later.by_channel)
    return HourRow(earlier.start, later.end, dict(both))


def _together(rows: Sequence[RegionRow]) -> RegionRow:
    return RegionRow(
        OTHER_REGIONS,
        electorate=sum(row.electorate for row in rows),
        enrolled=sum(row.enrolled for row in rows),
        voted=sum(row.voted for row in rows),
    )
