"""Where a person is in the conversation. It is kept sealed in the fleeting store and survives a restart."""

import json
from dataclasses import asdict, dataclass, field
from typing import Literal, cast

from handlers.speech import Language

Step = Literal["", "language", "contact", "phone", "code", "waiting", "contest", "review", "change", "voted"]


@dataclass(slots=True)
class Session:
    """`stamp` marks the screen whose buttons are in force. `marks` is the draft: contest id -> candidate ids.

    `edit` is true while one contest is changed from the review, so that the way leads back there. `proved_until` is
    used by SMS only (seconds since the epoch): until then a code has vouched for the sender.
    """

    language: Language | Literal[""] = ""
    step: Step = ""
    member: str = ""
    phone: str = ""
    proved_until: float = 0.0
    election: str = ""
    contest: int = 0
    page: int = 0
    query: str = ""
    edit: bool = False
    stamp: int = 0
    marks: dict[str, list[str]] = field(default_factory=dict)

    def enter(self, step: Step, contest: int | None = None) -> None:
        """Go to a step. Buttons of the screen before are out of force, and a search is forgotten."""
        if contest is not None:
            self.contest = contest
        self.step = step
        self.stamp += 1
        self.page = 0
        self.query = ""

    def forget_draft(self) -> None:
        """Forget what was marked: after casting, or when another election has begun."""
        self.marks = {}
        self.contest = 0
        self.edit = False

    def packed(self) -> bytes:
        """The session as bytes, to be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> "Session":
        """A session from its bytes."""
        return cls(**cast("dict[str, object]", json.loads(data)))  # type: ignore[arg-type]
