"""The schema is the law: read from the file itself, not from the code that made it."""

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from election.errors import OperatorRefusal
from election.leaf import ballot_digest
from storage.durable import schema, upgrade
from storage.durable.seals import Seals
from storage.durable.store import open_store
from storage.durable.upgrade import NEWEST, bring_up_to_date
from tests.storage.durable.polling import NOW, SEAL_KEY, ballot, polling_opens, pseudonym, vote

MIGRATIONS = Path(upgrade.__file__).with_name("migrations")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = bring_up_to_date(f"sqlite:///{tmp_path / 'law.db'}", SEAL_KEY)
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def written(file: sqlite3.Connection) -> dict[str, str]:
    """Every table and index of a file as SQLite keeps it, alembic's own table aside."""
    kept = file.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'")
    return {name: re.sub(r"\s+", " ", sql).replace(f'TABLE "{name}"', f"TABLE {name}") for name, sql in kept}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("envelope", {"key": "BLOB", "pseudonym": "BLOB", "sealed_ballot": "BLOB", "seal": "BLOB"}),
        ("urn", {"key": "BLOB", "sealed_ballot": "BLOB", "seal": "BLOB"}),
        ("leaf", {"key": "BLOB", "kind": "TEXT", "digest": "BLOB", "place": "INTEGER", "seal": "BLOB"}),
    ],
)
def test_a_ballot_has_no_time_no_voter_and_no_order(
    file: sqlite3.Connection, table: str, columns: dict[str, str]
) -> None:
    found = file.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
    assert dict(found) == columns
    (without_rowid, strict) = file.execute(
        "SELECT wr, strict FROM pragma_table_list WHERE name = ?", (table,)
    ).fetchone()
    assert (without_rowid, strict) == (1, 1)
    assert file.execute(f"SELECT * FROM pragma_foreign_key_list('{table}')").fetchall() == []
    with pytest.raises(sqlite3.OperationalError):
        file.execute(f"SELECT rowid FROM {table}")
    ((first_of_key,),) = file.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE pk = 1").fetchall()
    assert first_of_key == next(iter(columns))


def test_one_envelope_stands_for_a_pseudonym(file: sqlite3.Connection) -> None:
    file.execute("INSERT INTO envelope (key, pseudonym, sealed_ballot) VALUES (x'01', x'aa', x'00')")
    with pytest.raises(sqlite3.IntegrityError, match="pseudonym"):
        file.execute("INSERT INTO envelope (key, pseudonym, sealed_ballot) VALUES (x'02', x'aa', x'00')")


