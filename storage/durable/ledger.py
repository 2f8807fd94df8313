"""The store as a voter's talk needs it. The promises are election.ports.Ledger's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, select, update
from sqlalchemy.exc import IntegrityError

from election.definition import Channel
from election.errors import AlreadyVoted
from election.ports import Cast, CodeRequest, ElectionRecord, Letter, Member, RegionTurnout, Signal, Withdrawal
from election.rulings import unpacked
from storage.durable.casting_postgres import cast_together
from storage.durable.casting_sqlite import cast_each
from storage.durable.column_types import Count
from storage.durable.enrolling import Enrolment, enrol_all
from storage.durable.keeper import Keeper, Straight
from storage.durable.outbox import put_letter
from storage.durable.recasting import recast_each
from storage.durable.schema import account as accounts
from storage.durable.schema import branch_count, election, envelope, voter
from storage.durable.signals import note_phone_tried, put_signal
from storage.durable.withdrawing import disown, hand_out_papers, withdraw_each

MEMBER: Select[Any] = select(
    voter.c.member_id,
    voter.c.region,
    voter.c.branch,
    case((voter.c.chosen_language != "", voter.c.chosen_language), else_=voter.c.language).label("language"),
    case((and_(voter.c.reach == "shared", voter.c.confirmed > 0), "mobile"), else_=voter.c.reach).label("reach"),
    voter.c.right,
    voter.c.enrolled,
    voter.c.codes_sent,
    voter.c.wrong_codes,
    voter.c.sealed_phone,
    voter.c.casts,
    voter.c.redo_from,
    voter.c.disowned,
    voter.c.granted,
    voter.c.ruling,
)
_BY_ID = MEMBER.where(voter.c.member_id == bindparam("sought"))
_BY_PHONE = MEMBER.where(voter.c.phone_key == bindparam("sought"), voter.c.reach == "mobile")
_CONFIRMED = MEMBER.where(voter.c.phone_key == bindparam("sought"), voter.c.confirmed > 0, voter.c.reach == "shared")
_BY_ACCOUNT = MEMBER.join(accounts).where(
    accounts.c.channel == bindparam("channel"), accounts.c.account == bindparam("sought")
)
_DOOR: Select[Any] = select(accounts.c.door).where(
    accounts.c.channel == bindparam("channel"), accounts.c.account == bindparam("sought")
)
_BLOCKED: Select[Any] = select(accounts.c.blocked).where(
    accounts.c.channel == bindparam("channel"), accounts.c.account == bindparam("sought")
)
_RECORD: Select[Any] = select(
    election.c.definition,
    election.c.digest,
    election.c.stage,
    election.c.public_key,
    election.c.roll_version,
    election.c.roll_frozen_at,
    election.c.roll_digest,
    election.c.opened_at,
    election.c.closed_at,
    election.c.extended_to,
    election.c.rulings,
).where(election.c.definition != "")
_STANDING: Select[Any] = select(envelope.c.key).where(envelope.c.pseudonym == bindparam("sought"))
TURNOUT: Select[Any] = (
    select(
        branch_count.c.region,
        *(
            func.sum(branch_count.c[figure]).cast(Count)
            for figure in ("electorate", "enrolled", "telegram", "sms", "paper", "paper_roll", "void")
        ),
    )
    .group_by(branch_count.c.region)
    .order_by(branch_count.c.region)
)
_CASTING: Straight[Cast, None] = Straight(cast_each, cast_together)


class SqlLedger:
    """election.ports.Ledger over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def election(self) -> ElectionRecord | None:
        """See election.ports.Ledger."""
        row = await self._keeper.find(_RECORD)
        return None if row is None else _record(row)

    async def member_by_phone(self, phone_key: bytes) -> Member | None:
        """See election.ports.Ledger."""
        return _member(await self._keeper.find(_BY_PHONE, sought=phone_key))

    async def confirmed_by_phone(self, phone_key: bytes) -> Sequence[Member]:
        """See election.ports.Ledger."""
        found = _CONFIRMED.order_by(voter.c.member_id)
        return await self._keeper.read(
            lambda connection: [Member(*row) for row in connection.execute(found, {"sought": phone_key})]
        )

    async def member_by_account(self, channel: Channel, account: str) -> Member | None:
        """See election.ports.Ledger."""
        return _member(await self._keeper.find(_BY_ACCOUNT, channel=channel, sought=account))

    async def member(self, member_id: str) -> Member | None:
        """See election.ports.Ledger."""
        return _member(await self._keeper.find(_BY_ID, sought=member_id))

    async def note_phone_tried(self, request: CodeRequest) -> int:
        """See election.ports.Ledger."""
        return await self._keeper.write(lambda connection: note_phone_tried(connection, request))

    async def post(self, letter: Letter) -> None:
        """See election.ports.Ledger."""
        await self._keeper.write(lambda connection: put_letter(connection, letter))

    async def record_code(self, member_id: str, letter: Letter | None) -> None:
        """See election.ports.Ledger."""
        await self._keeper.write(lambda connection: _record_code(connection, member_id, letter))

    async def record_wrong_code(self, member_id: str, signal: Signal | None = None) -> int:
        """See election.ports.Ledger."""
        statement = (
            update(voter)
            .where(voter.c.member_id == member_id)
            .values(wrong_codes=voter.c.wrong_codes + 1)
            .returning(voter.c.wrong_codes)
        )

        def change(connection: Connection) -> int:
            if signal is not None:
                put_signal(connection, signal)
            return int(connection.execute(statement).scalar_one())

        return await self._keeper.write(change)

    async def note_signal(self, signal: Signal) -> None:
        """See election.ports.Ledger."""
        await self._keeper.write(lambda connection: put_signal(connection, signal))

    async def enrol(self, member_id: str, channel: Channel, account: str, door: str = "") -> None:
        """See election.ports.Ledger."""
        await self._keeper.write_together(enrol_all, Enrolment(member_id, channel, account, door))

    async def door_of(self, channel: Channel, account: str) -> str:
        """See election.ports.Ledger."""
        row = await self._keeper.find(_DOOR, channel=channel, sought=account)
        return "" if row is None else str(row[0])

    async def move_to_door(self, channel: Channel, account: str, door: str) -> None:
        """See election.ports.Ledger."""
        statement = (
            update(accounts).where(accounts.c.channel == channel, accounts.c.account == account).values(door=door)
        )
        await self._keeper.write(lambda connection: connection.execute(statement).close())

    async def chat_is_open(self, channel: Channel, account: str) -> None:
        """See election.ports.Ledger."""
        row = await self._keeper.find(_BLOCKED, channel=channel, sought=account)
        if row is not None and row[0]:
            statement = (
                update(accounts)
                .where(accounts.c.channel == channel, accounts.c.account == account)
                .values(blocked=False)
            )
            await self._keeper.write(lambda connection: connection.execute(statement).close())

    async def cast(self, cast: Cast) -> None:
        """See election.ports.Ledger."""
        try:
            if cast.number > 1:
                await self._keeper.write_together(recast_each, cast)
            else:
                await self._keeper.write_straight(_CASTING, cast)
        except IntegrityError:
            if await self._keeper.find(_STANDING, sought=cast.pseudonym) is None:
                raise
            raise AlreadyVoted from None  # the index that stands behind the right

    async def disown(self, member_id: str, number: int) -> bool:
        """See election.ports.Ledger."""
        return await self._keeper.write(lambda connection: disown(connection, member_id, number))

    async def withdraw(self, out: Withdrawal) -> None:
        """See election.ports.Ledger."""
        await self._keeper.write_together(withdraw_each, out)

    async def hand_out_paper(self, out: Withdrawal) -> None:
        """See election.ports.Ledger."""
        await self._keeper.write_together(hand_out_papers, out)

    async def turnout(self) -> Sequence[RegionTurnout]:
        """See election.ports.Ledger."""
        return await self._keeper.read(lambda connection: [RegionTurnout(*row) for row in connection.execute(TURNOUT)])

    async def set_preferences(self, member_id: str, *, language: str = "", silent: bool | None = None) -> None:
        """See election.ports.Ledger."""
        chosen: dict[str, Any] = {}
        if language:
            chosen["chosen_language"] = language
        if silent is not None:
            chosen["silent"] = silent
        if chosen:
            statement = update(voter).where(voter.c.member_id == member_id).values(chosen)
            await self._keeper.write(lambda connection: _one_member(connection.execute(statement).rowcount))


def read_election(connection: Connection) -> ElectionRecord | None:
    """The election as it stands, or None when none was loaded."""
    row = connection.execute(_RECORD).first()
    return None if row is None else _record(row)


def _record(row: Sequence[Any]) -> ElectionRecord:
    return replace(ElectionRecord(*row[:-1]), rulings=unpacked(row[-1]))


def _member(row: tuple[Any, ...] | None) -> Member | None:
    return None if row is None else Member(*row)


def _record_code(connection: Connection, member_id: str, letter: Letter | None) -> None:
    counted = connection.execute(
        update(voter).where(voter.c.member_id == member_id).values(codes_sent=voter.c.codes_sent + 1)
    )
    _one_member(counted.rowcount)
    if letter is not None:
        put_letter(connection, letter)


def _one_member(changed: int) -> None:
    if changed != 1:
        raise LookupError("nobody with this id is on the roll")
