"""Seals on SQLite: triggers of the program's own connections, which no other tool that writes has.

Text is sealed as its bytes, so that none can be too damaged to be looked at.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Column, DefaultClause, Engine, Text, event

from storage.durable.schema import metadata
from storage.durable.seals import SEAL, SEALED, Seals

_KINDS = {"integer": "integer", "blob": "blob"}  # a value is as the column is declared, or text


def seal_what_is_written(engine: Engine, seals: Seals) -> None:
    """From now on every row that this engine's connections write is sealed. The tables must be there."""

    @event.listens_for(engine, "connect")
    def take_the_seal(connection: Any, _record: object) -> None:
        _teach(connection, seals)
        for trigger in _TRIGGERS:
            connection.execute(trigger)


def seal_all(driver: sqlite3.Connection, seals: Seals) -> None:
    """Seal every row as it stands, over a connection whose writing is not sealed."""
    _teach(driver, seals)
    for table in SEALED:
        driver.execute(f"UPDATE {table} SET seal = row_seal('{table}', {_of('', table)})")  # noqa: S608


def broken_rows(driver: sqlite3.Connection, seals: Seals, table: str, columns: Sequence[str]) -> int:
    """How many rows of this table have not the seal they should have, or a value of another kind than its column."""
    kinds = dict(driver.execute("SELECT name, lower(type) FROM pragma_table_info(?)", (table,)))
    strange = " OR ".join(
        f"typeof(\"{name}\") NOT IN ('{_KINDS.get(kinds[name], 'text')}', 'null')" for name in (*columns, SEAL)
    )
    listed = ", ".join(f'"{name}"' for name in columns)
    seal_of, kept = seals.of, driver.text_factory
    driver.text_factory = bytes
    try:
        with closing(driver.execute(f"SELECT {strange}, seal, {listed} FROM {table}")) as rows:  # noqa: S608
            return sum(1 for wrong, seal, *row in rows if wrong or seal != seal_of(table, *row))
    finally:
        driver.text_factory = kept


def _teach(driver: sqlite3.Connection, seals: Seals) -> None:
    """Give this connection's SQL the functions that make seals."""
    driver.create_function("row_seal", -1, seals.of, deterministic=True)
    driver.create_function("row_seal_again", -1, seals.again, deterministic=True)


def seal_of_new(table: str, **given: str) -> str:
    """The seal of a row to be inserted, as an expression: a row that comes with its seal spares the trigger. `given`
    are the expressions of some columns, the others have their defaults."""
    columns = metadata.tables[table].columns
    values = {name: given.get(name) or _default(columns[name]) for name in SEALED[table]}
    return f"row_seal('{table}', {_packed(table, values)})"


def seal_of_changed(table: str, **given: str) -> str:
    """The same for an UPDATE, given the new values of some columns."""
    old = {name: f'"{name}"' for name in SEALED[table]}
    return f"row_seal_again('{table}', seal, {_packed(table, old)}, {_packed(table, old | given)})"


def _default(column: Column[Any]) -> str:
    return str(column.server_default.arg) if isinstance(column.server_default, DefaultClause) else "NULL"


def _packed(table: str, values: Mapping[str, str]) -> str:
    """What the functions take of a row."""
    kinds = {column.name: column.type for column in metadata.tables[table].columns} if table in metadata.tables else {}
    return ", ".join(
        f"CAST({values[name]} AS BLOB)" if isinstance(kinds.get(name, Text()), Text) else values[name]
        for name in SEALED[table]
    )


def _of(row: str, table: str) -> str:
    return _packed(table, {name: f'{row}"{name}"' for name in SEALED[table]})


def _triggers() -> Iterator[str]:
    for table in metadata.sorted_tables:
        name, columns = table.name, SEALED[table.name]
        itself = " AND ".join(f'"{column.name}" = NEW."{column.name}"' for column in table.primary_key)
        new, old = _of("NEW.", name), _of("OLD.", name)
        listed = ", ".join(f'"{column}"' for column in columns)
        if name != "leaf":  # the one place that puts leaves down seals them itself: a trigger costs as much again
            yield (
                f"CREATE TEMP TRIGGER {name}_put AFTER INSERT ON main.{name} WHEN NEW.seal IS NULL BEGIN"  # noqa: S608
                f" UPDATE {name} SET seal = row_seal('{name}', {new}) WHERE {itself}; END"
            )
        if name == "branch_count":  # likewise sealed where it is changed: one row a vote
            continue
        yield (
            f"CREATE TEMP TRIGGER {name}_changed AFTER UPDATE OF {listed} ON main.{name}"  # noqa: S608
            f" WHEN NEW.seal IS OLD.seal BEGIN"
            f" UPDATE {name} SET seal = row_seal_again('{name}', OLD.seal, {old}, {new}) WHERE {itself}; END"
        )


_TRIGGERS = tuple(_triggers())
