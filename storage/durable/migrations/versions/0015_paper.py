"""Paper stations.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is. Who
was on paper before was handed her ballot at no station.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_ZERO = text("0")
_NO = text("false")


def upgrade() -> None:
    """Make the tables, and an issue for everybody who is on paper."""
    op.create_table(
        "paper_station",
        Column("name", _KEY, primary_key=True),
        Column("regions", Text(), nullable=False),
        Column("branches", Text(), nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'open'")),
        Column("issued", _COUNT, nullable=False, server_default=_ZERO),
        Column("spoilt", _COUNT, nullable=False, server_default=_ZERO),
        Column("returned", _COUNT, nullable=False, server_default=_ZERO),
        Column("in_box", _COUNT, nullable=False, server_default=_ZERO),
        Column("seal", LargeBinary()),
        CheckConstraint("\"state\" IN ('open', 'closed')", name="state_is_known"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "paper_issue",
        Column("member_id", _KEY, ForeignKey("voter.member_id"), primary_key=True),
        Column("station", _KEY, nullable=False),
        Column("ballots", _COUNT, nullable=False, server_default=text("1")),
        Column("returned", _FLAG, nullable=False, server_default=_NO),
        Column("seal", LargeBinary()),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "paper_count",
        Column("station", _KEY, primary_key=True),
        Column("clerk", Text(), primary_key=True),
        Column("body", Text(), nullable=False),
        Column("stands", _FLAG, nullable=False, server_default=_NO),
        Column("seal", LargeBinary()),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO paper_issue (member_id, station) SELECT member_id, '' FROM voter WHERE \"right\" = 'paper'"
    )
