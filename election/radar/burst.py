"""Bursts: a branch votes in a while as it should not, by the nation's rhythm and by what it did itself at other times.

A scan statistic: windows of ten minutes, half an hour and an hour slide over each branch. In a window so many votes
are due as the rest of the nation cast meanwhile, in proportion to the members who can vote by phone, and as eager as
this branch was outside the window. How rare it is to see as many as there were is an exact tail (tails.py), in which
what is not known of the branch's eagerness is taken into account.

**The line** below which a tail makes a case is found by Monte Carlo: votes of real branches are dealt out anew over the
nation's rhythm, so that nobody arranged anything, and into some of them an honest meeting is put, ten people who vote
within a quarter of an hour. The line lies where all branches together would give a false alarm about once a day.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from election.radar.case import Place
from election.radar.rhythm import SLOT, Branch, Rhythm
from election.radar.tails import gamma_poisson_tail

WIDTHS = (600 // SLOT, 1_800 // SLOT, 3_600 // SLOT)
FALSE_A_DAY = 0.5
"""Of all branches, the widths together. With the beat's that is less than the one that is meant: real branches have
hours of their own, of which the draws know nothing."""
FEWEST_VOTES = 8
FEWEST_OF_NATION = 200
FEWEST_BRANCHES = 10
"""With fewer there is no national rhythm to hold a branch against."""

MEETINGS = 0.05
"""The share of branches in which about ten people honestly vote together, in a polling day."""
MEETING_VOTES = 10
MEETING = 900 // SLOT
FAMILIES = 0.1
FAMILY = 180 // SLOT
"""After one vote in ten another of the family votes within so long."""
DRAWS = 1_000
_PRIOR = 4.0
"""What is known of a branch's eagerness beforehand, as votes: that it is like the nation's, give or take a half."""
_LOCAL = 25.0
"""Its own rhythm may differ from the nation's by a fifth or so from hour to hour, and nobody has arranged anything."""
_NIGHT = 0.05
"""Where nobody else votes, a vote or two may be honest all the same."""
_LEAST = 3.0
"""Standard deviations: what is less cannot come near a line, and its exact tail is not worth the time."""
_BODY = 0.03
"""The part of the draws by which the tail of the others is measured."""


class Chance(Protocol):
    """Where randomness comes from."""

    def random(self) -> float:
        """From 0 to below 1."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Votes in the slots behind `after`, up to `last`; `due` were to be expected. `tail` is ln of the chance."""

    place: Place
    width: int
    after: int
    last: int
    votes: int
    due: float
    tail: float


Lines = Mapping[int, float]
"""For each width ln of the chance below which a window makes a case."""


def bursts(rhythm: Rhythm, lines: Lines, since: int = 0) -> list[Burst]:
    """For each branch the rarest window below its line that ends in slot `since` or later, if there is one."""
    if not _is_enough(rhythm):
        return []
    found = []
    for branch in rhythm.branches:
        seen = [
            burst for width in WIDTHS if (burst := rarest(rhythm, branch, width, since)) and burst.tail <= lines[width]
        ]
        if seen:
            found.append(min(seen, key=lambda burst: burst.tail - lines[burst.width]))
    return found


def rarest(rhythm: Rhythm, branch: Branch, width: int, since: int = 0) -> Burst | None:
    """The branch's window of this width, ending in `since` or later, that chance explains worst; None where nothing
    sticks out."""
    slots, so_far, first = branch.slots, rhythm.so_far, rhythm.first
    others, size = rhythm.members - branch.members, len(rhythm.so_far) - 1
    if others <= 0 or len(slots) < FEWEST_VOTES or not branch.members:
        return None
    share, most = branch.members / others, 0.0
    best: tuple[int, int, int, float, float] | None = None
    start = bisect_left(slots, since)
    if start == len(slots):
        return None
    begin = bisect_right(slots, slots[start] - width)
    for place in range(start, len(slots)):
        last = slots[place]
        after = last - width
        while slots[begin] <= after:
            begin += 1
        votes = place - begin + 1
        if votes < FEWEST_VOTES:
            continue
        of_all = so_far[min(last - first + 1, size)] - so_far[min(max(after - first + 1, 0), size)]
        of_rest = max(of_all - votes, 0)
        if votes - share * of_rest < _LEAST * math.sqrt(share * of_rest):
            continue
        known = share * (rhythm.votes - len(slots) - of_rest) + _PRIOR
        seen = len(slots) - votes + _PRIOR
        due = max(seen * share * of_rest / known, _NIGHT)
        if votes - due < _LEAST * math.sqrt(due):
            continue
        likelier = votes * math.log(votes / due) - (votes - due)  # Kulldorff's logarithm of the likelihood ratio
        if likelier > most:
            most, best = likelier, (after, last, votes, due, 1 / (1 / seen + 1 / _LOCAL))
    if best is None:
        return None
    after, last, votes, due, shape = best
    return Burst(branch.place, width, after, last, votes, due, _tail(votes, shape, due))


