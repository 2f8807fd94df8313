"""Complaints, and what is written on them.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_NOTHING = text("''")
_ZERO = text("0")
_UNDECIDED = text("state IN ('open', 'asked')")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_is_known")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "complaint",
        Column("number", _COUNT, primary_key=True, autoincrement=False),
        Column("member_id", _KEY, nullable=False),
        Column("channel", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("pressed", _FLAG, nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'open'")),
        Column("officer", Text(), nullable=False, server_default=_NOTHING),
        Column("filed_at", _COUNT, nullable=False),
        Column("due_at", _COUNT, nullable=False),
        Column("remind_at", _COUNT, nullable=False),
        Column("reminded", _COUNT, nullable=False, server_default=_ZERO),
        Column("entries", _COUNT, nullable=False, server_default=_ZERO),
        Column("seal", LargeBinary()),
        _one_of("channel", "telegram", "sms"),
        _one_of("kind", "pressed", "voted", "access", "list", "station", "other"),
        _one_of("state", "open", "asked", "upheld", "rejected", "no-fault"),
        sqlite_strict=True,
    )
    op.create_index("complaint_by_member", "complaint", ["member_id"])
    op.create_index(
        "complaint_waiting", "complaint", ["due_at"], sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED
    )
    op.create_table(
        "complaint_entry",
        Column("complaint", _COUNT, primary_key=True, autoincrement=False),
        Column("place", _COUNT, primary_key=True, autoincrement=False),
        Column("at", _COUNT, nullable=False),
        Column("step", Text(), nullable=False),
        Column("officer", Text(), nullable=False, server_default=_NOTHING),
        Column("channel", Text(), nullable=False, server_default=_NOTHING),
        Column("sealed", LargeBinary(), nullable=False),
        Column("note", Text(), nullable=False, server_default=_NOTHING),
        Column("message", LargeBinary()),
        Column("seal", LargeBinary()),
        _one_of("step", "filed", "asked", "answered", "assigned", "decided"),
        UniqueConstraint("message", name="one_entry_a_message"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
