"""The election itself: open, close, pause, go on."""

from collections.abc import Mapping, Sequence

from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks import enquiries
from handlers.talks.staff import proposing
from handlers.visit import Visit

KEY = "ele"
_POSSIBLE: Mapping[str, tuple[str, ...]] = {
    "draft": ("open",),
    "open": ("pause", "close"),
    "paused": ("resume", "close"),
}
"""What each stage can be led to by hand."""


async def show(visit: Visit) -> Sequence[Reply]:
    """Where it stands, and what may be done."""
    kinds = _POSSIBLE.get(visit.standing.record.stage, ())
    lines = [
        Action(proposing.told(visit, kind, {}), visit.payload(staff(KEY, kind)), row=row)
        for row, kind in enumerate(kinds)
    ]
    return screen(visit, enquiries.stage(visit), *lines, heading=visit.title)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """What is to be done."""
    if visit.order and visit.order[0] in _POSSIBLE.get(visit.standing.record.stage, ()):
        return proposing.ask_reason(visit, visit.order[0], {})
    return None


WORK = Work(KEY, "staff-election", frozenset({"organiser", "committee"}), show, hear)
