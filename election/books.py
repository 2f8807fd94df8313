"""What a bulletin is made of, and the port by which the store hands it over: the books of the election.

The store counts beside the votes, in their transactions; nothing here is counted because somebody looks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from election.complaints import Counts
from election.damage import Damage
from election.leaf import Kind, Leaf
from election.paper import PaperStation
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
    branch and reason (`again`, `not-me`). `hours` has each member who has voted once, in the hour of her first vote
    (its start, UTC) and under its channel: no withdrawal takes her out, and neither a redo nor paper after a vote by
    phone is counted there. `last` is the newest bulletin as it was published, None before the first.
    `acts` are those done, in order; `complaints` are all that were filed. `stations` are the paper stations; one
    without a name stands for ballots that were handed out beside any.
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
    hours: Mapping[tuple[datetime, str], int]
    roll_changes: Sequence[RollChange]
    acts: Sequence[Act]
    last: bytes | None
    complaints: Counts = field(default_factory=Counts)
    stations: Sequence[PaperStation] = ()


class BookKeeping(Protocol):
    """The durable store as bulletins need it. Same promises as election.ports.Ledger, but that `publish` repeated after
    StoreUnavailable may make one bulletin more."""

    async def publish(self, bulletin: Callable[[Books], bytes], *, at_least: int) -> bytes:
        """Make a bulletin from the books of one moment and keep it; its bytes.

        If at least so many of the leaves that wait at that moment are votes (`cast`), all of them go into the log, in
        the order of their random keys; leaves that come later wait for the next bulletin. Nobody waits for it: leaves
        get their places some at a time, and until the bulletin is there they wait like the others. Of several who
        publish at once one is first, and the others begin anew. `bulletin` is pure and may be called again; what it
        raises is raised here, and nothing has changed.
        """

    async def books(self) -> Books:
        """The books as they are now, from one consistent view."""

    async def inspect(self) -> Sequence[Damage]:
        """Which tables hold rows that are not as the program left them: every row is held against its seal, and what
        is counted in two places against each other, in one consistent view. Nobody waits for it. Empty when all is in
        order. What was found may stand for more: a table whose rows are damaged hides that others are missing."""

    async def bulletins(self) -> Sequence[bytes]:
        """All bulletins as they were published, the first first."""

    async def leaves(self, start: int, end: int) -> Sequence[Leaf]:
        """The log's leaves from place `start`, counted from 0, to before `end`."""

    async def bulletin_of(self, receipt_digest: bytes) -> int | None:
        """The number of the first bulletin under which the ballot with this receipt is in the log; 0 while it waits
        for one; None when there is no such receipt."""
