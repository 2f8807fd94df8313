"""What takes a right or a ballot back: withdrawal after the close, a paper ballot, a vote that was not hers.

Few of these happen, so each is a handful of plain statements. The condition is always in the statement that changes.
Those that wait go together: their members are held in one order, and what they change in the turnout comes last.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from election.errors import AlreadyVoted, NotOpenYet, OperatorRefusal
from election.leaf import ballot_digest
from election.paper import PaperStation
from election.ports import Withdrawal
from storage.durable.casting import refusal
from storage.durable.leaves import put_leaves
from storage.durable.member_locks import hold_members, hold_stage
from storage.durable.outbox import put_letter
from storage.durable.paper_issues import hold_stations, note_issues, open_one
from storage.durable.schema import envelope, voter
from storage.durable.turnout_counts import First, Move, count

_HERS = voter.c.member_id == bindparam("member")
_BEFORE: Select[Any] = (
    select(voter.c.region, voter.c.branch, voter.c.voted_by).where(_HERS).with_for_update(key_share=True)
)
_OF_THIS_VOTE = update(voter).where(_HERS, voter.c.casts == bindparam("number"))
_VOID = _OF_THIS_VOTE.where(voter.c.right == "voted").values(right="void", voted_by=None, redo_from=None)
_ON_PAPER = _OF_THIS_VOTE.where(voter.c.right.in_(("open", "voted"))).values(
    right="paper", voted_by=None, redo_from=None
)
_GRANT = _OF_THIS_VOTE.where(voter.c.right == "voted", voter.c.disowned < bindparam("number")).values(
    disowned=bindparam("number"), granted=voter.c.granted + 1, redo_from=None
)
_BALLOT = select(envelope.c.sealed_ballot).where(envelope.c.pseudonym == bindparam("sought"))
_TAKE_OUT = delete(envelope).where(envelope.c.pseudonym == bindparam("sought")).returning(envelope.c.sealed_ballot)


def withdraw_each(connection: Connection, outs: Sequence[Withdrawal]) -> Sequence[Exception | None]:
    """Take standing ballots out of the box: the right becomes `void`. One outcome for each."""
    if hold_stage(connection) != "closed":
        return [NotOpenYet() for _ in outs]
    hold_members(connection, [out.member_id for out in outs])
    moves: list[Move] = []
    outcomes = [take_out(connection, out, moves) for out in outs]
    if moves:
        count(connection, moves)
    return outcomes


def hand_out_papers(connection: Connection, outs: Sequence[Withdrawal]) -> Sequence[Exception | None]:
    """The right becomes `paper`. An envelope of hers stands until the cut, which leaves it aside. One outcome for
    each."""
    stage = hold_stage(connection)
    if stage != "open":
        return [refusal(stage, known=True) for _ in outs]
    stations = hold_stations(connection, [out.station for out in outs])
    hold_members(connection, [out.member_id for out in outs])
    return hand_out_held(connection, outs, stations)


def hand_out_held(
    connection: Connection, outs: Sequence[Withdrawal], stations: Mapping[str, PaperStation]
) -> Sequence[Exception | None]:
    """The same where stage, stations and members are held."""
    moves: list[Move] = []
    firsts: list[First] = []
    outcomes = [_hand_out_paper(connection, out, stations, moves, firsts) for out in outs]
    handed = [(out.station, out.member_id) for out, refused in zip(outs, outcomes, strict=True) if refused is None]
    note_issues(connection, handed)
    if moves:
        count(connection, moves, firsts)
    return outcomes


def disown(connection: Connection, member_id: str, number: int) -> bool:
    """Grant one vote again for a vote that was not hers, once a vote."""
    return connection.execute(_GRANT, {"member": member_id, "number": number}).rowcount == 1


def take_out(connection: Connection, out: Withdrawal, moves: list[Move]) -> Exception | None:
    """Take one standing ballot out, for good; what refuses it. The caller has held the stage, and counts the moves."""
    before = _before(connection, out)
    if before is None:
        return _unknown()
    if connection.execute(_VOID, {"member": out.member_id, "number": out.number}).rowcount != 1:
        return AlreadyVoted()
    sealed = connection.execute(_TAKE_OUT, {"sought": out.pseudonym}).scalar_one()
    put_leaves(connection, [(out.leaf_key, "void", ballot_digest(bytes(sealed)))])
    moves += [(before.region, before.branch, before.voted_by, -1), (before.region, before.branch, "void", 1)]
    return None


def _hand_out_paper(
    connection: Connection,
    out: Withdrawal,
    stations: Mapping[str, PaperStation],
    moves: list[Move],
    firsts: list[First],
) -> Exception | None:
    before = _before(connection, out)
    if before is None:
        return _unknown()
    if (refused := _not_here(out, before, stations)) is not None:
        return refused
    if connection.execute(_ON_PAPER, {"member": out.member_id, "number": out.number}).rowcount != 1:
        return AlreadyVoted()
    sealed = connection.execute(_BALLOT, {"sought": out.pseudonym}).scalar()
    digest = out.nothing if sealed is None else ballot_digest(bytes(sealed))
    put_leaves(connection, [(out.leaf_key, "paper", digest)])
    if out.notice is not None:
        put_letter(connection, out.notice)
    moves.append((before.region, before.branch, "paper", 1))
    if before.voted_by:
        moves.append((before.region, before.branch, before.voted_by, -1))
    else:
        firsts.append((out.now, "paper"))
    return None


def _before(connection: Connection, out: Withdrawal) -> Row[Any] | None:
    """The member's row, which nobody else changes until the end of the transaction."""
    return connection.execute(_BEFORE, {"member": out.member_id}).first()


def _unknown() -> Exception:
    return LookupError("nobody with this id is on the roll")


def _not_here(out: Withdrawal, before: Row[Any], stations: Mapping[str, PaperStation]) -> OperatorRefusal | None:
    """Why she gets no ballot at this station; None where she does, or where it is handed out beside any."""
    if not out.station:
        return None
    try:
        station = open_one(out.station, stations)
    except OperatorRefusal as refused:
        return refused
    if not station.serves(before.region, before.branch):
        return OperatorRefusal("not_of_station", f"The paper station “{out.station}” does not serve this member.")
    return None
