"""The arithmetic of a bucket that is everybody's (generic cell rate algorithm, ITU-T I.371), in microseconds.

The script TAKE in `redis_scripts.py` does the same inside Redis; the contract's tests hold the two against each other.
"""

import math
from typing import NamedTuple

from election.ports import Grant
from storage.fleeting.moments import SECOND

LONGEST_DEBT = 600 * SECOND
"""What is due later than that is forgotten: after a clock was set back nobody waits for it to come round again."""
REMEMBERED = 600 * SECOND
"""How long it is told that everybody had to keep still."""


class Bucket(NamedTuple):
    """`due`: when all that was taken would have left, had it left evenly. `still`: until when nothing leaves."""

    due: int
    still: int

    @property
    def until(self) -> int:
        """When it can be forgotten."""
        return max(self.due, self.still) + REMEMBERED


NEW = Bucket(0, 0)


def spacing(per_second: float) -> int:
    """From one to the next; rounded up, so that the rate is never exceeded."""
    return math.ceil(SECOND / per_second)


def take(bucket: Bucket, each: int, burst: int, most: int, owed: int, now: int) -> tuple[Bucket, Grant]:
    """See election.ports.Fleeting.take."""
    due = min(max(bucket.due, now) + owed * each, now + LONGEST_DEBT)
    room = now + burst * each - max(due, now)
    taken = 0 if bucket.still > now else min(most, max(0, room // each))
    wait = max(0, (taken + 1) * each - room, bucket.still - now)
    still = (bucket.still - now) / SECOND if bucket.still + REMEMBERED > now else -math.inf
    return Bucket(max(due, now) + taken * each, bucket.still), Grant(taken, wait / SECOND, still)
