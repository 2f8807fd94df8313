"""Paper stations by commands: two clerks, a list off line, a station that does not add up, and the joined result."""

import asyncio
import csv
import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.dauys.command_line import COMMITTEE, ORGANISER, CommandLine
from tests.dauys.conftest import _vote

CLERKS = "Clerk One", "Clerk Two"
SHARES = [f"--share=shares/share-{number}.json" for number in (1, 3, 5)]
NORTH = ("--region", "Астана")


@pytest.fixture(scope="module")
def _held_with_clerks(tmp_path_factory: pytest.TempPathFactory, _drafted: Path) -> Path:
    """The election of the other tests, with two clerks and an observer in its file; open."""
    dauys = CommandLine(shutil.copytree(_drafted, tmp_path_factory.mktemp("paper") / "open"))
    file = dauys.folder / "election.toml"
    people = "".join(f'[[commission.member]]\nname = "{name}"\nrole = "clerk"\n' for name in CLERKS)
    people += '[[commission.member]]\nname = "Observer One"\nrole = "observer"\n'
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[[commission.member]]", f"{people}[[commission.member]]", 1), encoding="utf-8")
    dauys.succeeds("election", "load", "election.toml")
    dauys.decided("open")
    return dauys.folder


@pytest.fixture(scope="module")
def _closed_with_clerks(tmp_path_factory: pytest.TempPathFactory, _held_with_clerks: Path) -> Path:
    dauys = CommandLine(shutil.copytree(_held_with_clerks, tmp_path_factory.mktemp("paper") / "closed"))
    asyncio.run(_vote(dauys.folder))
    dauys.decided("close")
    return dauys.folder


@pytest.fixture
def opened(tmp_path: Path, _held_with_clerks: Path) -> CommandLine:
    """Open, and nobody has voted."""
    return CommandLine(shutil.copytree(_held_with_clerks, tmp_path / "held"))


@pytest.fixture
def closed(tmp_path: Path, _closed_with_clerks: Path) -> CommandLine:
    """Closed after VOTES."""
    return CommandLine(shutil.copytree(_closed_with_clerks, tmp_path / "closed"))


def opened_station(dauys: CommandLine, name: str, *words: str) -> None:
    _by_two(dauys, "open", name, *words)


def closed_station(dauys: CommandLine, name: str, cast: int) -> None:
    _by_two(dauys, "close", name, "--cast", str(cast))


def _by_two(dauys: CommandLine, *words: str) -> None:
    proposed = dauys("paper", *words, "--as", CLERKS[0], "--reason", "in a test", "--json")
    number = json.loads(proposed.out)["proposal"]
    assert f"proposal {number} needs" in dauys("approve", str(number), "--as", CLERKS[0]).refusal.lower()
    dauys.succeeds("approve", str(number), "--as", CLERKS[1])


def hands_out(dauys: CommandLine, station: str, member: str) -> None:
    said = dauys("paper", "issue", station, member, "--as", CLERKS[0], "--json").json
    assert said == {"station": station, "member": member, "done": "issue"}


def figures(dauys: CommandLine, station: str) -> dict[str, Any]:
    (shown,) = dauys("paper", "show", station, "--json").json["stations"]
    return shown


def count_file(dauys: CommandLine, station: str, **numbers: int) -> str:
    """The form, filled in: all 0 but these, as `chair__101` or `chair__ballots`."""
    dauys.succeeds("paper", "count", station, "form.csv", "--form")
    rows = list(csv.DictReader(StringIO((dauys.folder / "form.csv").read_text("utf-8-sig")), delimiter=";"))
    lines = ["contest;item;name;number"]
    for row in rows:
        number = numbers.pop(f"{row['contest']}__{row['item'].removeprefix('*')}", 0)
        lines.append(f"{row['contest']};{row['item']};{row['name']};{number}")
    assert numbers == {}
    dauys.write("count.csv", "\n".join(lines))
    return "count.csv"


def counted(dauys: CommandLine, station: str, **numbers: int) -> None:
    file = count_file(dauys, station, **numbers)
    first = dauys("paper", "count", station, file, "--as", CLERKS[0], "--json").json
    assert (first["stands"], first["differs"]) == (False, [])
    assert dauys("paper", "confirm", station, file, "--as", CLERKS[1], "--json").json["stands"] is True


