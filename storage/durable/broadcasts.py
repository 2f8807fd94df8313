"""Broadcasts in the store. The promises are election.broadcasts.Broadcasting's.

Who runs one is a condition of every statement that notes something.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, func, insert, select, update

from election.broadcasts import KINDS, Broadcast, Outcomes, Plan, Progress, Recipient, Way
from election.definition import Language
from election.ports import Act, Letter
from storage.durable.broadcast_recipients import (
    Reminder,
    count_reach,
    page_of,
    read_recipients,
    remind_each,
    these_accounts,
)
from storage.durable.broadcast_rows import kept, place, read
from storage.durable.column_types import Moment
from storage.durable.keeper import Keeper
from storage.durable.outbox import put_broadcast_letters, take_out_letters
from storage.durable.schema import account, broadcast
from storage.durable.unannounced import unannounced

_OPEN_STATES = ("planned", "going")
_IN_TURN = case({kind: turn for turn, kind in enumerate(KINDS)}, value=broadcast.c.kind)
_SAID_TO_MANY = case((broadcast.c.kind == "word", ""), else_=broadcast.c.said)


class _Note(NamedTuple):
    number: int
    holder: str
    progress: Progress
    outcomes: Outcomes


class SqlBroadcasts:
    """election.broadcasts.Broadcasting over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def plan(self, plan: Plan, expected: int) -> int:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.write(lambda connection: put_plan(connection, plan, expected))

    async def broadcast(self, number: int) -> Broadcast | None:
        """See election.broadcasts.Broadcasting."""
        return await self._first(select(broadcast).where(broadcast.c.number == number))

    async def broadcasts(self, most: int = 20) -> Sequence[Broadcast]:
        """See election.broadcasts.Broadcasting."""
        to_many = broadcast.c.kind != "word"
        newest = select(broadcast).where(to_many).order_by(broadcast.c.number.desc()).limit(most)
        return await self._keeper.read(lambda connection: [read(row) for row in connection.execute(newest)])

    async def next(self, now: datetime) -> Broadcast | None:
        """See election.broadcasts.Broadcasting."""
        due = broadcast.c.state.in_(_OPEN_STATES) & (broadcast.c.due_at <= now)
        return await self._first(select(broadcast).where(due).order_by(_IN_TURN, broadcast.c.number).limit(1))

    async def take(self, number: int, holder: str, now: datetime) -> Broadcast | None:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.write(lambda connection: _take(connection, number, holder, now))

    async def recipients(self, broadcast: Broadcast, leg: int, after: str, most: int, now: datetime) -> list[Recipient]:
        """See election.broadcasts.Broadcasting."""
        stretch = broadcast.plan.legs[leg]
        if stretch.way == "channels":
            return [Recipient("channels", name) for name in sorted(broadcast.plan.channels) if name > after][:most]
        page = page_of(stretch, broadcast.plan, after, most, now)
        return await self._keeper.survey(lambda connection: read_recipients(connection, stretch.way, page))

    async def again(self, broadcast: Broadcast) -> list[tuple[int, Recipient]]:
        """See election.broadcasts.Broadcasting. A reminder's were noted before they were sent, so nobody can say
        whether they were: they are not sent again."""
        legs, begun = broadcast.plan.legs, broadcast.progress.begun
        found = [(leg, Recipient("channels", key)) for leg, key in begun if legs[leg].way == "channels"]
        keys = {key: leg for leg, key in begun if legs[leg].way == "telegram"}
        if keys and broadcast.plan.kind != "reminder":
            page = these_accounts(broadcast.plan, list(keys), broadcast.plan.made_at)
            met = await self._keeper.survey(lambda connection: read_recipients(connection, "telegram", page))
            found += [(keys[each.key], each) for each in met]
        return found

    async def remind(self, member_id: str, now: datetime) -> bool:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.write_together(remind_each, Reminder(member_id, now))

    async def note(self, number: int, holder: str, progress: Progress, outcomes: Outcomes) -> bool:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.write_together(_note_each, _Note(number, holder, progress, outcomes))

    async def queue(
        self, number: int, holder: str, progress: Progress, letters: Sequence[tuple[str, Letter]], now: datetime
    ) -> int | None:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.write(lambda connection: _queue(connection, number, holder, progress, letters, now))

    async def end(self, number: int, holder: str, now: datetime) -> None:
        """See election.broadcasts.Broadcasting."""
        ended = _running(number, holder).values(state="done", ended_at=now, said=_SAID_TO_MANY)
        await self._keeper.write(lambda connection: connection.execute(ended).close())

    async def stop(self, number: int, now: datetime) -> bool:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.write(lambda connection: _stop(connection, number, now))

    async def reach(self, plan: Plan, now: datetime) -> Mapping[tuple[Way, Language], int]:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.survey(lambda connection: count_reach(connection, plan, now))

    async def unannounced(self, kinds: Sequence[str], since: datetime) -> Sequence[Act]:
        """See election.broadcasts.Broadcasting."""
        return await self._keeper.read(lambda connection: unannounced(connection, kinds, since))

    async def _first(self, statement: Select[Any]) -> Broadcast | None:
        def look(connection: Connection) -> Broadcast | None:
            row = connection.execute(statement).first()
            return None if row is None else read(row)

        return await self._keeper.read(look)


