"""One whole election by the command line alone, and every refusal on its way."""

import csv
import json
import re
import shutil
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.dauys.command_line import COMMITTEE, ORGANISER, CommandLine, Said
from tests.dauys.conftest import ROLL

COUNTS = {
    "rows": 9,
    "members": 8,
    "can_vote_by_phone": 3,
    "no_phone": 1,
    "invalid_phone": 1,
    "landline": 1,
    "shared_phone_members": 2,
    "repeated_member_id_rows": 1,
}


def test_an_election_is_written_loaded_and_looked_at(dauys: CommandLine) -> None:
    assert "No election is loaded" in dauys("election", "status").refusal
    assert "dauys election load here/election.toml" in dauys.succeeds("election", "new", "here").replace("\n", " ")
    assert "is there already" in dauys("election", "new", "here").refusal
    loaded = dauys("election", "load", "here/election.toml", "--json").json
    status = dauys("election", "status", "--json").json
    assert loaded == {"election": "primaries-2026", "contests": 2, "digest": status["rules_hash"]}
    assert status["state"] == "draft"
    assert re.fullmatch("[0-9a-f]{64}", status["rules_hash"])
    assert [each.rpartition(": ")[2] for each in status["missing"]] == [
        "dauys roll import FILE",
        "dauys keys ceremony --out DIR",
    ]
    shown = dauys.succeeds("election", "status")
    assert status["rules_hash"] in re.sub(r"[\s│]", "", shown)


def test_a_file_with_mistakes_is_not_loaded_and_each_mistake_has_its_line(dauys: CommandLine) -> None:
    dauys.succeeds("election", "new", ".")
    text = (dauys.folder / "election.toml").read_text()
    dauys.write("wrong.toml", text.replace("choose = 1", "choose = 7").replace('order = "listed"', 'order = "any"'))
    found = dauys("election", "load", "wrong.toml", "--json")
    assert (found.code, found.out) == (1, "")
    lines = found.err.splitlines()
    assert len(lines) == 2
    assert all(re.match(r"line \d+: ", line) for line in lines)
    assert "No election is loaded" in dauys("election", "status").refusal


def test_the_roll_is_looked_at_first_and_then_taken_in(dauys: CommandLine) -> None:
    dauys.write("roll.csv", ROLL)
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    dry = dauys("roll", "import", "roll.csv", "--dry-run", "--json").json
    assert COUNTS.items() <= dry.items()
    assert dry["row_numbers"] == {
        "no_phone": [5],
        "invalid_phone": [10],
        "landline": [6],
        "shared_phone_members": [7, 9],
        "repeated_member_id_rows": [9],
        "no_member_id": [],
        "several_numbers": [],
    }
    assert dauys("election", "status", "--json").json["electorate"] == 0
    taken = dauys("roll", "import", "roll.csv", "--report", "report.json", "--json").json
    assert taken == dry == json.loads((dauys.folder / "report.json").read_text())
    first = dauys("election", "status", "--json").json
    assert (first["electorate"], first["roll_version"]) == (8, 1)
    said = dauys.succeeds("roll", "import", "roll.csv")
    assert "version 2: 8 members, 0 of them new, 3 can vote by phone" in said
    assert dauys("election", "status", "--json").json["electorate"] == 8


def test_a_spreadsheet_gives_the_same_roll_and_its_headings_may_be_named(dauys: CommandLine) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(ROLL.splitlines(), delimiter=";"):
        book.active.append(["Unknown" if cell == "phone" else cell for cell in row])
    content = BytesIO()
    book.save(content)
    dauys.write("roll.xlsx", content.getvalue())
    assert "--map phone=" in dauys("roll", "import", "roll.xlsx", "--dry-run").refusal
    found = dauys("roll", "import", "roll.xlsx", "--map", "phone=Unknown", "--dry-run", "--json").json
    assert COUNTS.items() <= found.items()
    assert "COLUMN" in dauys("roll", "import", "roll.xlsx", "--map", "phone").refusal
    assert "COLUMN" in dauys("roll", "import", "roll.xlsx", "--map", "colour=Unknown").refusal