@pytest.mark.parametrize(
    "unlawful",
    [
        "INSERT INTO election (id) VALUES (2)",
        "UPDATE election SET stage = 'half open'",
        "UPDATE election SET threshold = 'many'",
        """INSERT INTO voter (member_id, name, sealed_phone, region, branch, cell, language, line, reach, "right")
           VALUES ('1', '', x'', '', '', '', '', 'none', 'none', 'voted')""",
        """INSERT INTO voter (member_id, name, sealed_phone, region, branch, cell, language, line, reach)
           VALUES ('1', '', x'', '', '', '', '', 'none', 'everywhere')""",
        "INSERT INTO outbox (kind, due_at) VALUES ('code', 0)",
        "INSERT INTO outbox (kind, due_at, state, sealed_body) VALUES ('code', 0, 'sent', x'00')",
    ],
)
def test_what_the_law_does_not_know_is_not_kept(file: sqlite3.Connection, unlawful: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        file.execute(unlawful)


def test_the_migrations_lead_to_the_schema(file: sqlite3.Connection, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    schema.metadata.create_all(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "made.db")) as made:
        assert written(file) == written(made)


def test_the_program_knows_its_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_postgresql_could_make_every_table() -> None:
    for table in schema.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "ROWID" not in made
        assert "STRICT" not in made


def test_a_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = bring_up_to_date(f"sqlite:///{tmp_path / 'deep' / 'er' / 'dauys.db'}", SEAL_KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_alembic_is_not_imported_where_there_is_nothing_to_do(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'dauys.db'}"
    bring_up_to_date(url, SEAL_KEY)
    look = (
        f"import sys; from storage.durable.upgrade import bring_up_to_date; bring_up_to_date({url!r}, {SEAL_KEY!r});"
        "print('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, check=True).stdout == b"False\n"


def test_processes_that_start_at_once_make_the_store_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'dauys.db'}"
    begin = f"from storage.durable.upgrade import bring_up_to_date; bring_up_to_date({url!r}, {SEAL_KEY!r})"
    starting = [subprocess.Popen([sys.executable, "-c", begin], stderr=subprocess.PIPE) for _ in range(5)]
    for process in starting:
        _, said = process.communicate()
        assert (process.returncode, said) == (0, b"")
    with closing(sqlite3.connect(tmp_path / "new" / "dauys.db")) as file:
        assert file.execute("SELECT count(*) FROM election").fetchone() == (1,)
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/base", "var/dauys.db", ""])
def test_a_url_that_names_no_file_is_refused_with_the_mend(url: str) -> None:
    with pytest.raises(OperatorRefusal, match="sqlite:///") as refusal:
        bring_up_to_date(url, SEAL_KEY)
    assert refusal.value.code == "store_url"


def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    letter = "a letter to the committee, long enough to be read as a page\n" * 50
    (tmp_path / "dauys.db").write_text(letter)
    for path in (tmp_path / "dauys.db", tmp_path, tmp_path / "dauys.db" / "under"):
        with pytest.raises(OperatorRefusal) as refusal:
            bring_up_to_date(f"sqlite:///{path}", SEAL_KEY)
        assert refusal.value.code == "store_unusable"
    assert (tmp_path / "dauys.db").read_text() == letter


def test_a_store_of_a_newer_program_is_refused(file: sqlite3.Connection, tmp_path: Path) -> None:
    seal = Seals(SEAL_KEY).of("alembic_version", b"9999")
    file.execute("UPDATE alembic_version SET version_num = '9999', seal = ?", (seal,))
    file.commit()
    with pytest.raises(OperatorRefusal) as refusal:
        bring_up_to_date(f"sqlite:///{tmp_path / 'law.db'}", SEAL_KEY)
    assert refusal.value.code == "store_newer"


async def test_the_box_returns_envelopes_in_another_order_than_that_of_casting(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dauys.db'}"
    async with open_store(url, SEAL_KEY) as store:
        await polling_opens(store, members=60)
        for number in range(60):
            await store.ledger.cast(vote(number))
    with closing(sqlite3.connect(tmp_path / "dauys.db")) as file:
        for table, column in (("envelope", "sealed_ballot"), ("leaf", "digest")):
            kept = [value for (value,) in file.execute(f"SELECT {column} FROM {table}")]
            receipts_and_ballots = [[vote(n).receipt_digest, ballot_digest(ballot(n))] for n in range(60)]
            cast = (
                [ballot(n) for n in range(60)]
                if table == "envelope"
                else [each for pair in receipts_and_ballots for each in pair]
            )
            assert kept != cast
            assert sorted(kept) == sorted(cast)


def in_the_files(folder: Path, secret: bytes) -> int:
    """How often it stands in the database, its log, or whatever else is there."""
    return sum(path.read_bytes().count(secret) for path in folder.iterdir())


async def test_the_cut_leaves_no_pseudonym_in_any_file(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path / 'dauys.db'}", SEAL_KEY) as store:
        await polling_opens(store, members=1_500)
        votes = [vote(n, pseudonym=b"PSEUDONYM" + os.urandom(7)) for n in range(1_500)]
        for sent in votes[:200]:
            await store.ledger.cast(sent)
        await asyncio.gather(*(store.ledger.cast(sent) for sent in votes[200:]))
        await store.office.move(["open"], "closed", NOW)
        assert in_the_files(tmp_path, b"PSEUDONYM") >= 1_500
        assert await store.office.cut(pseudonym) == 1_500
        assert in_the_files(tmp_path, b"PSEUDONYM") == 0
        assert len(await store.office.urn()) == 1_500


async def test_the_words_of_what_was_sent_are_gone_from_the_files_once_the_log_is_emptied(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path / 'dauys.db'}", SEAL_KEY) as store:
        await polling_opens(store, members=1)
        await store.ledger.cast(vote(0))
        (item,) = await store.outbox.claim(NOW, 1)
        assert in_the_files(tmp_path, item.sealed_body) > 0
        await store.outbox.sent(item.id, "SM1", NOW)
    assert in_the_files(tmp_path, item.sealed_body) == 0
