"""The desk: every message of every door comes here, one at a time for each sender, and leaves as replies.

Read, ask the station, answer. The session is kept before the reply is given, and a message delivered twice is
answered again without being done again.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from election.errors import (
    AlreadyVoted,
    Closed,
    NoElection,
    NothingToVoteIn,
    NotOpenYet,
    NotOwnContact,
    NotSignedIn,
    Paused,
    Refusal,
    SmsVotingOff,
    Stranger,
)
from election.ports import Fleeting, Limit
from handlers import lead, refusals
from handlers.phrases import read
from handlers.session import Session
from handlers.speech import Incoming, Language, Menu, Reply
from handlers.talks import another_bot, complaint, language, objection, shared_phone
from handlers.turns import Turns
from handlers.visit import House, Visit

_KEPT = int(timedelta(days=14).total_seconds())
_SEEN = int(timedelta(days=2).total_seconds())
_SMS_ANSWERS = (Limit(20, 600), Limit(60, 3_600))
"""Answers to one number: a forged sender must not make us flood somebody's phone."""


class Sealing(Protocol):
    """How sessions are kept at rest: a draft is a ballot in the making."""

    def close(self, plain: bytes) -> bytes:
        """Seal."""

    def open(self, note: bytes) -> bytes:
        """Open what was sealed."""

    def name(self, channel: str, sender: str) -> str:
        """The keyed name under which a sender's session is kept."""


