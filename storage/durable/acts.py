"""What waits to be written, and what both keepers do with it besides writing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from storage.durable.keeper import Change, T

Kind = Callable[[Connection, Sequence[Any]], Sequence[Any]]


@dataclass(eq=False, slots=True)
class Act:
    """Something to be written, the one who waits for it, and what came of it."""

    run: Kind
    item: Any
    waiter: asyncio.Future[Any]
    outcome: Any = None


def one_by_one(connection: Connection, changes: Sequence[Change[T]]) -> Sequence[T | Exception]:
    """Changes that nobody has written to go together."""
    return [change(connection) for change in changes]


def tell(acts: Sequence[Act]) -> None:
    """Answer all who wait, each with her outcome; in the thread of their loop."""
    for act in acts:
        if act.waiter.done():
            continue  # the caller has gone; what she asked for is done all the same
        if isinstance(act.outcome, Exception):
            act.waiter.set_exception(act.outcome)
        else:
            act.waiter.set_result(act.outcome)
