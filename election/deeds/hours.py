"""Extend: the hour of closing is moved, and only to later, before the close is on record."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from election.deeds.deed import About, Deed
from election.definition import Definition
from election.errors import OperatorRefusal
from election.ports import ElectionRecord
from election.standing import Standing

STEPS = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
"""By how much an officer in the chat can extend with one button."""


def deeds() -> Mapping[str, Deed]:
    """The one act there is."""
    return {"extend": Deed(_possible)}


def extension(definition: Definition, until: datetime) -> About:
    """The particulars of it, with the hour as it is told where the election is."""
    zone = ZoneInfo(definition.timezone)
    return {"until": until.isoformat(timespec="minutes"), "hour": f"{until.astimezone(zone):%H:%M %d.%m}"}


def until(about: About) -> datetime:
    """To when. Raises OperatorRefusal `bad_hour`."""
    try:
        moment = datetime.fromisoformat(str(about["until"]))
    except (KeyError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise OperatorRefusal("bad_hour", "The new hour of closing cannot be read; propose it again.")
    return moment


def typed_hour(typed: str, standing: Standing) -> datetime:
    """`HH:MM` is the next such hour after the close in force, `YYYY-MM-DD HH:MM` is that very one; both where the
    election is. Raises OperatorRefusal `bad_hour`, or `no_hour` as `extend` itself."""
    zone, closes = ZoneInfo(standing.definition.timezone), _in_force(standing)
    day, _, hour = typed.strip().rpartition(" ")
    try:
        at = time.fromisoformat(hour)
        if day:
            return datetime.combine(date.fromisoformat(day), at, zone)
    except ValueError:
        raise OperatorRefusal("bad_hour", 'Say the new hour of closing as "22:00" or "2026-12-03 22:00".') from None
    found = datetime.combine(closes.astimezone(zone).date(), at, zone)
    return found if found > closes else datetime.combine(found.date() + timedelta(days=1), at, zone)


async def _possible(about: About, record: ElectionRecord, definition: Definition, now: datetime) -> None:
    if record.stage not in ("open", "paused"):
        raise OperatorRefusal("wrong_stage", f"The election is {record.stage}, so it cannot be extended now.")
    closes, moment = _in_force(Standing(record, definition)), until(about)
    if moment <= closes or moment <= now:
        raise OperatorRefusal(
            "not_later", f"Voting can only be extended: it is to close at {closes.isoformat(timespec='minutes')}."
        )
    if about != extension(definition, moment):
        raise OperatorRefusal("bad_hour", "The hour that is shown is not the one that is meant; propose it again.")


def _in_force(standing: Standing) -> datetime:
    if standing.closes is None:
        raise OperatorRefusal("no_hour", "This election has no hour of closing: it is closed by hand.")
    return standing.closes
