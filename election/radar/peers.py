"""A case against its peers, as numbers to be drawn: the branch beside what was due, and branches of its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from election.radar.case import Case
from election.radar.rhythm import SLOT, Rhythm, moment_of, slot_of, votes_within

STEP = 600 // SLOT
PEERS = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """Votes of the place in each ten minutes from `begins` on, and as many as were due by the nation's rhythm. `peers`:
    the votes of the branches nearest in size between `began` and `ended`; there the place itself has `votes`."""

    begins: datetime
    here: Sequence[int]
    due: Sequence[float]
    began: datetime
    ended: datetime
    votes: int
    peers: Sequence[int]


def picture(case: Case, rhythm: Rhythm) -> Picture | None:
    """None where there is no rhythm, as after the cut, or not of this place."""
    place = (case.region, case.branch)
    branch = next((each for each in rhythm.branches if each.place == place), None)
    if branch is None or not branch.slots:
        return None
    first, last = rhythm.first, rhythm.first + len(rhythm.so_far) - 1
    steps = range(first, last, STEP)
    share = len(branch.slots) / rhythm.votes
    began, ended = slot_of(case.began), slot_of(case.ended)
    near = sorted(
        (each for each in rhythm.branches if each is not branch), key=lambda each: abs(each.members - branch.members)
    )
    return Picture(
        moment_of(first),
        [votes_within(branch, step, step + STEP - 1) for step in steps],
        [share * rhythm.within(step - 1, step + STEP - 1) for step in steps],
        case.began,
        case.ended,
        votes_within(branch, began, ended),
        sorted(votes_within(each, began, ended) for each in near[:PEERS]),
    )
