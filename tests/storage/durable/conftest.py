"""The stores that the contract is proved on. A new store is one more word in `STORES` and a way to make it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.durable import schema
from storage.durable.sqlite_engine import sqlite_path
from storage.durable.store import DurableStore, open_store
from tests import servers
from tests.fresh_store import lay_store
from tests.storage.durable.polling import SEAL_KEY

STORES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def made_postgres(postgres_server_url: str) -> Iterator[str]:
    """A database with all tables; to empty it is quicker than to make another one."""

    async def make(url: str) -> None:
        async with open_store(url, SEAL_KEY):
            pass

    with servers.postgres_database(postgres_server_url) as url:
        asyncio.run(make(url))
        yield url


@pytest.fixture
def made_postgres_emptied(made_postgres: str) -> str:
    emptied = [f"DELETE FROM {table.name}" for table in reversed(schema.metadata.sorted_tables)]
    statements = "; ".join(
        [
            f"SET dauys.seal_key = '{SEAL_KEY.hex()}'",
            *emptied,
            "INSERT INTO election (id) VALUES (1)",
            "INSERT INTO log (id, frontier, counts) VALUES (1, '\\x0000000000000000', '{}')",
        ]
    )
    servers.ask_postgres(made_postgres.replace("+asyncpg", ""), statements)
    return made_postgres


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store is, or can be made."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("made_postgres_emptied"))
    return f"sqlite:///{tmp_path / 'var' / 'dauys.sqlite3'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[DurableStore]:
    if (path := sqlite_path(url)) is not None:
        lay_store(path, SEAL_KEY)
    async with open_store(url, SEAL_KEY) as opened:
        yield opened


@pytest.fixture
async def other(url: str, store: DurableStore) -> AsyncIterator[DurableStore]:
    """The same store opened once more, as another process would."""
    async with open_store(url, SEAL_KEY) as opened:
        yield opened
