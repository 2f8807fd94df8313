"""What clerks do at a paper station: look a member up, hand out, exchange, take back, merge a sheet, count.

It is one file, because it is all that one clerk does.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from election.commission import named as named_officer
from election.commission import parsed
from election.deeds.paper import must_be_open, named
from election.definition import Definition
from election.errors import AlreadyVoted, Closed, NotOpenYet, OperatorRefusal, Paused
from election.paper import CLERKS, CONFLICTS, COUNT, MERGE, Account, Merge, PaperKeeping, PaperPerson, PaperStation
from election.paper_count import Entry, PaperCount, differing, held, wrong
from election.paper_sheet import Row, read_rows, row_hash
from election.ports import Act, ElectionRecord, Ledger, Letter, Office, Withdrawal
from election.standing import Standing

_TRIES = 3
"""A member may vote by phone in the very moment in which she takes a ballot."""
Wording = Callable[[str, datetime, str], str]
"""In this language, that it was at this moment, in this time zone."""


class Keys(Protocol):
    """What paper needs of the strongroom."""

    def pseudonym(self, election: str, member_id: str) -> bytes:
        """The member's pseudonym on the outer envelope."""

    def token(self, size: int) -> bytes:
        """So many random bytes."""

    def roll_salt(self, member_id: str) -> bytes:
        """The member's secret salt."""

    def seal_letter(self, body: str) -> bytes:
        """A letter's body, sealed for the outbox."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of a count entered. `differs`: where another clerk has counted otherwise, as
    election.paper_count.differing tells it; while anything is there nothing stands."""

    stands: bool
    differs: Sequence[tuple[str, str]] = ()


