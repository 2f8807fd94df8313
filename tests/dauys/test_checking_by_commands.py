"""What observers and auditors type: bulletins, the bundle, the check of it, a second count."""

from pathlib import Path

import pytest

from tests.dauys.command_line import CommandLine

SHARES = [f"--share=shares/share-{number}.json" for number in (1, 3, 5)]


def test_the_bundle_is_in_order_to_the_last_bulletin_and_a_changed_byte_is_found(closed: CommandLine) -> None:
    first = closed("bulletin", "publish", "--json").json
    assert (first["number"], first["voted"], first["previous"]) == (1, 3, "")
    assert (closed.folder / "var/board/latest.json").is_file()
    assert closed("tally", *SHARES, "--out", "result", "--json").json["reconciles"] is True
    key = closed("export", "bundle", "--json").json["public_key"]
    assert closed("verify", "bundle", "--key", key, "--json").json["ok"] is True
    assert "FAIL key" in closed("verify", "bundle", "--key", "ab" * 32).out
    assert "64 hexadecimal digits" in closed("verify", "bundle", "--key", "me").refusal
    changed = closed.folder / "bundle/log/2.txt"
    changed.write_bytes(changed.read_bytes().replace(b"cast ", b"void ", 1))
    found = closed("verify", "bundle", "--key", key)
    assert found.code == 1
    assert "log/2.txt" in found.out


def test_an_auditor_counts_the_urn_again_and_holds_it_against_the_log(closed: CommandLine) -> None:
    found = closed("tally", *SHARES, "--out", "result", "--json").json
    closed("export", "bundle", "--json")
    again = ("tally", *SHARES, "--urn", "result/urn.txt", "--bundle", "bundle", "--out", "again", "--json")
    recounted = closed(*again).json
    assert recounted["contests"] == found["contests"]
    assert recounted["problems"] == []
    urn = closed.folder / "result/urn.txt"
    lines = urn.read_text().splitlines(keepends=True)
    urn.write_text("".join(lines[:-1]))
    assert closed(*again).json["problems"] == ["1 ballots that stand in the public log are not in the urn."]
    urn.write_text("nothing")
    assert "is not an urn file" in closed(*again).refusal


def test_before_the_first_bulletin_there_is_nothing_to_export(closed: CommandLine) -> None:
    assert "begin with `dauys bulletin publish`" in closed("export", "bundle").refusal


@pytest.mark.parametrize("where", ["nowhere", "shares"])
def test_what_is_no_bundle_is_not_in_order(closed: CommandLine, where: str) -> None:
    found = closed("verify", Path(where))
    assert (found.code, "FAIL files" in found.out) == (1, True)


def test_a_bulletin_that_does_not_reconcile_is_refused_and_the_operator_is_told_why(drafted: CommandLine) -> None:
    assert "The roll is not frozen" in drafted("bulletin", "publish").refusal
