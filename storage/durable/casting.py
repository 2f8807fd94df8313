"""The change that matters most: votes into the box. All that wait go in together, in a handful of statements."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

from election.definition import Channel
from election.errors import AlreadyVoted, Closed, NotOpenYet, Paused, Refusal
from election.ports import Cast
from storage.durable.outbox import put_letters

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
_COUNT = {
    "telegram": text("UPDATE region_count SET telegram = telegram + :votes WHERE region = :region"),
    "sms": text("UPDATE region_count SET sms = sms + :votes WHERE region = :region"),
}
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
    regions = _use_rights(connection, list(first.values()))
    taken = [cast for cast in first.values() if cast.member_id in regions]
    if taken:
        _put_into_box(connection, taken, regions)
    accepted = {id(cast) for cast in taken}
    return [None if id(cast) in accepted else _why_not(connection, cast) for cast in casts]


def _use_rights(connection: Connection, casts: Sequence[Cast]) -> dict[str, str]:
    """The regions of the members whose rights were open and are used now."""
    by_channel: dict[Channel, list[str]] = {}
    for cast in casts:
        by_channel.setdefault(cast.channel, []).append(cast.member_id)
    regions: dict[str, str] = {}
    for channel, members in by_channel.items():
        used = connection.execute(_USE_RIGHTS, {"channel": channel, "members": members})
        regions.update((member, region) for member, region in used)
    return regions


def _put_into_box(connection: Connection, casts: Sequence[Cast], regions: dict[str, str]) -> None:
    connection.execute(
        _PUT_ENVELOPE,
        [
            {"key": cast.envelope_key, "pseudonym": cast.pseudonym, "sealed_ballot": cast.sealed_ballot}
            for cast in casts
        ],
    )
    connection.execute(_PUT_RECEIPT, [{"digest": cast.receipt_digest} for cast in casts])
    for (channel, region), votes in Counter((cast.channel, regions[cast.member_id]) for cast in casts).items():
        connection.execute(_COUNT[channel], {"votes": votes, "region": region})
    put_letters(connection, [cast.notice for cast in casts])


def _why_not(connection: Connection, cast: Cast) -> Exception:
    shut = _SHUT.get(str(connection.execute(_STAGE).scalar_one()))
    if shut is not None:
        return shut()
    if connection.execute(_KNOWN, {"member": cast.member_id}).first() is None:
        return LookupError("a vote of somebody who is not on the roll")
    return AlreadyVoted()
