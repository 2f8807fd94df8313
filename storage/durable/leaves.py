"""Leaves of the public log: put down with the act they record, given their places together.

A leaf waits under a random key. When a bulletin is made, all that wait go into the log in the order of those keys:
neither order nor time joins a leaf to a member, nor the leaves of one vote to each other. While they get their places
(storage.durable.placing) some have one behind the log's end already: they wait like the others.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import cast

from sqlalchemy import Connection, func, select, union_all

from election.leaf import KINDS, Kind, Leaf
from election.log import Frontier
from storage.durable.schema import leaf, log
from storage.durable.seals_sqlite import seal_of_new

PUT_ON_SQLITE = f"""INSERT INTO leaf (key, kind, digest, seal)
                    VALUES (?1, ?2, ?3, {seal_of_new("leaf", key="?1", kind="?2", digest="?3")})"""  # noqa: S608
_PUT = {
    "sqlite": PUT_ON_SQLITE,
    "postgresql": "INSERT INTO leaf (key, kind, digest) VALUES ($1, $2, $3)",
}
_AT_ONCE = 2_000


def put_leaves(connection: Connection, leaves: Sequence[tuple[bytes, Kind, bytes]]) -> None:
    """Put leaves down (key, kind, digest), in the caller's transaction."""
    if leaves:
        connection.exec_driver_sql(_PUT[connection.dialect.name], sorted(leaves))


def placed(connection: Connection) -> tuple[Frontier, dict[Kind, int]]:
    """The frontier of the log, and how many leaves of each kind are in it. Raises ValueError for a damaged frontier."""
    frontier, counts = connection.execute(select(log.c.frontier, log.c.counts)).one()
    return Frontier.unpacked(bytes(frontier)), dict.fromkeys(KINDS, 0) | cast("dict[Kind, int]", json.loads(counts))


def waiting(connection: Connection, size: int) -> dict[Kind, int]:
    """How many leaves of each kind are not in the log, which has this size."""
    found: Counter[Kind] = Counter()
    for where in (leaf.c.place.is_(None), leaf.c.place >= size):
        for kind, number in connection.execute(select(leaf.c.kind, func.count()).where(where).group_by(leaf.c.kind)):
            found[kind] += number
    return {kind: found[kind] for kind in KINDS}


def waiting_leaves(connection: Connection, size: int) -> Iterator[tuple[bytes, Leaf]]:
    """Those leaves, each with its key, in the order of the keys."""
    columns = leaf.c.key, leaf.c.kind, leaf.c.digest
    either = union_all(  # two statements, so that each has its index
        select(*columns).where(leaf.c.place.is_(None)), select(*columns).where(leaf.c.place >= size)
    ).order_by("key")
    for key, kind, digest in connection.execution_options(yield_per=_AT_ONCE).execute(either):
        yield bytes(key), Leaf(kind, bytes(digest))


def read_leaves(connection: Connection, start: int, end: int) -> list[Leaf]:
    """The log's leaves from one place to before another."""
    size = placed(connection)[0].size
    found = connection.execute(
        select(leaf.c.kind, leaf.c.digest)
        .where(leaf.c.place >= start, leaf.c.place < min(end, size))
        .order_by(leaf.c.place)
    )
    return [Leaf(kind, bytes(digest)) for kind, digest in found]
