"""A batch of acts in one transaction of a SQLite store, where what one of them raises undoes that one alone."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.durable.acts import Act, Kind, one_by_one
from storage.durable.sqlite_engine import as_sqlalchemys, driver_of

_Run = Callable[[Connection, Sequence[Act]], None]


def commit(connection: Connection, acts: Sequence[Act]) -> None:
    """Give every act its outcome, all in one commit. Raises what the database itself fails at; then nothing was done.

    Since hardly any act raises, they first run without a savepoint for each, which costs a copy of every page.
    """
    groups = _grouped(acts)
    try:
        _commit(connection, groups, _run)
    except Exception as error:
        if _is_the_stores(error):
            raise
        _commit(connection, groups, _run_apart)


@cache
def over_the_driver(change: Callable[[sqlite3.Connection, Sequence[Any]], Sequence[Any]]) -> Kind:
    """The same as a change over a connection of SQLAlchemy's; of one change always the same."""

    def run(connection: Connection, items: Sequence[Any]) -> Sequence[Any]:
        try:
            return change(driver_of(connection), items)
        except sqlite3.Error as error:
            raise as_sqlalchemys(error) from error

    return run


def _commit(connection: Connection, groups: Sequence[Sequence[Act]], run: _Run) -> None:
    """One transaction. SQLAlchemy has a part in it only where one of the acts uses it."""
    driver = driver_of(connection)
    driver.execute("BEGIN IMMEDIATE")
    try:
        for group in groups:
            run(connection, group)
    except BaseException:
        connection.rollback()
        driver.rollback()
        raise
    connection.commit()
    driver.commit()


def _grouped(acts: Sequence[Act]) -> list[list[Act]]:
    """Acts that are written together in one group, each other act in a group of its own, in order of arrival."""
    groups: dict[object, list[Act]] = {}
    for act in acts:
        groups.setdefault(act if act.run is one_by_one else act.run, []).append(act)
    return list(groups.values())


def _run(connection: Connection, group: Sequence[Act]) -> None:
    """Run a group. What it raises is raised here, and the whole transaction is to be undone."""
    outcomes = group[0].run(connection, [act.item for act in group])
    for act, outcome in zip(group, outcomes, strict=True):
        act.outcome = outcome


def _run_apart(connection: Connection, group: Sequence[Act]) -> None:
    """Run a group so that what it raises undoes it alone. A group of several is then run again one by one."""
    connection.exec_driver_sql("SAVEPOINT acts")
    try:
        _run(connection, group)
    except Exception as error:
        if _is_the_stores(error):
            raise
        connection.exec_driver_sql("ROLLBACK TO acts")
        connection.exec_driver_sql("RELEASE acts")
        if len(group) == 1:
            group[0].outcome = error
        else:
            for act in group:
                _run_apart(connection, [act])
    else:
        connection.exec_driver_sql("RELEASE acts")


def _is_the_stores(error: Exception) -> bool:
    """Whether the database itself failed, so that the whole transaction is in doubt, and not one of the acts."""
    return isinstance(error, (DBAPIError, sqlite3.Error)) and not isinstance(error, IntegrityError)
