"""The store as paper stations need it. The promises are election.paper.PaperKeeping's."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, not_, select, update

from election.errors import OperatorRefusal
from election.paper import CONFLICTS, MERGE, Conflict, Merge, PaperPerson, PaperStation
from election.paper_count import Entry, PaperCount
from election.ports import Act, Withdrawal
from storage.durable.keeper import Keeper
from storage.durable.member_locks import hold_members, hold_stage
from storage.durable.office import propose_act
from storage.durable.paper_issues import hold_open_station, hold_stations, open_one, read_stations
from storage.durable.schema import act as acts
from storage.durable.schema import paper_count, paper_issue, paper_station, urn, voter
from storage.durable.withdrawing import hand_out_held

_PERSON: Select[Any] = select(
    voter.c.member_id,
    voter.c.name,
    voter.c.region,
    voter.c.branch,
    voter.c.reach,
    voter.c.right,
    voter.c.casts,
    paper_issue.c.station,
    paper_issue.c.ballots,
    paper_issue.c.returned,
).outerjoin_from(voter, paper_issue, paper_issue.c.member_id == voter.c.member_id)
_ONE: Select[Any] = _PERSON.where(voter.c.member_id == bindparam("sought"))
_HERS = (
    paper_issue.c.member_id == bindparam("member"),
    paper_issue.c.station == bindparam("station_name"),
    not_(paper_issue.c.returned),
)
_ONE_MORE = (
    update(paper_issue)
    .where(*_HERS, paper_issue.c.ballots == bindparam("so_far"))
    .values(ballots=paper_issue.c.ballots + 1)
)
_BACK = update(paper_issue).where(*_HERS).values(returned=True)
_STATION = update(paper_station).where(paper_station.c.name == bindparam("station_name"))
_SPOILT = _STATION.values(issued=paper_station.c.issued + 1, spoilt=paper_station.c.spoilt + 1)
_RETURNED = _STATION.values(returned=paper_station.c.returned + 1)
_ENTRIES = (
    select(paper_count.c.clerk, paper_count.c.body, paper_count.c.stands)
    .where(paper_count.c.station == bindparam("station_name"))
    .order_by(paper_count.c.clerk)
)
_NAMED = frozenset(CONFLICTS) - {"voted"}  # that a member has voted by phone is nobody else's business
_MERGES = select(acts.c.number, acts.c.payload).where(acts.c.kind == MERGE, acts.c.state == "done")


class SqlPapers:
    """election.paper.PaperKeeping over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def stations(self) -> Sequence[PaperStation]:
        """See election.paper.PaperKeeping."""
        return await self._keeper.survey(read_stations)

    async def person(self, member_id: str) -> PaperPerson | None:
        """See election.paper.PaperKeeping."""
        row = await self._keeper.find(_ONE, sought=member_id)
        return None if row is None else _person(row)

    async def served(self, station: str) -> Sequence[PaperPerson]:
        """See election.paper.PaperKeeping."""
        return await self._keeper.survey(lambda connection: _served(connection, station))

    async def exchange(self, station: str, member_id: str, ballots: int) -> None:
        """See election.paper.PaperKeeping."""
        await self._keeper.write(lambda connection: _exchange(connection, station, member_id, ballots))

    async def give_back(self, station: str, member_id: str) -> None:
        """See election.paper.PaperKeeping."""
        await self._keeper.write(lambda connection: _give_back(connection, station, member_id))

    async def merge(self, station: str, outs: Sequence[Withdrawal], found: Merge, act: Act) -> Merge:
        """See election.paper.PaperKeeping."""
        return await self._keeper.write(lambda connection: _merge(connection, station, outs, found, act))

    async def enter_count(self, count: PaperCount, clerk: str, act: Act, *, alone: bool) -> Sequence[Entry]:
        """See election.paper.PaperKeeping."""
        return await self._keeper.write(lambda connection: _enter_count(connection, count, clerk, act, alone))

    async def entries(self, station: str) -> Sequence[Entry]:
        """See election.paper.PaperKeeping."""
        return await self._keeper.survey(lambda connection: _entries(connection, station))


def _person(row: Sequence[Any]) -> PaperPerson:
    *hers, station, ballots, returned = row
    return PaperPerson(*[*hers, station or "", ballots or 0, bool(returned)])


def _served(connection: Connection, name: str) -> list[PaperPerson]:
    station = next((each for each in read_stations(connection) if each.name == name), None)
    if station is None:
        raise OperatorRefusal("station_unknown", f"There is no paper station “{name}”; see `dauys paper show`.")
    found = _PERSON.order_by(voter.c.member_id)
    if station.regions:
        found = found.where(voter.c.region.in_(station.regions))
    if station.branches:
        found = found.where(voter.c.branch.in_(station.branches))
    return [_person(row) for row in connection.execute(found)]


