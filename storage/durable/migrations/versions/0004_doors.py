"""Each account's bot: several bots may share one election.

What it is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of those who are bound already it is not known."""
    op.add_column("account", Column("door", Text(), nullable=False, server_default=text("''")))