def test_a_report_that_cannot_be_written_stops_the_import_before_anything_changed(drafted: CommandLine) -> None:
    assert "nowhere" in drafted("roll", "import", "roll.csv", "--report", "nowhere/report.json").refusal
    assert drafted("election", "status", "--json").json["roll_version"] == 1


def test_the_ceremony_writes_a_share_for_each_trustee_and_never_over_one(dauys: CommandLine) -> None:
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    assert (
        "3 needs at least 5" in dauys("keys", "ceremony", "--out", "a", "--trustees", "4", "--threshold", "3").refusal
    )
    made = dauys("keys", "ceremony", "--out", "shares", "--json").json
    assert (made["trustees"], made["threshold"]) == (5, 3)
    assert [share.name for share in sorted((dauys.folder / "shares").iterdir())] == [
        f"share-{number}.json" for number in range(1, 6)
    ]
    assert all(share.stat().st_mode & 0o077 == 0 for share in (dauys.folder / "shares").iterdir())
    assert "is there already" in dauys("keys", "ceremony", "--out", "shares").refusal
    kept = dauys("election", "status", "--json").json
    assert (kept["trustees"], kept["threshold"]) == (5, 3)


def test_opening_needs_a_key_a_roll_and_two_persons(dauys: CommandLine) -> None:
    dauys.write("roll.csv", ROLL)
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    opening = ("election", "open", "--as", ORGANISER, "--reason", "it is nine", "--json")
    assert "dauys keys ceremony" in dauys(*opening).refusal
    dauys.succeeds("keys", "ceremony", "--out", "shares")
    assert "dauys roll import" in dauys(*opening).refusal
    dauys.succeeds("roll", "import", "roll.csv")
    assert ORGANISER in dauys("election", "open").refusal
    assert "Nobody is not one who may decide" in dauys("election", "open", "--as", "Nobody").refusal
    assert dauys(*opening).json == {"proposal": 1, "state": "pending"}
    status = dauys("election", "status", "--json").json
    assert (status["state"], status["proposals"]) == (
        "draft",
        [{"proposal": 1, "kind": "open", "by": ORGANISER, "reason": "it is nine"}],
    )
    assert "somebody else" in dauys("approve", "1", "--as", ORGANISER).refusal
    assert "no proposal 7" in dauys("approve", "7", "--as", COMMITTEE).refusal
    assert dauys("approve", "1", "--as", COMMITTEE, "--json").json == {"proposal": 1, "state": "done"}
    assert "done already" in dauys("approve", "1", "--as", COMMITTEE).refusal
    status = dauys("election", "status", "--json").json
    assert (status["state"], status["roll_frozen"], status["proposals"]) == ("open", True, [])


def test_in_an_open_election_the_roll_the_file_and_the_key_stand(opened: CommandLine) -> None:
    assert "nothing that is not on the roll already" in opened("roll", "import", "roll.csv").refusal
    assert "opened" in opened("election", "load", "election.toml").refusal
    assert "is open" in opened("keys", "ceremony", "--out", "others").refusal
    assert "cannot open now" in opened("election", "open", "--as", ORGANISER).refusal
    assert "close it first" in opened("tally", "--share", "shares/share-1.json", "--out", "result").refusal
    assert not (opened.folder / "result").exists()


def test_turnout_names_its_roll_and_its_electorate(closed: CommandLine) -> None:
    found = closed("turnout", "--json").json
    assert str(found.pop("at")).endswith("+05:00")
    assert found == {
        "roll_version": 1,
        "electorate": 8,
        "enrolled": 3,
        "voted": 3,
        "by_channel": {"telegram": 3, "sms": 0, "paper": 0},
        "by_region": [{"region": "*", "electorate": 8, "enrolled": 3, "voted": 3}],
    }
    assert "3 voted, 37.5 % of the electorate of 8" in closed.succeeds("turnout")


