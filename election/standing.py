"""Where the election stands: its record and its definition, read from the store and kept for a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from election.definition import Contest, Definition
from election.election_file import parse
from election.errors import Closed, NoElection, NotOpenYet, Paused
from election.ports import ElectionRecord, Ledger
from election.rulings import newest, struck

_FRESH = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The election at one moment."""

    record: ElectionRecord
    definition: Definition

    def must_be_open(self, now: datetime) -> None:
        """Raise NotOpenYet, Paused or Closed unless votes are taken now.

        The hour of closing counts even before the clock has recorded the close: a late vote is late.
        """
        stage = self.record.stage
        if stage == "draft":
            raise NotOpenYet(self.definition.opens)
        if stage == "paused":
            raise Paused
        if stage != "open" or self.is_past(now):
            raise Closed

    @property
    def closes(self) -> datetime | None:
        """The hour of closing in force: that of the file, or the one to which the commission has moved it."""
        return self.record.extended_to or self.definition.closes

    def is_past(self, now: datetime) -> bool:
        """Whether the hour of closing has come."""
        return self.closes is not None and now >= self.closes

    def struck(self, contest: str) -> frozenset[str]:
        """The candidates of a contest who are struck off."""
        return struck(self.record.rulings).get(contest, frozenset()) if self.record.rulings else frozenset()

    def ruling(self, style: Sequence[Contest]) -> int:
        """The number of the newest ruling on a ballot of this style; 0 without one."""
        return newest(self.record.rulings, style) if self.record.rulings else 0


class StandingReader:
    """Keeps a reading that says "open" for a second, so that a busy hour does not ask the store at each message.

    Any other stage is read anew each time: nobody is told "not yet" when the voting has just been opened. The
    transaction of a vote checks the stage again, so a close is in force at once in the box.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read_at: datetime | None = None
        self._standing: Standing | None = None

    async def now_standing(self, now: datetime) -> Standing:
        """The election as it stands. Raises NoElection when none is loaded."""
        known = self._standing
        if known and known.record.stage == "open" and self._read_at and timedelta(0) <= now - self._read_at < _FRESH:
            return known
        record = await self._ledger.election()
        if record is None or not record.definition:
            raise NoElection
        definition = known.definition if known and known.record.digest == record.digest else parse(record.definition)
        self._standing, self._read_at = Standing(record, definition), now
        return self._standing