def _tail(votes: int, shape: float, due: float) -> float:
    """As much is explained by chance alone, or by chance and a meeting."""
    alone = gamma_poisson_tail(votes, shape, due / shape)
    return max(alone, math.log(MEETINGS) + gamma_poisson_tail(votes - MEETING_VOTES, shape, due / shape))


def drawn_lines(rhythm: Rhythm, chance: Chance, draws: int = DRAWS) -> Lines:
    """The lines for this nation, by Monte Carlo: so many branch-days without a meeting, and as many with one."""
    if not _is_enough(rhythm):
        return dict.fromkeys(WIDTHS, -math.inf)
    voting = [branch for branch in rhythm.branches if branch.slots]
    plain: dict[int, list[float]] = {width: [] for width in WIDTHS}
    met: dict[int, list[float]] = {width: [] for width in WIDTHS}
    for _ in range(draws):
        branch = voting[int(chance.random() * len(voting))]
        alone = _dealt(rhythm, len(branch.slots), chance)
        _note(plain, rhythm, Branch(branch.place, branch.members, alone))
        _note(met, rhythm, Branch(branch.place, branch.members, sorted(alone + _meeting(rhythm, chance))))
    allowed = FALSE_A_DAY / len(WIDTHS) * rhythm.days / len(voting)
    held = min(0.5, MEETINGS * max(1.0, rhythm.days))
    return {width: _line(sorted(plain[width]), sorted(met[width]), held, allowed) for width in WIDTHS}


def _is_enough(rhythm: Rhythm) -> bool:
    return rhythm.votes >= FEWEST_OF_NATION and len(rhythm.branches) >= FEWEST_BRANCHES


def _dealt(rhythm: Rhythm, votes: int, chance: Chance) -> list[int]:
    came: list[int] = []
    while len(came) < votes:
        came.append(rhythm.moment(chance.random()))
        if chance.random() < FAMILIES:
            came.append(came[-1] + int(chance.random() * FAMILY))
    return sorted(came)


def _meeting(rhythm: Rhythm, chance: Chance) -> list[int]:
    begun = rhythm.moment(chance.random())
    votes = MEETING_VOTES - 2 + int(chance.random() * 5)
    return [begun + int(chance.random() * MEETING) for _ in range(votes)]


def _note(tails: dict[int, list[float]], rhythm: Rhythm, branch: Branch) -> None:
    for width in WIDTHS:
        seen = rarest(rhythm, branch, width)
        tails[width].append(seen.tail if seen else 0.0)


def _line(plain: Sequence[float], met: Sequence[float], held: float, allowed: float) -> float:
    """Where a branch falls below with the probability `allowed`, if `held` of them hold a meeting."""
    low, high = -400.0, 0.0
    for _ in range(60):
        middle = (low + high) / 2
        if (1 - held) * _below(plain, middle) + held * _below(met, middle) > allowed:
            high = middle
        else:
            low = middle
    return low


def _below(tails: Sequence[float], line: float) -> float:
    """The part of the draws below a line. Where there are few it is carried on from the body of them: the tail of a
    tail falls with it, one for one."""
    seen = bisect_right(tails, line) / len(tails)
    if seen >= _BODY:
        return seen
    return _BODY * math.exp(line - tails[int(_BODY * len(tails))])
