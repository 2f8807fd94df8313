"""What the radar looks at, and its cases.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is. Of the
votes before this one nobody noted when they came: until the cut they are counted at the opening.
"""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_SLOT = 10_000_000


def upgrade() -> None:
    """Make the tables, and count the votes there are."""
    op.create_table(
        "rhythm",
        Column("slot", _COUNT, primary_key=True, autoincrement=False),
        Column("region", Text(), primary_key=True),
        Column("branch", Text(), primary_key=True),
        Column("votes", _COUNT, nullable=False),
        Column("again", _COUNT, nullable=False),
        Column("seal", LargeBinary()),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "signal",
        Column("id", _COUNT, primary_key=True),
        Column("kind", Text(), nullable=False),
        Column("at", _COUNT, nullable=False),
        Column("region", Text(), nullable=False),
        Column("branch", Text(), nullable=False),
        Column("member_id", _KEY, nullable=False),
        Column("seal", LargeBinary()),
        CheckConstraint("\"kind\" IN ('other-chat', 'phones', 'contact', 'not-me')", name="kind_is_known"),
        sqlite_strict=True,
    )
    op.create_table(
        "radar_case",
        Column("number", _COUNT, primary_key=True),
        Column("detector", Text(), nullable=False),
        Column("region", Text(), nullable=False),
        Column("branch", Text(), nullable=False),
        Column("began", _COUNT, nullable=False),
        Column("ended", _COUNT, nullable=False),
        Column("numbers", Text(), nullable=False),
        Column("weight", _COUNT, nullable=False),
        Column("seen_at", _COUNT, nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'new'")),
        Column("by", Text(), nullable=False, server_default=text("''")),
        Column("word", Text(), nullable=False, server_default=text("''")),
        Column("seal", LargeBinary()),
        CheckConstraint("\"state\" IN ('new', 'looked', 'closed')", name="state_is_known"),
        UniqueConstraint("detector", "region", "branch", "began", name="one_case_a_finding"),
        sqlite_strict=True,
    )
    op.execute(
        f"""INSERT INTO rhythm (slot, region, branch, votes, again)
            SELECT coalesce(opened_at, 0) / {_SLOT}, region, branch, count(*), sum(casts - 1) FROM election, voter
            WHERE casts > 0 AND NOT EXISTS (SELECT 1 FROM urn)
            GROUP BY opened_at, region, branch"""  # noqa: S608
    )
