"""Broadcasts put together: what one says in each language, whom it would reach, and how it reaches them.

The command line, the clock and the organiser's chat all plan here: `preview`, then `put_down`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from board.chart import drawn
from dauys import acts_told
from dauys.settings import Settings
from election.broadcasts import LETTER_LIFE, Broadcast, Plan, Recipient, Way, seconds_for, segments_for
from election.bulletin_news import news
from election.definition import LANGUAGES, Definition, Language, Words
from election.errors import OperatorRefusal
from election.ports import Letter
from handlers import notices
from handlers.announcing import Preview, Said
from handlers.speech import Reply
from handlers.texts import Texts
from scheduler.course import Fate

if TYPE_CHECKING:
    from dauys.wiring import Hall

Still = Callable[[], Awaitable[bool]]
SayInChat = Callable[[Reply, bytes, Still | None], Awaitable[Fate]]
"""Sends a message with a picture, or without where it is empty; the last asks whether it is still to be sent."""


async def preview(hall: Hall, settings: Settings, plan: Plan) -> Preview:
    """What this broadcast would say and to how many. Raises OperatorRefusal where it can reach nobody or says nothing.

    It looks over the whole roll: for a person who asks, not for a machine.
    """
    from sms_gateway.segments import segments

    said = await what_is_said(hall, settings, plan)
    reach = await hall.store.broadcasts.reach(plan, plan.made_at)
    found: dict[Way, int] = {}
    for way in plan.ways:
        members = sum(number for (by, _), number in reach.items() if by == way)
        found[way] = len(plan.channels) if way == "channels" else members
    letters = {language: reach.get(("sms", language), 0) for language in LANGUAGES} if "sms" in plan.ways else {}
    billed = segments_for(letters, {language: segments(text) for language, text in said.sms.items()})
    messages = found.get("telegram", 0) + found.get("channels", 0)
    return Preview(plan, said, found, seconds_for(messages, telegram_pace(settings)), billed, settings.SMS_PRICE)


def telegram_pace(settings: Settings) -> float:
    """Messages a second that all bots together may send unasked."""
    return settings.TELEGRAM_PER_SECOND * max(len(settings.tokens), 1)


async def put_down(hall: Hall, found: Preview) -> int:
    """Plan it; its number."""
    return await hall.store.broadcasts.plan(found.plan, found.expected)


async def a_message(hall: Hall, text: Words, ways: Sequence[Way], due_at: datetime, by: str, now: datetime) -> Plan:
    """The plan of an organiser's words."""
    _, definition = await hall.election(now)
    return Plan("message", tuple(ways), due_at, now, by, _channels(definition, ways), text)


async def a_bulletin(hall: Hall, number: int, ways: Sequence[Way], by: str, now: datetime) -> Plan:
    """The plan of a bulletin that is published already."""
    _, definition = await hall.election(now)
    return Plan("bulletin", tuple(ways), now, now, by, _channels(definition, ways), None, number)


async def a_reminder(hall: Hall, ways: Sequence[Way], due_at: datetime, by: str, now: datetime) -> Plan:
    """The plan of "you have not voted yet"; a channel has no right to vote."""
    standing = await hall.standing.now_standing(now)
    if standing.record.stage != "open" or standing.is_past(now):
        raise OperatorRefusal("not_open", "The voting is not open, so nobody can be reminded to vote.")
    return Plan("reminder", tuple(way for way in ways if way != "channels"), due_at, now, by)


async def what_is_said(hall: Hall, settings: Settings, plan: Plan) -> Said:
    """The words of a broadcast, made of what it is about."""
    _, definition = await hall.election(plan.made_at)
    texts, zone = Texts(), ZoneInfo(definition.timezone)
    if plan.kind == "announcement":
        return await acts_told.what_is_said(hall, plan.act, plan.made_at)
    if plan.kind == "bulletin":
        return await _bulletin(hall, settings, plan.bulletin, texts, definition)
    if plan.kind == "reminder":
        closes = (await hall.standing.now_standing(plan.made_at)).closes
        return Said(
            {each: notices.reminder(texts, each, closes, zone, by_sms=False) for each in LANGUAGES},
            "",
            {each: notices.reminder(texts, each, closes, zone, by_sms=True) for each in LANGUAGES},
        )
    words = plan.text or Words("", "", "")
    plain = {each: words.said(each) for each in LANGUAGES}
    if plan.kind == "word":
        return Said(plain, "", plain)
    return Said(
        {each: notices.in_chat(texts, each, words.said(each)) for each in LANGUAGES},
        notices.in_channel(words),
        plain,
    )


