"""What either database does with seals, by the database of the connection."""

from collections.abc import Sequence

from sqlalchemy import Connection, inspect

from election.damage import Damage
from storage.durable import seals_postgres, seals_sqlite
from storage.durable.seals import SEAL, SEALED, Seals, covered
from storage.durable.sqlite_engine import driver_of


def broken_rows(connection: Connection, seals: Seals, table: str, columns: Sequence[str] | None = None) -> int:
    """How many rows of this table have not the seal they should have. `columns`: those covered, where they are not
    those of today."""
    sealed = SEALED[table] if columns is None else columns
    if connection.dialect.name == "sqlite":
        return seals_sqlite.broken_rows(driver_of(connection), seals, table, sealed)
    return seals_postgres.broken_rows(connection, table, sealed)


def broken_seals(connection: Connection, seals: Seals) -> list[Damage]:
    """The tables with rows whose seal is not right, as the tables stand, of whatever revision they are."""
    look = inspect(connection)
    found = []
    for table in look.get_table_names():
        columns = [column["name"] for column in look.get_columns(table)]
        if SEAL in columns and (broken := broken_rows(connection, seals, table, covered(table, columns))):
            found.append(Damage(table, broken))
    return found


def seal_all(connection: Connection, seals: Seals) -> None:
    """Seal every row as it stands, in the caller's transaction."""
    if connection.dialect.name == "sqlite":
        seals_sqlite.seal_all(driver_of(connection), seals)
    else:
        seals_postgres.seal_all(connection)


def lift_seals(connection: Connection) -> None:
    """Let tables be changed: until `seal_all` what is written has no seal."""
    if connection.dialect.name == "postgresql":
        seals_postgres.lift_seals(connection)
