"""A vote tried out in each language, in a store that is thrown away: what the carrier would bill for the real texts.

The conversation itself is asked, so an estimate follows every change of a text and every name on the ballot.
"""

import re
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dauys.settings import Settings
from dauys.wiring import Hall, make_desk, open_fleeting, open_hall
from election.codes import DIGITS_ALONE, DIGITS_WITH_CONTACT
from election.definition import LANGUAGES, Definition, Language
from election.election_file import parse
from handlers import notices
from handlers.desk import Desk
from handlers.speech import Address, Channel, Incoming, Reply
from handlers.texts import Texts
from sms_gateway.numbered import conversation
from sms_gateway.segments import segments
from storage.roll_files.staging import StagedMember
from vault.ceremony import hold_ceremony

_BEGIN: Mapping[Language, str] = {"kk": "ДАУЫС", "ru": "ГОЛОС", "en": "VOTE"}
_CODE = re.compile(rf"(?<!\d)\d{{{DIGITS_ALONE}}}(?!\d)")
_BETWEEN = timedelta(seconds=31)
"""Between two messages of the member who tries it out; a number is answered twenty times in ten minutes."""
_HOUR, _DIGITS = "14:03 01.12", "4471"


@dataclass(frozen=True, slots=True)
class Billed:
    """Segments in one language. `code`: the letter with a code. `notice`: after a vote by Telegram, and `notice_sms`
    after one by SMS. `ballot`: all answers to one member who votes by SMS; 0 where that is not possible. `reminder` and
    `bulletin`: one of each by SMS."""

    code: int
    notice: int
    notice_sms: int
    ballot: int
    reminder: int
    bulletin: int


async def tried_out(text: str, voters: int, now: datetime) -> Mapping[Language, Billed]:
    """What one vote of this election file costs in each language, with the longest ballot it has. `voters`: as many as
    a bulletin would tell of."""
    definition = parse(text)
    ballots = await _ballots(text, definition, now) if definition.policy.sms_voting else {}
    texts = Texts()
    return {language: _billed(texts, language, definition, voters, ballots.get(language, 0)) for language in LANGUAGES}


def _billed(texts: Texts, language: Language, definition: Definition, voters: int, ballot: int) -> Billed:
    digits = DIGITS_WITH_CONTACT if definition.policy.assurance == "contact+code" else DIGITS_ALONE
    zone = ZoneInfo(definition.timezone)

    def notice(channel: Channel) -> int:
        answered = definition.policy.sms_voting
        return segments(notices.vote_notice(texts, language, channel, _HOUR, _DIGITS, answered_by_sms=answered))

    figures: dict[str, str | int] = {"voted": voters, "electorate": voters, "gained": voters}
    news = texts.said(language, "bulletin-sms", hour=_HOUR, since=_HOUR, percent="100,0", **figures)
    return Billed(
        code=segments(notices.code_letter(texts, language, "8" * digits)),
        notice=notice("telegram"),
        notice_sms=notice("sms"),
        ballot=ballot,
        reminder=segments(notices.reminder(texts, language, definition.closes, zone, by_sms=True)),
        bulletin=segments(news),
    )


async def _ballots(text: str, definition: Definition, now: datetime) -> Mapping[Language, int]:
    """Each member votes by SMS to the end; the segments of all that she gets back."""
    at = definition.closes - timedelta(hours=1) if definition.closes else now
    with tempfile.TemporaryDirectory(prefix="dauys-cost-") as folder:
        settings = Settings(
            _env_file=None,
            DATABASE_URL=f"sqlite:///{folder}/store.sqlite3",
            REDIS_URL="",
            SECRET_KEY_FILE=Path(folder) / "keys.json",
        )
        async with open_hall(settings) as hall, open_fleeting(settings) as fleeting:
            await _open(hall, text, definition, at)
            clock = _Hand(at)
            desk = make_desk(hall, fleeting, clock)
            return {
                language: await _votes(desk, clock, _phone(number), _BEGIN[language], len(definition.contests))
                for number, language in enumerate(LANGUAGES)
            }


async def _open(hall: Hall, text: str, definition: Definition, at: datetime) -> None:
    await hall.store.office.load_election(text, definition.digest)
    key, _ = hold_ceremony(definition.id, 5, 3, secrets.token_bytes(16))
    await hall.store.office.set_public_key(key.public_key, key.commitments, key.threshold)
    region, branch = _longest(definition)
    people = [
        StagedMember(language, language, _phone(number), "mobile", region, branch, "", language, number)
        for number, language in enumerate(LANGUAGES)
    ]
    await hall.store.roll.import_roll([people], hall.strongroom.phone_key, hall.strongroom.seal_phone)
    await hall.commission.by_the_timetable("open", at)


def _longest(definition: Definition) -> tuple[str, str]:
    """The region and branch with the most contests."""
    regions = sorted({""}.union(*(contest.regions or () for contest in definition.contests)))
    branches = sorted({""}.union(*(contest.branches or () for contest in definition.contests)))
    places = [(region, branch) for region in regions for branch in branches]
    return max(places, key=lambda place: len(definition.style(*place)))


async def _votes(desk: Desk, clock: "_Hand", phone: str, words: str, contests: int) -> int:
    """Answer with the first that is offered until nothing is."""
    billed = 0
    for step in range(2 * contests + 4):
        heard = Incoming(id=str(step), address=Address("sms", phone, phone, ""), text=words, claimed_phone=phone)
        replies = await desk.hear(heard)
        billed += sum(map(segments, conversation(replies)))
        answer = _answer(replies)
        if not answer:
            break
        words = answer
        clock.at += _BETWEEN
    return billed


def _answer(replies: Sequence[Reply]) -> str:
    """What the last reply asks for; nothing where it asks for nothing."""
    if not replies:
        return ""
    last = replies[-1]
    said = "1" if last.options else next((action.word for action in last.actions if action.word), "")
    code = _CODE.search(last.footer)
    return f"{code[0]} {said}" if code and said else said


def _phone(number: int) -> str:
    return f"+7701000000{number}"


@dataclass(slots=True)
class _Hand:
    """A clock that is moved."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at
