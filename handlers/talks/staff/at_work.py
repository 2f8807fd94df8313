"""Where an officer's message goes: to her sign-in, to the work that is on, or to the menu."""

from collections.abc import Sequence

from election.errors import OperatorRefusal
from handlers.speech import Reply
from handlers.staff import GO, MENU, OUT, STEPS, back, order, refused
from handlers.talks.staff import menu, proposing, sign_in
from handlers.visit import Visit


def is_meant(visit: Visit) -> bool:
    """Whether this message is an officer's: she asks to work, or is at it and says no other command."""
    if visit.incoming.press:
        return bool(order(visit.press))
    if visit.phrase.meaning == "staff":
        return True
    if visit.session.step not in STEPS or visit.by_sms:
        return False
    asks_for_code = visit.phrase.meaning == "code" and visit.session.step == "staff-code"
    return asks_for_code or not visit.phrase.text.startswith("/")


async def hear(visit: Visit) -> Sequence[Reply]:
    """Answer an officer."""
    if visit.by_sms:
        return [visit.say("staff-in-telegram")]
    if visit.officer is None:
        return await _let_in(visit)
    visit.order = order(visit.press)
    visit.session.enter("staff")
    try:
        return await _at_work(visit)
    except OperatorRefusal as refusal:
        return [visit.incoming.reply(refused(visit, refusal), actions=(back(visit),), fresh=True)]


async def show(visit: Visit) -> Sequence[Reply]:
    """The screen she has come to."""
    if visit.officer is None:
        return sign_in.show(visit)
    visit.session.enter("staff")
    work = menu.work_on(visit)
    return await work.show(visit) if work else menu.show(visit)


async def _let_in(visit: Visit) -> Sequence[Reply]:
    if visit.session.step not in {"staff-contact", "staff-code"} or visit.phrase.meaning == "staff":
        visit.session.enter("staff-contact")
    replies = await sign_in.hear(visit)
    return await show(visit) if replies is None else replies


async def _at_work(visit: Visit) -> Sequence[Reply]:
    session = visit.session
    if visit.phrase.meaning == "staff" or visit.order[:1] == [MENU]:
        return menu.show(visit)
    if visit.order[:1] == [OUT]:
        session.officer, session.officer_until, session.staff = "", 0.0, {}
        session.enter("")
        return [visit.incoming.reply(visit.text("staff-signed-out"))]
    if proposing.is_on(visit) and (not visit.order or visit.order[0] == GO):
        return await proposing.hear(visit)
    if visit.order:
        key, *visit.order = visit.order
        if session.staff.get("work") != key or not visit.order:
            session.staff = {"work": key}
    work = menu.work_on(visit)
    if work is None:
        return menu.show(visit)
    replies = await work.hear(visit) if visit.order or not visit.incoming.press else None
    return await work.show(visit) if replies is None else replies
