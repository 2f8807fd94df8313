"""The radar on watch: what it has read already, its lines, and how far it has looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from election.ports import Signal
from election.radar.burst import DRAWS, Chance, Lines, drawn_lines
from election.radar.case import Finding, Place, merged
from election.radar.look import Seen, look
from election.radar.rhythm import Gathered, slot_of

LATE = timedelta(minutes=5)
"""A vote is committed well within so long after its moment: older slots do not change any more."""
_LINES_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class News:
    """What the store tells at one look; see election.radar.case.Radar."""

    rhythm: Sequence[tuple[int, str, str, int]]
    members: Mapping[Place, tuple[int, int]]
    again: Mapping[Place, int]
    signals: Sequence[Signal]
    wrong_codes: Mapping[Place, int]


class Watch:
    """Looks again and again. `chance` is for the Monte Carlo."""

    def __init__(self, chance: Chance, draws: int = DRAWS) -> None:
        self._chance = chance
        self._draws = draws
        self._gathered = Gathered()
        self._lines: Lines = {}
        self._drawn: datetime | None = None
        self.settled = 0
        """The slot from which on the rhythm is to be read."""

    def look(self, news: News, opened_at: datetime, now: datetime) -> Sequence[Finding]:
        """What there is to be seen now, and was not seen in slots that have settled: it may be long, call it in a
        thread."""
        told = merged({place: count for place, (count, _) in news.members.items()})
        by_phone = {place: count for place, (_, count) in news.members.items()}
        self._gathered.add(news.rhythm)
        rhythm = self._gathered.rhythm(by_phone, told)
        if self._drawn is None or now - self._drawn >= _LINES_KEPT:
            self._lines, self._drawn = drawn_lines(rhythm, self._chance, self._draws), now
        seen = Seen(rhythm, told, by_phone, news.again, news.signals, news.wrong_codes, opened_at, now)
        findings = look(seen, self._lines, self.settled)
        self.settled = max(slot_of(now - LATE), self.settled)
        self._gathered.forget(self.settled)
        return findings
