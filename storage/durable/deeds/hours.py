"""Extend: the hour of closing moves, and never back."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, or_, update

from election.deeds.hours import until
from election.errors import OperatorRefusal
from storage.durable.deeds.done import Done
from storage.durable.schema import election


def _extend(connection: Connection, done: Done) -> None:
    moment = until(done.about)
    earlier = or_(election.c.extended_to.is_(None), election.c.extended_to < moment)
    moved = update(election).where(election.c.stage.in_(("open", "paused")), earlier).values(extended_to=moment)
    if connection.execute(moved).rowcount != 1:
        raise OperatorRefusal("wrong_stage", "The election has moved on, so it cannot be extended now.")


EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = {"extend": _extend}
