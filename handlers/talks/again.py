"""A vote again, and its withdrawal after the close. Both ask for a fresh code; until the new ballot is in, the old one
stands. "Not me" opens the way at once."""

from election.errors import Closed, NoMoreRedos, NotThatVote, RedoTooSoon, Refusal
from election.station import Voter
from handlers import notices, refusals
from handlers.speech import Action, Reply
from handlers.talks import sign_in
from handlers.visit import Visit


async def ask(visit: Visit) -> list[Reply] | None:
    """AGAIN, or the button: vote again where the rules allow it; after the close, take the vote out."""
    if not visit.session.member:
        return None
    try:
        voter = await visit.house.station.may_redo(visit.session.member, visit.now)
    except (RedoTooSoon, NoMoreRedos) as refusal:
        return [_not_now(visit, refusal)]
    except Closed:
        return await withdraw(visit)
    return await _begin(visit, voter) if voter.member.casts else None


async def not_me(visit: Visit, digits: str) -> list[Reply] | None:
    """It was not she who voted: the digits of the notice, or, empty, the button in her own chat."""
    if not visit.session.member:
        return None
    try:
        voter = await visit.house.station.disown(visit.session.member, digits, visit.now)
    except Closed:
        return await withdraw(visit)
    except NotThatVote as refusal:
        return [visit.incoming.reply(refusals.words(visit, refusal), fresh=True)]
    return await _begin(visit, voter)


async def withdraw(visit: Visit) -> list[Reply] | None:
    """Ask for a code to take the vote out of the box after the close."""
    voter = await visit.house.station.may_withdraw(visit.session.member, visit.now)
    session = visit.session
    session.forget_draft()
    session.proved_until = 0.0
    session.enter("withdraw")
    if visit.by_sms:
        code = await sign_in.code_in_reply(visit)
        return [visit.say("withdraw-ask-sms", code=code)]
    await _send_code(visit, voter)
    return [visit.say("withdraw-ask-chat", digits=visit.code_digits)]


async def hear_code(visit: Visit) -> list[Reply] | None:
    """In the chat: the code that proves her anew."""
    if await sign_in.prove_anew(visit):
        if visit.session.step == "again":
            visit.session.enter("contest", 0)
        return None
    return [visit.say("type-again-code", digits=visit.code_digits)]


async def hear_withdraw(visit: Visit) -> list[Reply] | None:
    """Yes takes the vote out; anything else leaves it in."""
    if not visit.proved:
        return [visit.say("code-first-withdraw")] if visit.by_sms else await hear_code(visit)
    said = visit.press or visit.phrase.meaning
    if said in {"out", "yes"}:
        voter = await visit.house.station.may_withdraw(visit.session.member, visit.now)
        await visit.house.station.withdraw(voter, visit.now)
        visit.session.enter("voted")
        return [visit.incoming.reply(visit.text("withdrawn"))]
    if said in {"keep", "no"}:
        visit.session.enter("voted")
        return [visit.incoming.reply(visit.text("not-withdrawn"))]
    return show_withdraw(visit)


def show_withdraw(visit: Visit) -> list[Reply]:
    """Really?"""
    actions = (
        Action(visit.text("withdraw"), visit.payload("out"), visit.text("word-yes"), row=0),
        Action(visit.text("keep"), visit.payload("keep"), visit.text("word-no"), row=1),
    )
    return [visit.incoming.reply(visit.text("withdraw-sure"), actions=actions)]


async def _begin(visit: Visit, voter: Voter) -> list[Reply] | None:
    session = visit.session
    session.forget_draft()
    session.redo = voter.number
    session.proved_until = 0.0
    if visit.by_sms:
        session.enter("contest", 0)
        return None  # the ballot, and in its footer the code
    await _send_code(visit, voter)
    session.enter("again")
    return [visit.say("again-code", digits=visit.code_digits)]


async def _send_code(visit: Visit, voter: Voter) -> None:
    await visit.house.sign_in.ask_for(
        visit.asker,
        voter.member,
        visit.session.purpose,
        election=visit.standing.definition.id,
        digits=visit.code_digits,
        hourly=await sign_in.hourly_budget(visit),
        wording=lambda code: notices.code_letter(visit.house.texts, visit.language, code),
        now=visit.now,
    )


def _not_now(visit: Visit, refusal: Refusal) -> Reply:
    """Not now by the rules; but if it was not she who voted, at once."""
    not_hers = Action(visit.text("not-me"), visit.payload("notme"), row=0)
    actions = () if visit.by_sms else (not_hers,)
    return visit.incoming.reply(refusals.words(visit, refusal), actions=actions, fresh=not visit.incoming.press)
