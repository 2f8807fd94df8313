"""SQLAlchemy engines on a PostgreSQL database, with what the store needs of PostgreSQL set on every connection.

asyncpg reads the URL itself, so that it means what it means to libpq: `sslmode`, `sslrootcert`, several hosts.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from election.errors import OperatorRefusal
from storage.durable.seals_postgres import SETTING

Use = Literal["write", "load", "read"]

_SECONDS_TO_CONNECT = 10
_SECONDS_A_STATEMENT = 60  # by then the line is dead
_AT_ONCE = {"write": 4, "read": 8}  # connections; a process writes over one for each kind of act
_SETTINGS = {
    "application_name": "dauys",
    "jit": "off",
    "bytea_output": "hex",  # as it is sealed
    "synchronous_commit": "on",  # a commit is on the disk
    "lock_timeout": "10s",  # nobody waits for ever for a backup that holds a table
    "idle_in_transaction_session_timeout": "30s",  # a process that hangs keeps no rights locked
}
_GONE = re.compile("08|57P0|25P03|25006")  # lost, shut down, thrown out; read only: a standby since a fail-over
_OF_ASYNCPG = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
_POSTGRES = re.compile(r"(postgres|postgresql)(\+\w+)?://", re.IGNORECASE)


def postgres_dsn(url: str) -> str:
    """The URL as asyncpg reads it, whatever driver it names. Raises OperatorRefusal `store_url`."""
    rest = _POSTGRES.sub("", url, count=1)
    login, at, place = rest.rpartition("@")
    if at and re.search("[@/?#]", login):
        raise OperatorRefusal(
            "store_url",
            "The password in DATABASE_URL has a sign that must be written by its number: %40 for @, %2F for /, "
            "%3F for ?, %23 for #, %25 for %.",
        )
    dsn = f"postgresql://{login}{at}{place}"
    try:
        parts = urlsplit(dsn)
        whole = not parts.fragment and (not parts.query or "=" in parts.query) and bool(parts.path.strip("/"))
    except ValueError:
        whole = False
    if not whole:
        raise OperatorRefusal(
            "store_url",
            "DATABASE_URL is not usable: write postgresql+asyncpg://USER:PASSWORD@HOST:5432/DATABASE.",
        )
    return dsn


def postgres_engine(dsn: str, use: Use, seal_key: bytes) -> AsyncEngine:
    """An engine to write, to load a roll, or to read: a statement at a time, each seeing the newest.

    Its errors show no parameters, and neither it nor they show the DSN. Nothing is connected to yet.
    """
    settings = _SETTINGS | {SETTING: seal_key.hex()}
    if use == "read":
        settings["default_transaction_read_only"] = "on"

    async def connect() -> Any:
        try:
            return await asyncpg.connect(
                dsn,
                timeout=_SECONDS_TO_CONNECT,
                command_timeout=None if use == "load" else _SECONDS_A_STATEMENT,
                server_settings=settings,
            )
        except OSError as error:
            raise asyncpg.ConnectionFailureError("no server answers") from error

    options: dict[str, Any] = (
        {"poolclass": NullPool} if use == "load" else {"pool_size": _AT_ONCE[use], "max_overflow": 0}
    )
    if use == "read":
        options["isolation_level"] = "AUTOCOMMIT"
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, hide_parameters=True, **options)
    event.listen(engine.sync_engine, "handle_error", _note_what_is_gone)
    return engine


@asynccontextmanager
async def driver_of(engine: AsyncEngine) -> AsyncIterator[Any]:
    """One of the engine's connections as asyncpg has it, past SQLAlchemy, in no transaction.

    What asyncpg raises is raised as SQLAlchemy's error, without the values it quotes. After it the connection is kept
    only where it is known to be sound.
    """
    try:
        lent = await engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        told = error.__cause__ or error
        raise DBAPIError("", None, told, connection_invalidated=is_gone(told)) from error
    driver: Any = lent.driver_connection
    try:
        yield driver
    except BaseException as error:
        gone = driver.is_closed() or is_gone(error) or isinstance(error, OSError)
        if gone or driver.is_in_transaction() or not isinstance(error, Exception):
            lent.invalidate()
        else:
            lent.close()
        if isinstance(error, _OF_ASYNCPG):
            strike_out_values(error)
            kind = IntegrityError if isinstance(error, asyncpg.IntegrityConstraintViolationError) else DBAPIError
            raise kind("", None, error, connection_invalidated=gone) from error
        raise
    lent.close()


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five signs for what went wrong, or nothing."""
    return getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None) or ""


def is_gone(error: BaseException) -> bool:
    """Whether this says that the connection, or the server, is there no more."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, asyncpg.InternalClientError):  # what asyncpg says while a good-bye is still being read
        return True
    return _GONE.match(sqlstate(error)) is not None


def strike_out_values(error: BaseException) -> None:
    """Take out of what PostgreSQL says of an error the values it quotes: they may be pseudonyms, phones or accounts."""
    for said in (error, error.__cause__):
        if isinstance(said, asyncpg.PostgresError):
            said.detail = None


def _note_what_is_gone(context: ExceptionContext) -> BaseException | None:
    """Take the whole pool for dead when one of its connections is: the next ones are made anew."""
    original = context.original_exception
    strike_out_values(original)
    context.is_disconnect = context.is_disconnect or isinstance(original, OSError) or is_gone(original)
    if isinstance(original, OSError):  # a statement that took too long is one, too
        return DBAPIError("", None, original, connection_invalidated=True)
    return None