def put_plan(connection: Connection, plan: Plan, expected: int) -> int:
    """As `Broadcasting.plan`, in the caller's transaction."""
    start = plan.start
    if plan.act:
        announced = connection.scalar(select(broadcast.c.number).where(broadcast.c.act == plan.act))
        if announced is not None:
            return int(announced)
    if plan.kind == "bulletin":
        known = connection.scalar(select(broadcast.c.number).where(broadcast.c.bulletin == plan.bulletin))
        if known is not None:
            return int(known)
        older = (broadcast.c.kind == "bulletin", broadcast.c.state.in_(_OPEN_STATES))
        overtaken = connection.execute(select(broadcast).where(*older).order_by(broadcast.c.number)).all()
        for each in map(read, overtaken):
            start = _where(each)
            _stop(connection, each.number, plan.made_at)
    return int(
        connection.execute(
            insert(broadcast).values(begins_behind=start, expected=expected, **kept(plan)).returning(broadcast.c.number)
        ).scalar_one()
    )


def _where(overtaken: Broadcast) -> str:
    """The account behind which the next one goes on."""
    legs, come = overtaken.plan.legs, overtaken.progress
    in_telegram = come.leg < len(legs) and legs[come.leg].way == "telegram"
    return (come.after or legs[come.leg].after) if in_telegram else overtaken.plan.start


def _take(connection: Connection, number: int, holder: str, now: datetime) -> Broadcast | None:
    taken = connection.execute(
        update(broadcast)
        .where(broadcast.c.number == number, broadcast.c.state.in_(_OPEN_STATES))
        .values(state="going", holder=holder, began_at=func.coalesce(broadcast.c.began_at, _moment(now)))
        .returning(*broadcast.c)
    ).first()
    return None if taken is None else read(taken)


def _note_each(connection: Connection, notes: Sequence[_Note]) -> Sequence[bool]:
    return [_note(connection, note) for note in notes]


def _note(connection: Connection, note: _Note) -> bool:
    out, columns = note.outcomes, broadcast.c
    noted = connection.execute(
        _running(note.number, note.holder).values(
            **place(note.progress),
            sent=columns.sent + out.sent,
            blocked=columns.blocked + out.blocked,
            failed=columns.failed + out.failed,
            spared=columns.spared + out.spared,
        )
    )
    if noted.rowcount != 1:
        return False
    if out.closed:
        closed = (account.c.channel == "telegram", account.c.account.in_(out.closed))
        connection.execute(update(account).where(*closed).values(blocked=True))
    return True


def _queue(
    connection: Connection,
    number: int,
    holder: str,
    progress: Progress,
    letters: Sequence[tuple[str, Letter]],
    now: datetime,
) -> int | None:
    ours = (broadcast.c.number == number, broadcast.c.state == "going", broadcast.c.holder == holder)
    where = select(broadcast.c.kind, broadcast.c.leg, broadcast.c.passed).where(*ours).with_for_update()
    before = connection.execute(where).first()
    if before is None:
        return None
    if (before.leg, before.passed) == (progress.leg, progress.after):
        return 0  # they are in the outbox already: the word of that was lost
    asked = len(letters)
    if before.kind == "reminder":
        goes = remind_each(connection, [Reminder(member, now) for member, _ in letters])
        letters = [letter for letter, reminded in zip(letters, goes, strict=True) if reminded]
    put_broadcast_letters(
        connection, number, [(letter, member if before.kind == "reminder" else None) for member, letter in letters]
    )
    counted = {
        **place(progress),
        "queued": broadcast.c.queued + len(letters),
        "spared": broadcast.c.spared + asked - len(letters),
    }
    connection.execute(update(broadcast).where(broadcast.c.number == number).values(counted))
    return len(letters)


def _stop(connection: Connection, number: int, now: datetime) -> bool:
    stopped = connection.execute(
        update(broadcast)
        .where(broadcast.c.number == number, broadcast.c.state.in_(_OPEN_STATES))
        .values(state="stopped", ended_at=now, said=_SAID_TO_MANY)
    )
    if stopped.rowcount != 1:
        return False
    take_out_letters(connection, number, now)
    return True


def _running(number: int, holder: str) -> Any:
    """The broadcast as long as this holder runs it."""
    return update(broadcast).where(
        broadcast.c.number == number, broadcast.c.state == "going", broadcast.c.holder == holder
    )


def _moment(now: datetime) -> Any:
    return bindparam(None, now, type_=Moment())
