"""What waits for a second person: read it, approve it."""

from collections.abc import Sequence

from election.deeds.deed import about_of, proposal_digest
from election.ports import Act
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.staff.proposing import told
from handlers.visit import Visit

KEY = "prp"


async def show(visit: Visit) -> Sequence[Reply]:
    """All that this officer may approve, and her own."""
    waiting = await _hers(visit)
    if not waiting:
        return screen(visit, visit.text("staff-proposals-none"))
    lines = [
        Action(
            visit.text("staff-proposal-line", number=act.number, name=act.proposer, what=_told(visit, act)),
            visit.payload(staff(KEY, act.number)),
            row=row,
        )
        for row, act in enumerate(waiting)
    ]
    return screen(visit, visit.text("staff-proposals-choose"), *lines)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """A proposal to read, or the word on it."""
    if not visit.order:
        return None
    number, *word = visit.order
    act = next((each for each in await _hers(visit) if str(each.number) == number), None)
    if act is None:
        return None
    if not word:
        return _read(visit, act)
    done = await visit.house.commission.approve(act.number, visit.session.officer, visit.now, word[0])
    return screen(visit, visit.text("staff-done", number=done.number))


async def _hers(visit: Visit) -> Sequence[Act]:
    """Those of kinds in which her role has a word."""
    officer, deeds = visit.officer, visit.house.commission.deeds
    waiting = await visit.house.commission.waiting(visit.now)
    return [act for act in waiting if officer and act.kind in deeds and officer.role in deeds[act.kind].roles]


def _read(visit: Visit, act: Act) -> Sequence[Reply]:
    until = visit.hour(act.expires_at) if act.expires_at else ""
    lines = [
        _told(visit, act),
        visit.text("staff-reason", reason=act.reason or "-"),
        visit.text("staff-proposal-by", name=act.proposer, hour=visit.hour(act.at), until=until),
    ]
    heading = visit.text("staff-proposal", number=act.number)
    if visit.officer and visit.officer.name == act.proposer:
        return screen(visit, "\n\n".join([*lines, visit.text("staff-own-proposal")]), heading=heading)
    # the button names what she has seen: another proposal under this number is not approved by it
    yes = Action(visit.text("staff-approve"), visit.payload(staff(KEY, act.number, proposal_digest(act))), row=0)
    return screen(visit, "\n\n".join(lines), yes, heading=heading)


def _told(visit: Visit, act: Act) -> str:
    return told(visit, act.kind, about_of(act))


WORK = Work(KEY, "staff-proposals", frozenset({"organiser", "committee", "clerk"}), show, hear)
