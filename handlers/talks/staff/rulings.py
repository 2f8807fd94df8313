"""Candidates: struck off, and given the place back."""

from collections.abc import Sequence

from election.deeds.rulings import ruling
from election.definition import Contest
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.staff import proposing
from handlers.visit import Visit

KEY = "can"
_PAGE = 20


async def show(visit: Visit) -> Sequence[Reply]:
    """Which contest; where there is only one, its candidates."""
    contests = visit.standing.definition.contests
    if len(contests) == 1:
        return _candidates(visit, 0, 0)
    lines = [
        Action(contest.title.said(visit.language), visit.payload(staff(KEY, place)), row=place)
        for place, contest in enumerate(contests)
    ]
    return screen(visit, visit.text("staff-candidates-contest"), *lines)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """`contest`, `contest g page`, or `contest candidate`; by their places in the file."""
    parts = [int(part) if part.isdecimal() else -1 for part in visit.order]
    contests = visit.standing.definition.contests
    if not parts or not 0 <= parts[0] < len(contests):
        return None
    if len(parts) == 1:
        return _candidates(visit, parts[0], 0)
    if len(parts) == 3:
        return _candidates(visit, parts[0], max(parts[2], 0))
    contest = contests[parts[0]]
    if not 0 <= parts[1] < len(contest.candidates):
        return None
    candidate = contest.candidates[parts[1]]
    kind = "unstrike" if candidate.id in visit.standing.struck(contest.id) else "strike"
    return proposing.ask_reason(visit, kind, ruling(contest, candidate))


def _candidates(visit: Visit, place: int, page: int) -> Sequence[Reply]:
    contest = visit.standing.definition.contests[place]
    first = min(page, (len(contest.candidates) - 1) // _PAGE) * _PAGE
    lines = [
        Action(_label(visit, contest, number), visit.payload(staff(KEY, place, number)), row=number - first)
        for number in range(first, min(first + _PAGE, len(contest.candidates)))
    ]
    if len(contest.candidates) > _PAGE:
        pages = -(-len(contest.candidates) // _PAGE)
        here = first // _PAGE
        for label, to in (("page-before", (here - 1) % pages), ("page-after", (here + 1) % pages)):
            lines.append(Action(visit.text(label), visit.payload(staff(KEY, place, "g", to)), row=80))
    return screen(visit, visit.text("staff-candidates-who", title=contest.title.said(visit.language)), *lines)


def _label(visit: Visit, contest: Contest, number: int) -> str:
    candidate = contest.candidates[number]
    name = candidate.name.said(visit.language)
    return visit.text("struck-name", name=name) if candidate.id in visit.standing.struck(contest.id) else name


WORK = Work(KEY, "staff-candidates", frozenset({"organiser", "committee"}), show, hear)
