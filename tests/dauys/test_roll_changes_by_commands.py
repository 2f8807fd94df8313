"""The frozen roll is changed: by two persons, by number, in the sight of everybody who verifies."""

import json
import re
from pathlib import Path

import pytest

from tests.dauys.command_line import COMMITTEE, ORGANISER, CommandLine, Said
from tests.dauys.conftest import ROLL

SHARES = [f"--share=shares/share-{number}.json" for number in (1, 3, 5)]
LATER = """\
member_id;name;phone;region;branch;language
m4;Участник;+7 701 000 22 04;Астана;Юг;ru
m9;Новая;8 701 000 22 09;Алматы;Центр;kk
m1;Участник;8 701 000 11 01;Алматы;Центр;kk
"""


def test_a_change_needs_two_persons_stands_in_the_next_bulletin_and_the_bundle_holds(opened: CommandLine) -> None:
    first = opened("bulletin", "publish", "--json").json
    opened.write("later.csv", LATER)
    proposed = _proposed(opened).json
    assert (proposed["state"], proposed["added"], proposed["changed"]) == ("pending", 1, 1)
    (waiting,) = opened("election", "status", "--json").json["proposals"]
    assert (waiting["changes"], waiting["reason"]) == ("1 added, 1 changed", "found at the meeting")
    assert waiting["sha256"] == proposed["sha256"]
    assert opened("election", "status", "--json").json["roll_version"] == 1
    number = str(proposed["proposal"])
    assert "somebody else" in opened("approve", number, "--as", ORGANISER).refusal
    assert "approved by Committee One" in opened.succeeds("approve", number, "--as", COMMITTEE)
    assert "done already" in opened("approve", number, "--as", COMMITTEE).refusal
    assert "run `dauys bulletin publish` first" in opened("export", "bundle").refusal
    second = opened("bulletin", "publish", "--json").json
    status = opened("election", "status", "--json").json
    assert (first["roll_version"], second["roll_version"], second["roll_changes"]) == (1, 2, 1)
    assert (second["roll_digest"], second["electorate"]) == (status["roll_hash"], 9)
    assert (first["electorate"], first["paper_roll"], second["paper_roll"]) == (8, 5, 4)
    assert first["roll_digest"] != second["roll_digest"]
    told = [incident for incident in second["incidents"] if incident["act"] == proposed["proposal"]]
    assert [(incident["what"], incident.get("roll_version")) for incident in told] == [
        ("roll-change", None),
        ("roll", 2),
    ]
    page = (opened.folder / "var/board/index.html").read_text(encoding="utf-8")
    assert "тізім өзгерді, жаңа нұсқасы: 2" in page
    _holds(opened)


def test_after_the_close_the_roll_stands(closed: CommandLine) -> None:
    closed.write("later.csv", LATER)
    assert "its roll cannot change now" in _proposed(closed).refusal


def test_a_roll_frozen_before_the_opening_can_be_changed_before_it(drafted: CommandLine) -> None:
    drafted.succeeds("roll", "freeze")
    drafted.write("later.csv", LATER)
    drafted.succeeds("approve", str(_proposed(drafted).json["proposal"]), "--as", COMMITTEE)
    drafted.decided("open")
    drafted.decided("close")
    drafted.succeeds("tally", *SHARES, "--out", "result")
    told = _holds(drafted)
    assert (told["roll_version"], told["roll_changes"], told["final"]) == (2, 1, True)


def test_a_file_that_was_changed_or_is_gone_is_not_taken(opened: CommandLine) -> None:
    path = opened.write("later.csv", LATER)
    number = str(_proposed(opened).json["proposal"])
    path.write_text(LATER.replace("22 04", "22 05"), encoding="utf-8")
    assert "is not the file that was proposed" in opened("approve", number, "--as", COMMITTEE).refusal
    path.unlink()
    assert "later.csv" in opened("approve", number, "--as", COMMITTEE).refusal
    assert opened("election", "status", "--json").json["roll_version"] == 1
    path.write_text(LATER, encoding="utf-8")
    opened.succeeds("approve", number, "--as", COMMITTEE)
    assert opened("election", "status", "--json").json["roll_version"] == 2


def test_the_columns_are_read_as_they_were_when_it_was_proposed(opened: CommandLine) -> None:
    opened.write("later.csv", LATER.replace("phone", "Unknown"))
    assert "--map phone=" in _proposed(opened).refusal
    number = str(_proposed(opened, "--map", "phone=Unknown").json["proposal"])
    opened.succeeds("approve", number, "--as", COMMITTEE, DEFAULT_REGION="RU")
    assert opened("election", "status", "--json").json["electorate"] == 9


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--as", "Nobody", "--reason", "x"], "Nobody is not one who may decide"),
        (["--reason", "x"], "who decides is not said"),
        (["--as", ORGANISER], "say with --reason why"),
    ],
)
def test_who_proposes_and_why_must_be_said(opened: CommandLine, words: list[str], sentence: str) -> None:
    opened.write("later.csv", LATER)
    assert sentence.lower() in opened("roll", "import", "later.csv", *words).refusal.lower()
    assert opened("election", "status", "--json").json["proposals"] == []


def test_a_dry_run_proposes_nothing_and_a_known_file_is_refused(opened: CommandLine) -> None:
    opened.write("later.csv", LATER)
    assert "nothing was changed" in opened.succeeds("roll", "import", "later.csv", "--dry-run")
    opened.write("later.csv", ROLL)
    assert "nothing that is not on the roll already" in _proposed(opened).refusal
    assert opened("election", "status", "--json").json["proposals"] == []


def test_in_a_small_club_one_persons_word_is_enough(dauys: CommandLine) -> None:
    dauys.succeeds("election", "new", ".")
    text = (dauys.folder / "election.toml").read_text(encoding="utf-8")
    dauys.write("election.toml", re.sub("two_person *= *true", "two_person = false", text))
    dauys.write("roll.csv", ROLL)
    dauys.write("later.csv", LATER)
    dauys.succeeds("election", "load", "election.toml")
    dauys.succeeds("roll", "import", "roll.csv")
    dauys.succeeds("roll", "freeze")
    assert _proposed(dauys).json["state"] == "done"
    assert dauys("election", "status", "--json").json["roll_version"] == 2
    assert dauys("bulletin", "publish", "--json").json["roll_changes"] == 1
    _holds(dauys)


def _proposed(dauys: CommandLine, *more: str) -> Said:
    reason = ("--reason", "found at the meeting")
    return dauys("roll", "import", "later.csv", "--as", ORGANISER, *reason, *more, "--json")


def _holds(dauys: CommandLine) -> dict[str, object]:
    """`dauys verify` finds everything in order in the bundle; the newest bulletin in it."""
    key = dauys("export", "bundle", "--json").json["public_key"]
    assert dauys("verify", "bundle", "--key", key, "--json").json["ok"] is True
    newest = max((dauys.folder / "bundle/bulletins").iterdir(), key=lambda path: int(Path(path).stem))
    told: dict[str, object] = json.loads(newest.read_bytes())
    return told
