"""Leaves of the public log: put down with the act they record, given their places together.

A leaf waits without a place under a random key. When a bulletin is made, all that wait go into the log in the order of
those keys: neither order nor time joins a leaf to a member, nor the leaves of one vote to each other.
"""

import json
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Connection, func, select, update

from election.leaf import KINDS, Kind, Leaf
from election.log import Frontier
from storage.durable.schema import leaf, log

_PUT = {
    "sqlite": "INSERT INTO leaf (key, kind, digest) VALUES (?, ?, ?)",
    "postgresql": "INSERT INTO leaf (key, kind, digest) VALUES ($1, $2, $3)",
}
_PLACE = {
    "sqlite": "UPDATE leaf SET place = ? WHERE key = ?",
    "postgresql": "UPDATE leaf SET place = $1 WHERE key = $2",
}


def put_leaves(connection: Connection, leaves: Sequence[tuple[bytes, Kind, bytes]]) -> None:
    """Put leaves down (key, kind, digest), in the caller's transaction."""
    if leaves:
        connection.exec_driver_sql(_PUT[connection.dialect.name], sorted(leaves))


def placed(connection: Connection) -> tuple[bytes, dict[Kind, int]]:
    """The packed frontier of the log, and how many leaves of each kind are in it."""
    frontier, counts = connection.execute(select(log.c.frontier, log.c.counts)).one()
    return bytes(frontier), dict.fromkeys(KINDS, 0) | cast("dict[Kind, int]", json.loads(counts))


def waiting(connection: Connection) -> dict[Kind, int]:
    """How many leaves of each kind wait for a place."""
    found = connection.execute(select(leaf.c.kind, func.count()).where(leaf.c.place.is_(None)).group_by(leaf.c.kind))
    return dict.fromkeys(KINDS, 0) | {row.kind: row[1] for row in found}


def place_waiting(connection: Connection) -> None:
    """Put all that wait into the log, in the order of their keys."""
    packed, counts = placed(connection)
    frontier = Frontier.unpacked(packed)
    found = connection.execute(
        select(leaf.c.key, leaf.c.kind, leaf.c.digest).where(leaf.c.place.is_(None)).order_by(leaf.c.key)
    ).all()
    places = []
    for key, kind, digest in found:
        places.append((frontier.size, bytes(key)))
        frontier.append(Leaf(kind, bytes(digest)).hash)
        counts[kind] += 1
    if places:
        connection.exec_driver_sql(_PLACE[connection.dialect.name], places)
        connection.execute(update(log).values(frontier=frontier.packed(), counts=json.dumps(counts)))


def read_leaves(connection: Connection, start: int, end: int) -> list[Leaf]:
    """The leaves from one place to before another."""
    found = connection.execute(
        select(leaf.c.kind, leaf.c.digest).where(leaf.c.place >= start, leaf.c.place < end).order_by(leaf.c.place)
    )
    return [Leaf(kind, bytes(digest)) for kind, digest in found]
