"""The change that matters most: votes into the box. All that wait go in together, in a handful of statements."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

from election.definition import Channel
from election.errors import AlreadyVoted, Closed, NotOpenYet, Paused, Refusal
from election.ports import Cast
from storage.durable.casting_postgres import put_together
from storage.durable.outbox import put_letters
from storage.durable.turnout_counts import count_in_regions

_USE_RIGHTS = text(
    """UPDATE voter SET "right" = 'voted', voted_by = :channel
       WHERE member_id IN :members AND "right" = 'open'
         AND EXISTS (SELECT 1 FROM election WHERE stage = 'open')
       RETURNING member_id, region"""
).bindparams(bindparam("members", expanding=True))
_PUT_ENVELOPE = text("INSERT INTO envelope (key, pseudonym, sealed_ballot) VALUES (:key, :pseudonym, :sealed_ballot)")
_PUT_RECEIPT = text(
    """INSERT INTO receipt (digest, count) VALUES (:digest, 1)
       ON CONFLICT (digest) DO UPDATE SET count = receipt.count + 1"""
)
_STAGE = text("SELECT stage FROM election")
_KNOWN = text("SELECT 1 FROM voter WHERE member_id = :member")

_SHUT: dict[str, type[Refusal]] = {"draft": NotOpenYet, "paused": Paused, "closed": Closed, "counted": Closed}


def cast_all(connection: Connection, casts: Sequence[Cast]) -> Sequence[Exception | None]:
    """Put each vote whose right is open into the box; a refusal for each other, which has changed nothing.

    Of two votes of one member the first is taken. That right and stage are open is a condition of the statement
    that uses the right, never a look before it.
    """
    first: dict[str, Cast] = {}
    for cast in casts:
        first.setdefault(cast.member_id, cast)
    put = {"sqlite": _put_each, "postgresql": put_together}[connection.dialect.name]
    regions = put(connection, [first[member] for member in sorted(first)])
    taken = {member: first[member] for member in regions}
    count_in_regions(connection, ((regions[member], cast.channel) for member, cast in taken.items()))
    refused = {cast.member_id: _why_not(connection, cast) for cast in first.values() if cast.member_id not in taken}
    return [
        None if taken.get(cast.member_id) is cast else refused.get(cast.member_id, AlreadyVoted()) for cast in casts
    ]


def _put_each(connection: Connection, casts: Sequence[Cast]) -> dict[str, str]:
    """Put those whose rights are open into the box; the region of each member whose right was used."""
    regions = _use_rights(connection, casts)
    taken = [cast for cast in casts if cast.member_id in regions]
    if taken:
        connection.execute(
            _PUT_ENVELOPE,
            [
                {"key": cast.envelope_key, "pseudonym": cast.pseudonym, "sealed_ballot": cast.sealed_ballot}
                for cast in taken
            ],
        )
        connection.execute(_PUT_RECEIPT, [{"digest": cast.receipt_digest} for cast in taken])
        put_letters(connection, [cast.notice for cast in taken])
    return regions


def _use_rights(connection: Connection, casts: Sequence[Cast]) -> dict[str, str]:
    by_channel: dict[Channel, list[str]] = {}
    for cast in casts:
        by_channel.setdefault(cast.channel, []).append(cast.member_id)
    regions: dict[str, str] = {}
    for channel, members in by_channel.items():
        used = connection.execute(_USE_RIGHTS, {"channel": channel, "members": members})
        regions.update((member, region) for member, region in used)
    return regions


def _why_not(connection: Connection, cast: Cast) -> Exception:
    shut = _SHUT.get(str(connection.execute(_STAGE).scalar_one()))
    if shut is not None:
        return shut()
    if connection.execute(_KNOWN, {"member": cast.member_id}).first() is None:
        return LookupError("a vote of somebody who is not on the roll")
    return AlreadyVoted()
