"""The store as bulletins need it. The promises are election.books.BookKeeping's."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from election.books import Books, RollChange
from election.damage import Damage
from election.errors import OperatorRefusal
from election.leaf import Leaf
from election.paper import PaperStation
from election.ports import RegionTurnout
from storage.durable import leaves, placing
from storage.durable.column_types import Count
from storage.durable.complaint_rows import count_complaints
from storage.durable.inspection import inspect_store
from storage.durable.keeper import Keeper
from storage.durable.ledger import TURNOUT, read_election
from storage.durable.office import read_acts
from storage.durable.paper_issues import beside_stations, read_stations
from storage.durable.schema import bulletin, envelope, hour_count, leaf, redo_count, roll_change, urn, voter
from storage.durable.seals import Seals

_PLACE = select(leaf.c.place).where(leaf.c.kind == "cast")


@dataclass(frozen=True, slots=True)
class Pace:
    """How leaves get their places: so many a step, then so many seconds in which others write. A publisher that has
    taken no step for `patience` seconds is taken for dead; if it is not, it begins anew."""

    leaves: int = 500
    pause: float = 0.02
    patience: float = 5.0


_PACE = Pace()


class SqlBooks:
    """election.books.BookKeeping over a keeper."""

    def __init__(self, keeper: Keeper, seals: Seals, pace: Pace = _PACE) -> None:
        self._keeper = keeper
        self._seals = seals
        self._pace = pace
        self._publishing = asyncio.Lock()

    async def publish(self, bulletin: Callable[[Books], bytes], *, at_least: int) -> bytes:
        """See election.books.BookKeeping. Raises OperatorRefusal `no_election`."""
        async with self._publishing:
            while True:
                await self._nobody_places()
                draft = await self._keeper.survey(lambda connection: _drawn_up(connection, bulletin, at_least))
                if await self._made(draft):
                    return draft.body

    async def books(self) -> Books:
        """See election.books.BookKeeping. Raises OperatorRefusal `no_election`."""
        return await self._keeper.survey(_books)

    async def inspect(self) -> Sequence[Damage]:
        """See election.books.BookKeeping."""
        return await self._keeper.survey(lambda connection: inspect_store(connection, self._seals))

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

    async def _nobody_places(self) -> None:
        """Wait while another process gives leaves their places."""
        clock = asyncio.get_running_loop().time
        going, steps = await self._keeper.read(placing.under_way)
        since = clock()
        while going and clock() - since < self._pace.patience:
            await asyncio.sleep(self._pace.pause)
            before, (going, steps) = steps, await self._keeper.read(placing.under_way)
            since = since if steps == before else clock()

    async def _made(self, draft: placing.Draft) -> bool:
        """Whether the bulletin was made of it, which it is not when another one came first."""
        for step in placing.steps_of(draft, self._pace.leaves):
            if not await self._keeper.write_together(placing.take_steps, step):
                return False
            if step.goes_on:
                await asyncio.sleep(self._pace.pause)
        return True


def _drawn_up(connection: Connection, draw_up: Callable[[Books], bytes], at_least: int) -> placing.Draft:
    return placing.drawn_up(connection, _books(connection), draw_up, at_least)


def _books(connection: Connection) -> Books:
    record = read_election(connection)
    if record is None:
        raise OperatorRefusal("no_election", "No election is loaded: run `dauys election load FILE` first.")
    frontier, placed = leaves.placed(connection)
    last = connection.execute(select(bulletin.c.body).order_by(bulletin.c.number.desc()).limit(1)).scalar()
    over = select(func.count()).where(voter.c.right == "paper", voter.c.casts > 0)
    reasons = select(redo_count.c.branch, redo_count.c.reason, redo_count.c.count)
    hour = hour_count.c.hour, hour_count.c.channel
    hours = select(*hour, func.sum(hour_count.c.votes).cast(Count)).group_by(*hour)
    changes = select(
        roll_change.c.number, roll_change.c.version, roll_change.c.at, roll_change.c.what, roll_change.c.act
    ).order_by(roll_change.c.number)
    return Books(
        record=record,
        regions=[RegionTurnout(*row) for row in connection.execute(TURNOUT)],
        placed=placed,
        waiting=leaves.waiting(connection, frontier.size),
        frontier=frontier.packed(),
        standing=connection.execute(select(func.count()).select_from(envelope)).scalar_one(),
        urn=connection.execute(select(func.count()).select_from(urn)).scalar_one(),
        paper_over=connection.execute(over).scalar_one(),
        hours={(start, channel): votes for start, channel, votes in connection.execute(hours)},
        reasons={(branch, reason): count for branch, reason, count in connection.execute(reasons)},
        roll_changes=[RollChange(*row) for row in connection.execute(changes)],
        acts=read_acts(connection, "done"),
        last=None if last is None else bytes(last),
        complaints=count_complaints(connection),
        stations=_stations(connection),
    )


def _stations(connection: Connection) -> list[PaperStation]:
    beside = beside_stations(connection)
    return [*read_stations(connection), *([PaperStation("", issued=beside)] if beside else [])]


def _bulletin_of(connection: Connection, receipt_digest: bytes) -> int | None:
    places = connection.scalars(_PLACE.where(leaf.c.digest == receipt_digest)).all()
    if not places:
        return None
    known = [place for place in places if place is not None]
    if not known:
        return 0
    first = select(func.min(bulletin.c.number)).where(bulletin.c.size > min(known))
    return int(connection.execute(first).scalar_one() or 0)  # none while its place is behind the log's end
