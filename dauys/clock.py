"""The one place that asks the clock. Everywhere else `now` comes in as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place
