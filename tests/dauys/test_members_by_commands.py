"""One member at a time: looked up, and what mends her proposed by one person and done by another."""

import json
from pathlib import Path

from tests.dauys.command_line import COMMITTEE, ORGANISER, CommandLine

SHARES = [f"--share=shares/share-{number}.json" for number in (1, 3, 5)]
NEW = "+7 702 999 99 34"


def _decided(dauys: CommandLine, *words: str) -> int:
    proposed = dauys("member", *words, "--as", COMMITTEE, "--reason", "decision 17", "--json").json
    assert proposed["state"] == "pending"
    assert "somebody else" in dauys("approve", str(proposed["proposal"]), "--as", COMMITTEE).refusal
    dauys.succeeds("approve", str(proposed["proposal"]), "--as", ORGANISER)
    return int(proposed["proposal"])


def _holds(dauys: CommandLine) -> None:
    """The next bulletin and everything before it verify."""
    dauys.succeeds("bulletin", "publish")
    key = dauys("export", "bundle", "--json").json["public_key"]
    report = dauys("verify", "bundle", "--key", key, "--json").json
    assert report["ok"] is True, report


def test_a_member_is_shown_masked_and_a_strange_number_is_refused(opened: CommandLine) -> None:
    found = opened("member", "show", "m1", "--json").json
    assert (found["name"], found["phone"], found["right"]) == ("У***", "+7 701 *** ** 01", "open")
    said = opened.succeeds("member", "show", "m6")
    assert "Участник" not in said
    assert "1104" not in said
    assert "Nobody on the roll" in opened("member", "show", "m77").refusal
    assert "Nothing is locked" in opened("member", "unlock", "m1", "--as", COMMITTEE).refusal


def test_who_approves_can_hold_the_number_against_the_one_that_is_proposed(opened: CommandLine) -> None:
    assert (
        "not the number of a mobile" in opened("member", "number", "m1", "8 727 250 12 34", "--as", COMMITTEE).refusal
    )
    proposed = opened("member", "number", "m1", NEW, "--as", COMMITTEE, "--reason", "new SIM", "--json").json
    assert opened("member", "show", "m1", "--phone", NEW, "--json").json["proposed_number"] is True
    alike = NEW.replace("999 99", "888 88")
    assert opened("member", "show", "m1", "--phone", alike, "--json").json["proposed_number"] is False
    assert opened("member", "show", "m2", "--phone", NEW, "--json").json["proposed_number"] is False
    opened.succeeds("approve", str(proposed["proposal"]), "--as", ORGANISER)
    assert opened("member", "show", "m1", "--json").json["number_changes_at"]
    assert "waits already" in opened("member", "number", "m1", NEW, "--as", COMMITTEE).refusal
    _holds(opened)


def test_one_who_shares_a_phone_is_confirmed_and_the_bulletin_tells_it(opened: CommandLine) -> None:
    opened.succeeds("bulletin", "publish")
    act = _decided(opened, "confirm", "m6")
    found = opened("member", "show", "m7", "--json").json
    assert (found["shared"], found["confirmed"], found["confirmed_on_phone"]) == (True, False, 1)
    _holds(opened)
    bulletin = json.loads((opened.folder / "bundle/bulletins/2.json").read_bytes())
    assert [each["act"] for each in bulletin["incidents"] if each["what"] == "confirm"] == [act]
    assert (bulletin["paper_roll"], bulletin["roll_version"]) == (5, 1)


def test_a_vote_made_void_after_the_close_is_not_counted_and_the_result_names_its_trustees(closed: CommandLine) -> None:
    closed.succeeds("bulletin", "publish")
    _decided(closed, "void", "m1")
    assert closed("member", "show", "m1", "--json").json["right"] == "void"
    _holds(closed)
    told = closed("tally", *SHARES, "--out", "result", "--json").json
    assert (told["reconciles"], told["contests"][0]["cast"]) == (True, 2)
    key = closed("export", "bundle", "--json").json["public_key"]
    assert closed("verify", "bundle", "--key", key, "--json").json["ok"] is True
    final = json.loads(max(Path(closed.folder, "bundle/bulletins").iterdir(), key=_number).read_bytes())
    assert [each["what"] for each in final["incidents"]][-1] == "publish-result"
    assert closed("tally", *SHARES, "--out", "result", "--json").json == told
    page = (closed.folder / "var/board/index.html").read_text(encoding="utf-8")
    assert "опубликовали итог" in page


def _number(path: Path) -> int:
    return int(path.stem)
