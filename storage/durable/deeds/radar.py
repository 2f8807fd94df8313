"""Opening the names behind a case: nothing changes but the record, by which two persons may ask for them."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from election.errors import OperatorRefusal
from election.radar.desk import OPEN_NAMES
from storage.durable.deeds.done import Done
from storage.durable.radar import read_case


def _open_names(connection: Connection, done: Done) -> None:
    if read_case(connection, int(done.about["case"])) is None:
        raise OperatorRefusal("no_such_case", f"There is no case {done.about['case']}; `dauys radar` lists them.")


EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = {OPEN_NAMES: _open_names}
