"""Unlock, change of a number, a shared phone confirmed, a ballot void by the committee, a vote again."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, update

from election.codes import PHONES_AN_ACCOUNT, WRONG_BEFORE_LOCK
from election.errors import OperatorRefusal
from election.ports import Letter, Withdrawal
from election.repairs import WAIT
from storage.durable.deeds.done import Done
from storage.durable.member_locks import hold_stage
from storage.durable.outbox import put_letter
from storage.durable.schema import account, account_phone, number_change, urn, voter
from storage.durable.turnout_counts import Move, count
from storage.durable.withdrawing import take_out


def has_phone(connection: Connection, phone_key: bytes) -> bool:
    """Whether anybody on the roll has this phone."""
    found = connection.execute(select(voter.c.member_id).where(voter.c.phone_key == phone_key).limit(1))
    return found.first() is not None


def frozen_accounts(connection: Connection, member_id: str, phone_key: bytes) -> list[tuple[str, str]]:
    """Accounts (channel, account) that have shown this phone and one too many, and are not another member's."""
    shown = account_phone.alias()
    hers = exists().where(
        shown.c.channel == account_phone.c.channel,
        shown.c.account == account_phone.c.account,
        shown.c.phone_key == phone_key,
    )
    anothers = exists().where(
        account.c.channel == account_phone.c.channel,
        account.c.account == account_phone.c.account,
        account.c.member_id != member_id,
    )
    found = connection.execute(
        select(account_phone.c.channel, account_phone.c.account)
        .where(hers, ~anothers)
        .group_by(account_phone.c.channel, account_phone.c.account)
        .having(func.count() > PHONES_AN_ACCOUNT)
        .order_by(account_phone.c.channel, account_phone.c.account)
    )
    return [(channel, name) for channel, name in found]


def _unlock(connection: Connection, done: Done) -> None:
    """Her wrong codes are forgotten, and with hers those of all who were confirmed on her phone, for they are typed
    into one handset. Only where no wrong codes lock her, accounts are thawed."""
    hers = _held(connection, done)
    same_handset = and_(voter.c.phone_key == hers.phone_key, voter.c.confirmed > 0, hers.confirmed > 0)
    forgotten = connection.execute(
        update(voter)
        .where(voter.c.wrong_codes >= WRONG_BEFORE_LOCK, or_(voter.c.member_id == hers.member_id, same_handset))
        .values(wrong_codes=0)
    )
    if not forgotten.rowcount and not _thaw(connection, hers):
        raise OperatorRefusal("not_locked", "Nothing is locked any more.")
    _tell(connection, done, hers)


def _thaw(connection: Connection, hers: Any) -> int:
    """Let accounts with her phone go on with that and no new one: as many phones stay noted as are allowed."""
    accounts = frozen_accounts(connection, hers.member_id, hers.phone_key) if hers.phone_key else []
    for channel, name in accounts:
        of_it = account_phone.c.channel == channel, account_phone.c.account == name
        others = select(account_phone.c.phone_key).where(*of_it, account_phone.c.phone_key != hers.phone_key)
        too_many = connection.scalars(others.order_by(account_phone.c.phone_key).offset(PHONES_AN_ACCOUNT - 1)).all()
        connection.execute(delete(account_phone).where(*of_it, account_phone.c.phone_key.in_(too_many)))
    return len(accounts)


def _change_number(connection: Connection, done: Done) -> None:
    """From now on it waits; the old number is told."""
    hers = _held(connection, done)
    waiting = select(number_change.c.act).where(
        number_change.c.member_id == hers.member_id, number_change.c.state == "waiting"
    )
    if hers.right != "open" or hers.line != "mobile" or connection.execute(waiting).first() is not None:
        raise OperatorRefusal("has_voted", "Her number cannot change any more, or is about to: look at her once more.")
    key = bytes.fromhex(str(done.about["phone_key"]))
    if has_phone(connection, key):
        raise OperatorRefusal("phone_taken", "Somebody on the roll has the new number already.")
    connection.execute(
        insert(number_change).values(
            act=done.act.number,
            member_id=hers.member_id,
            old_key=hers.phone_key,
            new_key=key,
            sealed_phone=bytes.fromhex(str(done.about["sealed"])),
            digits=str(done.about["digits"]),
            due_at=done.now + WAIT,
        )
    )
    _tell(connection, done, hers)


