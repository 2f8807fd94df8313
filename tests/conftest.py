"""Servers for tests, started by the first test that asks for one."""

from collections.abc import Iterator

import pytest
import redis

from tests import servers


@pytest.fixture(scope="session")
def redis_server_url() -> Iterator[str]:
    with servers.redis_url() as url:
        yield url


@pytest.fixture
def redis_url(redis_server_url: str) -> str:
    """A Redis that is empty."""
    with redis.Redis.from_url(redis_server_url) as client:
        client.flushdb()
    return redis_server_url


@pytest.fixture
def own_valkey() -> Iterator[servers.Valkey]:
    """A Valkey that the test may stop, start and flush."""
    with servers.valkey() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    with servers.postgres_url() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """A database that is empty."""
    with servers.postgres_database(postgres_server_url) as url:
        yield url


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL that the tests of a module may stop and start; see `servers.postgres_database`."""
    with servers.postgres() as server:
        yield server
