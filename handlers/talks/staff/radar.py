"""The committee's cases from the radar: what is odd and where, what may be harmless about it, looked at and closed."""

from collections import Counter
from collections.abc import Sequence

from election.radar.case import Case
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.staff import proposing
from handlers.visit import Visit

KEY = "rad"
_LISTED = 8
_NAMED = 40
_LONGEST = 300
_TOLD = ("burst", "beat", "other-chat", "phones", "contacts", "redo", "not-me")
_OF_THE_ROLL = ("roll-run", "roll-shared", "roll-growth")
_STATES = ("new", "looked", "closed")


async def show(visit: Visit) -> Sequence[Reply]:
    """The newest cases; an observer sees how many there are of each kind."""
    visit.session.staff = {"work": KEY}
    cases = await visit.house.radar.cases()
    if not cases:
        return screen(visit, visit.text("radar-none"))
    if not _is_of_committee(visit):
        counts: Counter[str] = Counter(case.detector for case in cases)
        lines = [
            f"{visit.text(f'radar-kind-{name}')}: {counts[name]}" for name in (*_TOLD, *_OF_THE_ROLL) if counts[name]
        ]
        return screen(visit, "\n".join([visit.text("radar-counts"), "", *lines]))
    first = sorted(cases, key=lambda case: _STATES.index(case.state))[:_LISTED]
    actions = [Action(_line(visit, case), _order(visit, case.number), row=row) for row, case in enumerate(first)]
    fresh = sum(case.state == "new" for case in cases)
    return screen(visit, visit.text("radar-list", number=len(cases), fresh=fresh), *actions)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """A case, what to do with it, or the word with which it is closed."""
    if not _is_of_committee(visit):
        return None
    if not visit.order:
        return await _close(visit) if "close" in visit.session.staff else None
    first, *rest = visit.order
    if not first.isdecimal():
        return None
    case = await visit.house.radar.case(int(first))
    match rest:
        case ["close"]:
            visit.session.staff["close"] = case.number
            return screen(visit, visit.text("radar-ask-word"))
        case ["open"]:
            return proposing.ask_reason(visit, "open-names", {"case": case.number})
        case ["names"]:
            return await _names(visit, case)
    return await _read(visit, case)


async def _read(visit: Visit, case: Case) -> Sequence[Reply]:
    await visit.house.radar.looked_at(case.number, _name(visit))
    lines = [
        visit.text("radar-where", where=_where(visit, case), since=visit.hour(case.began), hour=visit.hour(case.ended)),
        visit.text(f"radar-odd-{case.detector}", **case.told()),
        visit.text(f"radar-innocent-{case.detector}"),
        visit.text("radar-only-asks"),
    ]
    if case.state == "closed":
        lines.append(visit.text("radar-closed-by", name=case.by, what=case.word))
    actions = []
    if case.state != "closed":
        actions.append(Action(visit.text("radar-close"), _order(visit, case.number, "close"), row=0))
    if case.detector not in _OF_THE_ROLL:
        actions.append(Action(visit.text("radar-open-names"), _order(visit, case.number, "open"), row=1))
        actions.append(Action(visit.text("radar-names"), _order(visit, case.number, "names"), row=2))
    actions.append(Action(visit.text("radar-all"), visit.payload(staff(KEY)), row=3))
    heading = visit.text("radar-case", number=case.number, what=visit.text(f"radar-kind-{case.detector}"))
    return screen(visit, "\n\n".join(lines), *actions, heading=heading)


async def _close(visit: Visit) -> Sequence[Reply]:
    word = " ".join(visit.phrase.text.split())
    if not word or len(word) > _LONGEST:
        return screen(visit, visit.text("radar-ask-word"), fresh=True)
    number = visit.session.staff.pop("close")
    await visit.house.radar.close(number, _name(visit), word)
    return screen(visit, visit.text("radar-is-closed", number=number), fresh=True)


async def _names(visit: Visit, case: Case) -> Sequence[Reply]:
    behind = await visit.house.radar.names(case.number, _name(visit))
    lines = [f"{each.member_id} {each.phone}".rstrip() for each in behind[:_NAMED]]
    if len(behind) > _NAMED:
        lines.append(visit.text("radar-more-names", number=len(behind) - _NAMED))
    text = visit.text("radar-behind", number=len(behind))
    again = Action(visit.text("radar-all"), visit.payload(staff(KEY)), row=0)
    return screen(visit, "\n".join([text, "", *lines]), again)


def _line(visit: Visit, case: Case) -> str:
    what, state = visit.text(f"radar-kind-{case.detector}"), visit.text(f"radar-state-{case.state}")
    return f"{case.number}. {what}, {_where(visit, case)} ({state})"


def _where(visit: Visit, case: Case) -> str:
    return ", ".join(filter(None, (case.region, case.branch))) or visit.text("radar-small-places")


def _order(visit: Visit, *parts: str | int) -> str:
    return visit.payload(staff(KEY, *parts))


def _name(visit: Visit) -> str:
    return visit.officer.name if visit.officer else ""


def _is_of_committee(visit: Visit) -> bool:
    return visit.officer is not None and visit.officer.role == "committee"


WORK = Work(KEY, "staff-radar", frozenset({"committee", "observer"}), show, hear)