def _exchange(connection: Connection, station: str, member_id: str, ballots: int) -> None:
    if (stage := hold_stage(connection)) != "open":
        raise OperatorRefusal("wrong_stage", f"The election is {stage}; no ballot is handed out now.")
    hold_open_station(connection, station)
    hers = {"member": member_id, "station_name": station, "so_far": ballots}
    if connection.execute(_ONE_MORE, hers).rowcount != 1:
        raise _no_ballot_out(station, member_id)
    connection.execute(_SPOILT, {"station_name": station})


def _give_back(connection: Connection, station: str, member_id: str) -> None:
    hold_open_station(connection, station)
    if connection.execute(_BACK, {"member": member_id, "station_name": station}).rowcount != 1:
        raise _no_ballot_out(station, member_id)
    connection.execute(_RETURNED, {"station_name": station})


def _no_ballot_out(station: str, member_id: str) -> OperatorRefusal:
    return OperatorRefusal("no_ballot_out", f"Member {member_id} has no ballot of the station “{station}” in her hand.")


def _merge(connection: Connection, name: str, outs: Sequence[Withdrawal], found: Merge, act: Act) -> Merge:
    stage = hold_stage(connection)
    stations = hold_stations(connection, [name])
    if (before := _merged_before(connection, act)) is not None:
        return before
    station = open_one(name, stations)
    if stage not in ("open", "paused", "closed") or connection.execute(select(urn.c.key).limit(1)).first() is not None:
        raise OperatorRefusal("too_late", f"The election is {stage} and its box is cut: no sheet can be merged now.")
    hold_members(connection, [out.member_id for out in outs])
    conflicts, named = Counter(found.conflicts), {kind: list(ids) for kind, ids in found.named.items()}
    known = 0
    to_hand_out: list[Withdrawal] = []
    for out in outs:
        row = connection.execute(_ONE, {"sought": out.member_id}).first()
        person = None if row is None else _person(row)
        conflict = _conflict(person, station)
        if conflict is not None:
            conflicts[conflict] += 1
        if conflict in _NAMED:
            named.setdefault(conflict, []).append(out.member_id)
        elif person is not None and person.right == "paper":
            known += 1
        elif person is not None:
            to_hand_out.append(replace(out, number=person.casts))
    for refused in hand_out_held(connection, to_hand_out, stations):
        if refused is not None:
            raise refused
    merged = Merge(found.ticked, len(to_hand_out), known, dict(conflicts), named)
    told = {name: value for name, value in asdict(merged).items() if name != "act"}
    payload = json.dumps({**json.loads(act.payload), **told}, ensure_ascii=False)
    return replace(merged, act=propose_act(connection, replace(act, payload=payload)))


def _conflict(person: PaperPerson | None, station: PaperStation) -> Conflict | None:
    """What a ticked row of hers is beside a ballot handed out."""
    if person is None:
        return "unknown"
    if person.right == "paper":
        return None if person.station == station.name else "elsewhere"
    if person.right == "void":
        return "withdrawn"
    if not station.serves(person.region, person.branch):
        return "not-of-station"
    return "voted" if person.right == "voted" else None


def _merged_before(connection: Connection, act: Act) -> Merge | None:
    """What came of this very sheet when it was merged."""
    sought = json.loads(act.payload)
    for number, payload in connection.execute(_MERGES):
        told = json.loads(payload)
        if all(told.get(name) == value for name, value in sought.items()):
            figures = {name: told[name] for name in ("ticked", "handed_out", "known", "conflicts", "named")}
            return Merge(**figures, act=number)
    return None


def _enter_count(connection: Connection, count: PaperCount, clerk: str, act: Act, alone: bool) -> list[Entry]:
    station = hold_stations(connection, [count.station]).get(count.station)
    if station is None or station.is_open:
        raise OperatorRefusal("station_open", f"Close the paper station “{count.station}” before its box is counted.")
    before = _entries(connection, count.station)
    if any(entry.stands for entry in before):
        raise OperatorRefusal("count_stands", f"Two clerks have agreed on the count of “{count.station}” already.")
    same = next((entry for entry in before if entry.clerk != clerk and entry.count == count), None)
    stands = alone or same is not None
    itself = {"station": count.station, "clerk": clerk}
    connection.execute(delete(paper_count).where(paper_count.c.station == count.station, paper_count.c.clerk == clerk))
    connection.execute(insert(paper_count), {**itself, "body": count.packed(), "stands": stands})
    if stands:
        proposer = same.clerk if same is not None else clerk
        connection.execute(
            update(paper_count)
            .where(paper_count.c.station == count.station, paper_count.c.clerk == proposer)
            .values(stands=True)
        )
        propose_act(connection, replace(act, proposer=proposer, approver=clerk))
    return _entries(connection, count.station)


def _entries(connection: Connection, station: str) -> list[Entry]:
    rows = connection.execute(_ENTRIES, {"station_name": station})
    return [Entry(row.clerk, PaperCount.unpacked(station, row.body), bool(row.stands)) for row in rows]
