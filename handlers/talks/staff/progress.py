"""How far a broadcast has come, before the eyes of an organiser."""

from collections.abc import Mapping, Sequence

from election.broadcasts import Broadcast, State
from handlers.speech import Action, Reply
from handlers.staff import back, staff
from handlers.visit import Visit

KEY = "say"
_BAR = 10
_STATES: Mapping[State, str] = {
    "planned": "staff-say-is-planned",
    "going": "staff-say-is-going",
    "done": "staff-say-is-done",
    "stopped": "staff-say-is-stopped",
}


def order(visit: Visit, *parts: str | int) -> str:
    """What a button of this work means."""
    return visit.payload(staff(KEY, *parts))


def show(visit: Visit, found: Broadcast) -> Reply:
    """A bar, what became of the messages, the time left. The screen moves until it has ended."""
    lines = [_bar(found), *_counted(visit, found)]
    more = Action(visit.text("staff-say-more"), order(visit), row=1)
    if found.state in ("done", "stopped"):
        return visit.incoming.reply("\n".join(lines), heading=state(visit, found), actions=(more, back(visit)))
    if found.state == "going":
        left = span(visit, visit.house.announcer.seconds_left(found))
        lines.append(visit.text("staff-say-left", what=left))
    far = Action(visit.text("staff-say-far"), order(visit, "far", found.number), row=0)
    stop = Action(visit.text("staff-say-stop"), order(visit, "stop", found.number), row=0)

    async def renewed() -> Reply | None:
        later = await visit.house.announcer.broadcast(found.number)
        return None if later is None else show(visit, later)

    actions = (far, stop, more, back(visit))
    return visit.incoming.reply("\n".join(lines), heading=state(visit, found), actions=actions, renewed=renewed)


def state(visit: Visit, found: Broadcast) -> str:
    """Where it stands, in a line."""
    return visit.text(_STATES[found.state], number=found.number)


def span(visit: Visit, seconds: float) -> str:
    """A stretch of time as one says it."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return visit.text("staff-say-seconds", seconds=max(round(seconds), 1))
    if minutes < 120:
        return visit.text("staff-say-minutes", minutes=minutes)
    return visit.text("staff-say-hours", hours=minutes // 60, minutes=minutes % 60)


def _bar(found: Broadcast) -> str:
    whole = max(found.counts.expected, found.counts.settled, 1)
    full = found.counts.settled * _BAR // whole
    return f"{'▰' * full}{'▱' * (_BAR - full)} {found.counts.settled * 100 // whole} %"


def _counted(visit: Visit, found: Broadcast) -> Sequence[str]:
    counts = found.counts
    told = {
        "sent": counts.sent,
        "queued": counts.queued,
        "closed": counts.blocked,
        "failed": counts.failed,
        "spared": counts.spared,
    }
    first = visit.text("staff-say-settled", number=counts.settled, expected=counts.expected)
    return [first, *(visit.text(f"staff-say-{what}", number=number) for what, number in told.items() if number)]
