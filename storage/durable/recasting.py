"""Votes again: the new ballot takes the place of the one that stood. Few do it, so it is plain statements."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, delete, insert, select, text, update

from election.errors import AlreadyVoted
from election.leaf import ballot_digest
from election.ports import Cast
from storage.durable.casting import KEY_BYTES, refusal
from storage.durable.column_types import Count
from storage.durable.leaves import put_leaves
from storage.durable.member_locks import hold_members, hold_stage
from storage.durable.outbox import put_letter
from storage.durable.schema import envelope, voter
from storage.durable.turnout_counts import Move, Stroke, count

_STANDING = (
    voter.c.member_id == bindparam("member"),
    voter.c.right == "voted",
    voter.c.casts == bindparam("last"),
)
_BEFORE: Select[Any] = (
    select(voter.c.region, voter.c.branch, voter.c.voted_by).where(*_STANDING).with_for_update(key_share=True)
)
_VOTE = (
    update(voter)
    .where(*_STANDING)
    .values(
        voted_by=bindparam("channel"),
        casts=bindparam("number"),
        redo_from=bindparam("wait_ends"),
        granted=voter.c.granted + case((voter.c.ruling < bindparam("newest", type_=Count), 1), else_=0),
        ruling=bindparam("newest", type_=Count),
    )
)
_TAKE_OUT = delete(envelope).where(envelope.c.pseudonym == bindparam("sought")).returning(envelope.c.sealed_ballot)
_PUT_IN = insert(envelope)
_NOTE = text(
    """INSERT INTO redo_count (branch, reason, count) VALUES (:branch, :reason, :count)
       ON CONFLICT (branch, reason) DO UPDATE SET count = redo_count.count + excluded.count"""
)


def recast_each(connection: Connection, casts: Sequence[Cast]) -> Sequence[Exception | None]:
    """Replace each member's standing ballot, if it is that of vote `number - 1` and the election is open; one outcome
    for each."""
    stage = hold_stage(connection)
    if stage != "open":
        return [refusal(stage, known=True) for _ in casts]
    hold_members(connection, [cast.member_id for cast in casts])
    reasons: Counter[tuple[str, str]] = Counter()
    moves: list[Move] = []
    strokes: list[Stroke] = []
    outcomes: list[Exception | None] = []
    for cast in casts:
        before = _replace(connection, cast)
        outcomes.append(AlreadyVoted() if before is None else None)
        if before is not None:
            home = before.region, before.branch
            reasons[before.branch, cast.reason] += 1
            strokes.append((cast.now, *home, 1))
            if before.voted_by != cast.channel:
                moves += [(*home, before.voted_by, -1), (*home, cast.channel, 1)]
    for branch, reason in sorted(reasons):
        connection.execute(_NOTE, {"branch": branch, "reason": reason, "count": reasons[branch, reason]})
    if strokes:
        count(connection, moves, strokes=strokes)
    return outcomes


def _replace(connection: Connection, cast: Cast) -> Row[Any] | None:
    """Where the member stood in the turnout; None, and nothing is changed, if it is another vote that stands."""
    standing = {"member": cast.member_id, "last": cast.number - 1}
    before = connection.execute(_BEFORE, standing).first()
    if before is None:
        return None
    now = {"channel": cast.channel, "number": cast.number, "wait_ends": cast.redo_from, "newest": cast.ruling}
    connection.execute(_VOTE, standing | now)
    old = connection.execute(_TAKE_OUT, {"sought": cast.pseudonym}).scalar_one()
    digest = ballot_digest(cast.sealed_ballot)
    new = {"key": digest[:KEY_BYTES], "pseudonym": cast.pseudonym, "sealed_ballot": cast.sealed_ballot}
    connection.execute(_PUT_IN, new)
    keys = cast.leaf_keys
    put_leaves(
        connection,
        [
            (keys[0], "cast", cast.receipt_digest),
            (keys[1], "ballot", digest),
            (keys[2], "redo", ballot_digest(bytes(old))),
        ],
    )
    put_letter(connection, cast.notice)
    return before
