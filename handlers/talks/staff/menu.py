"""The menu of an officer: what her role may do, and nothing else."""

from collections.abc import Sequence

from handlers.speech import Action, Reply
from handlers.staff import OUT, Work, staff
from handlers.talks.staff import (
    broadcast,
    complaints,
    election,
    hours,
    members,
    paper,
    proposals,
    radar,
    rulings,
    sign_in,
    watch,
)
from handlers.visit import Visit

WORKS: Sequence[Work] = (
    proposals.WORK,
    election.WORK,
    hours.WORK,
    rulings.WORK,
    complaints.WORK,
    members.WORK,
    paper.WORK,
    broadcast.WORK,
    radar.WORK,
    watch.WORK,
)
"""In the order of the menu."""


def hers(visit: Visit) -> Sequence[Work]:
    """What this officer may do."""
    officer = visit.officer
    return [work for work in WORKS if officer is not None and officer.role in work.roles]


def work_on(visit: Visit) -> Work | None:
    """The work that is on, if it is hers."""
    key = visit.session.staff.get("work", "")
    return next((work for work in hers(visit) if work.key == key), None)


def show(visit: Visit) -> Sequence[Reply]:
    """The menu."""
    visit.session.staff = {}
    officer = visit.officer
    if officer is None:
        return sign_in.show(visit)
    lines = [
        Action(visit.text(work.label), visit.payload(staff(work.key)), row=row) for row, work in enumerate(hers(visit))
    ]
    lines.append(Action(visit.text("staff-leave"), visit.payload(staff(OUT)), row=len(lines)))
    text = visit.text("staff-menu", name=officer.name, role=visit.text(f"role-{officer.role}"))
    return [visit.incoming.reply(text, heading=visit.title, actions=tuple(lines))]
