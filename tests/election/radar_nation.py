"""A nation that votes for a day: branches of all sizes, a rhythm with peaks at noon and in the evening, families that
vote together, meetings of ten people, and harvests where the test wants them."""

import math
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from election.radar.case import Place
from election.radar.rhythm import SLOT, slot_of

OPENED = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOURS = 12
LENGTH = HOURS * 3_600 // SLOT
HARVEST, HALF_HOUR = 20, 1_800 // SLOT
PAIRED = 0.1
"""The share of votes that somebody of the family follows within three minutes."""
MEETING_IN = 0.05
"""The share of branches that hold a meeting at which about ten vote."""


@dataclass(frozen=True)
class Harvest:
    """Twenty votes of one hand in half an hour, at an even beat or not."""

    place: Place
    began: datetime
    ended: datetime
    even: bool
    size: int
    """Votes of the branch in the day."""


@dataclass(frozen=True)
class Day:
    """The rows of a rhythm, and what was planted."""

    members: dict[Place, tuple[int, int]]
    rows: list[tuple[int, str, str, int]]
    harvests: list[Harvest]

    def slices(self, minutes: int) -> Iterator[tuple[datetime, int]]:
        """The moments at which one looks."""
        for number in range(1, HOURS * 60 // minutes + 1):
            now = OPENED + timedelta(minutes=minutes * number)
            yield now, slot_of(now)


def day(branches: int, votes: int, harvests: int, chance: random.Random) -> Day:
    """A day of so many branches and about so many votes."""
    running = list(accumulate(_weight(slot) for slot in range(LENGTH)))
    sizes = [max(20, round(chance.lognormvariate(math.log(140), 0.7))) for _ in range(branches)]
    eager = [size * chance.lognormvariate(0, 0.25) for size in sizes]
    share = votes / sum(eager)
    places = [(f"region {number % 17}", f"branch {number}") for number in range(branches)]
    slots: list[list[int]] = []
    for place_eager, size in zip(eager, sizes, strict=True):
        tilt = max(-0.6, min(0.6, chance.gauss(0, 0.2)))
        slots.append(_honest(min(round(place_eager * share), size), tilt, running, chance))
    planted = []
    for number, place in enumerate(chance.sample(range(branches), harvests)):
        came = _harvest(even=number % 2 == 0, chance=chance)
        ended = [OPENED + timedelta(seconds=SLOT * slot) for slot in (min(came), max(came) + 1)]
        planted.append(Harvest(places[place], ended[0], ended[1], number % 2 == 0, len(slots[place])))
        slots[place] += came
    first = slot_of(OPENED)
    counted = Counter((first + slot, *place) for place, came in zip(places, slots, strict=True) for slot in came)
    members = {place: (size, size) for place, size in zip(places, sizes, strict=True)}
    return Day(members, [(*key, count) for key, count in sorted(counted.items())], planted)


def _weight(slot: int) -> float:
    """How many vote at this time of the day: an ebb, and three peaks."""
    hour = slot * SLOT / 3_600
    peaks = ((0.5, 0.5, 0.8), (4.5, 0.7, 1.5), (10.0, 1.2, 1.2))
    return 0.5 + sum(high * math.exp(-(((hour - at) / wide) ** 2) / 2) for at, wide, high in peaks)


def _honest(votes: int, tilt: float, running: Sequence[float], chance: random.Random) -> list[int]:
    came: list[int] = []
    while len(came) < votes:
        slot = bisect_right(running, chance.random() * running[-1])
        if chance.random() > (1 + tilt * (2 * slot / LENGTH - 1)) / 1.6:
            continue
        came.append(slot)
        if chance.random() < PAIRED:
            came.append(min(LENGTH - 1, slot + chance.randrange(180 // SLOT)))
    if chance.random() < MEETING_IN:
        begun = chance.randrange(LENGTH - 90)
        came += [begun + chance.randrange(90) for _ in range(chance.randint(8, 12))]
    return came


def _harvest(*, even: bool, chance: random.Random) -> list[int]:
    begun = chance.randrange(LENGTH - 2 * HALF_HOUR)
    if not even:
        return [begun + chance.randrange(HALF_HOUR) for _ in range(HARVEST)]
    came, at = [], 0.0
    for _ in range(HARVEST):
        came.append(begun + int(at))
        at += chance.gauss(HALF_HOUR / HARVEST, 0.12 * HALF_HOUR / HARVEST)
    return came
