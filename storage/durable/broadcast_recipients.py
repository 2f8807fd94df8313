"""Whom broadcasts reach, and the one statement that decides whether somebody is reminded.

Members are read a page at a time by the key of a table's own index: a page costs the same wherever it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, exists, func, not_, or_, select, update

from election.broadcasts import REMINDED_FOR, Kind, Leg, Recipient, Way
from election.definition import Language
from storage.durable.column_types import Moment
from storage.durable.schema import account, election, voter

_LANGUAGE = case((voter.c.chosen_language != "", voter.c.chosen_language), else_=voter.c.language)
_TO_REMIND = (
    voter.c.right == "open",
    voter.c.reach == "mobile",
    or_(voter.c.reminded_at.is_(None), voter.c.reminded_at <= bindparam("day_ago", type_=Moment())),
)
_LISTENS = (not_(voter.c.silent), voter.c.reach != "gone")
IN_TELEGRAM: Select[Any] = (
    select(account.c.account, voter.c.member_id, _LANGUAGE, account.c.door)
    .join_from(account, voter)
    .where(account.c.channel == "telegram", not_(account.c.blocked), *_LISTENS)
)
_HAS_ACCOUNT = exists().where(account.c.channel == "telegram", account.c.member_id == voter.c.member_id)
_BY_SMS: Select[Any] = select(voter.c.member_id, _LANGUAGE, voter.c.sealed_phone).where(
    voter.c.enrolled, voter.c.reach == "mobile", *_LISTENS, not_(_HAS_ACCOUNT)
)
_OPEN_STAGE = exists().where(election.c.stage == "open")
_REMIND = (
    update(voter)
    .where(
        voter.c.member_id == bindparam("sought"),
        voter.c.right == "open",
        *_LISTENS,
        or_(
            voter.c.reminded_at.is_(None),
            voter.c.reminded_at <= bindparam("day_ago", type_=Moment()),
            voter.c.reminded_at == bindparam("moment", type_=Moment()),
        ),
        _OPEN_STAGE,
    )
    .values(reminded_at=bindparam("moment", type_=Moment()))
)


class Reminder(NamedTuple):
    """A wish to remind a member now."""

    member_id: str
    now: datetime


def page_of(leg: Leg, kind: Kind, after: str, most: int, now: datetime) -> Select[Any]:
    """Up to `most` of a leg of members, behind this key."""
    key = account.c.account if leg.way == "telegram" else voter.c.member_id
    page = _members(leg.way, kind, now).where(key > after).order_by(key).limit(most)
    return page.where(key <= leg.upto) if leg.upto else page


def read_recipients(connection: Connection, way: Way, page: Select[Any]) -> list[Recipient]:
    """The members of a page."""
    if way == "telegram":
        return [Recipient(way, key, member, language, door) for key, member, language, door in connection.execute(page)]
    return [
        Recipient(way, member, member, language, sealed_phone=bytes(phone))
        for member, language, phone in connection.execute(page)
    ]


def count_reach(connection: Connection, kind: Kind, now: datetime) -> Mapping[tuple[Way, Language], int]:
    """See election.broadcasts.Broadcasting."""
    found: dict[tuple[Way, Language], int] = {}
    ways: tuple[Way, ...] = ("telegram", "sms")
    for way in ways:
        met = _members(way, kind, now).with_only_columns(_LANGUAGE.label("language"), maintain_column_froms=True)
        each = met.subquery()
        for language, number in connection.execute(select(each.c.language, func.count()).group_by(each.c.language)):
            found[way, language] = number
    return found


def remind_each(connection: Connection, wishes: Sequence[Reminder]) -> Sequence[bool]:
    """Whether each is to be reminded, and noted. In the order of members, as everything takes its hold of them."""
    noted = {
        wish: connection.execute(
            _REMIND, {"sought": wish.member_id, "moment": wish.now, "day_ago": wish.now - REMINDED_FOR}
        ).rowcount
        == 1
        for wish in sorted(set(wishes))
    }
    return [noted[wish] for wish in wishes]


def _members(way: Way, kind: Kind, now: datetime) -> Select[Any]:
    chosen = IN_TELEGRAM if way == "telegram" else _BY_SMS
    if kind == "reminder":
        chosen = chosen.where(*_TO_REMIND).params(day_ago=now - REMINDED_FOR)
    return chosen
