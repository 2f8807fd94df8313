"""Rates: something happens to the members of one branch far more often than to those of all others."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from election.radar.case import Place
from election.radar.tails import binomial_tail

FALSE_IN_ALL = 0.1
"""Of one kind of thing, over all branches and the whole election."""
FEWEST_PLACES = 10
"""With fewer there is nothing to hold a place against, and the count alone decides."""
_TIMES = 3
"""Less than so many times the rate elsewhere is no case, however sure it is."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` among `of` here, `hits_elsewhere` among `of_elsewhere` in all other places. `tail` is ln of the chance."""

    place: Place
    hits: int
    of: int
    hits_elsewhere: int
    of_elsewhere: int
    tail: float


def higher(hits: Mapping[Place, int], of: Mapping[Place, int], fewest: int) -> list[Rate]:
    """Places with `fewest` hits or more, and more than by chance if there are places to hold them against."""
    all_hits, all_of = sum(hits.values()), sum(of.values())
    found = []
    for place, count in sorted(hits.items()):
        here = max(of.get(place, 0), count)
        elsewhere = max(all_of - here, 0)
        if len(of) < FEWEST_PLACES and count >= fewest:
            found.append(Rate(place, count, here, all_hits - count, elsewhere, 0.0))
            continue
        rate = min((all_hits - count + 1) / (elsewhere + 1), 0.5)
        if count < fewest or count < _TIMES * rate * here:
            continue
        tail = binomial_tail(count, here, rate)
        if tail <= math.log(FALSE_IN_ALL / max(len(of), 1)):
            found.append(Rate(place, count, here, all_hits - count, elsewhere, tail))
    return found