def test_a_ballot_is_handed_out_exchanged_and_taken_back_and_every_step_is_counted(opened: CommandLine) -> None:
    opened_station(opened, "School", *NORTH)
    hands_out(opened, "School", "m3")
    assert (
        "taken a paper ballot already at “School”"
        in opened("paper", "issue", "School", "m3", "--as", CLERKS[1], "--yes").refusal
    )
    assert "does not serve this member" in opened("paper", "issue", "School", "m1", "--as", CLERKS[0], "--yes").refusal
    assert "Nobody on the roll" in opened("paper", "issue", "School", "m99", "--as", CLERKS[0], "--yes").refusal
    assert "add --as with one of" in opened("paper", "issue", "School", "m4", "--yes").refusal
    opened.succeeds("paper", "spoilt", "School", "m3", "--as", CLERKS[1], "--yes")
    opened.succeeds("paper", "returned", "School", "m3", "--as", CLERKS[1], "--yes")
    assert "no ballot of the station" in opened("paper", "returned", "School", "m3", "--as", CLERKS[1], "--yes").refusal
    shown = figures(opened, "School")
    assert (shown["issued"], shown["spoilt"], shown["returned"], shown["members"]) == (2, 1, 1, 6)
    assert opened("turnout", "--json").json["by_channel"]["paper"] == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["School", "--region", "Nowhere"], "nobody on the roll is in Nowhere"),
        (["School", "--branch", "Север", "--region", "Алматы"], "it would serve nobody"),
        (["  "], "Give the paper station a name"),
    ],
)
def test_a_station_serves_somebody_and_has_a_name(opened: CommandLine, words: list[str], sentence: str) -> None:
    assert sentence in opened("paper", "open", *words, "--as", CLERKS[0]).refusal


def test_before_the_opening_and_by_somebody_else_nothing_opens(drafted: CommandLine, opened: CommandLine) -> None:
    assert "paper stations work while it is held" in drafted("paper", "open", "School", "--as", COMMITTEE).refusal
    assert "add --as with one of" in opened("paper", "open", "School", "--as", "Observer One").refusal
    assert "add --as with one of" in opened("paper", "open", "School", "--as", ORGANISER).refusal


def test_a_list_comes_back_ticked_and_every_conflict_is_counted_by_kind(opened: CommandLine) -> None:
    opened_station(opened, "School", *NORTH)
    opened_station(opened, "Hall")
    assert opened("paper", "sheet", "School", "--out", "list.csv", "--json").json["rows"] == 6
    opened.succeeds("paper", "sheet", "Hall", "--out", "hall.csv")
    opened.succeeds("paper", "sheet", "School", "--out", "list.pdf")
    assert (opened.folder / "list.pdf").read_bytes().startswith(b"%PDF")
    assert "neither .csv nor .pdf" in opened("paper", "sheet", "School", "--out", "list.doc").refusal
    hands_out(opened, "Hall", "m4")
    school, hall = _rows(opened, "list.csv"), _rows(opened, "hall.csv")
    assert "Участник" not in (opened.folder / "list.csv").read_text("utf-8-sig")
    forged = [*school["m6"][:3], "r0123456789012345678"]
    ticked = [school["m3"], school["m4"], school["m3"], hall["m1"], forged]
    opened.write("ticked.csv", "\n".join(["number;name;given;row", *(";".join(_tick(row)) for row in ticked)]))
    merge = ("paper", "merge", "School", "ticked.csv", "--as", CLERKS[0])
    merged = opened(*merge, "--json").json
    assert (merged["ticked"], merged["handed_out"]) == (5, 1)
    conflicts = {kind: number for kind, number in merged["conflicts"].items() if number}
    assert conflicts == {"elsewhere": 1, "twice": 1, "not-of-station": 1, "unknown": 1}
    assert merged["named"] == {"elsewhere": ["m4"], "not-of-station": ["m1"], "unknown": ["m6"]}
    before = figures(opened, "School")
    assert opened(*merge, "--json").json == merged, "once more changes nothing"
    assert "Conflict elsewhere: 1 (m4)" in opened.succeeds(*merge)
    assert figures(opened, "School") == before
    assert "has no column given" in _merged(opened, "number;name;row\nm3;x;y").refusal


def _merged(dauys: CommandLine, text: str) -> Any:
    dauys.write("other.csv", text)
    return dauys("paper", "merge", "School", "other.csv", "--as", CLERKS[0])


def _rows(dauys: CommandLine, file: str) -> dict[str, list[str]]:
    _, *rows = csv.reader(StringIO((dauys.folder / file).read_text("utf-8-sig")), delimiter=";")
    return {row[0]: row for row in rows}


def _tick(row: list[str]) -> list[str]:
    return [row[0], row[1], "x", row[3]]


