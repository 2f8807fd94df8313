"""Repairs of identity in the store. The promises are election.repairs.Repairing's."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, delete, func, insert, select, update

from election.codes import WRONG_BEFORE_LOCK
from election.errors import OperatorRefusal
from election.ports import Act, Letter, Member
from election.repairs import DROPPED, STOPPED, THE_MEMBER, Card, Ended, NumberChange, Untold
from storage.durable.deeds.members import frozen_accounts, has_phone
from storage.durable.keeper import Keeper
from storage.durable.ledger import MEMBER
from storage.durable.office import propose_act
from storage.durable.outbox import put_letter
from storage.durable.roll import count_again, hold_election, roll_digest
from storage.durable.roll_hashes import Hashed, Touched, hash_roll
from storage.durable.roll_intake import put_rows
from storage.durable.schema import account, election, number_change, roll_change, voter

WHAT = "a member's number"
"""What is said of such a change of the roll."""
_LANGUAGE = case((voter.c.chosen_language != "", voter.c.chosen_language), else_=voter.c.language)
_CHANGES: Select[Any] = select(
    number_change.c.act,
    number_change.c.member_id,
    _LANGUAGE,
    number_change.c.sealed_phone,
    number_change.c.digits,
    number_change.c.due_at,
    number_change.c.state,
).join_from(number_change, voter)
_WAITS = number_change.c.state == "waiting"
_OBJECTIONABLE = _CHANGES.where(number_change.c.state.in_(("waiting", "stopped"))).order_by(number_change.c.act.desc())
_UNTOLD = (
    _CHANGES.add_columns(account.c.account, account.c.door)
    .join(account, and_(account.c.member_id == voter.c.member_id, account.c.channel == "telegram"))
    .where(_WAITS, ~number_change.c.told, ~account.c.blocked)
    .order_by(number_change.c.act)
)


class SqlRepairs:
    """election.repairs.Repairing over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def card(self, member_id: str) -> Card | None:
        """See election.repairs.Repairing."""
        return await self._keeper.survey(lambda connection: _card(connection, member_id))

    async def has_phone(self, phone_key: bytes) -> bool:
        """See election.repairs.Repairing."""
        return await self._keeper.read(lambda connection: has_phone(connection, phone_key))

    async def changes_from(self, phone_key: bytes) -> Sequence[NumberChange]:
        """See election.repairs.Repairing."""
        return await self._changes(_OBJECTIONABLE.where(number_change.c.old_key == phone_key))

    async def changes_of(self, member_id: str) -> Sequence[NumberChange]:
        """See election.repairs.Repairing."""
        return await self._changes(_OBJECTIONABLE.where(number_change.c.member_id == member_id))

    async def stop(self, act: int, now: datetime) -> bool:
        """See election.repairs.Repairing."""
        return await self._keeper.write(lambda connection: _end(connection, act, "stopped", STOPPED, THE_MEMBER, now))

    async def due(self, now: datetime) -> Sequence[NumberChange]:
        """See election.repairs.Repairing."""
        return await self._changes(_CHANGES.where(_WAITS, number_change.c.due_at <= now).order_by(number_change.c.act))

    async def put_in_force(
        self, change: NumberChange, letter: Letter, salt: Callable[[str], bytes], now: datetime
    ) -> Ended | None:
        """See election.repairs.Repairing. The roll is hashed beforehand, while nobody waits."""
        hashed = await self._keeper.survey(lambda connection: hash_roll(connection, salt))
        return await self._keeper.write(
            lambda connection: _put_in_force(connection, change.act, letter, hashed, salt, now)
        )

    async def untold(self) -> Sequence[Untold]:
        """See election.repairs.Repairing."""

        def look(connection: Connection) -> Sequence[Untold]:
            return [Untold(_change(row[:-2]), *row[-2:]) for row in connection.execute(_UNTOLD)]

        return await self._keeper.read(look)

    async def told(self, act: int) -> None:
        """See election.repairs.Repairing."""
        statement = update(number_change).where(number_change.c.act == act).values(told=True)
        await self._keeper.write(lambda connection: connection.execute(statement).close())

    async def _changes(self, statement: Select[Any]) -> list[NumberChange]:
        return await self._keeper.read(lambda connection: [_change(row) for row in connection.execute(statement)])


