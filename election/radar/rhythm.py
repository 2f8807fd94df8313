"""When votes came, to ten seconds: of each branch, and of the whole nation, against which each is held."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from election.radar.case import Place

SLOT = 10
"""Seconds."""
_POLLING_DAY = 12 * 3_600 // SLOT
_ACTIVE = 60
"""Slots: ten minutes in which anybody votes are ten minutes of a polling day."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One place: how many can vote by phone there, and the slot of each vote, ascending."""

    place: Place
    members: int
    slots: Sequence[int]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """All branches, and the nation's votes: `so_far[n]` of them before slot `first + n`. `days`: how much of a polling
    day of twelve hours was voted in."""

    branches: Sequence[Branch]
    first: int
    so_far: Sequence[int]
    members: int
    days: float

    @property
    def votes(self) -> int:
        """Of the nation."""
        return self.so_far[-1]

    def within(self, after: int, last: int) -> int:
        """Votes of the nation in the slots behind `after`, up to `last`."""
        return self._up_to(last + 1) - self._up_to(after + 1)

    def moment(self, chance: float) -> int:
        """A slot drawn from the nation's rhythm, by a number from 0 to below 1."""
        return self.first + bisect_right(self.so_far, chance * self.votes) - 1

    def _up_to(self, slot: int) -> int:
        return self.so_far[min(max(slot - self.first, 0), len(self.so_far) - 1)]


class Gathered:
    """Votes as they were read, by branch."""

    def __init__(self) -> None:
        self._slots: dict[Place, list[int]] = {}
        self._counts: Counter[int] = Counter()

    def add(self, rows: Iterable[tuple[int, str, str, int]]) -> None:
        """More rows (slot, region, branch, votes), in order of slots and behind those before."""
        for slot, region, branch, votes in rows:
            self._slots.setdefault((region, branch), []).extend([slot] * votes)
            self._counts[slot] += votes

    def forget(self, since: int) -> None:
        """Forget what is of this slot or later, as it will be read again."""
        for slot in [slot for slot in self._counts if slot >= since]:
            del self._counts[slot]
        for slots in self._slots.values():
            if slots and slots[-1] >= since:
                del slots[bisect_left(slots, since) :]

    def rhythm(self, members: Mapping[Place, int], told: Mapping[Place, Place]) -> Rhythm:
        """Of all that was added; branches go to the place that is told of them."""
        sizes: dict[Place, int] = {}
        for branch, count in members.items():
            sizes[told[branch]] = sizes.get(told[branch], 0) + count
        came: dict[Place, list[list[int]]] = {place: [] for place in sizes}
        for branch, slots in self._slots.items():
            came.setdefault(told.get(branch, ("", "")), []).append(slots)
        branches = [
            Branch(
                place,
                sizes.get(place, 0),
                some[0] if len(some) == 1 else sorted(slot for each in some for slot in each),
            )
            for place, some in sorted(came.items())
        ]
        first, last = min(self._counts, default=0), max(self._counts, default=-1)
        so_far = list(accumulate((self._counts[slot] for slot in range(first, last + 1)), initial=0))
        days = len({slot // _ACTIVE for slot in self._counts}) * _ACTIVE / _POLLING_DAY
        return Rhythm(branches, first, so_far, sum(sizes.values()), days)


def rhythm_of(
    rows: Iterable[tuple[int, str, str, int]], members: Mapping[Place, int], told: Mapping[Place, Place]
) -> Rhythm:
    """A rhythm of rows; see Gathered."""
    gathered = Gathered()
    gathered.add(rows)
    return gathered.rhythm(members, told)


def slot_of(moment: datetime) -> int:
    """The slot in which it lies."""
    return int(moment.timestamp()) // SLOT


def moment_of(slot: int) -> datetime:
    """The beginning of a slot."""
    return datetime.fromtimestamp(slot * SLOT, UTC)


def votes_within(branch: Branch, first: int, last: int) -> int:
    """Votes of the branch in these slots, both included."""
    return bisect_left(branch.slots, last + 1) - bisect_left(branch.slots, first)
