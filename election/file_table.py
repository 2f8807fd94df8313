"""Reading one table of `election.toml`, key by key: every mistake is noted, and none stops the reading.

Kept in one file: one class of reading methods beside the keys that each table knows.
"""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from election.definition import LANGUAGES, Words
from election.line_finder import Path

NO_WORDS = Words("", "", "")
"""Stands in where a mistake was noted, and is thrown away with the rest."""
ID_RULE = "1 to 32 letters (a-z), digits, hyphens and underscores, beginning with a letter or a digit"
LONGEST_NAME = 200

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_DURATION = re.compile(r"(?=\d)(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LANGUAGE_NAMES = {"kk": "Kazakh", "ru": "Russian", "en": "English"}

TOP = "the file"
_KEYS = {
    TOP: ("election", "policy", "commission", "bulletins", "contest"),
    "[election]": ("id", "title", "timezone", "opens", "closes"),
    "[policy]": (
        "redo_limit",
        "redo_wait",
        "void_window",
        "paper",
        "assurance",
        "sms_voting",
        "sms_per_hour",
        "shared_phone_limit",
        "complaint_deadline",
    ),
    "[commission]": ("two_person", "trustees", "threshold", "member"),
    "[[commission.member]]": ("name", "role", "phone"),
    "[bulletins]": ("at", "channels"),
    "[[contest]]": ("id", "title", "choose", "order", "blank", "regions", "branches", "candidate"),
    "[[contest.candidate]]": ("id", "name", "about"),
}
_HOMES = {
    key: next(section for section, keys in _KEYS.items() if key in keys)
    for key, sections in Counter(key for keys in _KEYS.values() for key in keys).items()
    if sections == 1
} | {"candidate": "[[contest.candidate]]", "member": "[[commission.member]]"}
"""Where a key belongs, if it belongs in one place only."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A mistake before its line is looked up."""

    path: Path
    place: str
    problem: str
    mend: str


class Table:
    """A table of the file. A reading method takes a key, notes what is wrong with it, returns the value or None.

    None stands for a key that is absent and may be, and for one with a mistake: either way the default will do,
    since nothing is made of a file with a mistake.
    """

    def __init__(self, values: dict[str, object], path: Path, place: str, mistakes: list[Draft]) -> None:
        self.values = values
        self.path = path
        self.place = place
        self.mistakes = mistakes

    def wrong(self, key: str, problem: str, mend: str, *within: str | int) -> None:
        """Note a mistake at this key; at the table itself with an empty key."""
        path = (*self.path, key, *within) if key else self.path
        self.mistakes.append(Draft(path, self.place, problem, mend))

    def refuse_unknown(self, section: str) -> None:
        """Note every key that does not belong in a section of this name."""
        known = _KEYS[section]
        for key in self.values:
            if key in known:
                continue
            near = difflib.get_close_matches(key, known, 1)
            if near:
                mend = f"did you mean {near[0]}?"
            elif key in _HOMES:
                mend = f"move it to {_HOMES[key]}"
            else:
                mend = f"take it out; known here: {', '.join(known)}"
            self.wrong(key, f"{_shown_key(key)} is unknown here", mend)

    def tables(self, key: str, heading: str, place: Callable[[int], str]) -> list["Table"]:
        """The tables under [[heading]]; `place` names each by its number from 0."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(
                key,
                f"{heading} must be a list of tables",
                f"write [[{heading}]], in two brackets, above each",
            )
            return []
        return [Table(item, (*self.path, key, n), place(n), self.mistakes) for n, item in enumerate(value)]

    def flag(self, key: str) -> bool | None:
        """true or false."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        self._not_so(key, "write true or false, without quotes")
        return None

    def whole(self, key: str, low: int, high: int | None = None, *, mend: str = "") -> int | None:
        """A whole number from `low` to `high`. `mend` says what else may be written here."""
        value = self.values.get(key)
        if value is None:
            return None
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value
        if isinstance(value, int) and fits and (high is None or value <= high):
            return value
        limits = f"from {low} to {high}" if high is not None else f"of {low} or more"
        self._not_so(key, mend or f"write a whole number {limits}, without quotes")
        return None

    def one_of(self, key: str, options: Sequence[str]) -> str | None:
        """One of these words."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value in options):
            return value
        near = difflib.get_close_matches(str(value), options, 1)
        listed = _either([f'"{option}"' for option in options])
        self._not_so(key, f'did you mean "{near[0]}"?' if near else f"write {listed}")
        return None

    def id(self) -> str | None:
        """The required `id`."""
        value = self._required("id", 'add id = "…"')
        if value is None or (isinstance(value, str) and _ID.fullmatch(value)):
            return value
        if isinstance(value, int) and _ID.fullmatch(str(value)):
            self._not_so("id", f'put it in quotes: "{value}"')
            return None
        self._not_so("id", f"write {ID_RULE}")
        return None

    def name(self) -> str | None:
        """The required `name` of a person of the commission."""
        value = self._required("name", 'add name = "…"')
        return None if value is None else self._line("name", value)

    def text(self, key: str) -> str | None:
        """A text in quotes; empty where it is empty."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        self._not_so(key, "put it in quotes")
        return None

    def words(self, key: str, *, required: bool, longest: int = LONGEST_NAME) -> Words | None:
        """One text for all languages, or a table of one for each."""
        value = self._required(key, f'add {key} = "…"') if required else self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            text = self._line(key, value, longest=longest)
            return None if text is None else Words(text, text, text)
        for language in value:
            if language not in LANGUAGES:
                self.wrong(key, f"{key} has a language {_shown_key(language)}", "write kk, ru or en", language)
        missing = [language for language in LANGUAGES if language not in value]
        if missing:
            named = " and ".join(f"{_LANGUAGE_NAMES[language]} ({language})" for language in missing)
            self.wrong(key, f"{key} is missing in {named}", "add it, or write one text for all three languages")
        texts = [
            self._line(key, value[language], language, longest=longest) for language in LANGUAGES if language in value
        ]
        found = [text for text in texts if text is not None]
        return Words(*found) if len(found) == len(LANGUAGES) else None

    def duration(self, key: str) -> timedelta | None:
        """A length of time such as 30m, 2h, 1h30m, 24h or 2d."""
        value = self.values.get(key)
        if value is None:
            return None
        parts = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if not parts:
            self._not_so(key, 'write days, hours and minutes, such as "2h", "1h30m" or "2d"')
            return None
        days, hours, minutes = (int(part or 0) for part in parts.groups())
        return timedelta(days=days, hours=hours, minutes=minutes)

    def moment(self, key: str) -> datetime | None:
        """A date with a time of day, as TOML writes it, without quotes. Aware if the file gives an offset."""
        value = self.values.get(key)
        if value is None or isinstance(value, datetime):
            return value
        self._not_so(key, "write a date and a time without quotes, such as 2026-12-01T09:00:00+05:00")
        return None

    def texts(self, key: str, *, numbers: bool = False) -> list[str] | None:
        """A list of texts, none empty and none twice. `numbers`: a whole number may stand for its digits."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self._not_so(key, 'write a list, such as ["…", "…"]')
            return None
        items = [str(item) if numbers and type(item) is int else item for item in value]
        found = [self._line(key, item, n) for n, item in enumerate(items)]
        texts = [text for text in found if text is not None]
        for n in repeats(texts):
            self.wrong(key, f"{key} names {shown(texts[n])} twice", "take one out", n)
        return texts if len(texts) == len(value) else None

    def _required(self, key: str, mend: str) -> object:
        if key not in self.values:
            self.wrong("", f"{key} is missing", mend)
        return self.values.get(key)

    def _line(self, key: str, value: object, *within: str | int, longest: int = LONGEST_NAME) -> str | None:
        """A text on one line, without the spaces around it."""
        name = ".".join([key, *(part for part in within if isinstance(part, str))])
        if not isinstance(value, str):
            problem, mend = f"{name} = {shown(value)} is not a text", "put it in quotes"
        elif not value.strip():
            problem, mend = f"{name} is empty", "write something or take it out"
        elif _CONTROL.search(value):
            problem, mend = f"{name} has a line break or an invisible sign in it", "write it on one line"
        elif len(value) > longest:
            problem, mend = f"{name} has {len(value)} signs", f"write at most {longest}"
        else:
            return value.strip()
        self.wrong(key, problem, mend, *within)
        return None

    def _not_so(self, key: str, mend: str) -> None:
        self.wrong(key, f"{key} = {shown(self.values[key])} cannot be read", mend)


def shown(value: object) -> str:
    """A value as the file has it, cut short."""
    if isinstance(value, str):
        return f'"{_cut(value)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return _cut(str(value))


def repeats(values: Iterable[object]) -> list[int]:
    """The places, from 0, of the values that stood before."""
    seen: set[object] = set()
    places = []
    for n, value in enumerate(values):
        if value in seen:
            places.append(n)
        seen.add(value)
    return places


def given(value: T | None, default: T) -> T:
    """The value, or the default where the file has none."""
    return default if value is None else value


def _shown_key(key: str) -> str:
    return f'"{_cut(key)}"'


def _cut(text: str) -> str:
    line = _CONTROL.sub(" ", text)
    return line if len(line) <= 40 else line[:39] + "…"


def _either(options: Sequence[str]) -> str:
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
