"""The order in which a member sees the candidates of a contest."""

import hashlib

from election.definition import Candidate, Contest


def shown_order(contest: Contest, member_id: str) -> tuple[Candidate, ...]:
    """The candidates as this member sees them: every time the same, at both doors.

    `listed` is the order of the file. `rotated` begins it at a place that hangs on member and contest only, so that
    over the members each candidate stands at the top about equally often. It hides nothing and needs no secret.
    """
    if contest.order == "listed":
        return contest.candidates
    seed = hashlib.sha256(f"dauys rotated order\0{contest.id}\0{member_id}".encode()).digest()
    first = int.from_bytes(seed[:8], "big") % len(contest.candidates)
    return contest.candidates[first:] + contest.candidates[:first]
