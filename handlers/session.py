"""Where a person is in the conversation. It is kept sealed in the fleeting store and survives a restart."""

import json
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast

from handlers.speech import Language

Step = Literal[
    "",
    "language",
    "contact",
    "code",
    "again",
    "waiting",
    "contest",
    "review",
    "change",
    "voted",
    "withdraw",
    "which",
    "staff-contact",
    "staff-code",
    "staff",
]
"""`again`: a code for a vote again is awaited in the chat. `withdraw`: a code, and then a yes, to take the vote out.
`which`: several share the phone, whose code was right; her member number is awaited. `staff` and what leads to it: an
officer at work, handlers/staff.py."""

_LENGTHS = 1024
_HEARD = 24
"""Messages of one person that can be told from new ones: a door brings the newest again, never one of long ago."""


@dataclass(slots=True)
class Session:
    """`stamp` marks the screen whose buttons are in force. `marks` is the draft: contest id -> candidate ids.

    `contest` is the place on the ballot, from 0; behind the last contest it is the review. It stays when she goes to
    another step, so that she comes back to where she left. `edit` is true while one contest is changed from the
    review, so that the way leads back there. `phone` is kept from the letter with the code to the sign-in.
    `redo` is the number of the vote that is being made in place of the one before; 0 for a first vote.
    `proved_until` (seconds since the epoch): until then a code has vouched for the sender by SMS, and at either door
    for a vote again or its withdrawal.
    `door` is the bot she began with, in Telegram only. `heard` names the last messages that were dealt with, the newest
    last. `officer` is the name under which an officer works here until `officer_until` (seconds since the epoch), and
    `staff` what her work has to remember between two messages. `complaint`: what is asked for, while one is filed.
    """

    language: Language | Literal[""] = ""
    step: Step = ""
    member: str = ""
    phone: str = ""
    proved_until: float = 0.0
    door: str = ""
    election: str = ""
    contest: int = 0
    page: int = 0
    query: str = ""
    edit: bool = False
    stamp: int = 0
    redo: int = 0
    marks: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    officer: str = ""
    officer_until: float = 0.0
    staff: dict[str, Any] = field(default_factory=dict)
    complaint: dict[str, Any] = field(default_factory=dict)

    def enter(self, step: Step, contest: int | None = None) -> None:
        """Go to a step. Buttons of the screen before are out of force; page and search belong to one contest."""
        if contest is not None and contest != self.contest:
            self.contest, self.page, self.query = contest, 0, ""
        self.step = step
        self.stamp += 1

    def forget_draft(self) -> None:
        """Forget what was marked: after casting, or when another election has begun."""
        self.marks = {}
        self.redo = 0
        self.contest, self.page, self.query = 0, 0, ""
        self.edit = False

    @property
    def purpose(self) -> Literal["sign-in", "redo", "void"]:
        """What a code would be asked for now."""
        if self.step == "withdraw":
            return "void"
        return "redo" if self.redo else "sign-in"

    def note_heard(self, message: str) -> None:
        """The effects of this message are in the session."""
        self.heard = [*self.heard[1 - _HEARD :], message]

    def packed(self) -> bytes:
        """The session as bytes, to be sealed: a multiple of 1024, so that their number tells nothing of the marks."""
        text = json.dumps({name: getattr(self, name) for name in _NAMES}, separators=(",", ":"))
        return text.ljust(-(-len(text) // _LENGTHS) * _LENGTHS).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> "Session":
        """A session from its bytes."""
        return cls(**cast("dict[str, object]", json.loads(data)))  # type: ignore[arg-type]


_NAMES = tuple(each.name for each in fields(Session))
