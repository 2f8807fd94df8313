"""Officers at work in the chat: a menu of what her role may do, and behind each line of it a talk of its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from election.definition import Role
from election.errors import OperatorRefusal
from handlers.speech import Action, Reply
from handlers.visit import Visit

STEPS = frozenset({"staff-contact", "staff-code", "staff"})
"""The steps of a session in which somebody is an officer, or about to be one."""
MARK = "s"
MENU, OUT, GO = "menu", "out", "go"


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the menu. `key`: short, for payloads. `label`: the key of its text.

    `show` is its first screen. `hear` answers a press of one of its buttons (`visit.order`) or a typed text while it is
    on; None shows its first screen.
    """

    key: str
    label: str
    roles: frozenset[Role]
    show: Callable[[Visit], Awaitable[Sequence[Reply]]]
    hear: Callable[[Visit], Awaitable[Sequence[Reply] | None]]


def staff(key: str, *parts: str | int) -> str:
    """What a button means: of which work, and what. To be handed to `visit.payload`; a part has no colon."""
    return ":".join([MARK, key, *map(str, parts)])


def order(press: str) -> list[str]:
    """The parts of such a button behind its mark; empty for any other."""
    mark, *parts = press.split(":")
    return parts if mark == MARK else []


def back(visit: Visit, row: int = 90) -> Action:
    """The button to the menu, the last of every screen."""
    return Action(visit.text("staff-back"), visit.payload(staff(MENU)), row=row)


def screen(visit: Visit, text: str, *actions: Action, heading: str = "", **parts: object) -> list[Reply]:
    """A screen of an officer: it takes the place of the one before, and leads back to the menu."""
    return [visit.incoming.reply(text, heading=heading, actions=(*actions, back(visit)), **parts)]


def refused(visit: Visit, refusal: OperatorRefusal) -> str:
    """In the officer's language, why something cannot be done now."""
    key = f"refused-{refusal.code.replace('_', '-')}"
    return visit.text(key if key in visit.house.texts.keys(visit.language) else "refused")
