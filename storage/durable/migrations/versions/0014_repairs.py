"""Repairs of identity: who was confirmed on a phone that she shares, and changes of numbers that wait.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_WAITING = text("state = 'waiting'")


def upgrade() -> None:
    """Add the column, make the table."""
    op.add_column("voter", Column("confirmed", _COUNT, nullable=False, server_default=text("0")))
    op.create_table(
        "number_change",
        Column("act", _COUNT, primary_key=True, autoincrement=False),
        Column("member_id", _KEY, ForeignKey("voter.member_id"), nullable=False),
        Column("old_key", LargeBinary(), nullable=False),
        Column("new_key", LargeBinary(), nullable=False),
        Column("sealed_phone", LargeBinary(), nullable=False),
        Column("digits", Text(), nullable=False),
        Column("due_at", _COUNT, nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'waiting'")),
        Column("ended_at", _COUNT),
        Column("told", _FLAG, nullable=False, server_default=text("false")),
        Column("seal", LargeBinary()),
        CheckConstraint("\"state\" IN ('waiting', 'done', 'stopped', 'dropped')", name="state_is_known"),
        sqlite_strict=True,
    )
    op.create_index(
        "one_waiting_number",
        "number_change",
        ["member_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
