"""Open, close, pause, resume: the election moves from one stage to the next, and at the opening the roll is frozen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Update, bindparam, func, select, update

from election.deeds.voting import MOVES
from election.errors import OperatorRefusal
from election.ports import Stage
from storage.durable.deeds.done import Done
from storage.durable.schema import election

_MOVE = (
    update(election)
    .where(election.c.stage.in_(bindparam("expected", expanding=True)), election.c.definition != "")
    .values(stage=bindparam("new_stage"))
)
_NOW = bindparam("now", type_=election.c.opened_at.type)
_MOVES: Mapping[Stage, Update] = {  # those whose hour is noted
    "open": _MOVE.values(opened_at=func.coalesce(election.c.opened_at, _NOW)),
    "closed": _MOVE.values(closed_at=_NOW),
}


def move_stage(connection: Connection, expected: Sequence[Stage], stage: Stage, now: datetime) -> bool:
    """As `Office.move`, in the caller's transaction. Without an election there is nothing to move."""
    statement = _MOVES.get(stage, _MOVE)
    moved = {"expected": list(expected), "new_stage": stage} | ({"now": now} if stage in _MOVES else {})
    return connection.execute(statement, moved).rowcount == 1


def _moving(kind: str) -> Callable[[Connection, Done], None]:
    expected, stage = MOVES[kind]

    def effect(connection: Connection, done: Done) -> None:
        if not move_stage(connection, expected, stage, done.now):
            raise OperatorRefusal("wrong_stage", f"The election has moved on, so it cannot {kind} now.")

    return effect


def _open(connection: Connection, done: Done) -> None:
    """The roll is frozen with the opening, as it was hashed just before, unless it is frozen already."""
    if "roll_digest" in done.extra:
        unfrozen = election.c.roll_frozen_at.is_(None)
        same = election.c.roll_version == int(done.extra["roll_version"])
        digest = done.extra["roll_digest"].decode()
        connection.execute(update(election).where(unfrozen, same).values(roll_frozen_at=done.now, roll_digest=digest))
        if connection.execute(select(election.c.roll_frozen_at)).scalar_one() is None:
            raise OperatorRefusal("roll_moved_on", "The roll has changed in this very moment: approve it again.")
    _moving("open")(connection, done)


EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = {kind: _moving(kind) for kind in MOVES} | {"open": _open}
