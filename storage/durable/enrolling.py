"""Binding members and accounts: all that wait are bound together, in a handful of statements."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text

from election.definition import Channel
from election.errors import AccountTaken
from storage.durable.member_locks import hold_members
from storage.durable.turnout_counts import count


class Enrolment(NamedTuple):
    """A wish to bind this member and this account of this channel. `door`: the bot at which that is."""

    member_id: str
    channel: Channel
    account: str
    door: str

    @property
    def pair(self) -> tuple[str, Channel, str]:
        """What is bound, wherever that is."""
        return self.member_id, self.channel, self.account


_BIND = text(
    """INSERT INTO account (channel, account, member_id, door) VALUES (:channel, :account, :member_id, :door)
       ON CONFLICT DO NOTHING"""
)
_BOUND = {
    "sqlite": text(
        "SELECT account, member_id FROM account WHERE channel = :channel AND account IN :accounts"
    ).bindparams(bindparam("accounts", expanding=True)),
    "postgresql": text(
        """SELECT account, member_id FROM account
           WHERE channel = :channel AND account = ANY(CAST(:accounts AS text[]))"""
    ),
}
_MARK = {
    "sqlite": text(
        "UPDATE voter SET enrolled = true WHERE member_id IN :members AND NOT enrolled RETURNING region, branch"
    ).bindparams(bindparam("members", expanding=True)),
    "postgresql": text(
        """UPDATE voter SET enrolled = true WHERE member_id = ANY(CAST(:members AS text[])) AND NOT enrolled
           RETURNING region, branch"""
    ),
}


def enrol_all(connection: Connection, wishes: Sequence[Enrolment]) -> Sequence[Exception | None]:
    """Bind each member and account that are free, or bound to each other; AccountTaken for the others.

    By SMS nothing is bound, since the phone is the account. A member is counted as enrolled once.
    """
    in_order = sorted(wishes, key=lambda wish: wish.member_id)
    bound = _bind(connection, [wish for wish in in_order if wish.channel != "sms"])
    granted = [wish for wish in in_order if wish.channel == "sms" or wish.pair in bound]
    members = list(dict.fromkeys(wish.member_id for wish in granted))
    if members:
        hold_members(connection, members)
        newly = connection.execute(_MARK[connection.dialect.name], {"members": members}).all()
        if newly:
            count(connection, [(region, branch, "enrolled", 1) for region, branch in newly])
    taken = set(wishes).difference(granted)
    return [AccountTaken() if wish in taken else None for wish in wishes]


def _bind(connection: Connection, wishes: Sequence[Enrolment]) -> set[tuple[str, Channel, str]]:
    """The pairs that stand: the unique indexes have decided."""
    if not wishes:
        return set()
    connection.execute(_BIND, [wish._asdict() for wish in wishes])
    return {
        (member, channel, account)
        for channel in _channels(wishes)
        for account, member in connection.execute(
            _BOUND[connection.dialect.name],
            {"channel": channel, "accounts": [wish.account for wish in wishes if wish.channel == channel]},
        )
    }


def _channels(wishes: Iterable[Enrolment]) -> set[Channel]:
    return {wish.channel for wish in wishes}
