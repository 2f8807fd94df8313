"""Votes into the box on PostgreSQL: one statement for a whole batch, and two before it that keep others off.

Nothing inside a batch is written in the order in which it came: voters go by their ids, envelopes and receipts by their
random keys.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from election.ports import Cast
from storage.durable.column_types import microseconds
from storage.durable.member_locks import hold_members

# Votes share this lock, and any change of the election's row waits for them and keeps later ones waiting: a vote is
# before a close or after it. FOR SHARE on the row would do the same and let a close wait for as long as votes come.
_HOLD_STAGE = text("LOCK TABLE election IN SHARE MODE")
_PUT = text(
    """WITH vote AS (
         SELECT * FROM unnest(
           CAST(:members AS text[]), CAST(:channels AS text[]),
           CAST(:keys AS bytea[]), CAST(:pseudonyms AS bytea[]), CAST(:ballots AS bytea[]), CAST(:digests AS bytea[]),
           CAST(:kinds AS text[]), CAST(:phones AS bytea[]), CAST(:bodies AS bytea[]),
           CAST(:due AS bigint[]), CAST(:expires AS bigint[])
         ) AS v(member_id, channel, key, pseudonym, sealed_ballot, digest,
                kind, sealed_phone, sealed_body, due_at, expires_at)
       ), used AS (
         UPDATE voter SET "right" = 'voted', voted_by = vote.channel FROM vote
         WHERE voter.member_id = vote.member_id AND voter."right" = 'open'
           AND EXISTS (SELECT 1 FROM election WHERE stage = 'open')
         RETURNING voter.member_id, voter.region
       ), taken AS (
         SELECT vote.* FROM vote JOIN used USING (member_id)
       ), put AS (
         INSERT INTO envelope (key, pseudonym, sealed_ballot)
         SELECT key, pseudonym, sealed_ballot FROM taken ORDER BY key
       ), noted AS (
         INSERT INTO receipt (digest, count) SELECT digest, count(*) FROM taken GROUP BY digest ORDER BY digest
         ON CONFLICT (digest) DO UPDATE SET count = receipt.count + excluded.count
       ), told AS (
         INSERT INTO outbox (kind, sealed_phone, sealed_body, due_at, expires_at)
         SELECT kind, sealed_phone, sealed_body, due_at, expires_at FROM taken
       )
       SELECT member_id, region FROM used"""
)


def put_together(connection: Connection, casts: Sequence[Cast]) -> dict[str, str]:
    """Put those whose rights are open into the box; the region of each member whose right was used.

    One vote a member, in the order of their ids.
    """
    members = [cast.member_id for cast in casts]
    connection.execute(_HOLD_STAGE)
    hold_members(connection, members)
    used = connection.execute(
        _PUT,
        {
            "members": members,
            "channels": [cast.channel for cast in casts],
            "keys": [cast.envelope_key for cast in casts],
            "pseudonyms": [cast.pseudonym for cast in casts],
            "ballots": [cast.sealed_ballot for cast in casts],
            "digests": [cast.receipt_digest for cast in casts],
            "kinds": [cast.notice.kind for cast in casts],
            "phones": [cast.notice.sealed_phone for cast in casts],
            "bodies": [cast.notice.sealed_body for cast in casts],
            "due": [microseconds(cast.notice.due_at) for cast in casts],
            "expires": [microseconds(cast.notice.expires_at) for cast in casts],
        },
    )
    return {row.member_id: row.region for row in used}
