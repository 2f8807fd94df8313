"""Indexes of the letters that wait or are under way, and of no others.

What they are for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three small indexes in the place of one that held every letter."""
    op.drop_index("outbox_by_turn", "outbox")
    _index("outbox_by_turn", ["kind", "due_at", "id"], "state = 'waiting'")
    _index("outbox_by_expiry", ["expires_at"], "state = 'waiting' AND expires_at IS NOT NULL")
    _index("outbox_under_way", ["moved_at"], "state = 'sending'")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "outbox", columns, sqlite_where=text(where), postgresql_where=text(where))