def _confirm(connection: Connection, done: Done) -> None:
    """She may vote by the phone she shares."""
    hers = _held(connection, done)
    there = select(func.count()).where(voter.c.phone_key == hers.phone_key, voter.c.confirmed > 0)
    if hers.reach != "shared" or hers.confirmed:
        raise OperatorRefusal("nothing_to_confirm", "She shares no phone, or is confirmed on it already.")
    if connection.execute(there).scalar_one() >= done.extra["limit"][0]:
        raise OperatorRefusal("phone_is_full", "As many as the rules allow are confirmed on this phone already.")
    connection.execute(update(voter).where(voter.c.member_id == hers.member_id).values(confirmed=done.act.number))
    _tell(connection, done, hers)


def _void(connection: Connection, done: Done) -> None:
    """Her standing ballot is out for good, by the statement with which a member withdraws her own."""
    stage = hold_stage(connection)
    if stage not in ("open", "paused", "closed"):
        raise OperatorRefusal("wrong_stage", f"The election is {stage}; no ballot can be made void now.")
    hers = _held(connection, done)
    extra = done.extra
    out = Withdrawal(
        hers.member_id, extra["pseudonym"], int(done.about["vote"]), extra["leaf_key"], extra["leaf_key"], done.now
    )
    if connection.execute(select(urn.c.key).limit(1)).first() is not None:
        raise OperatorRefusal("box_is_cut", "The box is cut: nobody can tell whose ballot is whose any more.")
    moves: list[Move] = []
    if take_out(connection, out, moves) is not None:
        raise OperatorRefusal(
            "vote_moved_on", "Her vote is not the one that was to be made void: look at her once more."
        )
    _tell(connection, done, hers)
    count(connection, moves)


def _redo(connection: Connection, done: Done) -> None:
    """One vote again more than the rules give to all, and at once."""
    hers = _held(connection, done)
    granted = connection.execute(
        update(voter)
        .where(voter.c.member_id == hers.member_id, voter.c.right == "voted")
        .values(granted=voter.c.granted + 1, redo_from=None)
    )
    if granted.rowcount != 1:
        raise OperatorRefusal("no_vote_stands", "No vote of hers by phone stands in the box.")
    _tell(connection, done, hers)


def _held(connection: Connection, done: Done) -> Any:
    """The member's row. Nobody else changes it until the end of the transaction, nor those of others with her phone:
    they are held in one order."""
    member_id = str(done.about["member"])
    her_phone = select(voter.c.phone_key).where(voter.c.member_id == member_id).scalar_subquery()
    rows = connection.execute(
        select(
            voter.c.member_id,
            voter.c.phone_key,
            voter.c.sealed_phone,
            voter.c.line,
            voter.c.reach,
            voter.c.right,
            voter.c.confirmed,
        )
        .where(or_(voter.c.member_id == member_id, voter.c.phone_key == her_phone))
        .order_by(voter.c.member_id)
        .with_for_update(key_share=True)
    ).all()
    for row in rows:
        if row.member_id == member_id:
            return row
    raise OperatorRefusal("no_such_member", "Nobody on the roll has this member number.")


def _tell(connection: Connection, done: Done, hers: Any) -> None:
    """Her phone as it is on the roll hears of it, if she has one."""
    if hers.sealed_phone:
        put_letter(connection, Letter("notice", hers.sealed_phone, done.extra["letter"], done.now))


EFFECTS: Mapping[str, Callable[[Connection, Done], None]] = {
    "unlock": _unlock,
    "number": _change_number,
    "confirm": _confirm,
    "void": _void,
    "redo": _redo,
}