def _card(connection: Connection, member_id: str) -> Card | None:
    found = connection.execute(MEMBER.where(voter.c.member_id == member_id)).first()
    if found is None:
        return None
    name, line, reach, confirmed, key = connection.execute(
        select(voter.c.name, voter.c.line, voter.c.reach, voter.c.confirmed, voter.c.phone_key).where(
            voter.c.member_id == member_id
        )
    ).one()
    there, most_wrong = connection.execute(
        select(func.count(), func.coalesce(func.max(voter.c.wrong_codes), 0)).where(
            voter.c.phone_key == key, voter.c.confirmed > 0
        )
    ).one()
    member = Member(*found)
    waiting = connection.execute(_CHANGES.where(number_change.c.member_id == member_id, _WAITS)).first()
    return Card(
        member=member,
        name=name,
        line=line,
        shared=reach == "shared",
        confirmed=confirmed > 0,
        confirmed_there=there,
        locked=max(member.wrong_codes, most_wrong if confirmed else 0) >= WRONG_BEFORE_LOCK,
        frozen=len(frozen_accounts(connection, member_id, key)) if key else 0,
        change=None if waiting is None else _change(waiting),
    )


def _change(row: Any) -> NumberChange:
    act, member_id, language, sealed, digits, due_at, state = row
    return NumberChange(act, member_id, language, bytes(sealed), digits, due_at, state)


def _end(connection: Connection, act: int, state: str, kind: str, by: str, now: datetime) -> bool:
    """A change that waits comes to nothing, and an act says so; whether it waited."""
    ended = connection.execute(
        update(number_change).where(number_change.c.act == act, _WAITS).values(state=state, ended_at=now)
    )
    if ended.rowcount == 1:
        propose_act(connection, Act(0, now, kind, f'{{"act": {act}}}', "", by, by, "done"))
    return ended.rowcount == 1


def _put_in_force(
    connection: Connection, act: int, letter: Letter, hashed: Hashed, salt: Callable[[str], bytes], now: datetime
) -> Ended | None:
    hold_election(connection)
    stage, version = connection.execute(select(election.c.stage, election.c.roll_version)).one()
    if version != hashed.version:
        raise OperatorRefusal("roll_moved_on", "The roll has changed in this very moment; it is tried again.")
    waiting = connection.execute(
        select(
            number_change.c.member_id, number_change.c.old_key, number_change.c.new_key, number_change.c.sealed_phone
        )
        .where(number_change.c.act == act, _WAITS)
        .with_for_update()
    ).first()
    if waiting is None:
        return None
    member_id, old_key, new_key, sealed = waiting
    hers = voter.c.member_id == member_id
    right, phone_key = connection.execute(select(voter.c.right, voter.c.phone_key).where(hers).with_for_update()).one()
    moved_on = right != "open" or phone_key != old_key or stage not in ("draft", "open", "paused")
    if moved_on or has_phone(connection, bytes(new_key)):
        _end(connection, act, "dropped", DROPPED, "the timetable", now)
        return "dropped"
    row = connection.execute(
        select(voter.c.name, voter.c.region, voter.c.branch, voter.c.cell, voter.c.language).where(hers)
    ).one()
    put = [
        (member_id, row.name, bytes(new_key), bytes(sealed), row.region, row.branch, row.cell, row.language, "mobile")
    ]
    touched = Touched(connection, salt)
    touched.note(put)
    put_rows(connection, [put])
    connection.execute(delete(account).where(account.c.member_id == member_id))  # they have proved the old phone
    connection.execute(update(voter).where(hers).values(enrolled=False, confirmed=0))
    new_version = count_again(connection)
    digest = roll_digest(touched.replaced(hashed.hashes))
    connection.execute(update(election).values(roll_digest=digest))
    connection.execute(insert(roll_change).values(version=new_version, at=now, what=WHAT, act=act))
    connection.execute(update(number_change).where(number_change.c.act == act).values(state="done", ended_at=now))
    put_letter(connection, letter)
    return "done"
