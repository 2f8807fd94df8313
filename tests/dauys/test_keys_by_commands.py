"""The trustees come together before the election, and see that their shares open a box."""

import json
import shutil
from itertools import combinations

from tests.dauys.command_line import CommandLine, Said
from tests.voters import held


def test_enough_trustees_open_a_test_ballot_and_it_is_on_record_and_reminded_of_until_then(
    drafted: CommandLine,
) -> None:
    assert "dauys keys rehearse" in drafted("doctor").out
    for number, trustees in enumerate(combinations(range(1, 6), 3), 1):
        opened = _rehearse(drafted, *reversed(trustees), "--json").json
        assert opened == {"opens": True, "trustees": list(trustees), "threshold": 3, "act": number}
    assert "These trustees can open the box: 1, 2, 3, 4, 5." in _rehearse(drafted, 1, 2, 3, 4, 5).out
    assert "dauys keys rehearse" not in drafted("doctor").out
    drafted.succeeds("roll", "freeze")
    told = drafted("bulletin", "publish", "--json").json
    assert {incident["what"] for incident in told["incidents"]} == {"keys-rehearsed"}
    assert (told["log"]["leaves"]["action"] + told["log"]["waiting"]["action"], len(told["incidents"])) == (11, 11)


def test_what_is_wrong_with_the_shares_is_named_and_nothing_is_put_on_record(drafted: CommandLine) -> None:
    shares = drafted.folder / "shares"
    for trustees in combinations(range(1, 6), 2):
        assert "2 of 3 shares given, 1 more is needed" in _rehearse(drafted, *trustees).refusal
    assert "given twice: trustee 2 (shares/share-2.json)" in _rehearse(drafted, 2, 4, 2).refusal
    mistyped = json.loads((shares / "share-4.json").read_text())
    mistyped["share"] = json.loads((shares / "share-5.json").read_text())["share"]
    drafted.write("shares/share-4.json", json.dumps(mistyped))
    assert "shares/share-4.json" in _rehearse(drafted, 1, 2, 4).refusal
    drafted.succeeds("keys", "ceremony", "--out", "others")
    assert "trustee 1 (shares/share-1.json) comes from another ceremony" in _rehearse(drafted, 1, 2, 3).refusal
    assert "dauys keys rehearse" in drafted("doctor").out
    drafted.succeeds("roll", "freeze")
    assert drafted("bulletin", "publish", "--json").json["incidents"] == []


def test_a_rehearsal_of_the_key_before_this_one_is_not_enough(drafted: CommandLine) -> None:
    assert _rehearse(drafted, 1, 2, 3).code == 0
    drafted.succeeds("keys", "ceremony", "--out", "others")
    assert "dauys keys rehearse" in drafted("doctor").out


def test_a_rehearsal_leaves_no_share_and_no_key_in_any_file(drafted: CommandLine) -> None:
    secrets = [json.loads(path.read_text())["share"] for path in (drafted.folder / "shares").iterdir()]
    before = held(drafted.folder)
    assert _rehearse(drafted, 1, 2, 3).code == 0
    after = held(drafted.folder)
    assert after.keys() == before.keys()
    assert not [name for name, content in after.items() for secret in secrets if secret.encode() in content]
    assert not [name for name, content in after.items() for secret in secrets if bytes.fromhex(secret) in content]


def test_once_voting_has_begun_the_shares_stay_apart(opened: CommandLine) -> None:
    assert "come together again at the count" in _rehearse(opened, 1, 2, 3).refusal


def test_without_a_key_or_a_share_there_is_nothing_to_rehearse(drafted: CommandLine) -> None:
    assert drafted("keys", "rehearse").code == 2
    assert "no such file" in _rehearse(drafted, 1, 2, 9).refusal
    shutil.rmtree(drafted.folder / "shares")
    other = CommandLine(drafted.folder / "other")
    other.folder.mkdir()
    other.succeeds("election", "new", ".")
    other.succeeds("election", "load", "election.toml")
    other.succeeds("keys", "ceremony", "--out", "shares")
    shutil.copytree(other.folder / "shares", drafted.folder / "shares")
    assert "comes from another ceremony" in _rehearse(drafted, 1, 2, 3).refusal


def _rehearse(dauys: CommandLine, *what: int | str) -> Said:
    shares = [word for number in what if isinstance(number, int) for word in ("--share", f"shares/share-{number}.json")]
    return dauys("keys", "rehearse", *shares, *[word for word in what if isinstance(word, str)])
