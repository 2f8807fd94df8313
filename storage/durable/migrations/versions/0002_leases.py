"""A table of leases: which of several processes leads.

What it is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lease",
        Column("role", Text(), primary_key=True),
        Column("holder", Text(), nullable=False),
        Column("until", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
        sqlite_strict=True,
    )
