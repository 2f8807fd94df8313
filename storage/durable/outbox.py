"""Letters on their way to the carrier. The promises are election.ports.Outbox's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, exists, func, insert, literal_column, null, select, update

from election.ports import Letter, OutboxItem
from storage.durable.keeper import Keeper
from storage.durable.schema import outbox, voter

_WIPED = {"sealed_phone": null(), "sealed_body": null(), "reminds": null()}
_PUT = insert(outbox)
_ITEM = (
    outbox.c.id,
    outbox.c.kind,
    outbox.c.sealed_phone,
    outbox.c.sealed_body,
    outbox.c.tries,
    outbox.c.expires_at,
)
_WAITING = outbox.c.state == literal_column("'waiting'")  # word for word as the indexes have it
_SENDING = outbox.c.state == literal_column("'sending'")
_KINDS = ("code", "notice", "broadcast")  # in the order in which they are sent
_FINAL = ("delivered", "undelivered", "failed")  # the carrier's words after which only `delivered` is news


def put_letter(connection: Connection, letter: Letter) -> None:
    """Queue a letter, in the caller's transaction."""
    connection.execute(
        _PUT,
        {
            "kind": letter.kind,
            "sealed_phone": letter.sealed_phone,
            "sealed_body": letter.sealed_body,
            "due_at": letter.due_at,
            "expires_at": letter.expires_at,
        },
    )


class SqlOutbox:
    """The outbox in the store. `tries` of an item counts the one it is claimed for."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def claim(self, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """See election.ports.Outbox."""
        return await self._keeper.write(lambda connection: claim_letters(connection, now, limit))

    async def sent(self, item_id: int, carrier_id: str, now: datetime) -> None:
        """See election.ports.Outbox."""
        statement = (
            update(outbox)
            .where(outbox.c.id == item_id, outbox.c.state == "sending")
            .values(state="sent", carrier_id=carrier_id, moved_at=now, **_WIPED)
        )
        await self._keeper.write(lambda connection: _done(connection.execute(statement)))

    async def later(self, item_id: int, due_at: datetime, now: datetime) -> None:
        """See election.ports.Outbox."""
        statement = (
            update(outbox)
            .where(outbox.c.id == item_id, outbox.c.state == "sending")
            .values(state="waiting", due_at=due_at, moved_at=now)
        )
        await self._keeper.write(lambda connection: _done(connection.execute(statement)))

    async def settled(self, item_id: int, state: Literal["failed", "unknown", "too_old"], now: datetime) -> None:
        """See election.ports.Outbox."""
        statement = (
            update(outbox)
            .where(outbox.c.id == item_id, outbox.c.state.in_(("waiting", "sending")))
            .values(state=state, moved_at=now, **_WIPED)
        )
        await self._keeper.write(lambda connection: _done(connection.execute(statement)))

    async def delivered(self, carrier_id: str, status: str, now: datetime) -> bool:
        """See election.ports.Outbox."""
        return await self._keeper.write(lambda connection: _delivered(connection, carrier_id, status, now))

    async def stranded(self, before: datetime) -> Sequence[OutboxItem]:
        """See election.ports.Outbox."""
        return await self._keeper.read(lambda connection: stranded_letters(connection, before))

    async def counts(self) -> dict[str, int]:
        """See election.ports.Outbox."""
        statement = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        return await self._keeper.survey(lambda connection: dict(connection.execute(statement).all()))


def put_broadcast_letters(connection: Connection, number: int, letters: Sequence[tuple[Letter, str | None]]) -> None:
    """Queue a broadcast's letters, in the caller's transaction, each with the member whom it reminds, if it does."""
    rows = [
        {
            "kind": letter.kind,
            "sealed_phone": letter.sealed_phone,
            "sealed_body": letter.sealed_body,
            "due_at": letter.due_at,
            "expires_at": letter.expires_at,
            "broadcast": number,
            "reminds": reminds,
        }
        for letter, reminds in letters
    ]
    if rows:
        connection.execute(insert(outbox), rows)


def take_out_letters(connection: Connection, number: int, now: datetime) -> None:
    """A broadcast was stopped: its letters that still wait are not sent, in the caller's transaction."""
    waiting = (outbox.c.broadcast == number, _WAITING, outbox.c.kind.in_(("notice", "broadcast")))
    connection.execute(update(outbox).where(*waiting).values(state="too_old", moved_at=now, **_WIPED))