async def _bulletin(hall: Hall, settings: Settings, number: int, texts: Texts, definition: Definition) -> Said:
    bulletins = await hall.store.books.bulletins()
    if not 1 <= number <= len(bulletins):
        raise OperatorRefusal("no_bulletin", f"There is no bulletin {number}; see `dauys bulletin publish`.")
    told = [json.loads(body) for body in bulletins[:number]]
    found = news(told[-1], told[-2] if number > 1 else None)
    zone, board = ZoneInfo(definition.timezone), settings.BOARD_URL
    return Said(
        {each: notices.bulletin_in_chat(texts, each, found, zone, board) for each in LANGUAGES},
        notices.bulletin_in_channel(texts, found, zone, board),
        {each: notices.bulletin_by_sms(texts, each, found, zone) for each in LANGUAGES},
        await asyncio.to_thread(_charts, settings.BOARD_DIR, bulletins[:number], definition.timezone),
    )


def _charts(board: Path, bulletins: Sequence[bytes], timezone: str) -> Mapping[Language, bytes]:
    """Those on the board where they are of this bulletin, else drawn now."""
    latest = board / "latest.json"
    files = {language: board / f"chart-{language}.png" for language in LANGUAGES}
    if latest.is_file() and latest.read_bytes() == bulletins[-1] and all(file.is_file() for file in files.values()):
        return {language: file.read_bytes() for language, file in files.items()}
    return {language: drawn(bulletins, language, timezone) for language in LANGUAGES}


def _channels(definition: Definition, ways: Sequence[Way]) -> tuple[str, ...]:
    return definition.bulletins.channels if "channels" in ways else ()


class Speaker:
    """scheduler.course.Script over a Telegram door and the outbox."""

    def __init__(self, hall: Hall, broadcast: Broadcast, said: Said, say: SayInChat, clock: Callable[[], datetime]):
        self._hall = hall
        self._reminding = broadcast.plan.kind == "reminder"
        self._to_one = broadcast.plan.kind == "word"
        self._said = said
        self._say = say
        self._clock = clock

    async def say(self, recipient: Recipient) -> Fate:
        """See Script."""
        if recipient.way == "channels":
            picture = self._said.pictures.get(LANGUAGES[0], b"")
            return await self._say(notices.unasked(recipient.key, "", self._said.channel), picture, None)
        text = self._to(recipient).chat[recipient.language]
        picture = self._said.pictures.get(recipient.language, b"")
        still = self._reminder_of(recipient.member_id) if self._reminding else None
        return await self._say(notices.unasked(recipient.key, recipient.door, text), picture, still)

    def letter(self, recipient: Recipient, now: datetime) -> Letter:
        """See Script."""
        body = self._hall.strongroom.seal_letter(self._to(recipient).sms[recipient.language])
        if self._to_one:  # never old news
            return Letter("notice", recipient.sealed_phone, body, now)
        return Letter("broadcast", recipient.sealed_phone, body, now, now + LETTER_LIFE)

    def _to(self, recipient: Recipient) -> Said:
        return self._said.again if recipient.again and self._said.again else self._said

    def _reminder_of(self, member_id: str) -> Still:
        """Whether she is still to be reminded: asked in the moment in which it would leave, and noted. Each further
        try asks again, with the moment of the first."""
        first: list[datetime] = []

        async def still() -> bool:
            if not first:
                first.append(self._clock())
            return await self._hall.store.broadcasts.remind(member_id, first[0])

        return still
