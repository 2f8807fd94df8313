"""The cut: ballots leave their envelopes for the urn, and nothing leads from a ballot to a member any more."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Executable, delete, func, insert, select, text

from election.errors import OperatorRefusal
from election.leaf import ballot_digest
from storage.durable.casting import KEY_BYTES
from storage.durable.schema import election, envelope, rhythm, signal, urn, voter

_AT_ONCE = 5_000
_EMPTY: dict[str, Sequence[Executable]] = {  # the envelopes, and what the radar knew of when who did what
    "sqlite": (delete(envelope), delete(rhythm), delete(signal)),  # which overwrites
    "postgresql": (text("TRUNCATE envelope, rhythm, signal"),),  # drops the files; deleted rows would stay in them
}


def cut_envelopes(connection: Connection, pseudonym: Callable[[str], bytes]) -> int:
    """Move all sealed ballots to the urn and delete the envelopes; how many the urn holds.

    Paper wins: the envelope of a member who took a paper ballot is left aside. A ballot's place in the urn is its
    hash, which says nothing but what the sealed ballot itself says. What the radar was told is wiped. Raises
    OperatorRefusal `not_closed`. Repeated it changes nothing.
    """
    stage = connection.execute(select(election.c.stage).with_for_update()).scalar_one()  # one cut at a time
    if stage not in ("closed", "counted"):
        raise OperatorRefusal("not_closed", "The box is cut after the close: run `dauys election close` first.")
    if connection.execute(select(envelope.c.key).limit(1)).first() is not None:
        _leave_aside(connection, pseudonym)
    last: bytes | None = b""
    while last is not None:
        last = _move_some(connection, last)
    for emptying in _EMPTY[connection.dialect.name]:
        connection.execute(emptying)
    return connection.execute(select(func.count()).select_from(urn)).scalar_one()


def _leave_aside(connection: Connection, pseudonym: Callable[[str], bytes]) -> None:
    on_paper = connection.scalars(select(voter.c.member_id).where(voter.c.right == "paper", voter.c.casts > 0)).all()
    for member_id in on_paper:
        connection.execute(delete(envelope).where(envelope.c.pseudonym == pseudonym(member_id)))


def _move_some(connection: Connection, after: bytes) -> bytes | None:
    """Move some ballots, from behind this envelope key on; the last key of them, or None when there were none."""
    found = connection.execute(
        select(envelope.c.key, envelope.c.sealed_ballot)
        .where(envelope.c.key > after)
        .order_by(envelope.c.key)
        .limit(_AT_ONCE)
    ).all()
    if not found:
        return None
    connection.execute(
        insert(urn),
        [
            {"key": ballot_digest(bytes(row.sealed_ballot))[:KEY_BYTES], "sealed_ballot": row.sealed_ballot}
            for row in found
        ],
    )
    return bytes(found[-1].key)
