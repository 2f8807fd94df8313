"""Settings that are wrong or half set: refused at once, by one sentence that names the setting and the mend."""

import socket
from pathlib import Path

import pytest

from tests.dauys.command_line import ROOT, CommandLine

TOKEN = "123456789:AAE-a-bot-token-nobody-may-read"
SECRET = "a-webhook-secret-nobody-may-read"
AUTH = "an-auth-token-nobody-may-read"
WHOLE = {
    "BOT_TOKEN": TOKEN,
    "WEBHOOK_BASE_URL": "https://vote.example.org",
    "WEBHOOK_SECRET": SECRET,
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": AUTH,
    "TWILIO_FROM": "+15005550006",
}


@pytest.mark.parametrize(
    ("changed", "names", "mend"),
    [
        ({"BOT_TOKEN": ""}, "BOT_TOKEN", "@BotFather"),
        ({"BOT_TOKEN": f"{TOKEN},{TOKEN[10:]}"}, "BOT_TOKEN", "it looks like 123456:ABC-DEF"),
        ({"WEBHOOK_SECRET": ""}, "WEBHOOK_SECRET", "set a long random word"),
        ({"WEBHOOK_SECRET": SECRET * 9}, "WEBHOOK_SECRET", "up to 256"),
        ({"WEBHOOK_SECRET": SECRET + " and more"}, "WEBHOOK_SECRET", "A-Z a-z 0-9 _ -"),
        (
            {"WEBHOOK_BASE_URL": "http://vote.example.org"},
            "WEBHOOK_BASE_URL",
            "write https, or set a TELEGRAM_API_BASE",
        ),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID", "copy it from the Twilio console"),
        ({"TWILIO_ACCOUNT_SID": "AC12"}, "TWILIO_ACCOUNT_SID", "AC and 32 signs"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN", "copy it from the Twilio console"),
        ({"TWILIO_FROM": ""}, "TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID"),
    ],
)
def test_run_refuses_half_a_configuration(dauys: CommandLine, changed: dict[str, str], names: str, mend: str) -> None:
    refusal = dauys("run", **WHOLE | changed).refusal
    assert refusal.startswith(names)
    assert mend in refusal
    assert not any(secret in refusal for secret in (TOKEN, TOKEN[10:], SECRET[:15], AUTH))
    assert not (dauys.folder / "store.sqlite3").exists()


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("TIMEZONE", "Asia/Atlantis", "write one like Asia/Almaty"),
        ("TIMEZONE", "../../etc/passwd", "write one like Asia/Almaty"),
        ("DATABASE_URL", "mysql://dauys:a-password-nobody-may-read@db/dauys", "write sqlite:///"),
        ("DATABASE_URL", "sqlitex:///votes", "write sqlite:///"),
        ("DATABASE_URL", "sqlite:///", "write sqlite:///"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("PORT", "eighty", "valid integer"),
        ("PORT", "70000", "65535"),
        ("METRICS_PORT", "-1", "greater than or equal to 0"),
        ("DEFAULT_REGION", "Kazakhstan", "Country"),
        ("SMS_PROVIDER", "pigeon", "twilio or rehearsal"),
        ("TELEGRAM_API_BASE", "api.telegram.org", "write one like https://"),
        ("WEBHOOK_BASE_URL", "ftp://vote.example.org", "write one like https://"),
        ("WEBHOOK_BASE_URL", "https://vote.example.org/?room=1", "write one like https://"),
        ("TWILIO_API_BASE", "http://[1", "write one like https://"),
    ],
)
def test_every_command_refuses_a_setting_that_cannot_be(dauys: CommandLine, name: str, value: str, mend: str) -> None:
    refusal = dauys("turnout", "--json", **{name: value}).refusal
    assert refusal.startswith(name)
    assert mend in refusal
    assert "nobody-may-read" not in refusal


def test_the_example_as_it_stands_means_the_defaults(dauys: CommandLine) -> None:
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    dauys.write(".env", (ROOT / ".env.example").read_bytes())
    assert dauys("election", "status", "--json").json["state"] == "draft"


def test_what_is_empty_in_env_has_its_default_and_what_is_set_counts(dauys: CommandLine) -> None:
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    dauys.write(".env", "PORT=\nLOG_LEVEL=\nTIMEZONE=Asia/Tokyo\n")
    assert dauys("turnout", "--json").json["at"].endswith("+09:00")


def test_an_env_that_is_no_utf8_is_refused(dauys: CommandLine) -> None:
    dauys.write(".env", "BOT_TOKEN=токен".encode("cp1251"))
    assert dauys("turnout").refusal == ".env is not UTF-8 text; save it as UTF-8."


def test_doctor_names_everything_that_is_wrong_and_no_secret(dauys: CommandLine) -> None:
    nobody = {"TELEGRAM_API_BASE": "http://127.0.0.1:9", "TWILIO_API_BASE": "http://127.0.0.1:9"}
    found = dauys("doctor", **WHOLE | nobody | {"WEBHOOK_SECRET": ""})
    assert (found.code, found.err) == (1, "")
    lines = found.out.splitlines()
    assert [line.split(":")[0].split() for line in lines] == [
        ["wrong", "settings"],
        ["wrong", "store"],
        ["wrong", "telegram"],
        ["wrong", "carrier"],
    ]
    assert "WEBHOOK_SECRET" in lines[0]
    assert not any(secret in found.out for secret in (TOKEN, SECRET, AUTH))


def test_a_port_that_is_taken_is_refused_by_its_name(tmp_path: Path) -> None:
    dauys = CommandLine(tmp_path, own_process=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = dauys("run", **WHOLE, PORT=port)
    assert found.code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in found.err.splitlines()[-1]
    assert "Traceback" not in found.err
