"""When bulletins are due: at hours of the day in the election's own time zone, from the opening to the last one.

What is due is read from the bulletins there are, so hours that were missed are caught up by one bulletin, and a clock
that is set back makes none twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from election.definition import Definition
from election.ports import ElectionRecord

FRESH = timedelta(hours=1)
"""A bulletin that is older is not sent out any more."""


def is_due(
    definition: Definition, record: ElectionRecord, last: datetime | None, now: datetime, *, final: bool
) -> bool:
    """Whether a bulletin is to be made now. `last`: when the newest was made, None if there is none; `final`: whether
    that was the last of the election."""
    if final or record.opened_at is None:
        return False
    if record.closed_at is not None and last is not None and last >= record.closed_at:
        return False  # nothing changes any more
    return any(last is None or hour > last for hour in _hours(definition, record.opened_at, now))


def answers(
    definition: Definition, record: ElectionRecord, made: datetime, before: datetime | None, now: datetime
) -> bool:
    """Whether the bulletin made at this moment, the one after `before`, is what the timetable asked for, and fresh."""
    if record.opened_at is None or now - made >= FRESH:
        return False
    return any(before is None or hour > before for hour in _hours(definition, record.opened_at, made))


def _hours(definition: Definition, opened: datetime, now: datetime) -> Iterator[datetime]:
    """The hours of today and of the day before that have come, since the opening, the latest first."""
    zone = ZoneInfo(definition.timezone)
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        for at in sorted(definition.bulletins.at, reverse=True):
            hour = datetime.combine(day, at, zone)
            if opened < hour <= now:
                yield hour
