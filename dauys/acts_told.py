"""Acts of the commission as broadcasts: to whom, in which words, and for how long they are true."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from election.broadcasts import Plan, Scope, Way
from election.deeds.deed import about_of
from election.definition import LANGUAGES
from election.errors import OperatorRefusal
from election.ports import Act
from election.rulings import KINDS as RULINGS
from election.rulings import find
from election.standing import Standing
from handlers import acts_told
from handlers.texts import Texts

if TYPE_CHECKING:
    from dauys.wiring import Hall
    from handlers.announcing import Said


async def an_announcement(hall: Hall, act: Act, now: datetime) -> Plan:
    """The plan of it: in the channels, to members in Telegram, by SMS to who has signed in by SMS only. A ruling on a
    candidate goes to the members who vote in that contest."""
    standing, only = await _standing(hall, now), Scope()
    if act.kind in RULINGS:
        contest, _ = find(standing.definition, *_whom(act))
        made = [ruling.act for ruling in standing.record.rulings]
        only = Scope(_listed(contest.regions), _listed(contest.branches), ruling=made.index(act.number) + 1)
    channels = standing.definition.bulletins.channels
    ways: tuple[Way, ...] = ("channels", "telegram", "sms") if channels else ("telegram", "sms")
    return Plan("announcement", ways, now, now, act.approver, channels, act=act.number, only=only)


async def what_is_said(hall: Hall, number: int, now: datetime) -> Said:
    """The words of an announcement."""
    act, standing = await _act(hall, number), await _standing(hall, now)
    zone = ZoneInfo(standing.definition.timezone)
    if act.kind in RULINGS:
        contest, who = find(standing.definition, *_whom(act))
        named = {each: {"name": who.name.said(each), "title": contest.title.said(each)} for each in LANGUAGES}
    elif act.kind in ("resume", "extend") and standing.closes is not None:
        hour = f"{standing.closes.astimezone(zone):%H:%M %d.%m}"
        named = {each: {"hour": hour} for each in LANGUAGES}
    else:
        named = {each: {} for each in LANGUAGES}
    return acts_told.said(Texts(), act.kind, named)


async def is_true(hall: Hall, number: int, now: datetime) -> bool:
    """Whether what it announces still holds: nobody is told at length of a pause that is over."""
    try:
        act, standing = await _act(hall, number), await _standing(hall, now)
    except OperatorRefusal:
        return False
    return _holds(act, standing)


def _holds(act: Act, standing: Standing) -> bool:
    stage = standing.record.stage
    if act.kind in RULINGS:
        candidate, contest = _whom(act)
        struck = candidate in standing.struck(contest)
        return struck == (act.kind == "strike")
    if act.kind == "pause":
        return stage == "paused"
    return stage in ("open", "paused") if act.kind == "extend" else stage == "open"


async def _standing(hall: Hall, now: datetime) -> Standing:
    """As it is this very moment: a reading of a second ago is older than the act."""
    known, definition = await hall.election(now)
    return Standing(await hall.store.ledger.election() or known, definition)


def _whom(act: Act) -> tuple[str, str]:
    about = about_of(act)
    return str(about["candidate"]), str(about["contest"])


async def _act(hall: Hall, number: int) -> Act:
    found = await hall.store.office.act(number)
    if found is None:
        raise OperatorRefusal("no_such_act", f"There is no act {number}.")
    return found


def _listed(names: frozenset[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(names))
