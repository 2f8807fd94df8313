"""A ruling on a candidate: noted in the election's own row, which everybody reads each second."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select, update

from election.errors import OperatorRefusal
from election.rulings import KINDS, Ruling, packed, struck, unpacked
from storage.durable.deeds.done import Done
from storage.durable.schema import election, urn


def _ruling(connection: Connection, done: Done) -> None:
    stage, kept = connection.execute(select(election.c.stage, election.c.rulings).with_for_update()).one()
    if stage not in ("open", "paused", "closed") or connection.execute(select(urn.c.key).limit(1)).first() is not None:
        raise OperatorRefusal("box_cut", "The box has been cut: who is struck off now stays so, and who is not.")
    so_far = unpacked(kept)
    contest, candidate = str(done.about["contest"]), str(done.about["candidate"])
    out = done.act.kind == "strike"
    if (candidate in struck(so_far).get(contest, ())) == out:
        code = "struck_already" if out else "not_struck"
        raise OperatorRefusal(code, f"On candidate {candidate} of contest {contest} this was ruled already.")
    new = Ruling(contest, candidate, out, done.act.number, done.now)
    connection.execute(update(election).values(rulings=packed((*so_far, new))))


EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = dict.fromkeys(KINDS, _ruling)
