"""Which talk has the word? Commands first, then the buttons of the screen, then the step the person is at."""

from collections.abc import Awaitable, Callable, Sequence

from election import receipt
from election.errors import AlreadyVoted, Refusal
from election.station import Voter
from handlers.session import Session
from handlers.speech import Command, Menu, Reply
from handlers.staff import STEPS
from handlers.talks import again, complaint, contest, enquiries, language, review, sign_in, struck, voted
from handlers.talks.staff import at_work
from handlers.texts import LANGUAGES, Texts
from handlers.visit import Visit

ENQUIRIES = frozenset({"status", "turnout", "check", "help", "stop", "complaint"})
_COMMANDS = ("start", "status", "turnout", "check", "complain", "language", "help")


async def hear(visit: Visit) -> Sequence[Reply]:
    """Answer one message."""
    if visit.by_sms:
        typed = visit.phrase
        await sign_in.prove_by_sms(visit)
        if visit.phrase is not typed:  # who sends a code is about to vote
            complaint.leave(visit)
    replies = await complaint.hear(visit)
    if replies is None:
        replies = await _hear(visit)
    return await show(visit) if replies is None else replies


async def show(visit: Visit) -> Sequence[Reply]:
    """The screen of the step this person has come to: where she left, or what comes next."""
    session = visit.session
    if not session.language:
        return language.show(visit)
    if session.step in STEPS and not visit.by_sms:
        return await at_work.show(visit)
    if not session.member:
        if session.step == "code":
            return [visit.say("type-code", digits=visit.code_digits)]
        if session.step == "which":
            return [visit.say("which-member-chat")]
        return sign_in.show_contact(visit)
    if session.step == "again":
        return [visit.say("type-again-code", digits=visit.code_digits)]
    if session.step == "withdraw":
        return again.show_withdraw(visit) if visit.proved else await again.withdraw(visit) or []
    voter = await visit.house.station.may_vote(session.member, visit.now, session.redo)
    _arrive(session, voter)
    lost = struck.take_out(visit, voter)
    footer = await _sms_footer(visit)
    if lost:
        return struck.tell(visit, voter, lost, footer)
    if session.step == "change":
        return review.show_change(visit, voter, footer)
    if session.step == "review":
        return review.show(visit, voter, footer)
    return contest.show(visit, voter, footer)


async def repeat(visit: Visit) -> Sequence[Reply]:
    """The answer to a message that was delivered twice: the screen it led to, and nothing done again."""
    asked = _ASIDES.get(visit.phrase.meaning or "")
    if asked:
        return await asked(visit)
    if told := await complaint.repeat(visit):
        return told
    if visit.session.step == "voted":
        return await voted.repeat(visit)
    return await show(visit)


async def stopped(visit: Visit, refusal: Refusal) -> Sequence[Reply]:
    """A member who may not vote now, or has voted: say so, and keep her draft for later where that has a sense."""
    if isinstance(refusal, AlreadyVoted):
        return await voted.again(visit)
    return enquiries.not_now(visit, refusal)


def menus(texts: Texts) -> Sequence[Menu]:
    """The commands menu in each language."""
    return [
        Menu(spoken, tuple(Command(name, texts.said(spoken, f"menu-{name}")) for name in _COMMANDS))
        for spoken in LANGUAGES
    ]


async def _hear(visit: Visit) -> Sequence[Reply] | None:
    meaning = visit.phrase.meaning
    if visit.session.language and at_work.is_meant(visit):
        return await at_work.hear(visit)
    if visit.incoming.press:
        return await _pressed(visit)
    asked = _ASIDES.get(meaning or "")
    if asked and not visit.incoming.contact:
        return await asked(visit)
    if meaning is None and not visit.phrase.numbers and receipt.read(visit.phrase.text):
        return await enquiries.check(visit)
    if meaning == "language":
        return language.show(visit)
    if meaning == "again":
        return await again.ask(visit)
    if meaning == "no" and visit.phrase.rest:
        return await again.not_me(visit, visit.phrase.rest)
    if meaning == "code" and not visit.session.member:
        return await sign_in.again(visit)
    if meaning == "code" and visit.session.purpose != "sign-in":
        return await again.ask(visit)
    if meaning in {"start", "code"} or _is_plain_first_sms(visit):
        if visit.session.step in {"code", "which"} and not visit.phrase.by_link:
            visit.session.enter("contact")
        if visit.session.step in {"again", "withdraw"}:  # she leaves her vote as it is
            visit.session.forget_draft()
            visit.session.enter("")
        if visit.session.step in STEPS:
            visit.session.enter("")
        return None
    return await _at_step(visit)


