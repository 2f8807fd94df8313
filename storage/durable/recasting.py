"""A vote again: the new ballot takes the place of the one that stood. Few do it, so it is plain statements."""

from sqlalchemy import Connection, delete, insert, select, text, update

from election.errors import AlreadyVoted
from election.leaf import ballot_digest
from election.ports import Cast
from storage.durable.casting import KEY_BYTES, refusal
from storage.durable.leaves import put_leaves
from storage.durable.outbox import put_letter
from storage.durable.schema import election, envelope, region_count, voter

_HOLD_STAGE = text("LOCK TABLE election IN SHARE MODE")
_COUNT = text(
    """INSERT INTO redo_count (branch, reason, count) VALUES (:branch, :reason, 1)
       ON CONFLICT (branch, reason) DO UPDATE SET count = redo_count.count + 1"""
)


def recast(connection: Connection, cast: Cast) -> None:
    """Replace the member's standing ballot, if it is that of vote `number - 1` and the election is open."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_STAGE)
    stage = connection.execute(select(election.c.stage)).scalar_one()
    if stage != "open":
        raise refusal(stage, known=True)
    standing = (
        voter.c.member_id == cast.member_id,
        voter.c.right == "voted",
        voter.c.casts == cast.number - 1,
    )
    before = connection.execute(
        select(voter.c.region, voter.c.branch, voter.c.voted_by).where(*standing).with_for_update(key_share=True)
    ).first()
    changed = connection.execute(
        update(voter).where(*standing).values(voted_by=cast.channel, casts=cast.number, redo_from=cast.redo_from)
    )
    if before is None or changed.rowcount != 1:
        raise AlreadyVoted
    old = connection.execute(
        delete(envelope).where(envelope.c.pseudonym == cast.pseudonym).returning(envelope.c.sealed_ballot)
    ).scalar_one()
    digest = ballot_digest(cast.sealed_ballot)
    connection.execute(
        insert(envelope).values(key=digest[:KEY_BYTES], pseudonym=cast.pseudonym, sealed_ballot=cast.sealed_ballot)
    )
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
    connection.execute(_COUNT, {"branch": before.branch, "reason": cast.reason})
    if before.voted_by != cast.channel:
        columns = region_count.c
        connection.execute(
            update(region_count)
            .where(columns.region == before.region)
            .values(
                {
                    before.voted_by: columns[before.voted_by] - 1,
                    cast.channel: columns[cast.channel] + 1,
                }
            )
        )
