"""What the organisers' chat needs to say something to many. The hall plans it; see dauys/announcing.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from election.broadcasts import Broadcast, Plan, Way
from election.definition import Language, Words


@dataclass(frozen=True, slots=True)
class Said:
    """What a broadcast says: to a member in Telegram, in a channel, by SMS; and the picture that goes along. `again`:
    what it says to who may vote again, if that is more."""

    chat: Mapping[Language, str]
    channel: str
    sms: Mapping[Language, str]
    pictures: Mapping[Language, bytes] = field(default_factory=dict)
    again: "Said | None" = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A broadcast before it is put down. `recipients` by way; `seconds` it takes in Telegram; `segments` that the
    carrier bills, at `price` each (0: not known)."""

    plan: Plan
    said: Said
    recipients: Mapping[Way, int]
    seconds: float
    segments: int
    price: float = 0.0

    @property
    def expected(self) -> int:
        """How many are to be reached."""
        return sum(self.recipients.values())


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organiser would say, to whom, and when she first looked at it: her wish is known by that moment."""

    kind: Literal["message", "reminder", "bulletin"]
    ways: tuple[Way, ...]
    by: str
    at: datetime
    text: Words | None = None
    bulletin: int = 0


class Announcer(Protocol):
    """Says something to many."""

    async def newest_bulletin(self) -> int:
        """The number of the newest bulletin, 0 where there is none."""

    async def preview(self, wish: Wish) -> Preview:
        """What it would say and to how many. Raises OperatorRefusal where it has no sense: `not_open`, `no_bulletin`,
        `nobody`. It looks over the whole roll: for a person who asks, not for a machine."""

    async def send(self, wish: Wish, expected: int) -> int:
        """Put it down; its number. The same wish again finds the one there is, and changes nothing. Raises as
        `preview`, but that nobody is counted."""

    async def newest(self) -> Sequence[Broadcast]:
        """The newest broadcasts, the newest first."""

    async def broadcast(self, number: int) -> Broadcast | None:
        """The broadcast with this number, as it stands now."""

    async def stop(self, number: int, now: datetime) -> bool:
        """Stop it; whether it had not ended."""

    def seconds_left(self, broadcast: Broadcast) -> float:
        """How long it still takes, from this moment on."""
