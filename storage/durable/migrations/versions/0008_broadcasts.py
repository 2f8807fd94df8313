"""Broadcasts, chats that are closed to us, when a member was reminded, letters of broadcasts.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_NOTHING = text("''")
_ZERO = text("0")
_KINDS = ("code", "notice", "broadcast")
_STATES = ("waiting", "sending", "sent", "delivered", "undelivered", "failed", "unknown", "too_old")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_is_known")


def upgrade() -> None:
    """Make the table, add the columns, let letters be of broadcasts."""
    op.create_table(
        "broadcast",
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
        _one_of("kind", "message", "reminder", "bulletin"),
        _one_of("state", "planned", "going", "done", "stopped"),
        UniqueConstraint("bulletin", name="one_broadcast_a_bulletin"),
        sqlite_strict=True,
    )
    op.add_column("account", Column("blocked", _FLAG, nullable=False, server_default=text("false")))
    op.add_column("voter", Column("reminded_at", _COUNT))
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_outbox_on_sqlite()
    else:
        listed = ", ".join(f"'{kind}'" for kind in _KINDS)
        op.drop_constraint("kind_is_known", "outbox", type_="check")
        op.create_check_constraint("kind_is_known", "outbox", f"\"kind\" IN ({listed})")
        op.add_column("outbox", Column("broadcast", _COUNT))
        op.add_column("outbox", Column("reminds", _KEY))


def _rewrite_outbox_on_sqlite() -> None:
    """SQLite changes a constraint only by making the table anew."""
    op.create_table(
        "new_outbox",
        Column("id", _COUNT, primary_key=True),
        Column("kind", Text(), nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'waiting'")),
        Column("sealed_phone", LargeBinary()),
        Column("sealed_body", LargeBinary()),
        Column("due_at", _COUNT, nullable=False),
        Column("expires_at", _COUNT),
        Column("tries", _COUNT, nullable=False, server_default=_ZERO),
        Column("moved_at", _COUNT),
        Column("carrier_id", Text()),
        Column("carrier_status", Text(), nullable=False, server_default=_NOTHING),
        Column("seal", LargeBinary()),
        Column("broadcast", _COUNT),
        Column("reminds", Text()),
        _one_of("kind", *_KINDS),
        _one_of("state", *_STATES),
        CheckConstraint(
            "state NOT IN ('waiting', 'sending') OR (sealed_phone IS NOT NULL AND sealed_body IS NOT NULL)",
            name="what_will_be_sent_is_whole",
        ),
        CheckConstraint(
            "state IN ('waiting', 'sending') OR (sealed_phone IS NULL AND sealed_body IS NULL)",
            name="what_was_sent_is_wiped",
        ),
        UniqueConstraint("carrier_id", name="one_letter_a_carrier_id"),
        sqlite_strict=True,
    )
    columns = """id, kind, state, sealed_phone, sealed_body, due_at, expires_at, tries, moved_at, carrier_id,
        carrier_status, seal"""
    op.execute(f"INSERT INTO new_outbox ({columns}) SELECT {columns} FROM outbox")  # noqa: S608
    op.drop_table("outbox")
    op.rename_table("new_outbox", "outbox")
    _index("outbox_by_turn", ["kind", "due_at", "id"], "state = 'waiting'")
    _index("outbox_by_expiry", ["expires_at"], "state = 'waiting' AND expires_at IS NOT NULL")
    _index("outbox_under_way", ["moved_at"], "state = 'sending'")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "outbox", columns, sqlite_where=text(where), postgresql_where=text(where))
