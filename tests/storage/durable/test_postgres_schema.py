"""The schema on PostgreSQL: made once whoever starts at the same time, and what the cut leaves on the disk."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from election.errors import OperatorRefusal
from election.leaf import ballot_digest
from storage.durable import schema
from storage.durable.store import DurableStore, keeper_of, open_store
from storage.durable.upgrade import NEWEST
from tests import servers
from tests.storage.durable.polling import NOW, SEAL_KEY, ballot, polling_opens, pseudonym, vote


def ask(url: str, statement: str) -> str:
    return servers.ask_postgres(url.replace("+asyncpg", ""), statement)


async def test_the_migrations_lead_to_the_schema(made_postgres: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))

    async with await keeper_of(made_postgres, SEAL_KEY) as keeper:
        assert await keeper.survey(differences) == []


def test_processes_that_start_at_once_make_the_store_once(postgres_url: str) -> None:
    begin = (
        "import asyncio; from storage.durable.store import keeper_of;"
        f"asyncio.run(keeper_of({postgres_url!r}, {SEAL_KEY!r}))"
    )
    starting = [subprocess.Popen([sys.executable, "-c", begin], stderr=subprocess.PIPE) for _ in range(4)]
    for process in starting:
        _, said = process.communicate()
        assert (process.returncode, said) == (0, b"")
    assert ask(postgres_url, "SELECT stage FROM election").split() == ["draft"]


async def test_engines_that_start_at_once_make_the_store_once(postgres_url: str) -> None:
    await asyncio.gather(*(keeper_of(postgres_url, SEAL_KEY) for _ in range(8)))
    assert ask(postgres_url, "SELECT version_num FROM alembic_version").split() == [NEWEST]


async def test_a_store_of_a_newer_program_is_refused(postgres_url: str) -> None:
    await keeper_of(postgres_url, SEAL_KEY)
    ask(postgres_url, f"SET dauys.seal_key = '{SEAL_KEY.hex()}'; UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OperatorRefusal) as refusal:
        await keeper_of(postgres_url, SEAL_KEY)
    assert refusal.value.code == "store_newer"


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("envelope", "key:bytea pseudonym:bytea sealed_ballot:bytea seal:bytea"),
        ("urn", "key:bytea sealed_ballot:bytea seal:bytea"),
        ("leaf", "key:bytea kind:text digest:bytea place:bigint seal:bytea"),
    ],
)
def test_a_ballot_has_no_time_no_voter_and_no_number(made_postgres: str, table: str, columns: str) -> None:
    found = ask(
        made_postgres,
        f"SELECT column_name || ':' || data_type FROM information_schema.columns WHERE table_name = '{table}'"
        " ORDER BY ordinal_position",
    )
    assert found.split() == columns.split()


async def test_commits_are_on_the_disk_whatever_the_database_was_told(postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    ask(postgres_url, f"ALTER DATABASE {name} SET synchronous_commit = off")
    async with await keeper_of(postgres_url, SEAL_KEY) as keeper:
        told = await keeper.write(lambda c: c.exec_driver_sql("SHOW synchronous_commit").scalar_one())
    assert told == "on"


@pytest.fixture
def own_url(own_postgres: servers.Postgres) -> Iterator[str]:
    own_postgres.start()
    with servers.postgres_database(own_postgres.url) as url:
        yield url


@pytest.fixture
async def store(own_url: str) -> AsyncIterator[DurableStore]:
    async with open_store(own_url, SEAL_KEY) as opened:
        yield opened


def in_the_files(url: str, secret: bytes) -> int:
    """How often it stands in the files of tables and indexes; the write-ahead log is another matter."""
    ask(url, "CHECKPOINT")
    folder = Path(ask(url, "SHOW data_directory").strip()) / "base"
    return sum(path.read_bytes().count(secret) for path in folder.rglob("*") if path.is_file())


async def test_votes_of_one_batch_stand_in_the_order_of_their_keys_and_not_of_their_coming(
    own_url: str, store: DurableStore
) -> None:
    await polling_opens(store, members=60)
    sent = [vote(number) for number in reversed(range(60))]
    await asyncio.gather(*(store.ledger.cast(each) for each in sent))
    as_they_lie = ask(own_url, "SELECT encode(sealed_ballot, 'escape') FROM envelope ORDER BY ctid").split("\n")[:-1]
    assert len(set(ask(own_url, "SELECT xmin FROM envelope").split())) <= 2
    by_key = [each.sealed_ballot.decode() for each in sorted(sent, key=lambda each: ballot_digest(each.sealed_ballot))]
    first_alone = as_they_lie[0] == sent[0].sealed_ballot.decode()
    assert as_they_lie[first_alone:] == [words for words in by_key if words not in as_they_lie[:first_alone]]


async def test_the_cut_leaves_no_pseudonym_in_the_files_of_the_tables(own_url: str, store: DurableStore) -> None:
    await polling_opens(store, members=1_500)
    votes = [vote(n, pseudonym=b"PSEUDONYM%07d" % n) for n in range(1_500)]
    await asyncio.gather(*(store.ledger.cast(sent) for sent in votes))
    await store.office.move(["open"], "closed", NOW)
    assert in_the_files(own_url, b"PSEUDONYM") >= 1_500
    assert await store.office.cut(pseudonym) == 1_500
    assert in_the_files(own_url, b"PSEUDONYM") == 0
    assert sorted(await store.office.urn()) == sorted(ballot(n) for n in range(1_500))


async def test_after_the_cut_all_ballots_have_one_and_the_same_writer(own_url: str, store: DurableStore) -> None:
    await polling_opens(store, members=20)
    for number in range(20):
        await store.ledger.cast(vote(number))
    assert len(set(ask(own_url, "SELECT xmin FROM envelope").split())) == 20  # which is what the cut has to undo
    await store.office.move(["open"], "closed", NOW)
    await store.office.cut(pseudonym)
    assert len(set(ask(own_url, "SELECT xmin FROM urn").split())) == 1


async def test_the_words_of_what_was_sent_are_gone_from_the_files_after_the_cut(
    own_url: str, store: DurableStore
) -> None:
    await polling_opens(store, members=1)
    await store.ledger.cast(vote(0))
    (item,) = await store.outbox.claim(NOW, 1)
    assert in_the_files(own_url, item.sealed_body) > 0
    await store.outbox.sent(item.id, "SM1", NOW)
    await store.office.move(["open"], "closed", NOW)
    await store.office.cut(pseudonym)
    assert in_the_files(own_url, item.sealed_body) == 0


async def test_a_backup_that_reads_the_box_delays_the_cut_and_a_repeat_mends_it(
    own_url: str, store: DurableStore
) -> None:
    await polling_opens(store, members=3)
    await store.ledger.cast(vote(0))
    await store.office.move(["open"], "closed", NOW)
    backup = await asyncpg.connect(own_url.replace("+asyncpg", ""))
    reading = backup.transaction()
    await reading.start()
    await backup.execute("SELECT * FROM envelope")
    cutting = asyncio.ensure_future(store.office.cut(pseudonym))
    await asyncio.sleep(0.2)
    assert not cutting.done()
    await reading.rollback()
    await backup.close()
    assert await cutting == 1
