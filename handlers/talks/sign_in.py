"""Sign in: show one's own number, get a code by SMS, type it here. By SMS the number shows itself."""

import re
from contextlib import suppress

from election import codes
from election.errors import CodeExpired, NotOwnContact, PhoneUnreadable, WhichMember
from election.phone import from_contact, masked
from election.ports import Member
from handlers import notices
from handlers.phrases import read
from handlers.speech import Reply
from handlers.visit import Visit

_WORDS = re.compile(r"[^\W\d_]+")


def show_contact(visit: Visit) -> list[Reply]:
    """Ask for one's own number."""
    visit.session.enter("contact")
    reply = visit.incoming.reply(
        visit.text("ask-contact" if _needs_contact(visit) else "ask-phone"),
        heading=visit.title,
        ask_contact=visit.text("share-number"),
        fresh=True,
    )
    return [reply]


async def hear_contact(visit: Visit) -> list[Reply] | None:
    """One's own contact; or, where the rules ask for a code alone, a typed number."""
    contact = visit.incoming.contact
    if contact is not None:
        if not contact.own:
            with suppress(PhoneUnreadable):
                await visit.house.sign_in.not_own(visit.asker, from_contact(contact.digits), visit.now)
            raise NotOwnContact
        return await _send_code(visit, from_contact(contact.digits))
    if visit.session.phone and codes.alone(visit.phrase.text, visit.code_digits):
        return await hear_code(visit)
    if _needs_contact(visit):
        return [_awaiting_contact(visit, "awaiting-contact")]
    typed = "".join(sign for sign in visit.phrase.text if sign.isdigit() or sign == "+")
    if len(typed) < 10:
        return [_awaiting_contact(visit, "ask-phone")]
    return await _send_code(visit, from_contact(typed))


async def hear_code(visit: Visit) -> list[Reply] | None:
    """The code from the SMS, or the whole SMS pasted. Anything that cannot be one costs no try."""
    if visit.incoming.contact:
        return await hear_contact(visit)
    typed = codes.alone(visit.phrase.text, visit.code_digits)
    if not typed:
        return [visit.say("type-code", digits=visit.code_digits)]
    await _signed_in(visit, [typed])
    return None


async def hear_which(visit: Visit) -> list[Reply] | None:
    """Her member number, on a phone of several whose code was right a moment ago."""
    if visit.incoming.contact:
        return await hear_contact(visit)
    session = visit.session
    if not session.phone or visit.now.timestamp() >= session.proved_until:
        session.enter("contact")
        raise CodeExpired
    await _enter(visit, await visit.house.sign_in.say_who(visit.asker, session.phone, visit.phrase.text, visit.now))
    return None


async def again(visit: Visit) -> list[Reply]:
    """A new code to the number shown before."""
    if not visit.session.phone:
        return show_contact(visit)
    return await _send_code(visit, visit.session.phone)


async def prove_by_sms(visit: Visit) -> None:
    """Take a code out of an SMS, and leave in `visit.phrase` what stands beside it.

    A code said again when it has already vouched for the sender is passed over: people answer every question so.
    Then only a group of its own is one, for eight digits may also be the numbers of several candidates.
    """
    typed = visit.phrase.text
    if visit.phrase.meaning and not (visit.phrase.meaning == "start" and visit.phrase.rest):
        return
    if visit.proved:
        whole = codes.group_of_its_own(typed, codes.DIGITS_ALONE)
        found = [whole] if whole else []
    else:
        found = codes.readings(typed, codes.DIGITS_ALONE)
    if not found:
        return
    beside = dict(found)
    taken = found[0][0] if visit.proved else await _signed_in(visit, list(beside))
    visit.phrase = read(" ".join(map(str, beside[taken])) or " ".join(_WORDS.findall(typed)))


async def prove_anew(visit: Visit) -> bool:
    """In the chat: the code for a vote again, or its withdrawal; False when nothing like a code was typed."""
    typed = codes.alone(visit.phrase.text, visit.code_digits)
    if typed:
        await _signed_in(visit, [typed])
    return bool(typed)


async def code_in_reply(visit: Visit) -> str:
    """By SMS: a fresh code that goes into this very answer."""
    return await visit.house.sign_in.ask_in_reply(
        visit.asker,
        visit.incoming.claimed_phone,
        election=visit.standing.definition.id,
        hourly=await hourly_budget(visit),
        now=visit.now,
        purpose=visit.session.purpose,
        member_id=visit.session.member,
    )


async def _send_code(visit: Visit, phone: str) -> list[Reply]:
    session = visit.session
    await visit.house.sign_in.ask_by_letter(
        visit.asker,
        phone,
        election=visit.standing.definition.id,
        digits=visit.code_digits,
        hourly=await hourly_budget(visit),
        wording=lambda code: notices.code_letter(visit.house.texts, visit.language, code),
        now=visit.now,
    )
    session.phone = phone
    session.enter("code")
    text = visit.text("code-sent", phone=masked(phone), digits=visit.code_digits)
    return [visit.incoming.reply(text, drop_contact=True, fresh=True)]


async def _signed_in(visit: Visit, guesses: list[str]) -> str:
    try:
        member, guess = await visit.house.sign_in.answer(
            visit.asker,
            guesses,
            election=visit.standing.definition.id,
            now=visit.now,
            purpose=visit.session.purpose,
        )
    except WhichMember:
        visit.session.enter("which")
        visit.session.proved_until = (visit.now + codes.LIFE).timestamp()
        raise
    await _enter(visit, member)
    return guess


async def _enter(visit: Visit, member: Member) -> None:
    session = visit.session
    kept = visit.by_sms or session.purpose != "sign-in"
    session.member = member.id
    session.phone = ""
    session.proved_until = (visit.now + codes.PROOF_BY_SMS).timestamp() if kept else 0.0
    if session.step in {"code", "contact", "which"}:
        session.enter("")
    if session.language and session.language != member.language:
        await visit.house.ledger.set_preferences(member.id, language=session.language)


async def hourly_budget(visit: Visit) -> int:
    """How many code messages an hour the election allows: as its rules say, or one a member and no less than 600."""
    given = visit.standing.definition.policy.sms_per_hour
    if given:
        return given
    regions = await visit.house.station.turnout(visit.now)
    return max(600, sum(region.electorate for region in regions))


def _needs_contact(visit: Visit) -> bool:
    return visit.standing.definition.policy.assurance == "contact+code"


def _awaiting_contact(visit: Visit, key: str) -> Reply:
    return visit.incoming.reply(visit.text(key), ask_contact=visit.text("share-number"), fresh=True)
