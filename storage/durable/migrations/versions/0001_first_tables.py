"""The first tables: an election, its roll, its box, its letters and its acts.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy import UniqueConstraint, text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_NOTHING = text("''")
_ZERO = text("0")
_NO = text("false")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_is_known")


def upgrade() -> None:
    """Make the tables and the one row of the election."""
    _make_election_and_roll()
    _make_box()
    _make_letters_and_acts()
    op.execute("INSERT INTO election (id) VALUES (1)")


def _make_election_and_roll() -> None:
    op.create_table(
        "election",
        Column("id", _COUNT, primary_key=True, autoincrement=False),
        Column("definition", Text(), nullable=False, server_default=_NOTHING),
        Column("digest", Text(), nullable=False, server_default=_NOTHING),
        Column("stage", Text(), nullable=False, server_default=text("'draft'")),
        Column("public_key", LargeBinary()),
        Column("threshold", _COUNT, nullable=False, server_default=_ZERO),
        Column("roll_version", _COUNT, nullable=False, server_default=_ZERO),
        Column("roll_frozen_at", _COUNT),
        Column("roll_digest", Text(), nullable=False, server_default=_NOTHING),
        Column("opened_at", _COUNT),
        Column("closed_at", _COUNT),
        CheckConstraint("id = 1", name="one_election"),
        _one_of("stage", "draft", "open", "paused", "closed", "counted"),
        sqlite_strict=True,
    )
    op.create_table(
        "voter",
        Column("member_id", _KEY, primary_key=True),
        Column("name", Text(), nullable=False),
        Column("phone_key", LargeBinary()),
        Column("sealed_phone", LargeBinary(), nullable=False),
        Column("region", Text(), nullable=False),
        Column("branch", Text(), nullable=False),
        Column("cell", Text(), nullable=False),
        Column("language", Text(), nullable=False),
        Column("chosen_language", Text(), nullable=False, server_default=_NOTHING),
        Column("line", Text(), nullable=False),
        Column("reach", Text(), nullable=False),
        Column("right", Text(), nullable=False, server_default=text("'open'"), quote=True),
        Column("voted_by", Text()),
        Column("enrolled", _FLAG, nullable=False, server_default=_NO),
        Column("codes_sent", _COUNT, nullable=False, server_default=_ZERO),
        Column("wrong_codes", _COUNT, nullable=False, server_default=_ZERO),
        Column("silent", _FLAG, nullable=False, server_default=_NO),
        _one_of("line", "mobile", "none", "invalid", "landline"),
        _one_of("reach", "mobile", "none", "invalid", "landline", "shared", "gone"),
        _one_of("right", "open", "voted", "paper"),
        CheckConstraint("voted_by IN ('telegram', 'sms')", name="voted_by_is_known"),
        CheckConstraint("\"right\" <> 'voted' OR voted_by IS NOT NULL", name="a_vote_has_a_channel"),
        sqlite_strict=True,
    )
    op.create_index("voter_by_phone", "voter", ["phone_key"])
    op.create_table(
        "account",
        Column("channel", Text(), primary_key=True),
        Column("account", Text(), primary_key=True),
        Column("member_id", _KEY, ForeignKey("voter.member_id"), nullable=False),
        UniqueConstraint("channel", "member_id", name="one_account_a_member"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "account_phone",
        Column("channel", Text(), primary_key=True),
        Column("account", Text(), primary_key=True),
        Column("phone_key", LargeBinary(), primary_key=True),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "region_count",
        Column("region", Text(), primary_key=True),
        Column("electorate", _COUNT, nullable=False, server_default=_ZERO),
        Column("enrolled", _COUNT, nullable=False, server_default=_ZERO),
        Column("telegram", _COUNT, nullable=False, server_default=_ZERO),
        Column("sms", _COUNT, nullable=False, server_default=_ZERO),
        Column("paper", _COUNT, nullable=False, server_default=_ZERO),
        sqlite_strict=True,
    )


def _make_box() -> None:
    op.create_table(
        "share_commitment",
        Column("trustee", _COUNT, primary_key=True, autoincrement=False),
        Column("commitment", LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "envelope",
        Column("key", LargeBinary(), primary_key=True),
        Column("pseudonym", LargeBinary(), nullable=False),
        Column("sealed_ballot", LargeBinary(), nullable=False),
        UniqueConstraint("pseudonym", name="one_standing_envelope"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "urn",
        Column("key", LargeBinary(), primary_key=True),
        Column("sealed_ballot", LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "receipt",
        Column("digest", LargeBinary(), primary_key=True),
        Column("count", _COUNT, nullable=False),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _make_letters_and_acts() -> None:
    op.create_table(
        "outbox",
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
        _one_of("kind", "code", "notice"),
        _one_of("state", "waiting", "sending", "sent", "delivered", "undelivered", "failed", "unknown", "too_old"),
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
    op.create_index("outbox_by_turn", "outbox", ["state", "kind", "due_at"])
    op.create_table(
        "act",
        Column("number", _COUNT, primary_key=True),
        Column("at", _COUNT, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("payload", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("proposer", Text(), nullable=False),
        Column("approver", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("expires_at", _COUNT),
        Column("decided_at", _COUNT),
        _one_of("state", "pending", "done", "expired", "failed"),
        sqlite_strict=True,
    )
