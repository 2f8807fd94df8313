"""A SQLAlchemy engine on a SQLite file, with what the store needs of SQLite set on every connection."""

import sqlite3
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

_ALWAYS = (
    "busy_timeout=15000",  # milliseconds: other processes may hold the writer's place
    "synchronous=FULL",  # a commit is on the disk
    "secure_delete=ON",  # what is deleted is overwritten
    "foreign_keys=ON",
    "wal_autocheckpoint=16000",  # pages, 64 MB: a page that many votes change is copied back once for all of them
)
_USES = {  # cache sizes are in KiB below zero
    "write": ("cache_size=-65536", "temp_store=MEMORY"),  # random keys: each vote has pages of its own
    "load": ("cache_size=-8192", "temp_store=FILE"),
    "read": ("cache_size=-16384", "temp_store=FILE", "query_only=ON"),
}


def sqlite_path(url: str) -> Path | None:
    """The file a `sqlite://` or `sqlite+driver://` URL names; None for another database or one in memory."""
    parsed = make_url(url)
    named = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if named else None


def sqlite_engine(path: Path, use: Literal["write", "load", "read"]) -> Engine:
    """An engine to write votes, to load a roll in little memory, or to read. Whoever writes takes the writer's place
    when its transaction begins. Its errors show no parameters: they may be ballots or phones."""
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    begin = "BEGIN DEFERRED" if use == "read" else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def set_promises(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: the recipe of SQLAlchemy's page on SQLite
        for pragma in _ALWAYS + _USES[use]:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_as_told(connection: Connection) -> None:
        if not driver_of(connection).in_transaction:  # begun straight with the driver
            connection.exec_driver_sql(begin)

    return engine


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's connection, which is beneath it."""
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def as_sqlalchemys(error: sqlite3.Error) -> DBAPIError:
    """An error of the driver as SQLAlchemy would have raised it."""
    return (IntegrityError if isinstance(error, sqlite3.IntegrityError) else DBAPIError)("", None, error)
