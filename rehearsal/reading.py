"""How a person reads what a voting bot shows: words and buttons, in three languages, knowing no bot in particular."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

VOTE = {"kk": "ДАУЫС", "ru": "ГОЛОС", "en": "VOTE"}
YES = {"kk": "ИӘ", "ru": "ДА", "en": "YES"}
LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}

_CAST = {"cast my vote", "проголосовать", "дауыс беру"}
_NEXT = {"next", "далее", "келесі"}
_FORWARD = re.compile(r"[▶→»>›]+")
_NOT_A_CHOICE = re.compile(
    r"[◀▶←→«»<>‹›]+|\d+\s*/\s*\d+"
    r"|(back|назад|артқа|change|изменить|өзгерту|show all|показать всех|барлығын көрсету"
    r"|turnout|явка|қатысу деңгейі)\b.*",
    re.IGNORECASE,
)
_TICK = re.compile(r"^[✓✔✅☑]\ufe0f?\s*")
_RECEIPT = re.compile(r"receipt|контрольный код|бақылау код", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d+*/-])(?<!\d )(\d{3,4})[ -]?(\d{3,4})(?![ -]?\d|\*)")
_OPTION = re.compile(r"^\s*(\d{1,3})(?:[.)]|\s*\*)?\s+\S", re.MULTILINE)
_PART = re.compile(r"\((\d+)/(\d+)\)")
_YES_WORD = re.compile(r"(?<!\w)(YES|ДА|ИӘ)(?!\w)")
_UP_TO = re.compile(r"(?:up to|не больше|не более|до|ең көбі)\s+(\d+)|(\d+)\S*\s+(?:дейін|артық емес)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ballot:
    """The buttons of a message, sorted by what they are for."""

    message: int
    choices: tuple[dict[str, Any], ...]
    ticked: int
    languages: tuple[dict[str, Any], ...]
    cast: dict[str, Any] | None
    next: dict[str, Any] | None
    forward: dict[str, Any] | None
    most: int  # how many the text lets one choose


def ballot_of(message: dict[str, Any]) -> Ballot:
    """Sort a message's buttons: what casts, what goes on, what turns the page; the others are choices."""
    buttons = [b for row in message["buttons"] for b in row if b.get("data") is not None]
    named = [(b["text"].strip(), b) for b in buttons]
    languages = tuple(b for text, b in named if text in LANGUAGES.values())
    cast = next((b for text, b in named if text.casefold() in _CAST), None)
    forth = next((b for text, b in named if text.casefold() in _NEXT), None)
    used = [cast, forth, *languages]
    choices = tuple(b for text, b in named if b not in used and not _NOT_A_CHOICE.fullmatch(text))
    return Ballot(
        message["id"],
        choices,
        sum(1 for b in choices if _TICK.match(b["text"])),
        languages,
        cast,
        forth,
        next((b for text, b in named if _FORWARD.fullmatch(text)), None),
        most_of(message["text"]),
    )


def unticked(ballot: Ballot) -> list[dict[str, Any]]:
    return [b for b in ballot.choices if not _TICK.match(b["text"])]


def most_of(text: str) -> int:
    """How many may be chosen, as far as the text says so; else 1."""
    found = _UP_TO.search(text)
    return int(found[1] or found[2]) if found else 1


def has_receipt(text: str) -> bool:
    return _RECEIPT.search(text) is not None


def asks_yes(text: str) -> bool:
    return _YES_WORD.search(text) is not None


def code_in(text: str) -> str:
    """The one-time code in a text, 6 to 8 digits; empty where there is none."""
    found = _CODE.search(text)
    return found[1] + found[2] if found else ""


def options_in(texts: Sequence[str]) -> list[int]:
    """The numbers of a numbered list, over all parts of a text."""
    return sorted({int(number) for text in texts for number in _OPTION.findall(text)} - {0})


def is_whole(texts: Sequence[str]) -> bool:
    """Whether all parts of what was sent in parts are there."""
    parts = [(int(m[1]), int(m[2])) for m in (_PART.search(text.partition("\n")[0]) for text in texts) if m]
    return not parts or len({number for number, _ in parts}) >= parts[-1][1]
