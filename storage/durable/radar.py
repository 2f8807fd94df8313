"""The store as the radar needs it. The promises are election.radar.case.Radar's."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, true, update

from election.election_file import parse
from election.ports import Signal, SignalKind
from election.radar.case import Case, CaseState, Finding, Place, merged
from storage.durable.keeper import Keeper
from storage.durable.ledger import read_election
from storage.durable.schema import branch_count, radar_case, rhythm, voter
from storage.durable.schema import signal as signals

APART = timedelta(hours=1)
"""Findings nearer to each other are one case."""
_RHYTHM: Select[Any] = select(
    rhythm.c.slot, rhythm.c.region, rhythm.c.branch, (rhythm.c.votes + rhythm.c.again).label("all_votes")
).order_by(rhythm.c.slot, rhythm.c.region, rhythm.c.branch)
_MEMBERS: Select[Any] = select(
    branch_count.c.region,
    branch_count.c.branch,
    branch_count.c.electorate,
    branch_count.c.electorate - branch_count.c.paper_roll,
).where(branch_count.c.electorate > 0)
_SIGNALS = select(signals.c.kind, signals.c.at, signals.c.region, signals.c.branch, signals.c.member_id).order_by(
    signals.c.id
)
_CASE: Select[Any] = select(
    radar_case.c.number,
    radar_case.c.detector,
    radar_case.c.region,
    radar_case.c.branch,
    radar_case.c.began,
    radar_case.c.ended,
    radar_case.c.numbers,
    radar_case.c.weight,
    radar_case.c.seen_at,
    radar_case.c.state,
    radar_case.c.by,
    radar_case.c.word,
)
_SIGNALLED: Mapping[str, SignalKind] = {
    "other-chat": "other-chat",
    "phones": "phones",
    "contacts": "contact",
    "not-me": "not-me",
}
_AT_ONCE = 10_000


class SqlRadar:
    """election.radar.case.Radar over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def rhythm(self, since: int) -> Sequence[tuple[int, str, str, int]]:
        """See election.radar.case.Radar."""

        def look(connection: Connection) -> list[tuple[int, str, str, int]]:
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(_RHYTHM.where(rhythm.c.slot >= since))
            return [tuple(row) for row in rows]

        return await self._keeper.survey(look)

    async def members(self) -> Mapping[Place, tuple[int, int]]:
        """See election.radar.case.Radar."""
        return await self._keeper.survey(_members)

    async def again(self) -> Mapping[Place, int]:
        """See election.radar.case.Radar."""
        statement = select(rhythm.c.region, rhythm.c.branch, func.sum(rhythm.c.again)).where(rhythm.c.again > 0)
        return await self._counted(statement.group_by(rhythm.c.region, rhythm.c.branch))

    async def signals(self) -> Sequence[Signal]:
        """See election.radar.case.Radar."""
        return await self._keeper.survey(lambda connection: [Signal(*row) for row in connection.execute(_SIGNALS)])

    async def wrong_codes(self) -> Mapping[Place, int]:
        """See election.radar.case.Radar."""
        statement = select(voter.c.region, voter.c.branch, func.sum(voter.c.wrong_codes)).where(voter.c.wrong_codes > 0)
        return await self._counted(statement.group_by(voter.c.region, voter.c.branch))

    async def keep(self, findings: Sequence[Finding], now: datetime) -> int:
        """See election.radar.case.Radar."""
        return await self._keeper.write(lambda connection: sum(_keep(connection, each, now) for each in findings))

    async def cases(self) -> Sequence[Case]:
        """See election.radar.case.Radar."""
        statement = _CASE.order_by(radar_case.c.number.desc())
        return await self._keeper.survey(lambda connection: [_case(row) for row in connection.execute(statement)])

    async def case(self, number: int) -> Case | None:
        """See election.radar.case.Radar."""
        return await self._keeper.read(lambda connection: read_case(connection, number))

    async def set_state(self, number: int, state: CaseState, by: str, word: str) -> bool:
        """See election.radar.case.Radar."""
        statement = (
            update(radar_case)
            .where(radar_case.c.number == number, radar_case.c.state != "closed")
            .values(state=state, by=by, word=word)
        )
        return await self._keeper.write(lambda connection: connection.execute(statement).rowcount == 1)

    async def behind(self, case: Case) -> Sequence[tuple[str, bytes]]:
        """See election.radar.case.Radar. Of bursts and beats: who voted then, as near as her wait for a vote again
        tells; where the rules know no wait, all of the place who have voted."""
        return await self._keeper.survey(lambda connection: _behind(connection, case))

    async def _counted(self, statement: Select[Any]) -> Mapping[Place, int]:
        return await self._keeper.survey(
            lambda connection: {(region, branch): int(count) for region, branch, count in connection.execute(statement)}
        )


