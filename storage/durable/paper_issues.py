"""Ballots handed out at paper stations, noted with the right that is used by it.

A station's row is held after the stage and before the members, so that processes never wait for each other in a ring.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from election.errors import OperatorRefusal
from election.paper import PaperStation
from storage.durable.schema import branch_count, paper_issue, paper_station

_STATION: Select[Any] = select(
    paper_station.c.name,
    paper_station.c.regions,
    paper_station.c.branches,
    paper_station.c.state,
    paper_station.c.issued,
    paper_station.c.spoilt,
    paper_station.c.returned,
    paper_station.c.in_box,
)
_HELD = (
    _STATION.where(paper_station.c.name.in_(bindparam("names", expanding=True)))
    .order_by(paper_station.c.name)
    .with_for_update()
)
_ISSUED = (
    update(paper_station)
    .where(paper_station.c.name == bindparam("station"))
    .values(issued=paper_station.c.issued + bindparam("more"))
)


def hold_stations(connection: Connection, names: Iterable[str]) -> Mapping[str, PaperStation]:
    """These stations, which nobody else changes until the end of the transaction; those that are there."""
    sought = sorted({name for name in names if name})
    if not sought:
        return {}
    return {row.name: station_of(connection, row) for row in connection.execute(_HELD, {"names": sought}).all()}


def hold_open_station(connection: Connection, name: str) -> PaperStation:
    """One of them. Raises OperatorRefusal `station_unknown` or `station_closed`."""
    return open_one(name, hold_stations(connection, [name]))


def open_one(name: str, stations: Mapping[str, PaperStation]) -> PaperStation:
    """The open station of this name among these. Raises OperatorRefusal `station_unknown` or `station_closed`."""
    station = stations.get(name)
    if station is None:
        raise OperatorRefusal("station_unknown", f"There is no paper station “{name}”; see `dauys paper show`.")
    if not station.is_open:
        raise OperatorRefusal("station_closed", f"The paper station “{name}” is closed; `dauys paper open` opens it.")
    return station


def note_issues(connection: Connection, issues: Sequence[tuple[str, str]]) -> None:
    """Who was handed a ballot, and where: (station, member), in the caller's transaction; the stations are held."""
    if not issues:
        return
    connection.execute(insert(paper_issue), [{"station": station, "member_id": who} for station, who in sorted(issues)])
    for station, more in sorted(Counter(station for station, _ in issues).items()):
        connection.execute(_ISSUED, {"station": station, "more": more})


def read_stations(connection: Connection) -> list[PaperStation]:
    """All stations, by name."""
    rows = connection.execute(_STATION.order_by(paper_station.c.name)).all()
    return [station_of(connection, row) for row in rows]


def beside_stations(connection: Connection) -> int:
    """Ballots that were handed out at no station."""
    beside = select(func.coalesce(func.sum(paper_issue.c.ballots), 0)).where(paper_issue.c.station == "")
    return int(connection.execute(beside).scalar_one())


def station_of(connection: Connection, row: Row[Any]) -> PaperStation:
    """The station of this row, with the number of those whom it serves."""
    regions, branches = tuple(json.loads(row.regions)), tuple(json.loads(row.branches))
    served: Select[Any] = select(func.coalesce(func.sum(branch_count.c.electorate), 0))
    if regions:
        served = served.where(branch_count.c.region.in_(regions))
    if branches:
        served = served.where(branch_count.c.branch.in_(branches))
    figures = row.issued, row.spoilt, row.returned, row.in_box
    members = int(connection.execute(served).scalar_one())
    return PaperStation(row.name, regions, branches, row.state == "open", *figures, members)
