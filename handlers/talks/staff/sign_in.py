"""An officer shows her own number and types the code that comes to it."""

from collections.abc import Sequence

from election import codes
from election.errors import NotOwnContact
from election.phone import from_contact
from election.staff_sign_in import AT_WORK, officer_with
from handlers.speech import Reply
from handlers.visit import Visit


def show(visit: Visit) -> Sequence[Reply]:
    """What is awaited: the number, or the code."""
    if visit.session.step == "staff-code":
        return [visit.say("staff-type-code", digits=codes.DIGITS_WITH_CONTACT)]
    visit.session.enter("staff-contact")
    return [visit.incoming.reply(visit.text("staff-ask-contact"), ask_contact=visit.text("share-number"), fresh=True)]


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """The contact or the code; None when she is in, or nothing of it came."""
    contact = visit.incoming.contact
    if contact is not None:
        if not contact.own:
            raise NotOwnContact
        return await _ask(visit, from_contact(contact.digits))
    if visit.session.step != "staff-code":
        return None
    if visit.phrase.meaning == "code" and visit.session.phone:
        return await _ask(visit, visit.session.phone)
    typed = codes.alone(visit.phrase.text, codes.DIGITS_WITH_CONTACT)
    if not typed:
        return None
    definition = visit.standing.definition
    officer = await visit.house.staff.answer(
        visit.asker, typed, definition.commission.officers, election=definition.id, now=visit.now
    )
    session = visit.session
    session.officer, session.officer_until = officer.name, (visit.now + AT_WORK).timestamp()
    session.phone = ""
    session.enter("staff")
    return None


async def _ask(visit: Visit, phone: str) -> Sequence[Reply]:
    definition = visit.standing.definition
    await visit.house.staff.ask(
        visit.asker,
        officer_with(definition.commission, phone),
        election=definition.id,
        wording=lambda code: visit.text("staff-code-letter", code=code),
        now=visit.now,
    )
    visit.session.phone = phone
    visit.session.enter("staff-code")
    text = visit.text("staff-code-sent", digits=codes.DIGITS_WITH_CONTACT)
    return [visit.incoming.reply(text, drop_contact=True, fresh=True)]