def read_case(connection: Connection, number: int) -> Case | None:
    """The case with this number, in the caller's transaction."""
    row = connection.execute(_CASE.where(radar_case.c.number == number)).first()
    return None if row is None else _case(row)


def _case(row: Any) -> Case:
    number, detector, region, branch, began, ended, numbers, *rest = row
    return Case(number, detector, region, branch, began, ended, json.loads(numbers), *rest)


def _members(connection: Connection) -> dict[Place, tuple[int, int]]:
    return {(region, branch): (count, by_phone) for region, branch, count, by_phone in connection.execute(_MEMBERS)}


def _keep(connection: Connection, finding: Finding, now: datetime) -> int:
    region, branch = finding.place
    same = and_(
        radar_case.c.detector == finding.detector,
        radar_case.c.region == region,
        radar_case.c.branch == branch,
        radar_case.c.began <= finding.ended,
        radar_case.c.ended >= finding.began - (APART if finding.detector in ("burst", "beat") else timedelta()),
    )
    seen = {
        "ended": finding.ended,
        "numbers": json.dumps(finding.numbers, ensure_ascii=False, sort_keys=True),
        "weight": finding.weight,
    }
    if connection.execute(select(radar_case.c.number).where(same).limit(1)).first() is not None:
        lighter = radar_case.c.weight < finding.weight
        connection.execute(update(radar_case).where(same, radar_case.c.state == "new", lighter).values(seen))
        return 0
    named = {"detector": finding.detector, "region": region, "branch": branch, "began": finding.began}
    connection.execute(insert(radar_case).values(**named, **seen, seen_at=now))
    return 1


def _behind(connection: Connection, case: Case) -> list[tuple[str, bytes]]:
    whose = select(voter.c.member_id, voter.c.sealed_phone, voter.c.region, voter.c.branch)
    if kind := _SIGNALLED.get(case.detector):
        meant = select(signals.c.member_id).where(
            signals.c.kind == kind, signals.c.at >= case.began, signals.c.at <= case.ended
        )
        whose = whose.where(voter.c.member_id.in_(meant))
    elif case.detector == "redo":
        whose = whose.where(voter.c.casts > 1)
    else:
        whose = whose.where(voter.c.casts > 0, _voted_then(connection, case))
    if case.region:
        whose = whose.where(voter.c.region == case.region)
    told = merged({place: count for place, (count, _) in _members(connection).items()})
    rows = connection.execute(whose.order_by(voter.c.member_id))
    place = (case.region, case.branch)
    return [(member, bytes(phone)) for member, phone, *home in rows if told.get(cast(Place, tuple(home))) == place]


def _voted_then(connection: Connection, case: Case) -> Any:
    record = read_election(connection)
    policy = parse(record.definition).policy if record else None
    if policy is None or policy.redo_limit == 0:
        return true()
    first, last = case.began + policy.redo_wait, case.ended + policy.redo_wait + timedelta(minutes=1)
    return or_(voter.c.redo_from.is_(None), voter.c.redo_from.between(first, last))
