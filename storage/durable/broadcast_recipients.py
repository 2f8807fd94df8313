"""Whom broadcasts reach, and the one statement that decides whether somebody is reminded.

Members are read a page at a time by the key of a table's own index: a page costs the same wherever it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, false, func, not_, or_, select, update

from election.broadcasts import REMINDED_FOR, Leg, Plan, Recipient, Way
from election.definition import Language
from storage.durable.column_types import Count, Moment
from storage.durable.schema import account, election, voter

_LANGUAGE = case((voter.c.chosen_language != "", voter.c.chosen_language), else_=voter.c.language)
_TO_REMIND = (
    voter.c.right == "open",
    voter.c.reach == "mobile",
    or_(voter.c.reminded_at.is_(None), voter.c.reminded_at <= bindparam("day_ago", type_=Moment())),
)
_STAYS = voter.c.reach != "gone"
_LISTENS = (not_(voter.c.silent), _STAYS)
_AGAIN = and_(voter.c.right == "voted", voter.c.ruling < bindparam("ruled", type_=Count))
"""By the ruling announced she may vote again."""
_IN_TELEGRAM: Select[Any] = (
    select(account.c.account, voter.c.member_id, _LANGUAGE, account.c.door)
    .join_from(account, voter)
    .where(account.c.channel == "telegram", not_(account.c.blocked))
)
_HAS_ACCOUNT = exists().where(account.c.channel == "telegram", account.c.member_id == voter.c.member_id)
_BY_SMS: Select[Any] = select(voter.c.member_id, _LANGUAGE, voter.c.sealed_phone).where(voter.c.reach == "mobile")
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


def page_of(leg: Leg, plan: Plan, after: str, most: int, now: datetime) -> Select[Any]:
    """Up to `most` of a leg of members, behind this key."""
    key = account.c.account if leg.way == "telegram" else voter.c.member_id
    page = _members(leg.way, plan, now).where(key > after).order_by(key).limit(most)
    return page.where(key <= leg.upto) if leg.upto else page


def these_accounts(plan: Plan, accounts: Sequence[str], now: datetime) -> Select[Any]:
    """Of these accounts those that are still to be reached."""
    return _members("telegram", plan, now).where(account.c.account.in_(accounts)).order_by(account.c.account)


def read_recipients(connection: Connection, way: Way, page: Select[Any]) -> list[Recipient]:
    """The members of a page."""
    rows = connection.execute(page)
    if way == "telegram":
        return [Recipient(way, key, who, spoken, door, again=bool(more)) for key, who, spoken, door, more in rows]
    return [Recipient(way, who, who, spoken, "", bytes(phone), bool(more)) for who, spoken, phone, more in rows]


def count_reach(connection: Connection, plan: Plan, now: datetime) -> Mapping[tuple[Way, Language], int]:
    """See election.broadcasts.Broadcasting."""
    found: dict[tuple[Way, Language], int] = {}
    ways: tuple[Way, ...] = ("telegram", "sms")
    for way in ways:
        met = _members(way, plan, now).with_only_columns(_LANGUAGE.label("language"), maintain_column_froms=True)
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


def _members(way: Way, plan: Plan, now: datetime) -> Select[Any]:
    chosen = (_IN_TELEGRAM if way == "telegram" else _BY_SMS).add_columns(_AGAIN if plan.only.ruling else false())
    if plan.kind == "word":
        chosen = chosen.where(_STAYS)
        if way == "sms":
            chosen = chosen.where(not_(_HAS_ACCOUNT.where(not_(account.c.blocked))))
    else:
        chosen = chosen.where(_STAYS, or_(not_(voter.c.silent), _AGAIN) if plan.only.ruling else not_(voter.c.silent))
        if way == "sms":
            chosen = chosen.where(voter.c.enrolled, not_(_HAS_ACCOUNT))
    if plan.kind == "reminder":
        chosen = chosen.where(*_TO_REMIND).params(day_ago=now - REMINDED_FOR)
    if plan.only.ruling:
        chosen = chosen.params(ruled=plan.only.ruling)
    return _narrowed(chosen, plan)


def _narrowed(chosen: Select[Any], plan: Plan) -> Select[Any]:
    only = plan.only
    if only.member:
        chosen = chosen.where(voter.c.member_id == only.member)
    if only.regions is not None:
        chosen = chosen.where(voter.c.region.in_(only.regions))
    if only.branches is not None:
        chosen = chosen.where(voter.c.branch.in_(only.branches))
    return chosen
