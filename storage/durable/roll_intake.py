"""Rows of a roll into the table of voters, each store by its fastest way, in bounded memory."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, text

from storage.durable.schema import voter, voter_by_phone

Row = tuple[str, str, bytes | None, bytes, str, str, str, str, str]
"""What `COLUMNS` says, in that order."""
COLUMNS = ("member_id", "name", "phone_key", "sealed_phone", "region", "branch", "cell", "language", "line")

_INTO_VOTER = f"INSERT INTO voter ({', '.join(COLUMNS)}, reach)"
_OR_UPDATE = """ON CONFLICT (member_id) DO UPDATE SET
     name = excluded.name, phone_key = excluded.phone_key, sealed_phone = excluded.sealed_phone,
     region = excluded.region, branch = excluded.branch, cell = excluded.cell, language = excluded.language,
     line = excluded.line, reach = excluded.reach"""
_UPSERT = f"{_INTO_VOTER} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) {_OR_UPDATE}"
_UPSERT_EACH = {
    "sqlite": _UPSERT,
    "postgresql": f"{_INTO_VOTER} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) {_OR_UPDATE}",
}
_INCOMING = text(
    f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {', '.join(COLUMNS)} FROM voter WITH NO DATA"  # noqa: S608
)
_HOLD_ROLL = text("LOCK TABLE voter IN SHARE ROW EXCLUSIVE MODE")  # who only looks does not wait
_MERGE = text(
    f"{_INTO_VOTER} SELECT {', '.join(COLUMNS)}, line FROM incoming ORDER BY member_id {_OR_UPDATE}"  # noqa: S608
)
_WEIGH = text("ANALYZE voter")  # so that a vote finds its member by the index
_FORGET_SHARED = text("UPDATE voter SET reach = line WHERE reach = 'shared'")


def take_in_rows(connection: Connection, chunks: Iterable[Sequence[Row]]) -> None:
    """Add or update these members; each one's reach becomes her line, and nobody's phone counts as shared."""
    {"sqlite": _upsert, "postgresql": _copy_and_merge}[connection.dialect.name](connection, chunks)


def put_rows(connection: Connection, chunks: Iterable[Sequence[Row]]) -> None:
    """The same for a few rows while people vote: no index is made anew."""
    connection.execute(_FORGET_SHARED)
    for chunk in chunks:
        if chunk:
            connection.exec_driver_sql(_UPSERT_EACH[connection.dialect.name], list(chunk))


def _upsert(connection: Connection, chunks: Iterable[Sequence[Row]]) -> None:
    """Rows go to the driver in its own form: per row SQLAlchemy's own way costs as much again as the insert."""
    voter_by_phone.drop(connection)  # made anew it costs a third of what keeping it up for each row does
    connection.execute(_FORGET_SHARED)
    for chunk in chunks:
        if chunk:
            connection.exec_driver_sql(_UPSERT, list(chunk))
    voter_by_phone.create(connection)


def _copy_and_merge(connection: Connection, chunks: Iterable[Sequence[Row]]) -> None:
    """Nobody waits while the rows come in; writers of the roll wait while they are merged into it."""
    connection.execute(_INCOMING)
    for chunk in chunks:
        _copy(connection, chunk)
    connection.execute(_HOLD_ROLL)
    connection.execute(_FORGET_SHARED)
    new = connection.execute(select(func.count()).select_from(voter)).scalar_one() == 0
    if new:
        voter_by_phone.drop(connection)
    connection.execute(_MERGE)
    if new:
        voter_by_phone.create(connection)
    connection.execute(_WEIGH)


def _copy(connection: Connection, rows: Sequence[Row]) -> None:
    async def copy(driver: Any) -> None:
        await driver.copy_records_to_table("incoming", records=rows, columns=COLUMNS)

    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(copy)
