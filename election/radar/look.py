"""One look of the radar: all detectors over what is there, and what each has seen as a finding with its numbers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from election.ports import Signal, SignalKind
from election.radar import rates
from election.radar.beat import beats
from election.radar.burst import Lines, bursts
from election.radar.case import Detector, Finding, Numbers, Place
from election.radar.rates import Rate
from election.radar.rhythm import Rhythm, moment_of

DAY = timedelta(days=1)
FEWEST_CODES = 2
"""One is two people at one table who mixed up their messages."""
FEWEST_PHONES = 2
FEWEST_CONTACTS = 3
FEWEST_REDOS = 5
FEWEST_NOT_ME = 3
_NOTED: tuple[tuple[SignalKind, Detector, int], ...] = (
    ("other-chat", "other-chat", FEWEST_CODES),
    ("phones", "phones", FEWEST_PHONES),
    ("contact", "contacts", FEWEST_CONTACTS),
)
_CODES = 1_000_000
"""There are so many codes of six digits."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to look at. `told`: for each branch the place that a case names (case.merged). `again`, `signals`
    and `wrong_codes` are by branch, as they were noted."""

    rhythm: Rhythm
    told: Mapping[Place, Place]
    members: Mapping[Place, int]
    again: Mapping[Place, int]
    signals: Sequence[Signal]
    wrong_codes: Mapping[Place, int]
    opened_at: datetime
    now: datetime


def look(seen: Seen, lines: Lines, since: int = 0) -> list[Finding]:
    """All findings; bursts and beats only where they end in slot `since` or later."""
    return [*_bursts(seen.rhythm, lines, since), *_beats(seen.rhythm, since), *_signals(seen), *_rates(seen)]


def _bursts(rhythm: Rhythm, lines: Lines, since: int) -> Iterator[Finding]:
    for burst in bursts(rhythm, lines, since):
        first = burst.after + 1
        numbers: Numbers = {
            "votes": burst.votes,
            "minutes": (burst.last - first + 1) // 6,
            "due": _told(burst.due),
            "rarity": _rarity(burst.tail),
        }
        yield Finding("burst", burst.place, moment_of(first), moment_of(burst.last + 1), numbers, _rarity(burst.tail))


def _beats(rhythm: Rhythm, since: int) -> Iterator[Finding]:
    for beat in beats(rhythm, since):
        numbers: Numbers = {
            "votes": beat.gaps + 1,
            "seconds": round(beat.every),
            "spread": round(100 * beat.spread),
            "rarity": _rarity(beat.tail),
        }
        yield Finding("beat", beat.place, moment_of(beat.first), moment_of(beat.last + 1), numbers, _rarity(beat.tail))


def _signals(seen: Seen) -> Iterator[Finding]:
    """What was noted in a day of one place, where it is more than mistakes that are made everywhere."""
    members: dict[Place, int] = {}
    for branch, count in seen.members.items():
        members[seen.told[branch]] = members.get(seen.told[branch], 0) + count
    for kind, detector, fewest in _NOTED:
        for began, places in _by_day(seen, kind).items():
            hits = {place: len({signal.member_id for signal in some}) for place, some in places.items()}
            if kind == "other-chat":
                hits = {place: len(some) for place, some in places.items()}
            for rate in rates.higher(hits, members, fewest):
                yield _of_day(seen, detector, began, rate.place, places[rate.place])


def _of_day(seen: Seen, detector: Detector, began: datetime, place: Place, some: Sequence[Signal]) -> Finding:
    numbers = {"times": len(some), "members": len({signal.member_id for signal in some})}
    ended = began + DAY - timedelta(seconds=1)
    due = {"due": _codes_by_chance(seen, place)} if detector == "other-chat" else {}
    return Finding(detector, place, began, ended, {**numbers, **due}, len(some))


def _rates(seen: Seen) -> Iterator[Finding]:
    voted = {branch.place: len(branch.slots) for branch in seen.rhythm.branches}
    again: dict[Place, int] = {}
    for branch, count in seen.again.items():
        place = seen.told.get(branch, ("", ""))
        again[place] = again.get(place, 0) + count
    disowned: dict[Place, set[str]] = {}
    for signal in seen.signals:
        if signal.kind == "not-me":
            disowned.setdefault(_place(seen, signal), set()).add(signal.member_id)
    not_me = {place: len(members) for place, members in disowned.items()}
    for rate in rates.higher(again, voted, FEWEST_REDOS):
        yield _of_rate("redo", rate, seen)
    for rate in rates.higher(not_me, voted, FEWEST_NOT_ME):
        yield _of_rate("not-me", rate, seen)


def _of_rate(detector: Detector, rate: Rate, seen: Seen) -> Finding:
    numbers: Numbers = {
        "times": rate.hits,
        "votes": rate.of,
        "due": _told(rate.of * rate.hits_elsewhere / max(rate.of_elsewhere, 1)),
        "rarity": _rarity(rate.tail),
    }
    return Finding(detector, rate.place, seen.opened_at, seen.now, numbers, rate.hits)


def _by_day(seen: Seen, kind: SignalKind) -> Mapping[datetime, Mapping[Place, Sequence[Signal]]]:
    """Signals of members by day of voting and place; days are counted from the opening."""
    found: dict[datetime, dict[Place, list[Signal]]] = {}
    for signal in seen.signals:
        if signal.kind == kind and signal.member_id:
            began = seen.opened_at + (signal.at - seen.opened_at) // DAY * DAY
            found.setdefault(began, {}).setdefault(_place(seen, signal), []).append(signal)
    return found


def _place(seen: Seen, signal: Signal) -> Place:
    return seen.told.get((signal.region, signal.branch), ("", ""))


def _codes_by_chance(seen: Seen, place: Place) -> str:
    """How many wrong codes of this place would meet somebody's code by chance, at the very most: if each of its members
    had a code under way all the time."""
    wrong = sum(count for branch, count in seen.wrong_codes.items() if seen.told.get(branch) == place)
    members = sum(count for branch, count in seen.members.items() if seen.told.get(branch) == place)
    return _told(wrong * members / _CODES)


def _rarity(tail: float) -> int:
    """Ten to the power of this: once in so many."""
    return 999 if tail == -math.inf else int(-tail / math.log(10))


def _told(number: float) -> str:
    return f"{number:.1f}" if number >= 0.05 or number == 0 else f"{number:.1g}" if number > 1e-4 else "0.0001"
