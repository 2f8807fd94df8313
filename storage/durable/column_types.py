"""The kinds of column in the schema. Each means the same on every database, and SQLite checks it (STRICT)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Count = BigInteger().with_variant(Integer(), "sqlite")
Key = Text().with_variant(Text(collation="C"), "postgresql")  # sorts by its bytes, as SQLite does
Words = Text()
Secret = LargeBinary()


def microseconds(moment: datetime | None) -> int | None:
    """Since 1970 UTC, as a Moment is kept. Raises TypeError for a datetime without a zone."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 UTC, so that every database compares it alike."""

    impl = Count
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds; raises TypeError for a datetime without a zone."""
        return microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """An aware datetime in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Flag(TypeDecorator[bool]):
    """Yes or no. A whole number on SQLite, whose strict tables know no BOOLEAN."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """INTEGER on SQLite, BOOLEAN elsewhere."""
        return Integer() if dialect.name == "sqlite" else Boolean()

    def process_result_value(self, value: int | bool | None, dialect: Dialect) -> bool | None:
        """A bool whatever the driver gives."""
        return None if value is None else bool(value)
