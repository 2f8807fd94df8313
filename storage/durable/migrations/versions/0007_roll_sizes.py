"""How many members each branch had in each version of the roll.

What it is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is. Of the
versions before this one nothing is known.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and count the roll as it is."""
    op.create_table(
        "roll_size",
        Column("version", _COUNT, primary_key=True, autoincrement=False),
        Column("region", Text(), primary_key=True),
        Column("branch", Text(), primary_key=True),
        Column("members", _COUNT, nullable=False),
        Column("seal", LargeBinary()),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.execute(
        """INSERT INTO roll_size (version, region, branch, members)
           SELECT election.roll_version, region, branch, count(*) FROM voter, election
           GROUP BY election.roll_version, region, branch"""
    )
