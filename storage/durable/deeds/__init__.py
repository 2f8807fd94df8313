"""What guarded acts do in the store, by their kind. Each effect runs in the transaction of its act's record."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from storage.durable.deeds import hours, members, paper, radar, rulings, voting
from storage.durable.deeds.done import Done

EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = {
    **voting.EFFECTS,
    **hours.EFFECTS,
    **members.EFFECTS,
    **paper.EFFECTS,
    **radar.EFFECTS,
    **rulings.EFFECTS,
}
