"""Votes into the box on PostgreSQL: one statement for a whole batch, two before it that keep others off, turnout last.

Nothing inside a batch is written in the order in which it came: voters go by their ids, envelopes by their hashes,
leaves by their random keys.
"""

from collections.abc import Sequence
from typing import Any

from election.leaf import ballot_digest
from election.ports import Cast
from storage.durable.casting import KEY_BYTES, one_of_each, outcomes, refusal
from storage.durable.column_types import microseconds
from storage.durable.member_locks import HOLD_MEMBERS
from storage.durable.turnout_counts import COUNT_ON_POSTGRESQL, columns

# Votes share this lock, and any change of the election's row waits for them and keeps later ones waiting: a vote is
# before a close or after it. FOR SHARE on the row would do the same and let a close wait for as long as votes come.
_HOLD_STAGE = "LOCK TABLE election IN SHARE MODE"
_PUT = """WITH vote AS (
         SELECT * FROM unnest(
           $1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
           $7::text[], $8::bytea[], $9::bytea[], $10::bigint[], $11::bigint[],
           $12::bigint[], $13::bytea[], $14::bytea[], $15::bytea[], $16::bigint[]
         ) AS v(member_id, channel, key, pseudonym, sealed_ballot, receipt,
                kind, sealed_phone, sealed_body, due_at, expires_at,
                redo_from, ballot, receipt_key, ballot_key, ruling)
       ), used AS (
         UPDATE voter SET "right" = 'voted', voted_by = vote.channel, casts = 1, redo_from = vote.redo_from,
                          ruling = vote.ruling
         FROM vote
         WHERE voter.member_id = vote.member_id AND voter."right" = 'open'
           AND EXISTS (SELECT 1 FROM election WHERE stage = 'open')
         RETURNING voter.member_id, voter.region, voter.branch
       ), taken AS (
         SELECT vote.* FROM vote JOIN used USING (member_id)
       ), put AS (
         INSERT INTO envelope (key, pseudonym, sealed_ballot)
         SELECT key, pseudonym, sealed_ballot FROM taken ORDER BY key
       ), noted AS (
         INSERT INTO leaf (key, kind, digest)
         SELECT receipt_key, 'cast', receipt FROM taken UNION ALL SELECT ballot_key, 'ballot', ballot FROM taken
         ORDER BY 1
       ), told AS (
         INSERT INTO outbox (kind, sealed_phone, sealed_body, due_at, expires_at)
         SELECT kind, sealed_phone, sealed_body, due_at, expires_at FROM taken
       )
       SELECT member_id, region, branch FROM used"""

_STAGE = "SELECT stage FROM election"
_KNOWN = "SELECT 1 FROM voter WHERE member_id = $1"


async def cast_together(driver: Any, casts: Sequence[Cast]) -> Sequence[Exception | None]:
    """One outcome for each vote: see storage.durable.casting."""
    wishes = one_of_each(casts)
    await driver.execute(_HOLD_STAGE)
    if len(wishes) > 1:
        await driver.execute(HOLD_MEMBERS, list(wishes))
    used = await driver.fetch(_PUT, *_columns(list(wishes.values())))
    homes: dict[str, tuple[str, str]] = {member: (region, branch) for member, region, branch in used}
    taken = [cast for member, cast in wishes.items() if member in homes]
    if taken:
        moves = [(*homes[cast.member_id], cast.channel, 1) for cast in taken]
        firsts = [(cast.now, cast.channel) for cast in taken]
        strokes = [(cast.now, *homes[cast.member_id], 0) for cast in taken]
        await driver.execute(COUNT_ON_POSTGRESQL, *columns(moves, firsts, strokes))
    refused = {member: await _why_not(driver, member) for member in wishes if member not in homes}
    return outcomes(casts, taken, refused)


def _columns(casts: Sequence[Cast]) -> Sequence[Sequence[Any]]:
    """What _PUT takes."""
    digests = [ballot_digest(cast.sealed_ballot) for cast in casts]
    return (
        [cast.member_id for cast in casts],
        [cast.channel for cast in casts],
        [digest[:KEY_BYTES] for digest in digests],
        [cast.pseudonym for cast in casts],
        [cast.sealed_ballot for cast in casts],
        [cast.receipt_digest for cast in casts],
        [cast.notice.kind for cast in casts],
        [cast.notice.sealed_phone for cast in casts],
        [cast.notice.sealed_body for cast in casts],
        [microseconds(cast.notice.due_at) for cast in casts],
        [microseconds(cast.notice.expires_at) for cast in casts],
        [microseconds(cast.redo_from) for cast in casts],
        digests,
        [cast.leaf_keys[0] for cast in casts],
        [cast.leaf_keys[1] for cast in casts],
        [cast.ruling for cast in casts],
    )


async def _why_not(driver: Any, member: str) -> Exception:
    stage = await driver.fetchval(_STAGE)
    return refusal(stage, known=await driver.fetchval(_KNOWN, member) is not None)
