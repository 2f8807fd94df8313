"""What is held for the rest of a transaction, so that processes side by side never wait for each other in a ring: the
stage first, then rows of the roll; branches come last, when it is counted."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, text

from storage.durable.schema import election

HOLD_MEMBERS = "SELECT 1 FROM voter WHERE member_id = ANY($1::text[]) ORDER BY member_id FOR NO KEY UPDATE"
_HOLD_STAGE = text("LOCK TABLE election IN SHARE MODE")
_STAGE = select(election.c.stage)


def hold_stage(connection: Connection) -> str:
    """The election's stage, which nobody changes meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_STAGE)
    return str(connection.execute(_STAGE).scalar_one())


def hold_members(connection: Connection, members: Sequence[str]) -> None:
    """Lock these members in the order of their ids. Needless for one, and on SQLite, which has one writer."""
    if len(members) > 1 and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(HOLD_MEMBERS, (list(members),))
