"""Holds the whole store against its seals, and against each other what is told in two places: so rows are missed.

Sums are looked at only where every seal is right, and the surer ones first: the table that is named is the one that is
damaged. It is one file, since their order is read as a whole.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select, text
from sqlalchemy.exc import DBAPIError

from election.complaints import DECIDED, FIRST, WAITING
from election.damage import Damage
from election.leaf import Kind, Leaf
from election.log import Frontier
from election.roll_change import KIND as ROLL_CHANGE
from election.rulings import KIND_OF, unpacked
from election.rulings import KINDS as RULINGS
from storage.durable.inspection_paper import PAPER_CHECKS
from storage.durable.roll import BRANCHES, COUNT_BRANCHES
from storage.durable.schema import (
    act,
    bulletin,
    complaint,
    complaint_entry,
    election,
    hour_count,
    leaf,
    log,
    number_change,
    redo_count,
    rhythm,
    roll_change,
    share_commitment,
)
from storage.durable.sealing import broken_rows
from storage.durable.seals import SEALED, VERSION_TABLE, Seals

_AT_ONCE = 10_000
_COUNTED = text(f"SELECT {BRANCHES} FROM branch_count")  # noqa: S608
_RECOUNTED = text(COUNT_BRANCHES)
_RIGHTS = text(
    """SELECT count(CASE WHEN "right" = 'voted' THEN 1 END), count(CASE WHEN "right" = 'paper' THEN 1 END),
              count(CASE WHEN "right" = 'paper' AND casts > 0 THEN 1 END), count(CASE WHEN "right" = 'void' THEN 1 END),
              coalesce(sum(casts), 0), coalesce(sum(CASE WHEN casts > 1 THEN casts - 1 END), 0)
       FROM voter"""
)


def inspect_store(connection: Connection, seals: Seals) -> list[Damage]:
    """What is damaged; see election.books.BookKeeping. The connection has one consistent view."""
    found = [damage for table in SEALED if (damage := _by_seal(connection, seals, table)) is not None]
    if found:
        return found
    for check in _CHECKS:
        if found := list(check(connection)):
            return [Damage(table, max(each.rows for each in found if each.table == table)) for table in _named(found)]
    return []


def _named(found: Sequence[Damage]) -> list[str]:
    return list(dict.fromkeys(each.table for each in found))


def _by_seal(connection: Connection, seals: Seals, table: str) -> Damage | None:
    try:
        with connection.begin_nested():
            broken = broken_rows(connection, seals, table)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return Damage(table, 0)
    return Damage(table, broken) if broken else None


def _off(table: str, found: int, due: int) -> Iterator[Damage]:
    """Rows missing, or too many."""
    if found != due:
        yield Damage(table, abs(int(found) - int(due)))


def _size(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


def _single_rows(connection: Connection) -> Iterator[Damage]:
    for table in ("election", "log", VERSION_TABLE):
        yield from _off(table, _size(connection, table), 1)


def _roll(connection: Connection) -> Iterator[Damage]:
    """The counters of turnout tell how many members of each kind a branch has."""
    counted = {(row[0], row[1]): tuple(row) for row in connection.execute(_COUNTED)}
    recounted = {(row[0], row[1]): tuple(row) for row in connection.execute(_RECOUNTED)}
    uncounted = recounted.keys() - counted.keys()
    yield from _off("branch_count", len(uncounted), 0)
    missing = 0
    for branch, row in counted.items():
        if row != recounted.get(branch):
            missing += max(1, abs(row[2] - (recounted[branch][2] if branch in recounted else 0)))
    yield from _off("voter", missing, 0)


@dataclass(frozen=True, slots=True)
class _Rights:
    """What the roll says of the box and of the log."""

    voted: int
    paper: int
    paper_over: int
    void: int
    casts: int
    again: int


def _rights(connection: Connection) -> _Rights:
    return _Rights(*map(int, connection.execute(_RIGHTS).one()))


def _box(connection: Connection) -> Iterator[Damage]:
    """An envelope for each vote that stands and for each that paper replaces; after the cut the urn has the former."""
    rights, envelopes, urn = _rights(connection), _size(connection, "envelope"), _size(connection, "urn")
    over = connection.execute(select(election.c.stage)).scalar_one() in ("closed", "counted")
    if urn or (over and not envelopes):
        yield from _off("envelope", envelopes, 0)
        yield from _off("urn", urn, rights.voted)
    else:
        yield from _off("envelope", envelopes, rights.voted + rights.paper_over)


def _log(connection: Connection) -> Iterator[Damage]:
    """Each act put its leaves down, and what is in the log is what its frontier was made of."""
    rights = _rights(connection)
    put: Mapping[Kind, int] = {
        "cast": rights.casts,
        "ballot": rights.casts,
        "redo": rights.again,
        "void": rights.void,
        "paper": rights.paper,
    }
    kinds: dict[str, int] = dict(connection.execute(select(leaf.c.kind, func.count()).group_by(leaf.c.kind)).all())
    yield from _off("leaf", sum(abs(kinds.get(kind, 0) - due) for kind, due in put.items()), 0)
    acts = connection.execute(select(func.count()).where(act.c.state == "done")).scalar_one()
    actions = kinds.get("action", 0)
    yield from _off("leaf" if actions < acts else "act", min(actions, acts), max(actions, acts))
    yield from _places(connection)


def _log_end(connection: Connection) -> tuple[Frontier, dict[str, int]]:
    frontier, counts = connection.execute(select(log.c.frontier, log.c.counts)).one()
    return Frontier.unpacked(bytes(frontier)), json.loads(counts)


def _places(connection: Connection) -> Iterator[Damage]:
    """No place is under a seal. Those behind the log's end are there only while leaves get theirs."""
    kept, counts = _log_end(connection)
    frontier, wrong, so_far = Frontier(), 0, Counter[str]()
    in_log = select(leaf.c.place, leaf.c.kind, leaf.c.digest).where(leaf.c.place < kept.size).order_by(leaf.c.place)
    for place, kind, digest in connection.execution_options(yield_per=_AT_ONCE).execute(in_log):
        wrong += place != frontier.size
        frontier.append(Leaf(kind, bytes(digest)).hash)
        so_far[kind] += 1
    if frontier.packed() != kept.packed() or so_far != Counter(counts):
        yield Damage("leaf", max(1, wrong, kept.size - frontier.size))
    if not connection.execute(select(log.c.placing)).scalar_one():
        behind = select(func.count()).where(leaf.c.place >= kept.size)
        yield from _off("leaf", connection.execute(behind).scalar_one(), 0)


