"""The hour of closing: moved to later, by a button or by a typed hour."""

from collections.abc import Sequence

from election.deeds import hours
from election.errors import OperatorRefusal
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.staff import proposing
from handlers.visit import Visit

KEY = "hrs"


async def show(visit: Visit) -> Sequence[Reply]:
    """The hour in force, and later ones."""
    closes = visit.standing.closes
    if closes is None:
        return screen(visit, visit.text("refused-no-hour"))
    lines = []
    for place, step in enumerate(hours.STEPS):
        label = visit.text("staff-hours-line", hour=visit.hour(closes + step))
        lines.append(Action(label, visit.payload(staff(KEY, place)), row=place))
    return screen(visit, visit.text("staff-hours-until", hour=visit.hour(closes)), *lines)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """To when."""
    standing = visit.standing
    if standing.closes is None:
        return None
    if visit.order:
        place = int(visit.order[0]) if visit.order[0].isdecimal() else len(hours.STEPS)
        if place >= len(hours.STEPS):
            return None
        until = standing.closes + hours.STEPS[place]
    else:
        until = hours.typed_hour(visit.phrase.text, standing)
    if until <= visit.now:
        raise OperatorRefusal("not_later", "Voting can only be extended: name a later hour.")
    return proposing.ask_reason(visit, "extend", hours.extension(standing.definition, until))


WORK = Work(KEY, "staff-hours", frozenset({"organiser", "committee"}), show, hear)
