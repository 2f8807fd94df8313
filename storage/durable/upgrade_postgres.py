"""Bringing a PostgreSQL store's tables up to what this program needs, or saying in one sentence why it cannot be."""

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from election.errors import OperatorRefusal
from storage.durable.postgres_engine import postgres_engine, sqlstate
from storage.durable.seals import Seals
from storage.durable.upgrade import NEWEST, stored_revision, upgrade_tables

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(6835000)")  # our number for it; any would do
_ENCODING = text("SELECT current_setting('server_encoding')")
_NO_TABLES = "the user may not make tables there: let it own the database, or GRANT CREATE, USAGE ON SCHEMA public"
_UNUSABLE = {
    "08": "no server answers there: check host, port and sslmode in DATABASE_URL, and that the server runs",
    "28": "the server refuses the user or the password in DATABASE_URL",
    "3D000": "there is no database of that name on the server: make it with createdb",
    "3F000": _NO_TABLES,
    "42501": _NO_TABLES,
    "42704": "the server does not know a setting that stands behind the ? in DATABASE_URL",
    "53300": "the server takes no more connections: raise its max_connections",
    "57P03": "the server is starting or stopping: try again in a moment",
}
_UNKNOWN = "check DATABASE_URL and the server's log"


async def bring_postgres_up_to_date(dsn: str, seal_key: bytes) -> None:
    """Make the tables what they must be. Harmless to repeat, and for several processes at once.

    Raises OperatorRefusal: `store_unusable`, `store_newer` for a store made by a newer program, or StoreDamaged where
    it cannot be told how far the store is.
    """
    engine = postgres_engine(dsn, "load", seal_key)
    seals = Seals(seal_key)
    try:
        async with engine.connect() as connection:
            stored = await connection.run_sync(_looked_over, seals)
        if stored != NEWEST:
            async with engine.begin() as connection:
                await connection.execute(_ONE_AT_A_TIME)
                await connection.run_sync(upgrade_tables, seals)
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise _refusal(error) from None  # what asyncpg says may quote the URL
    finally:
        await engine.dispose()


def _looked_over(connection: Connection, seals: Seals) -> str | None:
    encoding = connection.execute(_ENCODING).scalar_one()
    if encoding != "UTF8":
        raise OperatorRefusal(
            "store_unusable",
            f"The PostgreSQL store cannot be used: its encoding is {encoding}; make the database with encoding UTF8.",
        )
    return stored_revision(connection, seals)


def _refusal(error: Exception) -> OperatorRefusal:
    state = sqlstate(error)
    why = _UNUSABLE.get(state) or _UNUSABLE.get(state[:2]) or _UNKNOWN
    if isinstance(error, ValueError | asyncpg.InterfaceError):
        why = "DATABASE_URL is not one PostgreSQL understands; write postgresql+asyncpg://USER:PASSWORD@HOST:5432/DATABASE"
    return OperatorRefusal("store_unusable", f"The PostgreSQL store cannot be used: {why}.")