def claim_letters(connection: Connection, now: datetime, limit: int) -> Sequence[OutboxItem]:
    """Claim letters, in the caller's transaction. What it costs depends on those it takes, not on those that wait."""
    expired = _free(select(outbox.c.id).where(_WAITING, outbox.c.expires_at <= now))
    connection.execute(update(outbox).where(outbox.c.id.in_(expired)).values(state="too_old", moved_at=now, **_WIPED))
    claimed: list[OutboxItem] = []
    for kind in _KINDS:
        if len(claimed) < limit:
            claimed += _claim_some(connection, kind, now, limit - len(claimed))
    if any(item.kind == "broadcast" for item in claimed):
        settled = _settle_late_reminders(connection, [item.id for item in claimed], now)
        return [item for item in claimed if item.id not in settled]
    return claimed


def _settle_late_reminders(connection: Connection, claimed: Sequence[int], now: datetime) -> set[int]:
    """Of these letters wipe those that remind a member who may not vote any more, since she has; their ids."""
    may_vote = exists().where(voter.c.member_id == outbox.c.reminds, voter.c.right == "open")
    late = outbox.c.id.in_(claimed) & outbox.c.reminds.is_not(None) & ~may_vote
    wiped = update(outbox).where(late).values(state="too_old", moved_at=now, **_WIPED).returning(outbox.c.id)
    return set(connection.scalars(wiped))


def stranded_letters(connection: Connection, before: datetime) -> Sequence[OutboxItem]:
    """Those under way since before then, longest first. It looks at no others."""
    stranded = select(*_ITEM).where(_SENDING, outbox.c.moved_at < before).order_by(outbox.c.moved_at)
    return [_item(row) for row in connection.execute(stranded)]


def _claim_some(connection: Connection, kind: str, now: datetime, limit: int) -> Sequence[OutboxItem]:
    """The letters of one kind whose turn it is."""
    due = _free(
        select(outbox.c.id)
        .where(_WAITING, outbox.c.kind == kind, outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
    )
    claimed = connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(due))
        .values(state="sending", moved_at=now, tries=outbox.c.tries + 1)
        .returning(*_ITEM, outbox.c.due_at)
    ).all()
    return [_item(row) for row in sorted(claimed, key=lambda row: (row.due_at, row.id))]


def _free(letters: Select[tuple[int]]) -> Select[tuple[int]]:
    """Of these, those that no other process has its hands on, and nobody gets while we have ours.

    SQLite has one writer and knows no such clause. A common table expression is run once, where PostgreSQL might run
    a subquery with a limit, and claim, several times over.
    """
    return select(letters.with_for_update(skip_locked=True).cte("free").c.id)


def _delivered(connection: Connection, carrier_id: str, status: str, now: datetime) -> bool:
    """`delivered` is the last word; `undelivered` and `failed` give way to it alone."""
    state = {"delivered": "delivered", "undelivered": "undelivered", "failed": "undelivered"}.get(status, "sent")
    last_words = ("delivered",) if status == "delivered" else _FINAL
    news = outbox.c.carrier_status.not_in(last_words)
    ours = outbox.c.carrier_id == carrier_id
    noted = connection.execute(
        update(outbox).where(ours, news).values(state=state, carrier_status=status, moved_at=now)
    )
    return noted.rowcount > 0 or connection.execute(select(outbox.c.id).where(ours)).first() is not None


def _item(row: Any) -> OutboxItem:
    return OutboxItem(row.id, row.kind, row.sealed_phone, row.sealed_body, row.tries, row.expires_at)


def _done(_: object) -> None:
    return None
