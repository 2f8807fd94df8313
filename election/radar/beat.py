"""Beats: votes of one branch that come as evenly as people who come by themselves never do.

Somebody who takes phones from a pile, or calls people one by one to a table, works in a rhythm. The gaps between
arrivals nobody arranged are uneven: their standard deviation is about as large as their mean. How rare it is that ten,
fifteen, twenty or thirty gaps in a row are as even as they were has an exact bound (tails.py), whatever the pace.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise

from election.radar.case import Place
from election.radar.rhythm import SLOT, Branch, Rhythm
from election.radar.tails import regular_tail

GAPS = (10, 15, 20, 30)
FALSE_A_DAY = 0.25
"""Of all branches together."""
SHORTEST, LONGEST = 30 / SLOT, 900 / SLOT
"""Mean gap in slots: below half a minute ten seconds are too coarse, above a quarter of an hour it is no queue."""


@dataclass(frozen=True, slots=True)
class Beat:
    """`gaps` gaps in a row, from the vote in slot `first` to the one in `last`; `every` so many seconds on the average,
    give or take `spread` of that. `tail` is ln of the chance."""

    place: Place
    gaps: int
    first: int
    last: int
    every: float
    spread: float
    tail: float


def beats(rhythm: Rhythm, since: int = 0) -> list[Beat]:
    """For each branch its most even run that ends in slot `since` or later, if it is too even by chance."""
    line = beat_line(rhythm)
    found = (most_even(branch, since) for branch in rhythm.branches)
    return [beat for beat in found if beat is not None and beat.tail <= line]


def beat_line(rhythm: Rhythm) -> float:
    """ln of the chance that a run may have to be told: all runs that could be looked at share what is allowed."""
    runs = max(1, rhythm.votes * len(GAPS))
    return math.log(max(rhythm.days, 1e-9) * FALSE_A_DAY / runs)


def most_even(branch: Branch, since: int = 0) -> Beat | None:
    """The branch's most even run of any length that ends in `since` or later."""
    newest = bisect_left(branch.slots, since)
    if newest == len(branch.slots):
        return None
    slots = branch.slots[max(0, newest - GAPS[-1]) :]
    squares = list(accumulate(((later - sooner) ** 2 for sooner, later in pairwise(slots)), initial=0))
    best: Beat | None = None
    for gaps in GAPS:
        for last in range(max(gaps, bisect_left(slots, since)), len(slots)):
            first = last - gaps
            span = slots[last] - slots[first]
            if not gaps * SHORTEST <= span <= gaps * LONGEST:
                continue
            spread = math.sqrt(max(0.0, gaps * (squares[last] - squares[first]) / span**2 - 1))
            if spread >= 0.6:
                continue
            tail = regular_tail(gaps, max(spread, 1 / span))
            if best is None or tail < best.tail:
                best = Beat(branch.place, gaps, slots[first], slots[last], span * SLOT / gaps, spread, tail)
    return best
