"""Broadcasts on the command line: shown first, confirmed, listed, stopped."""

import asyncio

from dauys.settings import Settings
from dauys.wiring import open_hall
from tests.dauys.command_line import CommandLine

WORDS = ("--text-kk", "Сәлем", "--text-ru", "Привет", "--text-en", "Hello")


def to_members(opened: CommandLine) -> tuple[str, ...]:
    """A broadcast to two members who have signed in."""

    async def sign_in() -> None:
        settings = Settings(
            _env_file=None,
            DATABASE_URL=f"sqlite:///{opened.folder}/store.sqlite3",
            SECRET_KEY_FILE=opened.folder / "keys.json",
        )
        async with open_hall(settings) as hall:
            for number in (1, 2):
                await hall.store.ledger.enrol(f"m{number}", "telegram", str(number), "1")

    asyncio.run(sign_in())
    return ("broadcast", "send", *WORDS, "--to", "telegram")


def test_nothing_goes_out_unconfirmed(opened: CommandLine) -> None:
    shown = opened(*to_members(opened))
    assert shown.code == 1
    assert all(words in shown.out for words in ("Сәлем", "Привет", "Hello", "it takes"))
    assert "--yes" in shown.err
    assert opened("broadcast", "list", "--json").json == {"broadcasts": []}


def test_a_confirmed_broadcast_is_planned_listed_and_stopped(opened: CommandLine) -> None:
    planned = opened(*to_members(opened), "--at", "23:59", "--yes", "--json").json
    assert planned["broadcast"] == 1
    assert planned["recipients"] == {"telegram": 2}
    shown = opened("broadcast", "show", "1", "--json").json
    assert (shown["state"], shown["kind"], shown["expected"]) == ("planned", "message", 2)
    assert "planned" in opened.succeeds("broadcast", "show", "1")
    assert "message" in opened.succeeds("broadcast", "list")
    assert opened("broadcast", "stop", "1", "--yes", "--json").json["state"] == "stopped"
    assert "has ended already" in opened("broadcast", "stop", "1", "--yes").refusal


def test_what_cannot_be_sent_is_refused_in_a_sentence(opened: CommandLine) -> None:
    assert "--text-kk" in opened("broadcast", "send", "--text-ru", "Привет", "--yes").refusal
    assert "--to takes" in opened("broadcast", "send", *WORDS, "--to", "post", "--yes").refusal
    assert "--at takes" in opened("broadcast", "send", *WORDS, "--at", "late", "--yes").refusal
    assert "no bulletin 7" in opened("broadcast", "bulletin", "7", "--yes").refusal
    assert "no broadcast 9" in opened("broadcast", "show", "9").refusal
    assert "to members only" in opened("broadcast", "remind", "--to", "channels", "--yes").refusal
    assert "Nobody" in opened("broadcast", "remind", "--yes").refusal


def test_nobody_is_reminded_when_voting_is_not_open(drafted: CommandLine) -> None:
    assert "not open" in drafted("broadcast", "remind", "--yes").refusal
