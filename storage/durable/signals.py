"""Signals for the radar, put down in the transaction of what gave them: the phones an account shows, and others."""

from sqlalchemy import Connection, func, insert, select, text

from election.codes import PHONES_AN_ACCOUNT
from election.ports import CodeRequest, Signal
from storage.durable.column_types import microseconds
from storage.durable.schema import account_phone
from storage.durable.schema import signal as signals

_NOTE_PHONE = text(
    """INSERT INTO account_phone (channel, account, phone_key) VALUES (:channel, :account, :phone_key)
       ON CONFLICT DO NOTHING"""
)
_OF_PHONES = """INSERT INTO signal (kind, at, region, branch, member_id)
                SELECT 'phones', :at, voter.region, voter.branch, voter.member_id
                FROM account_phone JOIN voter ON voter.phone_key = account_phone.phone_key
                WHERE account_phone.channel = :channel AND account_phone.account = :account
                  AND voter.reach = 'mobile'{}
                ORDER BY voter.member_id"""
_OF_ALL = text(_OF_PHONES.format(""))
_OF_ONE = text(_OF_PHONES.format(" AND account_phone.phone_key = :phone_key"))


def put_signal(connection: Connection, signal: Signal) -> None:
    """Note it, in the caller's transaction."""
    told = {name: getattr(signal, name) for name in ("kind", "at", "region", "branch", "member_id")}
    connection.execute(insert(signals).values(told))


def note_phone_tried(connection: Connection, request: CodeRequest) -> int:
    """As `Ledger.note_phone_tried`, in the caller's transaction."""
    shown = {"channel": request.channel, "account": request.account}
    new = connection.execute(_NOTE_PHONE, shown | {"phone_key": request.phone_key}).rowcount == 1
    count = select(func.count()).where(
        account_phone.c.channel == request.channel, account_phone.c.account == request.account
    )
    tried = int(connection.execute(count).scalar_one())
    if new and tried > PHONES_AN_ACCOUNT:
        _put_signals_of_phones(connection, request, all_of_them=tried == PHONES_AN_ACCOUNT + 1)
    return tried


def _put_signals_of_phones(connection: Connection, request: CodeRequest, *, all_of_them: bool) -> None:
    """One for each member whose phone this account has shown, or for the owner of the newest alone."""
    sought = {"at": microseconds(request.now), "channel": request.channel, "account": request.account}
    if all_of_them:
        connection.execute(_OF_ALL, sought)
    else:
        connection.execute(_OF_ONE, sought | {"phone_key": request.phone_key})
