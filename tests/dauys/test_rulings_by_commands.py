"""Strike-off, its reversal and a later close by commands, up to the recount and the check of the bundle."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from dauys.settings import Settings
from dauys.wiring import open_hall
from election.station import Station
from storage.fleeting.file_twin import FileTwin
from tests.dauys.command_line import COMMITTEE, ORGANISER, CommandLine
from tests.dauys.conftest import VOTES

SHARES = [word for number in (1, 2, 3) for word in ("--share", f"shares/share-{number}.json")]


def decided(dauys: CommandLine, *words: str) -> None:
    """Proposed by one, approved by another."""
    said = dauys(*words, "--as", ORGANISER, "--reason", "decision 14", "--json").json
    assert said["state"] == "pending"
    dauys.succeeds("approve", str(said["proposal"]), "--as", COMMITTEE)


def vote(dauys: CommandLine) -> None:
    async def run() -> None:
        folder = dauys.folder
        database = f"sqlite:///{folder}/store.sqlite3"
        options = Settings(_env_file=None, DATABASE_URL=database, SECRET_KEY_FILE=folder / "keys.json")
        async with open_hall(options) as hall:
            with FileTwin(folder / "fleeting.sqlite3") as fleeting:
                station = Station(hall.store.ledger, fleeting, hall.strongroom, hall.standing, hall.store.books)
                for member, marks in VOTES.items():
                    await hall.store.ledger.enrol(member, "sms", "")
                    voter = await station.may_vote(member, datetime.now(UTC))
                    await station.cast(voter, "telegram", marks, lambda _: "a vote was cast", datetime.now(UTC))

    asyncio.run(run())


def council(found: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in found["contests"] if each["id"] == "council")


def test_a_strike_off_is_in_the_bulletin_the_count_the_recount_and_the_check(
    opened: CommandLine,
) -> None:
    vote(opened)
    decided(opened, "strike", "203", "--contest", "council")
    decided(opened, "strike", "102")
    decided(opened, "strike", "102", "--lift")
    assert opened("election", "status", "--json").json["struck"] == {"council": ["203"]}
    opened.succeeds("bulletin", "publish")
    board = opened.folder / "var" / "board"
    told = json.loads((board / "latest.json").read_text())
    assert [(row["candidate"], row["in_force"]) for row in told["struck"]] == [("102", False), ("203", True)]
    assert [each["what"] for each in told["incidents"]] == ["open", "strike", "strike", "unstrike"]
    page = (board / "index.html").read_text()
    assert "Struck off: " in page
    opened.decided("close")
    found = opened("tally", *SHARES, "--out", "result", "--json").json
    assert found["reconciles"] is True, found["problems"]
    result = council(found)
    assert (result["cast"], result["blank"], result["void"], result["marked"], result["dropped"]) == (3, 1, 1, 1, 2)
    last = result["results"][-1]
    assert (last["candidate"], last["votes"], last["rank"], last["struck"]) == ("203", 0, None, True)
    again = opened("tally", "--urn", "result/urn.txt", *SHARES, "--out", "recount", "--json").json
    assert council(again) == result
    opened.succeeds("export", "bundle")
    checked = opened("verify", "bundle", "--json").json
    assert [check for check in checked["checks"] if not check["ok"]] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("strike", "999"), "no candidate 999"),
        (("strike", "101", "--lift"), "not struck off"),
        (("election", "extend", "--until", "22:00"), "closed by hand"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(opened: CommandLine, words: tuple[str, ...], said: str) -> None:
    assert said in opened(*words, "--as", ORGANISER, "--reason", "x").refusal


def test_before_the_opening_the_file_is_changed_instead(drafted: CommandLine) -> None:
    assert "take the candidate out of the file" in drafted("strike", "101", "--as", ORGANISER).refusal


def test_after_the_count_who_is_struck_off_stays_so(closed: CommandLine) -> None:
    decided(closed, "strike", "102")
    closed.succeeds("tally", *SHARES, "--out", "result")
    assert "until the cut" in closed("strike", "102", "--lift", "--as", ORGANISER).refusal


def test_the_close_is_moved_by_two_persons_and_told(drafted: CommandLine) -> None:
    file = (drafted.folder / "election.toml").read_text().replace("# closes = 2026-12-03", "closes = 2035-12-03")
    drafted.write("election.toml", file)
    drafted.succeeds("election", "load", "election.toml")
    drafted.decided("open")
    assert drafted("election", "status", "--json").json["closes"] == "2035-12-03T20:00:00+05:00"
    drafted.succeeds("bulletin", "publish")
    decided(drafted, "election", "extend", "--until", "22:00")
    assert drafted("election", "status", "--json").json["closes"] == "2035-12-03T22:00:00+05:00"
    for until, said in (("2035-12-03 21:00", "only be extended"), ("ten", "22:00")):
        assert said in drafted("election", "extend", "--until", until, "--as", ORGANISER).refusal
    drafted.succeeds("bulletin", "publish")
    told = json.loads((drafted.folder / "var" / "board" / "latest.json").read_text())
    assert told["closes"] == "2035-12-03T17:00:00+00:00"
    drafted.succeeds("export", "bundle")
    checked = drafted("verify", "bundle", "--json").json
    assert [check for check in checked["checks"] if not check["ok"]] == []
