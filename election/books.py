"""What a bulletin is made of, and the port by which the store hands it over: the books of the election.

The store counts beside the votes, in their transactions; nothing here is counted because somebody looks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from election.leaf import Kind, Leaf
from election.ports import Act, ElectionRecord, RegionTurnout


@dataclass(frozen=True, slots=True)
class RollChange:
    """One change of the roll after it was frozen. `version` is the roll's version that it made."""

    number: int
    version: int
    at: datetime
    what: str
    act: int


@dataclass(frozen=True, slots=True)
class Books:
    """All that a bulletin tells, of one moment.

    `placed` counts the leaves that are in the log, by kind, and `waiting` those that are not yet; `frontier` is the
    packed frontier of the log (election.log). `standing` envelopes are in the box, `urn` ballots after the cut,
    `paper_over` of the standing envelopes belong to members who then took a paper ballot. `reasons` counts redos by
    branch and reason (`again`, `not-me`). `last` is the newest bulletin as it was published, None before the first.
    `acts` are those done, in order.
    """

    record: ElectionRecord
    regions: Sequence[RegionTurnout]
    placed: Mapping[Kind, int]
    waiting: Mapping[Kind, int]
    frontier: bytes
    standing: int
    urn: int
    paper_over: int
    reasons: Mapping[tuple[str, str], int]
    roll_changes: Sequence[RollChange]
    acts: Sequence[Act]
    last: bytes | None


class BookKeeping(Protocol):
    """The durable store as bulletins need it. Same promises as election.ports.Ledger."""

    async def publish(self, bulletin: Callable[[Books], bytes], *, at_least: int) -> bytes:
        """Make a bulletin from the books of one moment and keep it, in one transaction; its bytes.

        Before that all waiting leaves are put into the log, in the order of their random keys, if at least so many of
        them are votes (`cast`). `bulletin` is pure and may be called again; what it raises undoes everything and is
        raised here. Votes wait meanwhile.
        """

    async def books(self) -> Books:
        """The books as they are now, from one consistent view."""

    async def bulletins(self) -> Sequence[bytes]:
        """All bulletins as they were published, the first first."""

    async def leaves(self, start: int, end: int) -> Sequence[Leaf]:
        """The log's leaves from place `start`, counted from 0, to before `end`."""

    async def bulletin_of(self, receipt_digest: bytes) -> int | None:
        """The number of the first bulletin under which the ballot with this receipt is in the log; 0 while it waits
        for one; None when there is no such receipt."""
