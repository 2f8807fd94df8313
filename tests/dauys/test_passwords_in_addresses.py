"""A password in DATABASE_URL or REDIS_URL is shown to nobody, whatever is printed."""

import traceback
from urllib.parse import urlsplit

import pytest

from dauys.addresses import secrets_of, shown
from dauys.settings import Settings
from tests.dauys.command_line import CommandLine
from tests.servers import valkey

PASSWORD = "nobody-may-read-this"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("sqlite:///var/dauys.sqlite3", "var/dauys.sqlite3"),
        (f"postgresql+asyncpg://dauys:{PASSWORD}@db.example.org:5432/votes", "db.example.org:5432/votes"),
        (f"postgres://dauys:{PASSWORD}@[::1]:5432/votes?sslmode=require", "[::1]:5432/votes"),
        (f"postgresql://db/votes?user=dauys&password={PASSWORD}", "db/votes"),
        (f"postgresql://dauys:{PASSWORD}@one:5432,two:5433/votes", "one:5432,two:5433/votes"),
        (f"rediss://:{PASSWORD}@cache:6380/0", "cache:6380/0"),
        ("redis://cache", "cache"),
    ],
)
def test_of_an_address_host_and_name_are_shown(address: str, place: str) -> None:
    assert shown(address) == place


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://dauys:{PASSWORD}@",
        f"postgresql://dauys:{PASSWORD}/votes",
        f"postgresql://dauys:x/{PASSWORD}@db/votes",
        f"postgresql://dauys:x?{PASSWORD}@db/votes",
        f"postgresql://dauys:x#{PASSWORD}@db/votes",
        f"postgresql://dauys:x@{PASSWORD}@db/votes",
        f"postgresql://db/votes?password=x@{PASSWORD}",
        PASSWORD,
        "",
    ],
)
def test_nothing_is_shown_of_an_address_that_is_mistyped(address: str) -> None:
    assert shown(address) == "an address that is not shown"


def test_what_has_to_be_struck_out_of_the_journal_is_the_password_as_written_and_as_meant() -> None:
    address = "postgresql://dauys:p%40ss-word@db/votes?password=another-one"
    assert secrets_of(address) == {address, "p%40ss-word", "p@ss-word", "another-one"}
    assert secrets_of("sqlite:///var/dauys.sqlite3") == secrets_of("redis://cache/0") == secrets_of("") == set()


def test_settings_keep_it_to_themselves() -> None:
    settings = Settings(
        _env_file=None,
        DATABASE_URL=f"postgresql://dauys:{PASSWORD}@db/votes",
        REDIS_URL=f"redis://:{PASSWORD}@cache/0",
    )
    assert PASSWORD in settings.database_url
    assert PASSWORD in settings.redis_url
    for said in (repr(settings), str(settings), f"{settings.model_dump()}", settings.model_dump_json()):
        assert PASSWORD not in said
    try:
        raise RuntimeError(settings)
    except RuntimeError as fault:
        told = traceback.TracebackException.from_exception(fault, capture_locals=True)
        assert PASSWORD not in "".join(told.format())


def test_doctor_shows_host_and_name_of_both_stores_and_no_password(dauys: CommandLine, postgres_url: str) -> None:
    server = urlsplit(postgres_url)
    place = f"127.0.0.1:{server.port}{server.path}"
    with valkey("--requirepass", PASSWORD) as cache:
        stores = {
            "DATABASE_URL": f"postgresql://postgres:{PASSWORD}@{place}",
            "REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:{cache.port}/0",
        }
        dauys.succeeds("election", "new", ".", **stores)
        dauys.succeeds("election", "load", "election.toml", **stores)
        found = dauys("doctor", **stores)
    assert PASSWORD not in found.out + found.err
    assert f"fine   store: {place}: election " in found.out
    assert f"fine   redis: 127.0.0.1:{cache.port}/0" in found.out.splitlines()


@pytest.mark.parametrize(
    "stores",
    [
        {"DATABASE_URL": f"postgresql://dauys:{PASSWORD}@127.0.0.1:9/votes"},
        {"DATABASE_URL": f"postgresql://dauys:x@{PASSWORD}@127.0.0.1:9/votes"},
        {"DATABASE_URL": f"postgresql://dauys:{PASSWORD}@127.0.0.1:nine/votes"},
        {"DATABASE_URL": f"postgresql://dauys@127.0.0.1:9/votes?sslmode={PASSWORD}"},
        {"REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:9/0"},
        {"REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:nine/0"},
        {"REDIS_URL": f"mysql://:{PASSWORD}@127.0.0.1:9/0"},
    ],
)
def test_no_command_tells_it_when_a_store_cannot_be_reached(dauys: CommandLine, stores: dict[str, str]) -> None:
    serving = {"BOT_TOKEN": "123456789:AAE-a-token", "SMS_PROVIDER": "rehearsal", "TELEGRAM_API_BASE": "http://[::1]:9"}
    for words in (("doctor",), ("run",), ("turnout",)):
        found = dauys(*words, **serving | stores)
        assert found.code == 1
        assert PASSWORD not in found.out + found.err
