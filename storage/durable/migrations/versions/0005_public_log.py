"""The public log, bulletins, votes again; receipts become leaves of the log.

What each is for stands in storage/durable/schema.py. This page is history: it is not changed when the schema is.
A store in which votes were cast before there was a log cannot be taken over.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")
_NOTHING = text("''")
_ZERO = text("0")
_NO = text("false")
_EMPTY_FRONTIER = bytes(8)
_RIGHTS = ("open", "voted", "paper", "void")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_is_known")


def _new_in_voter() -> list[Column[object]]:
    return [
        Column("casts", _COUNT, nullable=False, server_default=_ZERO),
        Column("redo_from", _COUNT),
        Column("disowned", _COUNT, nullable=False, server_default=_ZERO),
        Column("granted", _COUNT, nullable=False, server_default=_ZERO),
    ]


def _new_in_region_count() -> list[Column[object]]:
    return [
        Column("paper_roll", _COUNT, nullable=False, server_default=_ZERO),
        Column("void", _COUNT, nullable=False, server_default=_ZERO),
    ]


def upgrade() -> None:
    """Make the tables; refuse where votes are in the box already."""
    connection = op.get_bind()
    if connection.execute(text("SELECT 1 FROM receipt LIMIT 1")).first() is not None:
        raise RuntimeError("votes were cast in this store before there was a log")
    op.drop_table("receipt")
    if connection.dialect.name == "sqlite":
        _rewrite_on_sqlite()
    else:
        _widen()
    on_paper = text("\"right\" = 'paper'")
    op.create_index("voter_on_paper", "voter", ["member_id"], sqlite_where=on_paper, postgresql_where=on_paper)
    op.execute(
        """UPDATE region_count SET paper_roll = (SELECT count(*) FROM voter
           WHERE voter.region = region_count.region AND voter.reach <> 'mobile')"""
    )
    _make_log()
    _make_changes()


def _widen() -> None:
    op.drop_constraint("right_is_known", "voter", type_="check")
    listed = ", ".join(f"'{right}'" for right in _RIGHTS)
    op.create_check_constraint("right_is_known", "voter", f'"right" IN ({listed})')
    for column in _new_in_voter():
        op.add_column("voter", column)
    for column in _new_in_region_count():
        op.add_column("region_count", column)


def _rewrite_on_sqlite() -> None:
    """SQLite changes a constraint only by making the table anew; what refers to it is set aside meanwhile."""
    op.execute("CREATE TEMPORARY TABLE kept_account AS SELECT * FROM account")
    op.execute("DELETE FROM account")
    op.drop_index("voter_by_phone", "voter")
    op.create_table(
        "new_voter",
        Column("member_id", Text(), primary_key=True),
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
        *_new_in_voter(),
        _one_of("line", "mobile", "none", "invalid", "landline"),
        _one_of("reach", "mobile", "none", "invalid", "landline", "shared", "gone"),
        _one_of("right", *_RIGHTS),
        CheckConstraint("voted_by IN ('telegram', 'sms')", name="voted_by_is_known"),
        CheckConstraint("\"right\" <> 'voted' OR voted_by IS NOT NULL", name="a_vote_has_a_channel"),
        sqlite_strict=True,
    )
    op.create_table(
        "new_region_count",
        Column("region", Text(), primary_key=True),
        Column("electorate", _COUNT, nullable=False, server_default=_ZERO),
        Column("enrolled", _COUNT, nullable=False, server_default=_ZERO),
        Column("telegram", _COUNT, nullable=False, server_default=_ZERO),
        Column("sms", _COUNT, nullable=False, server_default=_ZERO),
        Column("paper", _COUNT, nullable=False, server_default=_ZERO),
        *_new_in_region_count(),
        sqlite_strict=True,
    )
    old_voter = """member_id, name, phone_key, sealed_phone, region, branch, cell, language, chosen_language, line, reach,
        "right", voted_by, enrolled, codes_sent, wrong_codes, silent"""
    old_count = "region, electorate, enrolled, telegram, sms, paper"
    for table, columns in (("voter", old_voter), ("region_count", old_count)):
        op.execute(f"INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608
        op.drop_table(table)
        op.rename_table(f"new_{table}", table)
    op.execute("INSERT INTO account SELECT * FROM kept_account")
    op.execute("DROP TABLE kept_account")
    op.create_index("voter_by_phone", "voter", ["phone_key"])


def _make_log() -> None:
    op.create_table(
        "leaf",
        Column("key", LargeBinary(), primary_key=True),
        Column("kind", Text(), nullable=False),
        Column("digest", LargeBinary(), nullable=False),
        Column("place", _COUNT),
        _one_of("kind", "cast", "ballot", "redo", "void", "paper", "action"),
        UniqueConstraint("place", name="one_leaf_a_place"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("leaf_by_digest", "leaf", ["digest"])
    waiting = text("place IS NULL")
    op.create_index("leaf_waiting", "leaf", ["key", "kind"], sqlite_where=waiting, postgresql_where=waiting)
    log = op.create_table(
        "log",
        Column("id", _COUNT, primary_key=True, autoincrement=False),
        Column("frontier", LargeBinary(), nullable=False),
        Column("counts", Text(), nullable=False),
        CheckConstraint("id = 1", name="one_log"),
        sqlite_strict=True,
    )
    op.bulk_insert(log, [{"id": 1, "frontier": _EMPTY_FRONTIER, "counts": "{}"}])
    op.create_table(
        "bulletin",
        Column("number", _COUNT, primary_key=True, autoincrement=False),
        Column("body", LargeBinary(), nullable=False),
        Column("size", _COUNT, nullable=False),
        sqlite_strict=True,
    )


def _make_changes() -> None:
    op.create_table(
        "redo_count",
        Column("branch", Text(), primary_key=True),
        Column("reason", Text(), primary_key=True),
        Column("count", _COUNT, nullable=False),
        _one_of("reason", "again", "not-me"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "roll_change",
        Column("number", _COUNT, primary_key=True),
        Column("version", _COUNT, nullable=False),
        Column("at", _COUNT, nullable=False),
        Column("what", Text(), nullable=False),
        Column("act", _COUNT, nullable=False),
        sqlite_strict=True,
    )
