"""What takes a right or a ballot back: withdrawal after the close, a paper ballot, a vote that was not hers.

Few of these happen, so each is a handful of plain statements. The condition is always in the statement that changes.
"""

from sqlalchemy import Connection, RowMapping, delete, select, text, update

from election.errors import AlreadyVoted, NotOpenYet
from election.leaf import ballot_digest
from election.ports import Withdrawal
from storage.durable.casting import refusal
from storage.durable.leaves import put_leaves
from storage.durable.schema import election, envelope, region_count, voter

_HOLD_STAGE = text("LOCK TABLE election IN SHARE MODE")


def withdraw(connection: Connection, out: Withdrawal) -> None:
    """Take a standing ballot out of the box: the right becomes `void`."""
    if _stage(connection) != "closed":
        raise NotOpenYet
    before = _held(connection, out.member_id)
    changed = connection.execute(
        update(voter)
        .where(voter.c.member_id == out.member_id, voter.c.right == "voted", voter.c.casts == out.number)
        .values(right="void", voted_by=None, redo_from=None)
    )
    if changed.rowcount != 1:
        raise AlreadyVoted
    sealed = connection.execute(
        delete(envelope).where(envelope.c.pseudonym == out.pseudonym).returning(envelope.c.sealed_ballot)
    ).scalar_one()
    put_leaves(connection, [(out.leaf_key, "void", ballot_digest(bytes(sealed)))])
    _move(connection, before, "void")


def hand_out_paper(connection: Connection, out: Withdrawal) -> None:
    """The right becomes `paper`. An envelope of hers stands until the cut, which leaves it aside."""
    stage = _stage(connection)
    if stage != "open":
        raise refusal(stage, known=True)
    before = _held(connection, out.member_id)
    changed = connection.execute(
        update(voter)
        .where(voter.c.member_id == out.member_id, voter.c.right.in_(("open", "voted")), voter.c.casts == out.number)
        .values(right="paper", voted_by=None, redo_from=None)
    )
    if changed.rowcount != 1:
        raise AlreadyVoted
    sealed = connection.execute(select(envelope.c.sealed_ballot).where(envelope.c.pseudonym == out.pseudonym)).scalar()
    digest = out.nothing if sealed is None else ballot_digest(bytes(sealed))
    put_leaves(connection, [(out.leaf_key, "paper", digest)])
    _move(connection, before, "paper")


def disown(connection: Connection, member_id: str, number: int) -> bool:
    """Grant one vote again for a vote that was not hers, once a vote."""
    changed = connection.execute(
        update(voter)
        .where(
            voter.c.member_id == member_id,
            voter.c.right == "voted",
            voter.c.casts == number,
            voter.c.disowned < number,
        )
        .values(disowned=number, granted=voter.c.granted + 1, redo_from=None)
    )
    return changed.rowcount == 1


def _stage(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_STAGE)
    return str(connection.execute(select(election.c.stage)).scalar_one())


def _held(connection: Connection, member_id: str) -> RowMapping:
    """The member's row, which nobody else changes until the end of the transaction."""
    statement = select(voter.c.region, voter.c.right, voter.c.voted_by).where(voter.c.member_id == member_id)
    row = connection.execute(statement.with_for_update(key_share=True)).mappings().first()
    if row is None:
        raise LookupError("nobody with this id is on the roll")
    return row


def _move(connection: Connection, before: RowMapping, to: str) -> None:
    """Count her in her region no more where she was counted, but where she is now."""
    values = {to: region_count.c[to] + 1}
    if before["voted_by"]:
        values[before["voted_by"]] = region_count.c[before["voted_by"]] - 1
    connection.execute(update(region_count).where(region_count.c.region == before["region"]).values(values))
