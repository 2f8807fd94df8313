"""What may stand in DATABASE_URL for PostgreSQL, and the sentence for each mistake, in which no password is."""

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from election.errors import OperatorRefusal
from storage.durable.store import open_store
from tests import servers
from tests.storage.durable.polling import SEAL_KEY

WORDS = "p@ss/w?rd#1%20:"
WRITTEN = "p%40ss%2Fw%3Frd%231%2520%3A"


async def opened(url: str) -> bool:
    async with open_store(url, SEAL_KEY) as store:
        return isinstance(await store.outbox.counts(), dict)


async def refused(url: str) -> OperatorRefusal:
    with pytest.raises(OperatorRefusal) as refusal:
        await opened(url)
    assert refusal.value.sentence.endswith(".")
    assert refusal.value.__cause__ is None
    assert all(secret not in refusal.value.sentence for secret in ("p@ss", "w?rd", "p%40ss", "sesame"))
    return refusal.value


def changed(url: str, **parts: str) -> str:
    return urlsplit(url)._replace(**parts).geturl()


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2", "POSTGRESQL"]
)
async def test_every_way_to_write_postgresql_is_understood(made_postgres: str, scheme: str) -> None:
    assert await opened(scheme + made_postgres[made_postgres.index("://") :])


@pytest.mark.parametrize("query", ["sslmode=disable", "sslmode=prefer", "application_name=club&sslmode=allow"])
async def test_what_stands_behind_the_question_mark_means_what_it_means_to_libpq(
    made_postgres: str, query: str
) -> None:
    assert await opened(changed(made_postgres, query=query))


@pytest.fixture
def guarded(own_postgres: servers.Postgres) -> Iterator[str]:
    """A server that asks `keeper` for a password."""
    own_postgres.start()
    ask = servers.ask_postgres
    rules = "COPY (VALUES ('host all keeper all scram-sha-256'), ('host all all all trust')) TO '%s'"
    ask(own_postgres.url, rules % ask(own_postgres.url, "SHOW hba_file").strip())
    ask(own_postgres.url, f"DROP ROLE IF EXISTS keeper; CREATE ROLE keeper LOGIN PASSWORD '{WORDS}'")
    ask(own_postgres.url, "SELECT pg_reload_conf()")
    with servers.postgres_database(own_postgres.url) as url:
        ask(own_postgres.url, f"ALTER DATABASE {url.rpartition('/')[2]} OWNER TO keeper")
        yield url
    ask(own_postgres.url, "DROP ROLE keeper")


async def test_a_password_may_have_any_sign_once_it_is_written_by_its_number(guarded: str) -> None:
    assert await opened(guarded.replace("postgres@", f"keeper:{WRITTEN}@"))
    for sign in "@/?#":
        assert (await refused(guarded.replace("postgres@", f"keeper:p{sign}sesame@"))).code == "store_url"


async def test_a_wrong_password_or_user_is_told_from_a_missing_database(guarded: str) -> None:
    for login in ("keeper:sesame@", "keeper@"):
        wrong = await refused(guarded.replace("postgres@", login))
        assert wrong.code == "store_unusable"
        assert "refuses the user or the password" in wrong.sentence
    missing = await refused(guarded + "_not_there")
    assert "no database of that name" in missing.sentence


@pytest.mark.parametrize("right", ["CREATE", "ALL"])
async def test_who_may_make_no_tables_is_told_so(guarded: str, right: str) -> None:
    allowed = guarded.replace("postgres@", f"keeper:{WRITTEN}@")
    withhold = f"REVOKE {right} ON SCHEMA public FROM PUBLIC, pg_database_owner"
    servers.ask_postgres(guarded.replace("+asyncpg", ""), withhold)
    assert "may not make tables" in (await refused(allowed)).sentence


async def test_where_no_server_answers_the_sentence_says_so(made_postgres: str) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        port = deaf.getsockname()[1]
        for place in (f"u:sesame@127.0.0.1:{port}", "u:sesame@no-such-host.invalid:5432"):
            assert "no server answers" in (await refused(f"postgresql://{place}/club")).sentence
    assert "no server answers" in (await refused(changed(made_postgres, query="sslmode=require"))).sentence


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:sesame@host",
        "postgresql://u:sesame@host/",
        "postgresql://u:sesame@[::1/club",
        "postgresql://u:sesame@host:port/club",
        "postgresql://u:sesame@host/club?sslmode",
        "postgresql://u:sesame@host/club?sslmode=never",
        "postgresql://",
        "postgresql:/club",
        "postgres",
        "mysql://u:sesame@host/club",
        "",
    ],
)
async def test_what_is_no_url_of_a_store_is_refused_in_one_sentence(url: str) -> None:
    assert (await refused(url)).code in ("store_url", "store_unusable")


async def test_a_setting_the_server_does_not_know_is_refused(made_postgres: str) -> None:
    assert "setting" in (await refused(changed(made_postgres, query="pool_size=5"))).sentence


async def test_a_database_in_another_encoding_is_refused(postgres_server_url: str) -> None:
    name = "in_latin"
    make = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    servers.ask_postgres(postgres_server_url, make)
    try:
        assert "UTF8" in (await refused(changed(postgres_server_url, path=f"/{name}"))).sentence
    finally:
        await asyncio.to_thread(servers.ask_postgres, postgres_server_url, f"DROP DATABASE {name} WITH (FORCE)")
