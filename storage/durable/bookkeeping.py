"""The store as bulletins need it. The promises are election.books.BookKeeping's."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, insert, select, text

from election.books import Books, RollChange
from election.errors import OperatorRefusal
from election.leaf import Leaf
from election.ports import RegionTurnout
from storage.durable import leaves
from storage.durable.keeper import Keeper
from storage.durable.ledger import TURNOUT, read_election
from storage.durable.office import read_acts
from storage.durable.schema import bulletin, envelope, leaf, redo_count, roll_change, urn, voter

_HOLD = text("LOCK TABLE election IN SHARE ROW EXCLUSIVE MODE")
"""Votes hold it in share: what is read behind this lock is of one moment."""
_PLACE = select(leaf.c.place).where(leaf.c.kind == "cast")


class SqlBooks:
    """election.books.BookKeeping over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def publish(self, bulletin: Callable[[Books], bytes], *, at_least: int) -> bytes:
        """See election.books.BookKeeping. Raises OperatorRefusal `no_election`."""
        return await self._keeper.write(lambda connection: _publish(connection, bulletin, at_least))

    async def books(self) -> Books:
        """See election.books.BookKeeping. Raises OperatorRefusal `no_election`."""
        return await self._keeper.survey(_books)

    async def bulletins(self) -> Sequence[bytes]:
        """See election.books.BookKeeping."""
        statement = select(bulletin.c.body).order_by(bulletin.c.number)
        return await self._keeper.survey(lambda connection: [bytes(row) for row in connection.scalars(statement)])

    async def leaves(self, start: int, end: int) -> Sequence[Leaf]:
        """See election.books.BookKeeping."""
        return await self._keeper.survey(lambda connection: leaves.read_leaves(connection, start, end))

    async def bulletin_of(self, receipt_digest: bytes) -> int | None:
        """See election.books.BookKeeping. Of two ballots with receipts that fell alike the earlier one is told."""
        return await self._keeper.read(lambda connection: _bulletin_of(connection, receipt_digest))


def _publish(connection: Connection, draw_up: Callable[[Books], bytes], at_least: int) -> bytes:
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD)
    if leaves.waiting(connection)["cast"] >= at_least:
        leaves.place_waiting(connection)
    books = _books(connection)
    body = draw_up(books)
    number = connection.execute(select(func.coalesce(func.max(bulletin.c.number), 0))).scalar_one() + 1
    size = int.from_bytes(books.frontier[:8], "big")
    connection.execute(insert(bulletin).values(number=number, body=body, size=size))
    return body


def _books(connection: Connection) -> Books:
    record = read_election(connection)
    if record is None:
        raise OperatorRefusal("no_election", "No election is loaded: run `dauys election load FILE` first.")
    frontier, placed = leaves.placed(connection)
    last = connection.execute(select(bulletin.c.body).order_by(bulletin.c.number.desc()).limit(1)).scalar()
    over = select(func.count()).where(voter.c.right == "paper", voter.c.casts > 0)
    reasons = select(redo_count.c.branch, redo_count.c.reason, redo_count.c.count)
    changes = select(
        roll_change.c.number, roll_change.c.version, roll_change.c.at, roll_change.c.what, roll_change.c.act
    ).order_by(roll_change.c.number)
    return Books(
        record=record,
        regions=[RegionTurnout(*row) for row in connection.execute(TURNOUT)],
        placed=placed,
        waiting=leaves.waiting(connection),
        frontier=frontier,
        standing=connection.execute(select(func.count()).select_from(envelope)).scalar_one(),
        urn=connection.execute(select(func.count()).select_from(urn)).scalar_one(),
        paper_over=connection.execute(over).scalar_one(),
        reasons={(branch, reason): count for branch, reason, count in connection.execute(reasons)},
        roll_changes=[RollChange(*row) for row in connection.execute(changes)],
        acts=read_acts(connection, "done"),
        last=None if last is None else bytes(last),
    )


def _bulletin_of(connection: Connection, receipt_digest: bytes) -> int | None:
    places = connection.scalars(_PLACE.where(leaf.c.digest == receipt_digest)).all()
    if not places:
        return None
    known = [place for place in places if place is not None]
    if not known:
        return 0
    first = select(func.min(bulletin.c.number)).where(bulletin.c.size > min(known))
    return int(connection.execute(first).scalar_one())
