"""A seal on every row.

What it is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is. The
column comes empty; whoever brings the store up to date seals all rows afterwards.
"""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = """election voter account account_phone share_commitment envelope urn leaf log bulletin redo_count roll_change
             region_count outbox act lease alembic_version"""


def upgrade() -> None:
    """Add the column everywhere."""
    for table in _TABLES.split():
        op.add_column(table, Column("seal", LargeBinary()))
