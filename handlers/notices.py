"""Messages that are not replies: the letter with the code and the notice after every vote, which go by SMS, and what
broadcasts say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from election.bulletin_news import BulletinNews, RegionNews
from election.definition import Words
from handlers.speech import Address, Channel, Incoming, Language, Reply
from handlers.texts import LANGUAGES, Texts

ROOT_TOLD = 16
"""So many digits of the log's root are enough to hold one telling of it against another."""


def code_letter(texts: Texts, language: Language, code: str) -> str:
    """The SMS with a code: only for one's own vote, for nobody else's eyes."""
    return texts.said(language, "code-letter", code=code)


def vote_notice(
    texts: Texts, language: Language, channel: Channel, hour: str, digits: str, *, answered_by_sms: bool
) -> str:
    """The SMS after every vote. The same words whatever was chosen, and for a first vote and a later one; `digits`
    make her NO known as an answer to this very notice."""
    key = f"vote-notice-{channel}" if answered_by_sms else "vote-notice-no-sms"
    return texts.said(language, key, hour=hour, digits=digits)


def paper_notice(texts: Texts, language: str, now: datetime, zone: ZoneInfo) -> str:
    """The SMS to a member in whose name a paper ballot was handed out."""
    spoken: Language = next((known for known in LANGUAGES if known == language), "ru")
    return texts.said(spoken, "paper-notice", hour=_hour(now, zone))


def bulletin_in_chat(texts: Texts, language: Language, told: BulletinNews, zone: ZoneInfo, board: str) -> str:
    """A bulletin for a member in Telegram. `board`: where all figures stand, if they do."""
    lines = [*_bulletin(texts, language, told, zone), _regions(texts, language, told), _log(texts, language, told)]
    check = texts.said(language, "bulletin-check-chat")
    link = texts.said(language, "bulletin-check-board", link=board) if board else ""
    return "\n".join(line for line in (*lines, link, check, texts.said(language, "fewer-messages")) if line)


def bulletin_in_channel(texts: Texts, told: BulletinNews, zone: ZoneInfo, board: str) -> str:
    """A bulletin for everybody at once: the figures in each language, then what is alike in all of them."""
    spoken = ["\n".join(_bulletin(texts, language, told, zone)) for language in LANGUAGES]
    marks = [f"{mark} {_named(regions, 'ru')}" for mark, regions in (("▲", told.up), ("▼", told.down)) if regions]
    head = f"{told.log_size} · {told.log_root[:ROOT_TOLD]}…"
    return "\n\n".join([*spoken, "\n".join([*marks, head, *([board] if board else [])])])


def bulletin_by_sms(texts: Texts, language: Language, told: BulletinNews, zone: ZoneInfo) -> str:
    """A bulletin as short as it can be."""
    percent = _percent(told.tenths, language)
    if told.since is None:
        return texts.said(
            language,
            "bulletin-sms-first",
            hour=_hour(told.at, zone),
            voted=told.voted,
            electorate=told.electorate,
            percent=percent,
        )
    return texts.said(
        language,
        "bulletin-sms",
        hour=_hour(told.at, zone),
        voted=told.voted,
        electorate=told.electorate,
        percent=percent,
        gained=told.gained,
        since=_hour(told.since, zone),
    )


def reminder(texts: Texts, language: Language, closes: datetime | None, zone: ZoneInfo, *, by_sms: bool) -> str:
    """You have not voted yet."""
    if closes is None:
        return texts.said(language, "reminder-sms" if by_sms else "reminder-chat")
    return texts.said(language, "reminder-until-sms" if by_sms else "reminder-until-chat", hour=_hour(closes, zone))


def in_chat(texts: Texts, language: Language, words: str) -> str:
    """An organiser's words to a member in Telegram, who may want no more of them."""
    return f"{words}\n\n{texts.said(language, 'fewer-messages')}"


def in_channel(words: Words) -> str:
    """An organiser's words to everybody at once, each language once."""
    return "\n\n".join(dict.fromkeys(words.said(language) for language in LANGUAGES))


def complaint_word(texts: Texts, key: Literal["complaint-has-question", "complaint-is-decided"], ticket: int) -> Words:
    """What sends a member to her complaint, in Telegram and by SMS alike, with nothing of what is written on it."""
    return Words(*(texts.said(language, key, ticket=str(ticket)) for language in LANGUAGES))


def complaints_due(texts: Texts, waiting: int) -> str:
    """The SMS by which the committee is reminded; no officer has told us her language."""
    return texts.said("ru", "staff-complaints-due", open=waiting)


def unasked(chat: str, door: str, text: str) -> Reply:
    """A message to a chat in Telegram that answers nothing."""
    return Incoming(id="", address=Address("telegram", chat, chat, door)).reply(text)


def _bulletin(texts: Texts, language: Language, told: BulletinNews, zone: ZoneInfo) -> list[str]:
    head = texts.said(language, "bulletin-head-final" if told.final else "bulletin-head", number=told.number)
    figures = texts.said(
        language,
        "bulletin-figures",
        hour=_hour(told.at, zone),
        voted=told.voted,
        electorate=told.electorate,
        percent=_percent(told.tenths, language),
        version=told.roll_version,
    )
    if told.since is None:
        return [head, figures]
    return [head, figures, texts.said(language, "bulletin-gained", gained=told.gained, since=_hour(told.since, zone))]


def _regions(texts: Texts, language: Language, told: BulletinNews) -> str:
    lines = []
    if told.up:
        lines.append(texts.said(language, "bulletin-up", regions=_named(told.up, language)))
    if told.down:
        lines.append(texts.said(language, "bulletin-down", regions=_named(told.down, language)))
    return "\n".join(lines)


def _log(texts: Texts, language: Language, told: BulletinNews) -> str:
    return texts.said(language, "bulletin-log", size=told.log_size, root=told.log_root[:ROOT_TOLD])


def _named(regions: Sequence[RegionNews], language: Language) -> str:
    """Each with its turnout, and how much that grew."""
    return "; ".join(
        f"{each.region} {_percent(each.tenths, language)}% ({_percent(each.grown, language, signed=True)})"
        for each in regions
    )


def _percent(tenths: int | None, language: Language, *, signed: bool = False) -> str:
    """Of tenths of a per cent, with the comma or the point of the language."""
    if tenths is None:
        return "0"
    text = f"{tenths / 10:+.1f}" if signed else f"{tenths / 10:.1f}"
    return text if language == "en" else text.replace(".", ",")


def _hour(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M %d.%m}"
