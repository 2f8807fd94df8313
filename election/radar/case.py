"""A case of the radar: what was seen where, with its numbers. Never a name; and nothing follows from it by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from election.errors import OperatorRefusal
from election.ports import Signal

Place = tuple[str, str]
"""Region and branch. An empty branch: the members of the region in no branch, or in one too small to be named."""
Detector = Literal[
    "burst",
    "beat",
    "other-chat",
    "phones",
    "contacts",
    "redo",
    "not-me",
    "roll-run",
    "roll-shared",
    "roll-growth",
]
DETECTORS: tuple[Detector, ...] = (
    "burst",
    "beat",
    "other-chat",
    "phones",
    "contacts",
    "redo",
    "not-me",
    "roll-run",
    "roll-shared",
    "roll-growth",
)
CaseState = Literal["new", "looked", "closed"]
Numbers = Mapping[str, int | str]
"""What was counted, by names that the texts know. Fractions are written out."""

FEWEST_NAMED = 10
"""A branch of fewer members is told as its region: a case about three people would be about each of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector has seen. `weight` orders findings about the same thing: the heavier takes the place of the
    lighter while nobody has looked at it."""

    detector: Detector
    place: Place
    began: datetime
    ended: datetime
    numbers: Numbers
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A finding as it is kept. `by` and `word`: who looked at it or closed it last, and with which word."""

    number: int
    detector: Detector
    region: str
    branch: str
    began: datetime
    ended: datetime
    numbers: Numbers
    weight: int
    seen_at: datetime
    state: CaseState
    by: str = ""
    word: str = ""

    def told(self) -> dict[str, int | str]:
        """Its numbers for a text, with its rarity as one says it: no rarer than a millionth of a millionth."""
        told = dict(self.numbers)
        if "rarity" in told:
            told["rarity"] = f"{10 ** min(int(told['rarity']), 12):,}".replace(",", " ")
        return told


class Radar(Protocol):
    """The durable store as the radar needs it. Same promises as Ledger."""

    async def rhythm(self, since: int) -> Sequence[tuple[int, str, str, int]]:
        """Votes by ten seconds and branch, from this slot on: (slot, region, branch, votes), in order. Nothing after
        the cut."""

    async def members(self) -> Mapping[Place, tuple[int, int]]:
        """For each branch of the roll its members, and how many of them can vote by phone."""

    async def again(self) -> Mapping[Place, int]:
        """For each branch how many votes took the place of an earlier one. Nothing after the cut."""

    async def signals(self) -> Sequence[Signal]:
        """All signals, in order. None after the cut."""

    async def wrong_codes(self) -> Mapping[Place, int]:
        """For each branch how many wrong codes were typed, where there were any."""

    async def keep(self, findings: Sequence[Finding], now: datetime) -> int:
        """Make a case of each finding that has none yet; how many. One has a case if the same detector had a finding in
        the same place at the same time, or up to an hour before; while that is `new`, the heavier finding replaces its
        numbers."""

    async def cases(self) -> Sequence[Case]:
        """All cases, the newest first."""

    async def case(self, number: int) -> Case | None:
        """The case with this number."""

    async def set_state(self, number: int, state: CaseState, by: str, word: str) -> bool:
        """Mark a case that is not closed; whether there was one."""

    async def behind(self, case: Case) -> Sequence[tuple[str, bytes]]:
        """The members behind a case, in the order of their ids: (member id, sealed phone)."""


def merged(members: Mapping[Place, int]) -> Mapping[Place, Place]:
    """For each branch the place that a case about it names: itself, else its region, else all such together."""
    small: dict[str, int] = {}
    for (region, branch), count in members.items():
        if not branch or count < FEWEST_NAMED:
            small[region] = small.get(region, 0) + count
    told: dict[Place, Place] = {}
    for place, count in members.items():
        region, branch = place
        if branch and count >= FEWEST_NAMED:
            told[place] = place
        else:
            told[place] = (region, "") if small[region] >= FEWEST_NAMED else ("", "")
    return told


async def found_case(radar: Radar, number: int) -> Case:
    """The case. Raises OperatorRefusal `no_such_case`."""
    case = await radar.case(number)
    if case is None:
        raise OperatorRefusal("no_such_case", f"There is no case {number}; `dauys radar` lists them.")
    return case
