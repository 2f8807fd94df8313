"""Turnout by branch instead of by region, and first votes by the hour.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is. Of
the votes before this one nobody noted the hour: they are counted in that of the opening.
"""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, LargeBinary, Text, text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FIGURES = ("electorate", "enrolled", "telegram", "sms", "paper", "paper_roll", "void")
_HOUR = 3_600_000_000


def upgrade() -> None:
    """Make the tables, and count the roll as it is."""
    op.create_table(
        "branch_count",
        Column("region", Text(), primary_key=True),
        Column("branch", Text(), primary_key=True),
        *(Column(figure, _COUNT, nullable=False, server_default=text("0")) for figure in _FIGURES),
        Column("seal", LargeBinary()),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "hour_count",
        Column("hour", _COUNT, primary_key=True, autoincrement=False),
        Column("channel", Text(), primary_key=True),
        Column("part", _COUNT, primary_key=True, autoincrement=False),
        Column("votes", _COUNT, nullable=False),
        Column("seal", LargeBinary()),
        CheckConstraint("\"channel\" IN ('telegram', 'sms', 'paper')", name="channel_is_known"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.execute(
        f"""INSERT INTO branch_count (region, branch, {", ".join(_FIGURES)})
            SELECT region, branch, count(*), count(CASE WHEN enrolled THEN 1 END),
              count(CASE WHEN "right" = 'voted' AND voted_by = 'telegram' THEN 1 END),
              count(CASE WHEN "right" = 'voted' AND voted_by = 'sms' THEN 1 END),
              count(CASE WHEN "right" = 'paper' THEN 1 END),
              count(CASE WHEN reach <> 'mobile' THEN 1 END),
              count(CASE WHEN "right" = 'void' THEN 1 END)
            FROM voter GROUP BY region, branch"""  # noqa: S608
    )
    op.execute(
        f"""INSERT INTO hour_count (hour, channel, part, votes)
            SELECT coalesce(opened_at, 0) / {_HOUR} * {_HOUR}, channel, 0, count(*) FROM election, (
              SELECT CASE WHEN casts = 0 THEN 'paper' ELSE coalesce(voted_by, 'telegram') END AS channel FROM voter
              WHERE casts > 0 OR "right" = 'paper') AS first_votes
            GROUP BY opened_at, channel"""  # noqa: S608
    )
    op.drop_table("region_count")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS seal_region_count()")
