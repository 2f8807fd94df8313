"""The cut: ballots leave their envelopes for the urn, and nothing leads from a ballot to a member any more."""

import hmac

from sqlalchemy import Connection, Executable, delete, func, insert, select, text

from election.errors import OperatorRefusal
from storage.durable.schema import election, envelope, urn

_AT_ONCE = 5_000
_KEY_BYTES = 16
_EMPTY: dict[str, Executable] = {
    "sqlite": delete(envelope),  # which overwrites
    "postgresql": text("TRUNCATE envelope"),  # which drops the files; deleted rows would stay in them
}


def cut_envelopes(connection: Connection, shuffle_key: bytes) -> int:
    """Move all sealed ballots to the urn and delete the envelopes; how many the urn holds.

    A ballot's place in the urn is HMAC-SHA256(shuffle_key, envelope key): random to all who have not the shuffle
    key, which is to be fresh and forgotten. Raises OperatorRefusal `not_closed`. Without envelopes it changes
    nothing.
    """
    stage = connection.execute(select(election.c.stage).with_for_update()).scalar_one()  # one cut at a time
    if stage not in ("closed", "counted"):
        raise OperatorRefusal("not_closed", "The box is cut after the close: run `dauys election close` first.")
    last: bytes | None = b""
    while last is not None:
        last = _move_some(connection, shuffle_key, last)
    connection.execute(_EMPTY[connection.dialect.name])
    return connection.execute(select(func.count()).select_from(urn)).scalar_one()


def _move_some(connection: Connection, shuffle_key: bytes, after: bytes) -> bytes | None:
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
            {
                "key": hmac.digest(shuffle_key, row.key, "sha256")[:_KEY_BYTES],
                "sealed_ballot": row.sealed_ballot,
            }
            for row in found
        ],
    )
    return bytes(found[-1].key)