def test_a_station_that_does_not_add_up_is_named_by_the_bulletin_and_the_result_says_so(opened: CommandLine) -> None:
    opened_station(opened, "School", *NORTH)
    opened_station(opened, "Hall")
    for member in ("m3", "m4", "m5"):
        hands_out(opened, "School", member)
    hands_out(opened, "Hall", "m1")
    warned = opened("paper", "close", "School", "--cast", "4", "--as", CLERKS[0])
    assert "3 handed out, but 4 in the box" in " ".join(warned.err.split())
    closed_station(opened, "School", 4)
    closed_station(opened, "Hall", 1)
    bulletin = opened("bulletin", "publish", "--json").json
    (named,) = [each for each in bulletin["incidents"] if each["what"] == "paper"]
    told = {name: named[name] for name in ("station", "issued", "cast", "spoilt", "returned", "roll")}
    assert told == {"station": "School", "issued": 3, "cast": 4, "spoilt": 0, "returned": 0, "roll": 6}
    assert bulletin["paper"] == {
        **{"stations": 2, "issued": 4, "cast": 5, "spoilt": 0, "returned": 0},
        **{"out": 0, "missing": 0, "excess": 1},
    }
    page = (opened.folder / "var/board/index.html").read_text(encoding="utf-8")
    assert "the paper station “School” does not add up: 3 ballots handed out, but 4 in the box" in page
    assert "the paper station “Hall”" not in page
    opened.decided("close")
    file = count_file(opened, "School", chair__ballots=4, chair__101=4, council__ballots=4, council__blank=4)
    assert "has no count on which two clerks agree" in opened("tally", *SHARES, "--out", "result").refusal
    opened.succeeds("paper", "count", "School", file, "--as", CLERKS[0])
    assert "No other clerk" in opened("paper", "confirm", "School", file, "--as", CLERKS[0]).refusal
    other = count_file(opened, "School", chair__ballots=4, chair__102=4, council__ballots=4, council__blank=4)
    differs = opened("paper", "confirm", "School", other, "--as", CLERKS[1], "--json").json
    assert differs["stands"] is False
    assert differs["differs"] == [{"contest": "chair", "item": "101"}, {"contest": "chair", "item": "102"}]
    assert figures(opened, "School")["count"] == "2 entered"
    file = count_file(opened, "School", chair__ballots=4, chair__101=4, council__ballots=4, council__blank=4)
    assert "the count stands" in opened.succeeds("paper", "confirm", "School", file, "--as", CLERKS[1])
    assert "have agreed on the count" in opened("paper", "confirm", "School", file, "--as", CLERKS[1]).refusal
    counted(opened, "Hall", chair__ballots=1, chair__102=1, council__ballots=1, council__201=1, council__203=1)
    found = opened("tally", *SHARES, "--out", "result", "--json").json
    assert found["reconciles"] is False
    (problem,) = found["problems"]
    assert "“School” does not add up: 3 ballots handed out, but 4 in the box" in problem
    chair, council = found["contests"]
    assert (found["paper"], chair["cast"], council["cast"], council["blank"]) == (5, 5, 5, 4)
    assert {line["candidate"]: line["votes"] for line in chair["results"] if line["votes"]} == {"101": 4, "102": 1}
    assert not any("on_paper" in line for line in chair["results"]), "too few to be told apart"
    _holds(opened)


def test_votes_by_phone_and_on_paper_are_one_result_that_reconciles(closed: CommandLine) -> None:
    opened_station(closed, "School")
    closed.succeeds("paper", "sheet", "School", "--out", "list.csv")
    rows = _rows(closed, "list.csv")
    ticked = [";".join(_tick(rows[who])) for who in ("m1", "m4")]
    closed.write("ticked.csv", "\n".join(["number;name;given;row", *ticked]))
    merged = closed("paper", "merge", "School", "ticked.csv", "--as", CLERKS[1], "--json").json
    assert (merged["handed_out"], merged["conflicts"]["voted"]) == (2, 1)
    closed_station(closed, "School", 2)
    counted(closed, "School", chair__ballots=2, chair__102=2, council__ballots=2, council__202=1, council__blank=1)
    found = closed("tally", *SHARES, "--out", "result", "--json").json
    assert (found["reconciles"], found["problems"], found["paper"]) == (True, [], 2)
    chair = {line["candidate"]: line["votes"] for line in found["contests"][0]["results"]}
    assert (chair["101"], chair["102"], found["contests"][0]["cast"]) == (1, 3, 4)
    assert "Beside these, ballots on paper: 2." in closed.succeeds("tally", *SHARES, "--out", "result")
    with (closed.folder / "result/result.csv").open(encoding="utf-8-sig") as file:
        assert {row["on_paper"] for row in csv.DictReader(file)} == {""}
    late = closed("paper", "merge", "School", "ticked.csv", "--as", CLERKS[1])
    assert "no sheet can be merged now" in late.refusal
    _holds(closed)


def test_while_a_station_is_open_nothing_is_opened_or_counted(closed: CommandLine) -> None:
    opened_station(closed, "School")
    assert "“School” is open" in closed("tally", *SHARES, "--out", "result").refusal
    assert closed("election", "status", "--json").json["state"] == "closed"
    file = count_file(closed, "School")
    assert "Paper is counted once" in closed("paper", "count", "School", file, "--as", CLERKS[0]).refusal


def _holds(dauys: CommandLine) -> None:
    key = dauys("export", "bundle", "--json").json["public_key"]
    report = dauys("verify", "bundle", "--key", key, "--json").json
    assert report["ok"] is True, report
