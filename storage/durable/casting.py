"""The change that matters most: votes into the box. What both databases' statements have in common.

All votes that wait go in together, in a handful of statements. Each whose right is open is put into the box; each other
has a refusal and has changed nothing. Of two votes of one member the first is taken. That right and stage are open is a
condition of the statement that uses the right, never a look before it.
"""

from collections.abc import Mapping, Sequence

from election.errors import AlreadyVoted, Closed, NotOpenYet, Paused, Refusal
from election.ports import Cast

KEY_BYTES = 16
"""Of a ballot's hash, under which its envelope is kept."""

_SHUT: dict[str, type[Refusal]] = {"draft": NotOpenYet, "paused": Paused, "closed": Closed, "counted": Closed}


def one_of_each(casts: Sequence[Cast]) -> dict[str, Cast]:
    """Of the votes of one member the first; by members, in the order of their ids."""
    first: dict[str, Cast] = {}
    for cast in casts:
        first.setdefault(cast.member_id, cast)
    return dict(sorted(first.items()))


def refusal(stage: str, *, known: bool) -> Exception:
    """Why a vote could not be put into the box; `known` says whether the member is on the roll."""
    if stage in _SHUT:
        return _SHUT[stage]()
    return AlreadyVoted() if known else LookupError("a vote of somebody who is not on the roll")


def outcomes(
    casts: Sequence[Cast], taken: Sequence[Cast], refused: Mapping[str, Exception]
) -> Sequence[Exception | None]:
    """What each caller hears: nothing, if it was her vote that was taken."""
    standing = {id(cast) for cast in taken}
    return [None if id(cast) in standing else refused.get(cast.member_id, AlreadyVoted()) for cast in casts]
