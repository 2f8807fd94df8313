"""Hours moved, candidates struck off, announcements, words to one member.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_NOTHING = text("''")
_ZERO = text("0")
_KINDS = ("word", "announcement", "message", "reminder", "bulletin")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_is_known")


def upgrade() -> None:
    """Add the columns, let broadcasts announce acts and speak to one member."""
    op.add_column("election", Column("extended_to", _COUNT))
    op.add_column("election", Column("rulings", Text(), nullable=False, server_default=text("'[]'")))
    op.add_column("voter", Column("ruling", _COUNT, nullable=False, server_default=_ZERO))
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_broadcast_on_sqlite()
    else:
        listed = ", ".join(f"'{kind}'" for kind in _KINDS)
        op.add_column("broadcast", Column("act", _COUNT))
        op.add_column("broadcast", Column("circle", Text(), nullable=False, server_default=_NOTHING))
        op.drop_constraint("kind_is_known", "broadcast", type_="check")
        op.create_check_constraint("kind_is_known", "broadcast", f'"kind" IN ({listed})')
        op.create_unique_constraint("one_broadcast_an_act", "broadcast", ["act"])


def _rewrite_broadcast_on_sqlite() -> None:
    """SQLite changes a constraint only by making the table anew."""
    op.create_table(
        "new_broadcast",
        Column("number", _COUNT, primary_key=True),
        Column("kind", Text(), nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'planned'")),
        Column("ways", Text(), nullable=False),
        Column("channels", Text(), nullable=False),
        Column("said", Text(), nullable=False, server_default=_NOTHING),
        Column("bulletin", _COUNT),
        Column("begins_behind", Text(), nullable=False, server_default=_NOTHING),
        Column("made_by", Text(), nullable=False),
        Column("made_at", _COUNT, nullable=False),
        Column("due_at", _COUNT, nullable=False),
        Column("began_at", _COUNT),
        Column("ended_at", _COUNT),
        Column("holder", Text(), nullable=False, server_default=_NOTHING),
        Column("leg", _COUNT, nullable=False, server_default=_ZERO),
        Column("passed", Text(), nullable=False, server_default=_NOTHING),
        Column("begun", Text(), nullable=False, server_default=text("'[]'")),
        Column("expected", _COUNT, nullable=False, server_default=_ZERO),
        Column("sent", _COUNT, nullable=False, server_default=_ZERO),
        Column("queued", _COUNT, nullable=False, server_default=_ZERO),
        Column("blocked", _COUNT, nullable=False, server_default=_ZERO),
        Column("failed", _COUNT, nullable=False, server_default=_ZERO),
        Column("spared", _COUNT, nullable=False, server_default=_ZERO),
        Column("seal", LargeBinary()),
        Column("act", _COUNT),
        Column("circle", Text(), nullable=False, server_default=_NOTHING),
        _one_of("kind", *_KINDS),
        _one_of("state", "planned", "going", "done", "stopped"),
        UniqueConstraint("bulletin", name="one_broadcast_a_bulletin"),
        UniqueConstraint("act", name="one_broadcast_an_act"),
        sqlite_strict=True,
    )
    columns = """number, kind, state, ways, channels, said, bulletin, begins_behind, made_by, made_at, due_at, began_at,
        ended_at, holder, leg, passed, begun, expected, sent, queued, blocked, failed, spared, seal"""
    op.execute(f"INSERT INTO new_broadcast ({columns}) SELECT {columns} FROM broadcast")  # noqa: S608
    op.drop_table("broadcast")
    op.rename_table("new_broadcast", "broadcast")