def _hours(connection: Connection) -> Iterator[Damage]:
    """Each member who has voted is in one hour: by phone if she has ever cast, else by the paper handed to her."""
    rights = _rights(connection)
    sums = select(hour_count.c.channel, func.sum(hour_count.c.votes)).group_by(hour_count.c.channel)
    found: dict[str, int] = dict(connection.execute(sums).all())
    yield from _off("hour_count", found.pop("paper", 0), rights.paper - rights.paper_over)
    yield from _off("hour_count", sum(found.values()), rights.voted + rights.void + rights.paper_over)


def _rhythm(connection: Connection) -> Iterator[Damage]:
    """Every vote by phone is in one slot, and every vote again in one, until the cut wipes them."""
    first, again = connection.execute(
        select(func.coalesce(func.sum(rhythm.c.votes), 0), func.coalesce(func.sum(rhythm.c.again), 0))
    ).one()
    rights = _rights(connection)
    due = rights.voted + rights.void + rights.paper_over, rights.again
    over = connection.execute(select(election.c.stage)).scalar_one() in ("closed", "counted")
    wiped = over and not _size(connection, "envelope")
    if (first, again) not in ({due, (0, 0)} if wiped else {due}):
        yield Damage("rhythm", max(abs(int(first) - due[0]), abs(int(again) - due[1])))


