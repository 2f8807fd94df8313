"""Paper stations open and close."""

import json
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, delete, insert, select, update

from election.deeds.paper import listed
from election.errors import OperatorRefusal
from election.paper import CLOSE, OPEN, Account
from storage.durable.deeds.done import Done
from storage.durable.paper_issues import hold_open_station, hold_stations
from storage.durable.schema import paper_count, paper_station


def _open(connection: Connection, done: Done) -> None:
    """A new station, or one that goes on where it was; what was counted of it and not agreed on is forgotten."""
    name = str(done.about["station"])
    served = {
        field: json.dumps(listed(str(done.about[field])), ensure_ascii=False) for field in ("regions", "branches")
    }
    known = hold_stations(connection, [name]).get(name)
    if known is None:
        connection.execute(insert(paper_station), {"name": name, **served})
        return
    stands = select(paper_count.c.clerk).where(paper_count.c.station == name, paper_count.c.stands).limit(1)
    if connection.execute(stands).first() is not None:
        raise OperatorRefusal("count_stands", f"Two clerks have agreed on the count of “{name}” already.")
    connection.execute(delete(paper_count).where(paper_count.c.station == name))
    connection.execute(
        update(paper_station).where(paper_station.c.name == name).values(state="open", in_box=0, **served)
    )


def _close(connection: Connection, done: Done) -> None:
    """It closes with the figures that both have seen."""
    account = Account.of(done.about)
    station = hold_open_station(connection, account.station)
    if station.account(account.cast) != account:
        raise OperatorRefusal(
            "station_moved_on", f"“{account.station}” has other figures than those proposed: propose its close again."
        )
    connection.execute(
        update(paper_station).where(paper_station.c.name == account.station).values(state="closed", in_box=account.cast)
    )


EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = {OPEN: _open, CLOSE: _close}
