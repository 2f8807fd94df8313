"""The radar on the command line: cases listed, shown, drawn, closed, and their names opened by two."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from dauys.radar_roll import roll_findings
from dauys.settings import Settings
from dauys.wiring import open_hall
from election.radar.case import Finding, Place
from tests.dauys.command_line import CommandLine

PNG = b"\x89PNG\r\n\x1a\n"
NUMBERS = {"votes": 24, "minutes": 30, "due": "4.5", "rarity": 9}
TWO_MORE = """
[[commission.member]]
name = "Committee Two"
role = "committee"
phone = "+77010000077"
[[contest]]"""


@pytest.fixture
def watched(dauys: CommandLine) -> CommandLine:
    """Open, with two of the committee; a burst in a branch of twelve, of whom nine have phones in a row."""
    rows = [f"m{n};Участник;+7701{5_000_000 + (n if n < 9 else 1000 * n)};Алматы;Центр" for n in range(12)]
    dauys.write("roll.csv", "\n".join(["member_id;name;phone;region;branch", *rows]))
    dauys.succeeds("election", "new", ".")
    file = dauys.folder / "election.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("\n[[contest]]", TWO_MORE, 1), encoding="utf-8")
    dauys.succeeds("election", "load", "election.toml")
    dauys.succeeds("roll", "import", "roll.csv")
    dauys.succeeds("keys", "ceremony", "--out", "shares")
    dauys.decided("open")
    asyncio.run(_watch(dauys))
    return dauys


async def _watch(dauys: CommandLine, place: Place = ("Алматы", "Центр")) -> None:
    settings = Settings(
        _env_file=None,
        DATABASE_URL=f"sqlite:///{dauys.folder}/store.sqlite3",
        SECRET_KEY_FILE=dauys.folder / "keys.json",
    )
    now = datetime.now(UTC)
    async with open_hall(settings) as hall:
        burst = Finding("burst", place, now - timedelta(minutes=30), now, NUMBERS, 9)
        await hall.store.radar.keep([burst, *await roll_findings(hall)], now)


def test_cases_are_listed_and_shown_with_a_question_and_an_answer(watched: CommandLine) -> None:
    found = watched("radar", "--json").json["cases"]
    assert [(case["detector"], case["branch"], case["state"]) for case in found] == [
        ("roll-run", "Центр", "new"),
        ("burst", "Центр", "new"),
    ]
    assert found[0]["numbers"] == {"phones": 9}
    shown = watched.succeeds("radar", "show", "1")
    assert "Votes: 24 in 30 min" in shown
    assert "It may be harmless" in shown
    assert "m0" not in shown
    assert "1 000 000 000" in shown
    assert "There is no case 9" in watched("radar", "show", "9").refusal
    assert "many votes at once" in watched.succeeds("radar")


def test_a_case_is_closed_by_the_committee_with_a_word(watched: CommandLine) -> None:
    assert "Committee One" in watched("radar", "close", "1", "--as", "Organiser One", "--reason", "x").refusal
    assert "--reason" in watched("radar", "close", "1", "--as", "Committee One").refusal
    closed = watched("radar", "close", "1", "--as", "Committee One", "--reason", "a meeting", "--json").json
    assert (closed["state"], closed["by"], closed["word"]) == ("closed", "Committee One", "a meeting")
    again = watched("radar", "close", "1", "--as", "Committee Two", "--reason", "no")
    assert "closed already, by Committee One" in again.refusal


def test_names_are_opened_by_two_of_the_committee_for_themselves(watched: CommandLine) -> None:
    assert "are closed" in watched("radar", "show", "1", "--names", "--as", "Committee One").refusal
    assert "Committee" in watched("radar", "open", "1", "--as", "Organiser One", "--reason", "why").refusal
    assert "roll check" in watched("radar", "open", "2", "--as", "Committee One", "--reason", "why").refusal
    act = watched("radar", "open", "1", "--as", "Committee One", "--reason", "to ask them", "--json").json
    assert act["state"] == "pending"
    assert watched("approve", str(act["proposal"]), "--as", "Committee One").code == 1
    watched.succeeds("approve", str(act["proposal"]), "--as", "Committee Two")
    for name in ("Committee One", "Committee Two"):
        assert watched("radar", "show", "1", "--names", "--as", name, "--json").json["names"] == []  # nobody has voted
    assert "are closed" in watched("radar", "show", "1", "--names", "--as", "Organiser One").refusal


def test_a_case_is_drawn_where_there_is_something_to_draw(watched: CommandLine) -> None:
    assert "nothing to draw" in watched("radar", "show", "1", "--picture", "case.png").refusal


def test_the_picture_shows_the_place_in_its_time(closed: CommandLine) -> None:
    asyncio.run(_watch(closed, ("", "")))
    found = closed("radar", "--json").json["cases"]
    number = next(case["case"] for case in found if case["detector"] == "burst")
    closed.succeeds("radar", "show", str(number), "--picture", "case.png")
    assert (closed.folder / "case.png").read_bytes().startswith(PNG)
