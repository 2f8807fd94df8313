"""Rows of the roll held for the rest of a transaction, so that processes side by side never wait for each other."""

from collections.abc import Sequence

from sqlalchemy import Connection

HOLD_MEMBERS = "SELECT 1 FROM voter WHERE member_id = ANY($1::text[]) ORDER BY member_id FOR NO KEY UPDATE"


def hold_members(connection: Connection, members: Sequence[str]) -> None:
    """Lock these members in the order of their ids. Needless for one, and on SQLite, which has one writer."""
    if len(members) > 1 and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(HOLD_MEMBERS, (list(members),))
