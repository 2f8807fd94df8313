"""Every place in the conversation where somebody may be when she sends something silly, and how she came there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.ballots import contest, election
from tests.voters import TEXTS, Voter

FILE = election(
    contest("chair", ["Серик", "Айгүл", "Виктор"], title="Председатель"),
    contest("council", [f"Член {n}" for n in range(1, 13)], title="Совет", choose=3),
)


@dataclass(frozen=True)
class Place:
    """`awaited` are the sentences that may be said there; `screen` is what the screen of the place shows."""

    come: Callable[[Voter], Awaitable[object]]
    awaited: tuple[str, ...]
    screen: str = ""


def _said(key: str, **arguments: str | int) -> str:
    return TEXTS.said("ru", key, **arguments)


async def _nowhere(voter: Voter) -> None:
    voter.language = "de"
    await voter.says("/start")


async def _contact(voter: Voter) -> None:
    await voter.says("/start")


async def _code(voter: Voter) -> None:
    await voter.says("/start")
    await voter.shares_contact()


async def _contest(voter: Voter) -> None:
    await voter.signs_in()
    if voter.by_sms:
        await voter.says(await voter.code())


async def _several(voter: Voter) -> None:
    await _contest(voter)
    await voter.says("2")
    if not voter.by_sms:
        await voter.presses("Член 2")


async def _review(voter: Voter) -> None:
    await _contest(voter)
    await voter.says("2")
    await voter.says("2 12")


async def _change(voter: Voter) -> None:
    await _review(voter)
    await voter.says("НЕТ")


async def _editing(voter: Voter) -> None:
    await _change(voter)
    await voter.says("2")


async def _voted(voter: Voter) -> None:
    await _review(voter)
    await voter.says("ДА")


async def _paused(voter: Voter) -> None:
    await _several(voter)
    await voter.booth.pauses()
    await voter.says("/start")


async def _closed(voter: Voter) -> None:
    await _review(voter)
    await voter.booth.closes()
    await voter.says("?")


async def _asked(voter: Voter) -> None:
    await voter.says("ГОЛОС")


_LAST_CHOICES = {"last": 12, "choose": 3}
_TOO_MANY = _said("too-many", choose=3)
_CLOSED = Place(_closed, (_said("closed"),))
_PAUSED = Place(_paused, (_said("paused"),))

CHAT = {
    "language": Place(_nowhere, (_said("awaiting-language"),), _said("choose-language")),
    "contact": Place(_contact, (_said("awaiting-contact"),), _said("ask-contact")),
    "code": Place(_code, (_said("type-code", digits=6),)),
    "contest": Place(_contest, (_said("awaiting-choice-chat", last=3),), "Председатель"),
    "several": Place(_several, (_said("awaiting-choices-chat", **_LAST_CHOICES), _TOO_MANY), "✓ Член 2"),
    "review": Place(_review, (_said("awaiting-cast-chat"),), "Совет: Член 2, Член 12"),
    "change": Place(_change, (_said("awaiting-change", last=2),), _said("what-to-change")),
    "editing": Place(_editing, (_said("awaiting-choices-chat", **_LAST_CHOICES), _TOO_MANY), "✓ Член 2"),
    "voted": Place(_voted, (_said("already-voted-receipt", receipt="").strip(),)),
    "paused": _PAUSED,
    "closed": _CLOSED,
}
SMS = {
    "asked": Place(_asked, (_said("code-first"), _said("code-too-soon", seconds=60))),
    "contest": Place(_contest, (_said("awaiting-choice-sms", last=3),)),
    "several": Place(_several, (_said("awaiting-choices-sms", **_LAST_CHOICES), _TOO_MANY)),
    "review": Place(_review, (_said("awaiting-cast-sms"),)),
    "change": Place(_change, (_said("awaiting-change", last=2),)),
    "voted": CHAT["voted"],
    "paused": _PAUSED,
    "closed": _CLOSED,
}

TEXTS_OF_ALL_SORTS = [
    "/foo",
    "/foo@dauys_bot bar",
    "",
    " \n\t ",
    "😀😀😀",
    "🗳️",
    "я" * 5_000,
    "1 " * 2_500,
    "\u202e\u200f\u061c\u2067",
    "\u202eхитро\u202c",
    "999",
    "13 14 1",
    "0 1",
    "-7",
    "1 2 3 4",
    "\x00\x01",
    "\ud800",
    "'; DROP TABLE voter; --",
    "{ $code }",
]
"""None of them is an answer at any place. (By SMS the first twenty in ten minutes are answered: there are fewer.)"""

GARBAGE_KEYS = [
    "",
    "p",
    "p99",
    "p²",
    "p-1",
    "pp0",
    "t99",
    "t٢",
    "u99",
    "e",
    "e7",
    "e²",
    "g²",
    "l-xx",
    "0 ",
    "cast2",
    "😀",
]
"""What a button of ours never says, though its client may be made to."""
