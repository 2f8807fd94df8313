"""What a typed message may mean, whatever the language: commands, yes and no, numbers."""

import re
from dataclasses import dataclass
from typing import Literal

from handlers.speech import Language

Meaning = Literal[
    "start",
    "status",
    "turnout",
    "check",
    "again",
    "language",
    "help",
    "stop",
    "code",
    "yes",
    "no",
    "next",
    "all",
    "staff",
    "complaint",
]

_WORDS: dict[str, tuple[Meaning, Language | Literal[""]]] = {
    "start": ("start", ""),
    "vote": ("start", "en"),
    "голос": ("start", "ru"),
    "дауыс": ("start", "kk"),
    "status": ("status", "en"),
    "статус": ("status", "ru"),
    "күй": ("status", "kk"),
    "turnout": ("turnout", "en"),
    "явка": ("turnout", "ru"),
    "қатысу": ("turnout", "kk"),
    "катысу": ("turnout", "kk"),
    "check": ("check", "en"),
    "проверка": ("check", "ru"),
    "проверить": ("check", "ru"),
    "тексеру": ("check", "kk"),
    "again": ("again", "en"),
    "заново": ("again", "ru"),
    "снова": ("again", "ru"),
    "қайта": ("again", "kk"),
    "кайта": ("again", "kk"),
    "language": ("language", "en"),
    "язык": ("language", "ru"),
    "тіл": ("language", "kk"),
    "тил": ("language", "kk"),
    "help": ("help", "en"),
    "помощь": ("help", "ru"),
    "көмек": ("help", "kk"),
    "комек": ("help", "kk"),
    "stop": ("stop", "en"),
    "стоп": ("stop", "ru"),
    "тоқта": ("stop", "kk"),
    "токта": ("stop", "kk"),
    "code": ("code", "en"),
    "код": ("code", ""),
    "yes": ("yes", "en"),
    "да": ("yes", "ru"),
    "иә": ("yes", "kk"),
    "ия": ("yes", "kk"),
    "no": ("no", "en"),
    "нет": ("no", "ru"),
    "жоқ": ("no", "kk"),
    "жок": ("no", "kk"),
    "next": ("next", "en"),
    "далее": ("next", "ru"),
    "келесі": ("next", "kk"),
    "staff": ("staff", "en"),
    "штаб": ("staff", ""),
    "all": ("all", "en"),
    "все": ("all", "ru"),
    "барлығы": ("all", "kk"),
}

_LANGUAGES: dict[str, Language] = {"kk": "kk", "ru": "ru", "en": "en"}
_HIDDEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff\x00-\x08\x0b-\x1f\x7f]")
_COMMAND = re.compile(r"/?([^\W\d_]+)(?:@\w+)?[.!?]*(?:\s+(.*))?", re.DOTALL)
_NUMBERS = re.compile(r"\d{1,3}(?:[\s,;.+и&]+\d{1,3})*[\s.,!]*")
_NOTICE = re.compile(r"[0-9]{4}")
"""The digits of the notice after a vote: NO 4471."""
_LINK = re.compile(r"(?:(kk|ru|en)(?:[-_]vote)?|vote(?:[-_](kk|ru|en))?)", re.IGNORECASE)
"""What a link of ours says after `?start=`: a language, `vote`, or both."""
_LONGEST = 300
_COMPLAINT = re.compile(r"/?(complaint?|жалоба|ша[ғг]ым)(?:@\w+)?(?:[\W_]+(.*))?", re.IGNORECASE | re.DOTALL)
"""A complaint is often begun as a letter is: `Complaint: …`. `/complain_101` is a command that can be tapped."""
_COMPLAINT_IN: dict[str, Language] = {"complaint": "en", "жалоба": "ru", "шағым": "kk", "шагым": "kk"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A typed message, read. `rest` is what follows the command; `numbers` is set when there is nothing but numbers.

    `by_link`: she came by a link of ours that says what it is for, and `language` is the one it asks for, if any.
    """

    text: str
    meaning: Meaning | None = None
    language: Language | Literal[""] = ""
    rest: str = ""
    numbers: tuple[int, ...] = ()
    by_link: bool = False


def plain(typed: str) -> str:
    """A message without invisible marks, however long it is."""
    return _HIDDEN.sub("", typed).strip()


def read(typed: str) -> Phrase:
    """Read a message. Invisible marks are dropped. What is longer than 300 signs and no command is read as nothing: no
    answer is that long, and a part of it might look like one."""
    text = plain(typed)
    if complaint := _COMPLAINT.fullmatch(text):
        return Phrase(text, "complaint", _COMPLAINT_IN.get(complaint[1].casefold(), ""), (complaint[2] or "").strip())
    match = _COMMAND.fullmatch(text)
    if match:
        known = _WORDS.get(match[1].casefold())
        rest = (match[2] or "").strip()
        # a word alone, or a command that takes something: "stop it all" is not STOP
        takes = known and (known[0] in {"check", "start"} or (known[0] == "no" and _NOTICE.fullmatch(rest)))
        if known and (not rest or takes or text.startswith("/")):
            if known == ("start", "") and (link := _LINK.fullmatch(rest)):
                return Phrase(text, "start", _LANGUAGES.get((link[1] or link[2] or "").casefold(), ""), by_link=True)
            return Phrase(text, known[0], known[1], rest)
    if len(text) > _LONGEST:
        return Phrase("")
    if _NUMBERS.fullmatch(text):
        return Phrase(text, numbers=tuple(int(number) for number in re.findall(r"\d+", text)))
    return Phrase(text)