async def _pressed(visit: Visit) -> Sequence[Reply] | None:
    if not visit.press:
        # an old button, or one of another election: show in its place what is true now
        return None
    if visit.press == "turn":
        return await enquiries.turnout(visit)
    if visit.press == "again":
        return await again.ask(visit)
    if visit.press == "notme":
        return await again.not_me(visit, "")
    return await _at_step(visit)


async def _at_step(visit: Visit) -> Sequence[Reply] | None:
    session = visit.session
    if session.step == "language":
        return await language.hear(visit)
    if not session.language:
        return None
    if not session.member:
        if session.step == "code":
            return await sign_in.hear_code(visit)
        if session.step == "which":
            return await sign_in.hear_which(visit)
        if session.step != "contact" and not visit.incoming.contact:
            return None
        return await sign_in.hear_contact(visit)
    if session.step == "again":
        return await again.hear_code(visit)
    if session.step == "withdraw":
        return await again.hear_withdraw(visit)
    if not visit.proved:
        return await _unproved(visit) if visit.by_sms else await again.ask(visit)
    if session.step not in {"contest", "review", "change"}:
        return None
    voter = await visit.house.station.may_vote(session.member, visit.now, session.redo)
    _arrive(session, voter)
    if lost := struck.take_out(visit, voter):
        return struck.tell(visit, voter, lost)
    if visit.incoming.other or visit.incoming.contact:
        return [await _awaited(visit, voter)]
    return await _BALLOT[session.step](visit, voter)


async def _awaited(visit: Visit, voter: Voter) -> Reply:
    if visit.session.step == "contest":
        return contest.awaiting(visit, voter.style[visit.session.contest])
    if visit.session.step == "change":
        return visit.say("awaiting-change", last=len(voter.style))
    return visit.say("awaiting-cast-sms" if visit.by_sms else "awaiting-cast-chat")


async def _unproved(visit: Visit) -> Sequence[Reply] | None:
    """By SMS a choice or a yes without a code is not hers yet; anything else brings the contest with a code."""
    if visit.phrase.numbers or visit.phrase.meaning in {"yes", "no"}:
        await visit.house.station.may_vote(visit.session.member, visit.now, visit.session.redo)
        return [visit.say("code-first")]
    return None


def _arrive(session: Session, voter: Voter) -> None:
    """Put somebody who comes from elsewhere back to where she left: a contest, or the review behind the last."""
    if session.step not in {"contest", "review", "change"}:
        session.enter("contest" if session.contest < len(voter.style) else "review")


async def _sms_footer(visit: Visit) -> str:
    """How to answer by SMS, with a fresh code where none has vouched for the sender yet."""
    if not visit.by_sms:
        return ""
    place = "review" if visit.session.step == "review" else "contest"
    if visit.proved:
        return "" if place == "review" else visit.text("answer-by-number")
    code = await sign_in.code_in_reply(visit)
    return visit.text(f"answer-with-code-{place}", code=code)


def _is_plain_first_sms(visit: Visit) -> bool:
    return visit.by_sms and visit.session.step in {"", "waiting"}


async def _help(visit: Visit) -> Sequence[Reply]:
    return enquiries.help_(visit)


_BALLOT: dict[str, Callable[[Visit, Voter], Awaitable[list[Reply] | None]]] = {
    "contest": contest.hear,
    "review": review.hear,
    "change": review.hear_change,
}

_ASIDES: dict[str, Callable[[Visit], Awaitable[Sequence[Reply]]]] = {
    "turnout": enquiries.turnout,
    "status": enquiries.status,
    "check": enquiries.check,
    "stop": enquiries.stop,
    "complaint": complaint.ask,
    "help": _help,
}