def test_the_box_opens_with_three_shares_and_the_count_reconciles(closed: CommandLine) -> None:
    assert "2 of 3 shares given, 1 more is needed" in _tally(closed, 1, 2).refusal
    assert "1 of 3 shares given, 2 more are needed" in _tally(closed, 5).refusal
    assert not (closed.folder / "result").exists()
    assert closed("election", "status", "--json").json["envelopes"] == 3
    found = _tally(closed, 2, 4, 5, "--json").json
    assert found["reconciles"] is True
    counted = {contest["id"]: contest for contest in found["contests"]}
    assert {"id", "title", "cast", "blank", "void", "results"} <= counted["chair"].keys()
    assert (counted["chair"]["cast"], counted["chair"]["blank"], counted["chair"]["void"]) == (3, 0, 0)
    assert (counted["council"]["cast"], counted["council"]["blank"]) == (3, 1)
    assert _votes(counted["chair"]) == [("101", 2, 1), ("102", 1, 2)]
    assert _votes(counted["council"]) == [("203", 2, 1), ("201", 1, 2), ("202", 0, 3)]
    assert found["contests"] == json.loads((closed.folder / "result/result.json").read_text())["contests"]
    table = (closed.folder / "result/result.csv").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(table.splitlines())
    assert [(row["contest"], row["candidate"], row["votes"]) for row in rows][:2] == [
        ("chair", "101", "2"),
        ("chair", "102", "1"),
    ]
    status = closed("election", "status", "--json").json
    assert (status["state"], status["envelopes"], status["urn"]) == ("counted", 0, 3)


def test_in_processes_of_their_own_the_count_is_the_same(closed: CommandLine) -> None:
    apart = CommandLine(closed.folder, own_process=True)
    assert "2 of 3 shares given" in _tally(apart, 1, 2).refusal
    assert _votes(_tally(apart, 1, 2, 3, "--json").json["contests"][0]) == [("101", 2, 1), ("102", 1, 2)]
    assert apart("election", "status", "--json").json["state"] == "counted"
    found = apart("frobnicate")
    assert (found.code, found.out) == (2, "")


def test_any_three_shares_and_a_second_count_give_the_same_result(closed: CommandLine) -> None:
    first = _tally(closed, 1, 2, 3, "--json").json
    assert _tally(closed, 3, 4, 5, "--json").json == first
    assert "It reconciles." in _tally(closed, 1, 3, 5).out


def test_a_wrong_share_is_named(closed: CommandLine) -> None:
    shares = closed.folder / "shares"
    mistyped = json.loads((shares / "share-2.json").read_text())
    mistyped["share"] = "00" + mistyped["share"][2:]
    closed.write("shares/share-2.json", json.dumps(mistyped))
    assert "shares/share-2.json" in _tally(closed, 1, 2, 3).refusal
    shutil.copy(shares / "share-1.json", shares / "share-2.json")
    assert "given twice: trustee 1 (shares/share-1.json)" in _tally(closed, 1, 2, 3).refusal
    assert "shares/share-9.json: there is no such file" in _tally(closed, 1, 3, 9).refusal


def test_a_share_of_another_ceremony_is_named(closed: CommandLine) -> None:
    other = CommandLine(closed.folder / "other")
    other.folder.mkdir()
    other.succeeds("election", "new", ".")
    other.succeeds("election", "load", "election.toml")
    other.succeeds("keys", "ceremony", "--out", "shares")
    shutil.copy(other.folder / "shares/share-3.json", closed.folder / "shares/share-3.json")
    assert "trustee 3 (shares/share-3.json) comes from another ceremony" in _tally(closed, 1, 2, 3).refusal
    assert closed("election", "status", "--json").json["state"] == "closed"


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["approve", "one"],
        ["approve"],
        ["tally"],
        ["election", "load"],
        ["turnout", "--jso"],
        ["roll", "import", "a", "b"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_how(dauys: CommandLine, words: list[str]) -> None:
    found = dauys(*words)
    assert (found.code, found.out) == (2, "")
    assert "Usage: dauys" in found.err
    assert "Traceback" not in found.err


def _tally(dauys: CommandLine, *what: int | str) -> Said:
    shares = [word for number in what if isinstance(number, int) for word in ("--share", f"shares/share-{number}.json")]
    return dauys("tally", *shares, "--out", "result", *[word for word in what if isinstance(word, str)])


def _votes(contest: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [(line["candidate"], line["votes"], line["rank"]) for line in contest["results"]]
