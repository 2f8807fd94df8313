"""Leaves get their places in the log while votes go on: one fixed set, in short steps, the bulletin with the last one.

A bulletin is drawn up from one consistent view, which holds up nobody: the books, and the leaves that wait with the
places they will have. Places are then written behind the log's end, where they mean nothing yet, and the last step
moves the end. Each step is a transaction of its own that counts itself in the `log` row, on condition that nobody has
counted one since: of several publishers only one gets through, and another one's draft is thrown away. What a
publisher that died has left behind the end is taken back first.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection, bindparam, func, insert, select, update

from election.books import Books
from election.leaf import KINDS
from election.log import Frontier
from storage.durable.leaves import waiting_leaves
from storage.durable.schema import bulletin, leaf, log

_PLACE = {
    "sqlite": "UPDATE leaf SET place = ? WHERE key = ?",
    "postgresql": """UPDATE leaf SET place = $1::bigint + given.number - 1
                     FROM unnest($2::bytea[]) WITH ORDINALITY AS given(key, number) WHERE leaf.key = given.key""",
}
_STEPS = select(log.c.placing, log.c.steps)
_COUNT_STEP = (
    update(log).where(log.c.steps == bindparam("before")).values(steps=log.c.steps + 1, placing=bindparam("goes_on"))
)
_TAKE_BACK = update(leaf).where(leaf.c.place >= bindparam("start"), leaf.c.place < bindparam("end")).values(place=None)
_MOVE_END = update(log).values(frontier=bindparam("new_frontier"), counts=bindparam("new_counts"))
_NEXT = select(func.coalesce(func.max(bulletin.c.number), 0) + 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A bulletin that is not made yet. It stands as long as `steps` is what the `log` row says."""

    steps: int
    size: int  # of the log before
    beyond: int  # all places that others have left are before this one
    keys: Sequence[bytes]  # of the leaves that go into the log, in order
    books: Books
    body: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction on the way from a draft to a bulletin."""

    before: int
    goes_on: bool
    change: Callable[[Connection], None]


def under_way(connection: Connection) -> tuple[bool, int]:
    """Whether leaves have places behind the log's end, and how many steps were taken so far."""
    placing, steps = connection.execute(_STEPS).one()
    return bool(placing), int(steps)


def drawn_up(connection: Connection, books: Books, draw_up: Callable[[Books], bytes], at_least: int) -> Draft:
    """The next bulletin, from one consistent view, of which are the books: under it all leaves that wait are in the
    log, if at least so many are votes."""
    _, steps = under_way(connection)
    frontier = Frontier.unpacked(books.frontier)
    size, keys, counts = frontier.size, [], dict(books.placed)
    if books.waiting["cast"] >= at_least:
        for key, each in waiting_leaves(connection, size):
            keys.append(key)
            frontier.append(each.hash)
            counts[each.kind] += 1
        books = replace(books, frontier=frontier.packed(), placed=counts, waiting=dict.fromkeys(KINDS, 0))
    beyond = connection.execute(select(func.coalesce(func.max(leaf.c.place), -1))).scalar_one() + 1
    return Draft(steps, size, beyond, keys, books, draw_up(books))


def steps_of(draft: Draft, at_once: int) -> Iterator[Step]:
    """What makes the bulletin, step by step, with so many leaves in each at most."""
    taken_back = range(draft.size, draft.beyond, at_once)
    slices = range(0, len(draft.keys), at_once)
    changes = [partial(_take_back, start=start, end=start + at_once) for start in taken_back]
    changes += [partial(_place, draft=draft, start=start, end=start + at_once) for start in slices[:-1]]
    for number, change in enumerate(changes, start=draft.steps):
        yield Step(number, True, change)
    yield Step(draft.steps + len(changes), False, partial(_finish, draft=draft, start=slices[-1] if slices else 0))


def take_steps(connection: Connection, steps: Sequence[Step]) -> Sequence[bool]:
    """Take steps; whether each was the next one. One that was not has changed nothing."""
    return [_take(connection, step) for step in steps]


def _take(connection: Connection, step: Step) -> bool:
    counted = connection.execute(_COUNT_STEP, {"before": step.before, "goes_on": step.goes_on})
    if counted.rowcount == 1:
        step.change(connection)
    return counted.rowcount == 1


def _take_back(connection: Connection, start: int, end: int) -> None:
    connection.execute(_TAKE_BACK, {"start": start, "end": end})


def _place(connection: Connection, draft: Draft, start: int, end: int) -> None:
    keys, first = draft.keys[start:end], draft.size + start
    if not keys:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_PLACE["sqlite"], list(enumerate(keys, start=first)))
    else:
        connection.exec_driver_sql(_PLACE["postgresql"], (first, keys))


def _finish(connection: Connection, draft: Draft, start: int) -> None:
    """The last leaves, the log's end and the bulletin."""
    _place(connection, draft, start, len(draft.keys))
    books = draft.books
    connection.execute(_MOVE_END, {"new_frontier": books.frontier, "new_counts": json.dumps(dict(books.placed))})
    number = connection.execute(_NEXT).scalar_one()
    connection.execute(insert(bulletin), {"number": number, "body": draft.body, "size": draft.size + len(draft.keys)})
