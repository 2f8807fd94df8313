"""What is told in two places of paper: stations and who opened them, ballots handed out and who is on paper, counts."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from election.damage import Damage
from election.paper import COUNT, OPEN
from storage.durable.schema import act, paper_count, paper_issue, paper_station, voter


def _stations(connection: Connection) -> Iterator[Damage]:
    """Each station was opened by an act."""
    opened = connection.scalars(select(act.c.payload).where(act.c.state == "done", act.c.kind == OPEN))
    names = {json.loads(payload)["station"] for payload in opened}
    if strange := names ^ set(connection.scalars(select(paper_station.c.name))):
        yield Damage("paper_station", len(strange))


def _issues(connection: Connection) -> Iterator[Damage]:
    """Whoever is on paper was handed a ballot, nobody else was, and each station has counted its own."""
    on_paper = select(voter.c.member_id).where(voter.c.right == "paper")
    without = on_paper.where(voter.c.member_id.not_in(select(paper_issue.c.member_id)))
    strange = select(paper_issue.c.member_id).where(paper_issue.c.member_id.not_in(on_paper))
    if wrong := sum(_size(connection, each) for each in (without, strange)):
        yield Damage("paper_issue", wrong)
    figures = func.count(), func.sum(paper_issue.c.ballots), func.count(case((paper_issue.c.returned, 1)))
    issued = {
        name: (int(ballots), int(ballots) - members, returned)
        for name, members, ballots, returned in connection.execute(
            select(paper_issue.c.station, *figures).group_by(paper_issue.c.station)
        )
    }
    told = paper_station.c.name, paper_station.c.issued, paper_station.c.spoilt, paper_station.c.returned
    for name, *counted in connection.execute(select(*told)):
        if tuple(counted) != issued.get(name, (0, 0, 0)):
            yield Damage("paper_issue", max(1, abs(counted[0] - issued.get(name, (0,))[0])))


def _counts(connection: Connection) -> Iterator[Damage]:
    """A count that stands is on record, and is that of the clerks who agreed on it."""
    agreed = connection.execute(
        select(act.c.payload, act.c.proposer, act.c.approver).where(act.c.state == "done", act.c.kind == COUNT)
    )
    due = {(json.loads(payload)["station"], clerk) for payload, *clerks in agreed for clerk in clerks}
    stands = select(paper_count.c.station, paper_count.c.clerk).where(paper_count.c.stands)
    if strange := due ^ {(row[0], row[1]) for row in connection.execute(stands)}:
        yield Damage("paper_count", len(strange))


def _size(connection: Connection, found: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(found.subquery())).scalar_one())


PAPER_CHECKS: tuple[Callable[[Connection], Iterator[Damage]], ...] = (_stations, _issues, _counts)
