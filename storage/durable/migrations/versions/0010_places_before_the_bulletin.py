"""Leaves get their places before the bulletin: the steps of publishers.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("log", Column("steps", _COUNT, nullable=False, server_default=text("0")))
    op.add_column("log", Column("placing", _FLAG, nullable=False, server_default=text("false")))
