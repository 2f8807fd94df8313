"""A guarded act is proposed: why, a last look, and then it waits for another person."""

from collections.abc import Sequence

from election.deeds.deed import About
from election.ports import Act
from handlers.speech import Action, Reply
from handlers.staff import GO, back, screen, staff
from handlers.visit import Visit

_LONGEST = 300


def told(visit: Visit, kind: str, about: About) -> str:
    """What the act would do, in the officer's language."""
    return visit.text(f"deed-{kind}", **about)


def ask_reason(visit: Visit, kind: str, about: About) -> Sequence[Reply]:
    """Ask why, before it is proposed; to be returned by the work that leads here."""
    visit.session.staff |= {"kind": kind, "about": dict(about)}
    text = "\n\n".join([told(visit, kind, about), visit.text("staff-ask-reason")])
    return screen(visit, text)


def is_on(visit: Visit) -> bool:
    """Whether an act is about to be proposed."""
    return "kind" in visit.session.staff


async def hear(visit: Visit) -> Sequence[Reply]:
    """The reason, or the word to propose it."""
    notes = visit.session.staff
    kind, about = notes["kind"], notes["about"]
    if not visit.order:
        reason = " ".join(visit.phrase.text.split())
        if not reason or len(reason) > _LONGEST:
            return screen(visit, visit.text("staff-reason-long", most=_LONGEST), fresh=True)
        notes["reason"] = reason
    reason = notes.get("reason", "")
    if not reason:
        return ask_reason(visit, kind, about)
    if not visit.order:
        return _confirm(visit, kind, about, reason)
    try:
        act = await visit.house.commission.propose(kind, visit.session.officer, reason, visit.now, about)
    finally:
        for name in ("kind", "about", "reason"):
            notes.pop(name, None)
    return _done(visit, act)


def _confirm(visit: Visit, kind: str, about: About, reason: str) -> Sequence[Reply]:
    two = visit.standing.definition.commission.two_person
    text = "\n\n".join([told(visit, kind, about), visit.text("staff-reason", reason=reason)])
    go = Action(visit.text("staff-propose" if two else "staff-do-it"), visit.payload(staff(GO)), row=0)
    return screen(visit, text, go)


def _done(visit: Visit, act: Act) -> Sequence[Reply]:
    key = "staff-proposed" if act.state == "pending" else "staff-done"
    return [visit.incoming.reply(visit.text(key, number=act.number), actions=(back(visit),))]