def _redos(connection: Connection) -> Iterator[Damage]:
    noted = connection.execute(select(func.coalesce(func.sum(redo_count.c.count), 0))).scalar_one()
    if noted != _rights(connection).again:
        yield Damage("redo_count", 1)


def _bulletins(connection: Connection) -> Iterator[Damage]:
    """They are numbered from 1, and the newest has the log as it is."""
    newest, kept, size = connection.execute(
        select(func.coalesce(func.max(bulletin.c.number), 0), func.count(), func.coalesce(func.max(bulletin.c.size), 0))
    ).one()
    yield from _off("bulletin", kept, newest)
    if size != _log_end(connection)[0].size:
        yield Damage("bulletin", 1)


def _numbers(connection: Connection) -> Iterator[Damage]:
    """A change of a number for each act that decided on one."""
    yield from _off("number_change", _size(connection, number_change.name), _acts(connection, "number"))


def _acts(connection: Connection, kind: str) -> int:
    """How many of this kind are done."""
    return connection.execute(select(func.count()).where(act.c.state == "done", act.c.kind == kind)).scalar_one()


def _commission(connection: Connection) -> Iterator[Damage]:
    """A commitment for each trustee, in turn; a change of the roll for each act that made one, at once or by a number
    that changed a day later."""
    key, threshold = connection.execute(select(election.c.public_key, election.c.threshold)).one()
    last, kept = connection.execute(select(func.coalesce(func.max(share_commitment.c.trustee), 0), func.count())).one()
    yield from _off("share_commitment", kept, max(last, threshold, key is not None))
    changes = _size(connection, roll_change.name)
    in_force = select(func.count()).where(number_change.c.state == "done")
    made = _acts(connection, ROLL_CHANGE) + connection.execute(in_force).scalar_one()
    yield from _off("roll_change", changes, made)


def _complaints(connection: Connection) -> Iterator[Damage]:
    """They are numbered without a gap, whatever is written is on one of them, and each decision is an act."""
    columns = complaint.c
    decided = func.count(case((columns.state.not_in(WAITING), 1)))
    newest, kept, ended = connection.execute(select(func.max(columns.number), func.count(), decided)).one()
    yield from _off("complaint", kept, 0 if newest is None else newest - FIRST + 1)
    lost = complaint_entry.c.complaint.not_in(select(columns.number))
    of_lost = select(func.count(complaint_entry.c.complaint.distinct())).where(lost)
    yield from _off("complaint", connection.execute(of_lost).scalar_one(), 0)
    acts = select(func.count()).where(act.c.state == "done", act.c.kind == DECIDED)
    yield from _off("complaint", ended, connection.execute(acts).scalar_one())


def _complaint_entries(connection: Connection) -> Iterator[Damage]:
    """Each complaint tells how much is written on it."""
    told = connection.execute(select(func.coalesce(func.sum(complaint.c.entries), 0))).scalar_one()
    yield from _off("complaint_entry", _size(connection, "complaint_entry"), told)


def _rulings(connection: Connection) -> Iterator[Damage]:
    """Each ruling kept with the election is that of an act, and each such act is kept."""
    kept = unpacked(connection.execute(select(election.c.rulings)).scalar_one())
    made = select(act.c.number, act.c.kind, act.c.payload).where(act.c.state == "done", act.c.kind.in_(RULINGS))
    found = ((number, kind, json.loads(payload)) for number, kind, payload in connection.execute(made))
    due = sorted((number, kind, told["contest"], told["candidate"]) for number, kind, told in found)
    if sorted((each.act, KIND_OF[each.struck], each.contest, each.candidate) for each in kept) != due:
        yield Damage("election", 1)


_CHECKS: tuple[Callable[[Connection], Iterator[Damage]], ...] = (
    _single_rows,
    _roll,
    _log,
    _box,
    _hours,
    _rhythm,
    _redos,
    _bulletins,
    _numbers,
    _commission,
    _rulings,
    _complaints,
    _complaint_entries,
    *PAPER_CHECKS,
)
