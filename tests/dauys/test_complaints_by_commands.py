"""Complaints on the command line: the same queue, the same rules, and nobody's name."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from dauys.settings import Settings
from dauys.wiring import open_hall
from tests.dauys.command_line import COMMITTEE, ORGANISER, CommandLine

STORY = "Начальник велел \x9bпоказать телефон"
BY = ("--as", COMMITTEE)


def filed(dauys: CommandLine, *, ago: timedelta = timedelta(0)) -> None:
    """A member has complained."""

    async def run() -> None:
        settings = Settings(
            _env_file=None,
            DATABASE_URL=f"sqlite:///{dauys.folder}/store.sqlite3",
            SECRET_KEY_FILE=dauys.folder / "keys.json",
        )
        async with open_hall(settings) as hall:
            now = datetime.now(UTC) - ago
            await hall.complaints.file("m1", "sms", "pressed", STORY, f"{now}", now, pressed=True)

    asyncio.run(run())


def test_a_complaint_is_listed_read_asked_about_and_decided(opened: CommandLine) -> None:
    filed(opened)
    [listed] = opened("complaint", "list", "--json").json["complaints"]
    assert (listed["complaint"], listed["kind"], listed["pressed"], listed["state"]) == (101, "pressed", True, "open")
    assert "pressed" in opened.succeeds("complaint", "list")
    asked = opened("complaint", "ask", "101", "--text", "Когда это было?", *BY, "--json").json
    assert asked["state"] == "asked"
    assert opened("complaint", "assign", "101", "--to", COMMITTEE, *BY, "--json").json["officer"] == COMMITTEE
    decision = ("--outcome", "upheld", "--reason", "Подтвердилось", *BY)
    assert opened("complaint", "decide", "101", *decision, "--json").json["state"] == "upheld"
    shown = opened("complaint", "show", "101", "--json").json
    assert [(entry["step"], entry["note"]) for entry in shown["entries"]] == [
        ("filed", ""), ("asked", ""), ("assigned", COMMITTEE), ("decided", "upheld")
    ]  # fmt: skip
    assert shown["entries"][0]["text"] == STORY
    told = opened.succeeds("complaint", "show", "101")
    assert "показать телефон" in told
    assert "\x9b" not in told
    assert opened("complaint", "list", "--json").json["complaints"] == []
    assert [each["complaint"] for each in opened("complaint", "list", "--decided", "--json").json["complaints"]] == [
        101
    ]
    for said in (json.dumps(shown), told):
        assert "m1" not in said
        assert "Участник" not in said


def test_what_cannot_be_done_is_refused_in_a_sentence(opened: CommandLine) -> None:
    filed(opened)
    decision = ("--outcome", "rejected", "--reason", "Не подтвердилось")
    assert "no complaint 7" in opened("complaint", "show", "7").refusal
    assert "for the committee" in opened("complaint", "decide", "101", *decision, "--as", ORGANISER).refusal
    assert "in words" in opened("complaint", "ask", "101", "--text", "?", *BY).refusal
    assert "upheld only" in opened("complaint", "decide", "101", *decision, "--again", *BY).refusal
    opened.succeeds("complaint", "decide", "101", *decision, *BY)
    assert "decided already" in opened("complaint", "decide", "101", *decision, *BY).refusal


def test_the_status_warns_of_what_is_due(opened: CommandLine) -> None:
    filed(opened, ago=timedelta(hours=80))
    filed(opened, ago=timedelta(hours=65))
    status = opened("election", "status", "--json").json
    assert [warning for warning in status["warnings"] if "complaint" in warning] == [
        "1 complaints are past their hour: dauys complaint list.",
        "1 complaints are due soon: dauys complaint list.",
    ]


def test_a_vote_again_waits_for_another_person_and_shows_no_member(opened: CommandLine) -> None:
    async def vote() -> None:
        from tests.dauys.conftest import _vote

        await _vote(opened.folder)

    asyncio.run(vote())
    filed(opened)
    decision = ("--outcome", "upheld", "--reason", "Подтвердилось", "--again", *BY)
    ruled = opened("complaint", "decide", "101", *decision, "--json").json
    assert ruled["proposal_state"] == "pending"
    [waiting] = opened("election", "status", "--json").json["proposals"]
    assert (waiting["kind"], waiting["ticket"]) == ("redo", 101)
    assert "member" not in waiting
    opened.succeeds("approve", str(ruled["proposal"]), "--as", ORGANISER)