class Desk:
    """`hear` answers every Refusal in words, but for a store that is away. What it raises was not answered: deliver
    it again."""

    def __init__(
        self, house: House, fleeting: Fleeting, turns: Turns, sealing: Sealing, clock: Callable[[], datetime]
    ) -> None:
        self._house = house
        self._fleeting = fleeting
        self._sealing = sealing
        self._clock = clock
        self._turns = turns

    async def hear(self, incoming: Incoming) -> Sequence[Reply]:
        """The replies to one message; none for a group, a stranger by SMS, or what has been answered before."""
        if not incoming.private:
            return []
        name = self._sealing.name(incoming.address.channel, incoming.address.sender)
        async with self._turns.of(name):
            now, message = self._clock(), _named(incoming)
            session = await self._session(name, now)
            again = message in session.heard
            if again and await self._fleeting.get(f"answered:{message}", now) is not None:
                return []
            replies = await self._answer(incoming, session, now, again=again)
            if not again:
                session.note_heard(message)
            await self._fleeting.put(f"session:{name}", self._sealing.close(session.packed()), _KEPT, now)
        return [self._renewing(each, name, session.stamp) if each.renewed else each for each in replies]

    async def answered(self, incoming: Incoming) -> None:
        """The door has delivered the replies: the same message once more needs no answer."""
        await self._fleeting.put(f"answered:{_named(incoming)}", b"", _SEEN, self._clock())

    def menus(self) -> Sequence[Menu]:
        """The commands menu in each language."""
        return lead.menus(self._house.texts)

    async def _answer(self, incoming: Incoming, session: Session, now: datetime, *, again: bool) -> Sequence[Reply]:
        phrase = read(incoming.text)
        before = session.language
        try:
            standing = await self._house.station.standing(now)
        except NoElection:
            spoken: Language = session.language or language.guess(incoming.language_hint, phrase) or "ru"
            text = self._house.texts.said(spoken, "no-election")
            return [] if incoming.claimed_phone else [incoming.reply(text, fresh=True)]
        visit = Visit(self._house, incoming, phrase, session, standing, now)
        try:
            replies = await objection.hear(visit) or await self._heard(visit, again=again)
        except Stranger:
            return []
        except NotSignedIn:
            session.member = ""
            session.forget_draft()
            session.enter("")
            replies = await lead.show(visit)
        except (AlreadyVoted, NotOpenYet, Paused, Closed, NothingToVoteIn) as refusal:
            replies = await lead.stopped(visit, refusal)
        except Refusal as refusal:
            replies = [_refused(visit, refusal)]
        return _with_menu(replies, before, session.language)

    async def _heard(self, visit: Visit, *, again: bool) -> Sequence[Reply]:
        await self._recognise(visit)
        if replies := await another_bot.show_the_way(visit):
            return replies
        await language.follow_link(visit)
        return await (lead.repeat(visit) if again else lead.hear(visit))

    async def _recognise(self, visit: Visit) -> None:
        session = visit.session
        digest = visit.standing.record.digest
        if session.election != digest:
            session.forget_draft()
            session.enter("")
            session.election = digest
        if visit.by_sms:
            await self._recognise_phone(visit)
        elif not session.member:
            member = await self._house.ledger.member_by_account("telegram", visit.incoming.address.sender)
            session.member = member.id if member and member.reach == "mobile" else ""
        if visit.phrase.meaning == "start" and session.member and not visit.by_sms:
            await self._house.ledger.chat_is_open("telegram", visit.incoming.address.sender)
        if not session.language:
            session.language = language.guess(visit.incoming.language_hint, visit.phrase) or ""

    async def _recognise_phone(self, visit: Visit) -> None:
        key = self._house.phones.phone_key(visit.incoming.claimed_phone)
        member = await self._house.ledger.member_by_phone(key)
        confirmed = [] if member else await self._house.ledger.confirmed_by_phone(key)
        if member is None and not confirmed:
            raise Stranger
        if await self._fleeting.spend(f"answers:{key.hex()}", _SMS_ANSWERS, visit.now) > 0:
            raise Stranger
        session = visit.session
        if member is None:
            session.language = session.language or visit.phrase.language or _known(confirmed[0].language) or "kk"
            member = shared_phone.who(visit, confirmed)
        if session.member != member.id:
            session.member, session.proved_until, session.complaint = member.id, 0.0, {}
            session.forget_draft()
            session.enter("")
        started = visit.phrase.language if visit.phrase.meaning == "start" else ""
        if started or not session.language:
            session.language = started or _known(member.language) or visit.phrase.language or "kk"
        enquires = visit.phrase.meaning in lead.ENQUIRIES or complaint.under_way(visit)
        if not visit.standing.definition.policy.sms_voting and not enquires:
            raise SmsVotingOff

    def _renewing(self, reply: Reply, name: str, stamp: int) -> Reply:
        """A screen that moves by itself stays as it is once its person has gone on to another, at whichever process."""
        renewed = reply.renewed

        async def still_there() -> Reply | None:
            if renewed is None or (await self._session(name, self._clock())).stamp != stamp:
                return None
            later = await renewed()
            return None if later is None else self._renewing(later, name, stamp)

        return replace(reply, renewed=still_there) if renewed else reply

    async def _session(self, name: str, now: datetime) -> Session:
        kept = await self._fleeting.get(f"session:{name}", now)
        # a session that was lost begins above every stamp it had: an old review's button never casts a newer draft
        return Session.unpacked(self._sealing.open(kept)) if kept else Session(stamp=int(now.timestamp()))


def _named(incoming: Incoming) -> str:
    """A short name of this message, the same whenever it is delivered."""
    return hashlib.sha256(f"{incoming.address.channel}:{incoming.id}".encode()).hexdigest()[:16]


def _refused(visit: Visit, refusal: Refusal) -> Reply:
    text = refusals.words(visit, refusal)
    if visit.incoming.press:
        return visit.incoming.reply("", toast=text)
    needs_contact = visit.session.step == "contact" or isinstance(refusal, NotOwnContact)
    return visit.incoming.reply(text, ask_contact=visit.text("share-number") if needs_contact else "", fresh=True)


def _known(roll_language: str) -> Language | None:
    return next((known for known in ("kk", "ru", "en") if known == roll_language), None)


def _with_menu(
    replies: Sequence[Reply], before: Language | Literal[""], after: Language | Literal[""]
) -> Sequence[Reply]:
    """Mark the first reply when the member's language has become known or changed: the door has a menu in it."""
    if not replies or before == after or not after:
        return replies
    return [replace(replies[0], menu_language=after), *replies[1:]]
