"""Moments as both stores write them down."""

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment(now: datetime, seconds: float = 0) -> int:
    """Microseconds from 1970 UTC to so many seconds after `now`."""
    return (now - _EPOCH) // _MICROSECOND + round(seconds * SECOND)
