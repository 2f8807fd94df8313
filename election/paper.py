"""Paper stations: whom each serves, what it has handed out, and what must come out when it closes.

A member who has taken a paper ballot is on paper for good. Handed back unused, it is counted as returned, and her right
stays `paper`: the leaf that says so is in the public log, from which nothing is ever taken; and a right that could come
back would let whoever keeps the ballot in her pocket vote once more by phone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from election.definition import Role
from election.names import masked_name
from election.paper_count import Entry, PaperCount
from election.ports import Act, Reach, Right, Withdrawal

OPEN, CLOSE, MERGE, COUNT = "paper-open", "paper-close", "paper-merge", "paper-count"
"""What acts about paper are called on record. The first two need two persons."""
CLERKS: frozenset[Role] = frozenset({"clerk", "committee"})
LONGEST_NAME = 60

Conflict = Literal["elsewhere", "not-of-station", "voted", "withdrawn", "unknown", "twice"]
"""Why a ticked row of a sheet is not simply a ballot handed out.

`elsewhere`: she is on paper already, at another station. `not-of-station`: the station does not serve her. `voted`: she
has voted by phone; paper wins, and her vote by phone stands aside at the cut. `withdrawn`: her right is void.
`unknown`: the row was never on a sheet of this election. `twice`: it was ticked before in the same sheet.

Of all but `voted` the right is not used here, although a ballot may have been given: then the station does not add up,
and that is told.
"""
CONFLICTS: tuple[Conflict, ...] = get_args(Conflict)


@dataclass(frozen=True, slots=True)
class PaperStation:
    """A station as it stands. It serves the members of `regions` and `branches`, of any where nothing is named.

    `issued`: ballots handed out, those given for spoilt ones among them. `cast`: those found in its box at its close; 0
    while it is open. `members`: how many it serves.
    """

    name: str
    regions: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    is_open: bool = True
    issued: int = 0
    spoilt: int = 0
    returned: int = 0
    cast: int = 0
    members: int = 0

    def serves(self, region: str, branch: str) -> bool:
        """Whether members of this region and branch vote here."""
        return (not self.regions or region in self.regions) and (not self.branches or branch in self.branches)

    @property
    def out(self) -> int:
        """Ballots that are not accounted for while it is open: they are in the box or in somebody's hand."""
        return self.issued - self.spoilt - self.returned

    def account(self, cast: int) -> "Account":
        """What it says with so many ballots in its box."""
        return Account(self.name, self.issued, cast, self.spoilt, self.returned, self.members)


@dataclass(frozen=True, slots=True)
class Account:
    """What a station says when it closes. `roll`: how many members it served then."""

    station: str
    issued: int
    cast: int
    spoilt: int
    returned: int
    roll: int

    @property
    def difference(self) -> int:
        """So many ballots too many in its box, or, below zero, too few."""
        return self.cast + self.spoilt + self.returned - self.issued

    @property
    def adds_up(self) -> bool:
        """Whether issued = cast + spoilt + returned, and no more members were given one than the station serves.

        A ballot given for a spoilt one goes to the same member, so it is not held against the roll.
        """
        return self.difference == 0 and self.issued - self.spoilt <= self.roll

    def as_about(self) -> Mapping[str, str | int]:
        """As the particulars of the act that closes it, with the difference for who reads it."""
        figures = {"issued": self.issued, "cast": self.cast, "spoilt": self.spoilt, "returned": self.returned}
        return {"station": self.station, **figures, "roll": self.roll, "difference": self.difference}

    @classmethod
    def of(cls, about: Mapping[str, str | int]) -> "Account":
        """What these particulars say. Raises KeyError or ValueError for those of another act."""
        figures = (int(about[name]) for name in ("issued", "cast", "spoilt", "returned", "roll"))
        return cls(str(about["station"]), *figures)


@dataclass(frozen=True, slots=True)
class PaperPerson:
    """A member as a clerk needs her. `station`: where she is on paper; `ballots`: so many she has had there."""

    id: str
    name: str
    region: str
    branch: str
    reach: Reach
    right: Right
    casts: int
    station: str = ""
    ballots: int = 0
    returned: bool = False

    @property
    def masked_name(self) -> str:
        """Enough to hold against a document; the same as the committee sees."""
        return masked_name(self.name)


@dataclass(frozen=True, slots=True)
class Merge:
    """What came of a sheet: rows `ticked`, members `handed_out` a ballot by it, those `known` on paper at this station
    before, conflicts by kind. `named`: member numbers by kind, of those conflicts that say nothing of a vote."""

    ticked: int
    handed_out: int
    known: int
    conflicts: Mapping[Conflict, int]
    named: Mapping[Conflict, Sequence[str]] = field(default_factory=dict)
    act: int = 0
    """Its number on record; that of the first time where the same sheet was merged before."""


class PaperKeeping(Protocol):
    """The durable store as paper stations need it. Same promises as election.ports.Ledger.

    A ballot is handed out by `Ledger.hand_out_paper`. What is refused is an OperatorRefusal and has changed nothing:
    `station_unknown`, `station_closed`, and what each method names.
    """

    async def stations(self) -> Sequence[PaperStation]:
        """All there are, by name."""

    async def person(self, member_id: str) -> PaperPerson | None:
        """The member with this number, or None."""

    async def served(self, station: str) -> Sequence[PaperPerson]:
        """All whom this station serves, by number."""

    async def exchange(self, station: str, member_id: str, ballots: int) -> None:
        """The member gives her `ballots`-th ballot back spoilt and is given another one. Refused as `no_ballot_out`
        unless exactly so many were given to her here and the last one is not returned, so that it repeats harmlessly;
        and as `wrong_stage` unless votes are taken."""

    async def give_back(self, station: str, member_id: str) -> None:
        """The member hands her ballot back unused. Refused as `no_ballot_out`, also when she has done so."""

    async def merge(self, station: str, outs: Sequence[Withdrawal], found: Merge, act: Act) -> Merge:
        """Hand out ballots to those whose rows were ticked in a sheet, all in one transaction with the record `act` of
        it, whose payload names the sheet; `found` is what was seen in the sheet itself.

        The `number` of each is not looked at: paper wins over whatever was cast by phone so far. A sheet whose act is
        on record changes nothing: what came of it then is said again. Refused as `too_late` once the box was cut.
        """

    async def enter_count(self, count: PaperCount, clerk: str, act: Act, *, alone: bool) -> Sequence[Entry]:
        """Keep what this clerk has counted in place of what she has said before; all entries of the station then.

        If another clerk has said the very same, or the clerk may decide `alone`, it stands, with the record `act` of
        it. Refused as `count_stands` once one does.
        """

    async def entries(self, station: str) -> Sequence[Entry]:
        """What clerks have counted there, by clerk."""


def incident(act: Act) -> Account | None:
    """What a station said that did not add up when this act closed it; None of any other act."""
    if act.kind != CLOSE:
        return None
    account = Account.of(json.loads(act.payload))
    return None if account.adds_up else account


def wrong_accounts(stations: Sequence[PaperStation]) -> list[str]:
    """What does not add up at stations when all is counted, a sentence each."""
    found = []
    for station in stations:
        account = station.account(station.cast)
        if station.is_open:
            where = f"at “{station.name}”, which is not closed" if station.name else "beside any station"
            found.append(f"{station.out} paper ballots were handed out {where}.")
        elif not account.adds_up:
            found.append(
                f"The paper station “{station.name}” does not add up: {account.issued} ballots handed out, but"
                f" {account.cast} in the box, {account.spoilt} spoilt and {account.returned} returned"
                f" (it serves {account.roll} members)."
            )
    return found
