"""Bringing a SQLite store's tables up to what this program needs; what is the same for every store is here too.

alembic is imported only where there is work to do.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from election.damage import Damage, StoreDamaged
from election.errors import OperatorRefusal
from storage.durable.sealing import broken_rows, broken_seals, lift_seals, seal_all
from storage.durable.seals import SEAL, VERSION_TABLE, Seals
from storage.durable.sqlite_engine import sqlite_engine, sqlite_path
from storage.durable.sqlite_file import make_sqlite_file

NEWEST = "0015"
"""The revision this program is written for: the head of `migrations/`."""


def bring_up_to_date(url: str, seal_key: bytes) -> Path:
    """Make the store if it is not there, and its tables what they must be; the path of its file.

    Harmless to repeat, and for several processes at once. Raises OperatorRefusal: `store_url`, `store_unusable`,
    `store_newer` for a store made by a newer program, or StoreDamaged where it cannot be told how far the store is.
    """
    path = _path(url)
    seals = Seals(seal_key)
    try:
        make_sqlite_file(path)
        engine = sqlite_engine(path, "load")
        try:
            with engine.connect() as connection:
                stored = stored_revision(connection, seals)
            if stored != NEWEST:
                with engine.begin() as connection:  # one process at a time
                    upgrade_tables(connection, seals)
        finally:
            engine.dispose()
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise OperatorRefusal(
            "store_unusable", f"The store {path} cannot be used: check the path, the permissions and the disk."
        ) from error
    return path


def stored_revision(connection: Connection, seals: Seals) -> str | None:
    """The revision of the store's tables, or None when it has none. Raises StoreDamaged where that is not known."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    columns = list(connection.execute(text("SELECT * FROM alembic_version LIMIT 0")).keys())
    broken = broken_rows(connection, seals, VERSION_TABLE) if SEAL in columns else 0
    rows = connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one()
    if broken or rows != 1:
        raise StoreDamaged([Damage(VERSION_TABLE, max(broken, abs(rows - 1)))])
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _path(url: str) -> Path:
    try:
        path = sqlite_path(url)
    except ArgumentError:
        path = None
    if path is None:
        raise OperatorRefusal(
            "store_url",
            "DATABASE_URL is not usable: write sqlite:///var/dauys.db, "
            "or postgresql+asyncpg://USER:PASSWORD@HOST:5432/DATABASE.",
        )
    return path


def upgrade_tables(connection: Connection, seals: Seals) -> None:
    """Make the tables what they must be and seal every row, in the caller's transaction; the caller sees to it that
    nobody else does.

    What had seals before is inspected first, so that no damage is sealed. Raises StoreDamaged, or OperatorRefusal
    `store_newer`.
    """
    stored = stored_revision(connection, seals)
    if stored == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stored is not None and stored not in known:
        raise OperatorRefusal("store_newer", "The store was made by a newer version of dauys: install that version.")
    if damage := broken_seals(connection, seals):
        raise StoreDamaged(damage)
    lift_seals(connection)
    command.upgrade(config, NEWEST)
    seal_all(connection, seals)
