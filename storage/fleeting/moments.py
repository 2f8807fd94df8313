"""Moments as both stores write them down."""

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(now: datetime, seconds: int = 0) -> int:
    """Microseconds from 1970 UTC to so many seconds after `now`."""
    return (now - _EPOCH) // timedelta(microseconds=1) + seconds * SECOND