class PaperWork:
    """One object serves every clerk; it keeps nothing about anybody. Whatever is impossible raises OperatorRefusal."""

    def __init__(self, ledger: Ledger, papers: PaperKeeping, office: Office, keys: Keys, wording: Wording) -> None:
        """`wording`: what a member is told by SMS to whom a ballot was handed out."""
        self._ledger = ledger
        self._papers = papers
        self._office = office
        self._keys = keys
        self._wording = wording

    async def stations(self) -> Sequence[PaperStation]:
        """All stations, by name."""
        return await self._papers.stations()

    async def station(self, name: str) -> PaperStation:
        """The station of this name, open or closed. Refused as `station_unknown`."""
        station = await named(self._papers, name)
        if station is None:
            raise OperatorRefusal("station_unknown", f"There is no paper station “{name}”; see `dauys paper show`.")
        return station

    async def look_up(self, station: str, member_id: str) -> PaperPerson:
        """The member whom a clerk has before her, by her number: of this station's roll, whatever she has done so far.
        Refused as `not_on_roll` or `not_of_station`."""
        here = await must_be_open(self._papers, station)
        person = await self._papers.person(member_id.strip())
        if person is None:
            raise OperatorRefusal("not_on_roll", f"Nobody on the roll has the number {member_id.strip()}.")
        if not here.serves(person.region, person.branch) and person.station != station:
            raise OperatorRefusal("not_of_station", f"The paper station “{station}” does not serve this member.")
        return person

    async def hand_out(self, station: str, member_id: str, by: str, now: datetime) -> PaperPerson:
        """The member takes a ballot: from now on she is on paper. Refused as `on_paper`, which says where,
        `withdrawn_already`, or `wrong_stage` unless votes are taken."""
        record, definition = await self._election()
        named_officer(definition, by, CLERKS)
        for _ in range(_TRIES):
            person = await self.look_up(station, member_id)
            must_be_free(person)
            try:
                Standing(record, definition).must_be_open(now)  # the hour of closing is that of the phone
                out = await self._withdrawal(definition, station, person.id, person.casts, now)
                await self._ledger.hand_out_paper(out)
            except AlreadyVoted:
                continue
            except (NotOpenYet, Paused, Closed) as refusal:
                raise OperatorRefusal(
                    "wrong_stage", f"No ballot is handed out now: the voting is {refusal.code.replace('_', ' ')}."
                ) from None
            return person
        raise OperatorRefusal("try_again", "She is voting by phone in this very moment; try again.")

    async def exchange(self, station: str, member_id: str, by: str, ballots: int = 0) -> PaperPerson:
        """The member has spoilt her ballot, gives it back and takes another one; her right is not used again.

        `ballots`: how many she had when the clerk saw it, so that it is done once; 0 where that was only now.
        """
        await self._clerk(by)
        person = await self.look_up(station, member_id)
        await self._papers.exchange(station, person.id, ballots or person.ballots)
        return person

    async def give_back(self, station: str, member_id: str, by: str) -> PaperPerson:
        """The member hands her ballot back unused; her right stays `paper` (see election.paper)."""
        await self._clerk(by)
        person = await self.look_up(station, member_id)
        await self._papers.give_back(station, person.id)
        return person

    async def closing(self, station: str, cast: int) -> Account:
        """What the station says with so many ballots in its box: the particulars of its close."""
        return (await must_be_open(self._papers, station)).account(cast)

    async def sheet(self, station: str) -> Sequence[Row]:
        """A row for each member whom the station serves, but those on paper already."""
        await self.station(station)
        people = await self._papers.served(station)
        return [
            Row(person.id, person.masked_name, self._hash(person.id))
            for person in people
            if person.right in ("open", "voted")
        ]

    async def merge(self, station: str, sheet: bytes, by: str, now: datetime) -> Merge:
        """Take in a sheet with its rows ticked: who was given a ballot off line is on paper from now on. The same sheet
        once more changes nothing."""
        definition, clerk = await self._clerk(by)
        record, _ = await self._election()
        if record.stage == "counted":
            raise OperatorRefusal("too_late", "The box is cut and counted: no sheet can be merged now.")
        ticked = read_rows(sheet)
        of_station = {self._hash(person.id): person.id for person in await self._papers.served(station)}
        conflicts, strange = dict.fromkeys(CONFLICTS, 0), []
        members: set[str] = set()
        for row in ticked:
            member_id = of_station.get(row.hash) or (row.member_id if row.hash == self._hash(row.member_id) else "")
            if not member_id:
                conflicts["unknown"] += 1
                strange.append(row.member_id)
            elif member_id in members:
                conflicts["twice"] += 1
            members.add(member_id)
        told = {"station": station, "sha256": hashlib.sha256(sheet).hexdigest()}
        act = Act(0, now, MERGE, json.dumps(told, ensure_ascii=False), "", clerk, clerk, "done")
        outs = [await self._withdrawal(definition, station, who, 0, now) for who in sorted(members - {""})]
        found = Merge(len(ticked), 0, 0, conflicts, {"unknown": strange} if strange else {})
        return await self._papers.merge(station, outs, found, act)

    async def held(self, station: str) -> tuple[Definition, PaperStation, Sequence[str]]:
        """The rules, the station and the contests that lie in its box."""
        definition, here = await self._definition(), await self.station(station)
        return definition, here, [contest.id for contest in held(definition, await self._styles(here))]

    async def entries(self, station: str) -> Sequence[Entry]:
        """What clerks have counted there so far."""
        return await self._papers.entries(station)

    async def must_be_countable(self, station: str) -> tuple[Definition, PaperStation]:
        """The rules and the station. Refused as `count_too_early` until the voting is closed and the station too."""
        record, definition = await self._election()
        here = await self.station(station)
        if record.stage != "closed" or here.is_open:
            raise OperatorRefusal(
                "count_too_early", "Paper is counted once voting is closed and the station too, and before the tally."
            )
        return definition, here

    async def count(self, count: PaperCount, by: str, now: datetime, *, confirms: bool = False) -> Counted:
        """A clerk has counted the box. It stands as soon as two have counted the same. Refused as `must_be_countable`
        says, `wrong_count` where it cannot be, `no_count` where there is none to be confirmed."""
        _, clerk = await self._clerk(by)
        definition, here = await self.must_be_countable(count.station)
        if found := wrong(count, definition, await self._styles(here), here.cast):
            raise OperatorRefusal("wrong_count", " ".join(found))
        others = [entry for entry in await self._papers.entries(count.station) if entry.clerk != clerk]
        if confirms and not others:
            raise OperatorRefusal("no_count", f"No other clerk has counted “{count.station}” yet: `dauys paper count`.")
        told = {"station": count.station, "sha256": hashlib.sha256(count.packed().encode()).hexdigest()}
        act = Act(0, now, COUNT, json.dumps(told, ensure_ascii=False), "", clerk, clerk, "done")
        alone = not definition.commission.two_person
        entries = await self._papers.enter_count(count, clerk, act, alone=alone)
        if any(entry.stands for entry in entries):
            return Counted(stands=True)
        return Counted(False, [line for other in others for line in differing(other.count, count)])

    async def counts(self) -> Sequence[PaperCount]:
        """The counts that stand, of all stations. Refused as `paper_not_counted` while one is open or not counted."""
        found, missing = [], []
        for station in await self._papers.stations():
            stands = [entry.count for entry in await self._papers.entries(station.name) if entry.stands]
            if station.is_open:
                missing.append(f"“{station.name}” is open")
            elif not stands:
                missing.append(f"“{station.name}” has no count on which two clerks agree")
            else:
                found.append(stands[0])
        if missing:
            raise OperatorRefusal("paper_not_counted", f"First the paper stations: {'; '.join(missing)}.")
        return found

    async def _styles(self, station: PaperStation) -> list[tuple[str, str]]:
        styles = [(region, branch) for region, branch, *_ in await self._office.styles()]
        return [style for style in styles if station.serves(*style)]

    async def _withdrawal(
        self, definition: Definition, station: str, member_id: str, number: int, now: datetime
    ) -> Withdrawal:
        return Withdrawal(
            member_id=member_id,
            pseudonym=self._keys.pseudonym(definition.id, member_id),
            number=number,
            leaf_key=self._keys.token(16),
            nothing=self._keys.token(32),
            now=now,
            station=station,
            notice=await self._notice(definition, member_id, now),
        )

    async def _notice(self, definition: Definition, member_id: str, now: datetime) -> Letter | None:
        """To her own phone, so that nobody takes a ballot in her name unnoticed."""
        member = await self._ledger.member(member_id)
        if member is None or member.reach != "mobile":
            return None
        body = self._keys.seal_letter(self._wording(member.language, now, definition.timezone))
        return Letter("notice", member.sealed_phone, body, now)

    def _hash(self, member_id: str) -> str:
        return row_hash(self._keys.roll_salt(member_id), member_id)

    async def _clerk(self, by: str) -> tuple[Definition, str]:
        """The rules, and the name on record of one who works at paper stations. Refused as `not_an_officer`."""
        definition = await self._definition()
        return definition, named_officer(definition, by, CLERKS)

    async def _definition(self) -> Definition:
        return (await self._election())[1]

    async def _election(self) -> tuple[ElectionRecord, Definition]:
        record = await self._ledger.election()
        if record is None or not record.definition:
            raise OperatorRefusal("no_election", "No election is loaded; write one with `dauys election new`.")
        return record, parsed(record.definition)


def must_be_free(person: PaperPerson) -> None:
    """Refused as `on_paper`, which says where, or `withdrawn_already`."""
    if person.right == "paper":
        where = f" at “{person.station}”" if person.station else ""
        raise OperatorRefusal("on_paper", f"Member {person.id} has taken a paper ballot already{where}.")
    if person.right == "void":
        raise OperatorRefusal("withdrawn_already", f"The ballot of member {person.id} was taken out of the box.")
