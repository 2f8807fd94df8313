"""What the repositories ask of whoever runs their functions over a connection: of either keeper."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Select

A = TypeVar("A")
T = TypeVar("T")
Look = Callable[[Connection], T]
Change = Callable[[Connection], T]
Together = Callable[[Connection, Sequence[A]], Sequence[T | Exception]]


@dataclass(frozen=True, slots=True)
class Straight(Generic[A, T]):
    """A change of many items, like Together, but written for the drivers themselves, for both: only for what thousands
    wait for. What a driver raises is raised as SQLAlchemy's error."""

    sqlite: Callable[[sqlite3.Connection, Sequence[A]], Sequence[T | Exception]]
    postgresql: Callable[[Any, Sequence[A]], Awaitable[Sequence[T | Exception]]]  # asyncpg.Connection


class Keeper(Protocol):
    """Runs plain functions over a connection of one store, in its transactions.

    A function that writes may be run again on a clean slate, so it changes nothing but the database. Any method
    raises StoreUnavailable when the store cannot be read or written: then nothing was done, or, where a connection
    was lost while it committed, nobody can say whether it was.
    """

    async def find(self, statement: Select[Any], **sought: str | bytes) -> tuple[Any, ...] | None:
        """The first row that this statement finds, or None: the quick way for a look-up by key, in no transaction.

        The statement is a constant of its module, for it is written out once and kept. `sought` are its parameters.
        """

    async def read(self, look: Look[T]) -> T:
        """What `look` returns. For one statement that finds a few rows by their keys."""

    async def survey(self, look: Look[T]) -> T:
        """Like `read`, for a look over a whole table or by several statements: from one consistent view."""

    async def write(self, change: Change[T]) -> T:
        """What `change` returns, once it is durable. What it raises undoes it alone and is raised here."""

    async def write_together(self, change: Together[A, T], item: A) -> T:
        """Like `write`, of a function of a module that takes all items waiting for it at once.

        It answers with one outcome an item; an Exception among them is raised to that item's caller, and that
        item must have changed nothing.
        """

    async def write_straight(self, change: Straight[A, T], item: A) -> T:
        """Like `write_together`. Neither SQLAlchemy's time nor its transactions are in it."""

    async def write_here(self, change: Change[T]) -> T:
        """One long change, run once, in the caller's thread: for an import, never while serving."""

    async def forget_deleted(self) -> None:
        """Leave nothing of deleted rows in the store's files, as far as the store can.

        StoreUnavailable while somebody still reads an old state.
        """
