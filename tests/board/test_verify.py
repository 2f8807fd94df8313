"""What the verifier says of bundles that are in order, and of those that were made to trip it."""

import copy
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from board.verify import CHECKS, Report, verify
from election.bulletin import canonical, signed
from tests.board.little_election import KEY, LittleElection, a_whole_election
from tests.board.tampering import Files, listed_anew, read_files, signed_anew
from vault import signing

HOSTILE = [None, True, -1, 10**30, 1.5, "", "x", "ff" * 32, [], {}, [[]], [{}], {"": 0}, ["x"], "\u202e\x1b[2J", 0]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return read_files(a_whole_election().write(tmp_path_factory.mktemp("true") / "bundle"))


@pytest.fixture
def bundle(files: Files, tmp_path: Path) -> Path:
    return _put(files, tmp_path / "bundle")


def _put(files: Files, folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def _verified(folder: Path, *seen: Path) -> Report:
    return verify(folder, KEY.public_key, signing.verify, seen)


def _failed(report: Report) -> dict[str, str]:
    return {check.name: check.detail for check in report.checks if not check.ok}


def test_a_whole_election_is_in_order_and_what_that_proves_is_said_in_words(bundle: Path) -> None:
    report = _verified(bundle)
    assert _failed(report) == {}
    assert [check.name for check in report.checks] == [*CHECKS]
    assert report.as_json()["ok"] is True
    assert any("246 ballots stand" in sentence for sentence in report.proved)
    assert any("what a member tapped" in sentence for sentence in report.cannot)


@pytest.mark.parametrize("seed", range(12))
def test_every_honest_election_is_in_order_at_each_of_its_bulletins(seed: int, tmp_path: Path) -> None:
    little = LittleElection(seed)
    little.act("open")
    for number in range(little.random.randint(1, 5)):
        for member in little.random.sample([m for m in range(600) if m % 10 != 9], little.random.randint(0, 90)):
            if member in little.paper:
                continue
            if little.random.random() < 0.1:
                little.hand_out_paper(member)
            else:
                little.cast(member, little.random.choice(["telegram", "sms"]))
        if little.random.random() < 0.3:
            little.place(little.random.randint(0, len(little.waiting)))  # killed between two portions
        little.publish()
        assert _failed(_verified(little.write(tmp_path / str(number)))) == {}


def test_leaves_that_wait_for_ten_votes_are_counted_as_waiting(tmp_path: Path) -> None:
    little = LittleElection()
    for member in range(9):
        little.cast(member)
    log = json.loads(little.publish())["log"]
    assert (log["size"], log["waiting"]["cast"], log["waiting"]["ballot"]) == (0, 9, 9)
    assert _verified(little.write(tmp_path / "bundle")).ok
    little.cast(10)
    log = json.loads(little.publish())["log"]
    assert (log["size"], log["waiting"]["cast"]) == (20, 0)
    assert _verified(little.write(tmp_path / "bundle")).ok


def test_without_a_key_the_report_says_that_the_one_of_the_bundle_is_to_be_compared(bundle: Path) -> None:
    report = verify(bundle, None, signing.verify)
    assert report.ok
    assert "compare it" in next(check.detail for check in report.checks if check.name == "key")
    assert any("only if the key is the right one" in sentence for sentence in report.proved)


def test_a_key_of_another_is_named(bundle: Path) -> None:
    failed = _failed(verify(bundle, b"q" * 32, signing.verify))
    assert KEY.public_key.hex() in failed["key"]
    assert "manifest.json is not signed" in failed["signatures"]


def test_a_bulletin_that_was_shown_otherwise_before_proves_two_stories(bundle: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_bytes(a_whole_election(7).bulletins[3])
    failed = _failed(_verified(bundle, kept))
    assert [*failed] == ["seen"]
    assert "two stories" in failed["seen"]
    assert "kept.json" in failed["seen"]


def test_an_older_bundle_may_be_held_against_the_new_one(bundle: Path, tmp_path: Path) -> None:
    before = a_whole_election(counted=False)
    older = before.write(tmp_path / "older")
    report = _verified(bundle, older)
    assert report.ok
    assert any("the same 5 bulletins" in sentence for sentence in report.proved)
    assert "the bundle ends with 5" in _failed(_verified(older, bundle))["seen"]


def test_a_kept_bulletin_that_another_signed_is_no_proof(bundle: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    told = json.loads(a_whole_election(7).bulletins[3])
    del told["signature"]
    kept.write_bytes(signed(told, signing.SigningKey(b"z" * 32).sign))
    assert "not signed by this key" in _failed(_verified(bundle, kept, tmp_path / "gone.json"))["seen"]
    assert "is missing" in _failed(_verified(bundle, kept, tmp_path / "gone.json"))["seen"]


def test_a_ballot_slipped_in_with_its_receipt_and_its_vote_shows_as_a_voter_too_many(
    files: Files, tmp_path: Path
) -> None:
    told = json.loads(files["bulletins/6.json"])
    told["by_channel"]["sms"] += 1
    told["voted"] += 1
    told["by_region"][0]["voted"] += 1
    told["urn"] += 1
    folder = _put(signed_anew({**files, "bulletins/6.json": canonical(told)}), tmp_path / "bundle")
    failed = _failed(_verified(folder))
    assert "bulletin 6: 246 ballots stand" in failed["sums"]
    assert "246 ballots stand, told are 247" in failed["turnout"]
    assert "246 ballots were opened" in failed["result"]


def _other(number: int, /, **figures: Any) -> Callable[[Files], Files]:
    """The files with other figures in a bulletin, not yet signed."""

    def spoil(files: Files) -> Files:
        name = f"bulletins/{number}.json"
        told = json.loads(files[name])
        for key, value in figures.items():
            if isinstance(value, dict) and isinstance(told[key], dict):
                _merge(told[key], value)
            else:
                told[key] = value(told[key]) if callable(value) else value
        return {**files, name: canonical(told)}

    return spoil


_NO_VOTES = {"telegram": 0, "sms": 0, "paper": 0}
_EMPTY_ROW = {"from": "2026-12-01T03:00:00+00:00", "to": "2026-12-01T04:00:00+00:00", **_NO_VOTES}


def _more(channel: str, votes: int = 1) -> Callable[[Any], Any]:
    return lambda rows: [{**rows[0], channel: rows[0][channel] + votes}, *rows[1:]]


def _one_later(rows: Any) -> Any:
    first, second = rows
    return [{**first, "telegram": first["telegram"] - 1}, {**second, "telegram": second["telegram"] + 1}]


def _all_by_sms(rows: Any) -> Any:
    return [{**row, "telegram": 0, "sms": row["telegram"] + row["sms"]} for row in rows]


def _merge(told: Any, changed: Any) -> None:
    for key, value in changed.items():
        if isinstance(value, dict):
            _merge(told[key], value)
        else:
            told[key] = value


def _result(change: Callable[[Any], object]) -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        told = json.loads(files["result.json"])
        change(told)
        return {**files, "result.json": canonical(told)}

    return spoil


def _lines(name: str, change: Callable[[list[bytes]], object]) -> Callable[[Files], Files]:
    """The files with other lines in one of them."""

    def spoil(files: Files) -> Files:
        lines = files[name].splitlines(keepends=True)
        change(lines)
        return {**files, name: b"".join(lines)}

    return spoil


def _a_ballot_doubled(lines: list[bytes]) -> None:
    lines.insert(0, next(line for line in lines if line.startswith(b"ballot")))


def _a_receipt_for_an_act(lines: list[bytes]) -> None:
    place = next(place for place, line in enumerate(lines) if line.startswith(b"cast"))
    lines[place] = lines[place].replace(b"cast", b"action")


def _keys(**figures: Any) -> Callable[[Files], Files]:
    return lambda files: {**files, "keys.json": canonical(json.loads(files["keys.json"]) | figures)}


def _no_blank_votes(files: Files) -> Files:
    told = json.loads(files["rules.json"])
    told["contests"][0]["blank"] = False
    return {**files, "rules.json": canonical(told)}


def _made_by_nobody(incidents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**incident, "act": 99} if "roll_version" in incident else incident for incident in incidents]


SPOILT: list[tuple[Callable[[Files], Files], str, str]] = [
    (_other(2, voted=201), "sums", "the channels add up to 200, not to the 201"),
    (_other(2, electorate=636), "sums", "the regions add up to 635 in “electorate”"),
    (_other(2, enrolled=573), "sums", "add up to 572 in “enrolled”"),
    (_other(2, roll_changes=1), "sums", "1 changes of the roll are counted, and 0 are told"),
    (_other(6, roll_version=9), "sums", "that are told do not lead to its version 9"),
    (_other(6, incidents=_made_by_nobody), "sums", "a change of the roll is told, and the act that made it is not"),
    (_other(2, by_channel={"telegram": 900}), "sums", "members voted by phone, but 572 signed in"),
    (_other(2, void=500), "sums", "200 voted and 500 withdrew, but 635 are on the roll"),
    (_other(2, paper_roll=700), "sums", "more are signed in or on the paper roll"),
    (_other(2, redos=19), "sums", "the reasons for voting again add up to 20"),
    (_other(2, by_region=lambda rows: rows[::-1]), "sums", "the regions are not in order"),
    (_other(2, merged=[]), "sums", "the regions that are told together"),
    (_other(2, by_region=lambda rows: [{**rows[0], "voted": 9}, *rows[1:]]), "sums", "fewer than 10 voters"),
    (_other(2, by_region=lambda rows: [{**rows[0], "voted": 9999}, *rows[1:]]), "sums", "'Almaty' has more votes"),
    (_other(2, reasons=[{"branch": "", "again": 1, "not_me": 0}] * 2), "sums", "the branches are not in order"),
    (_other(2, reasons=[{"branch": b, "again": 1, "not_me": 0} for b in "ab"]), "sums", "a branch tells on fewer"),
    (_other(2, log={"size": 7}), "sums", "the log has 7 leaves"),
    (_other(2, log={"leaves": {"ballot": 7}}), "sums", "leaves “ballot”"),
    (_other(2, paper_over=3), "sums", "paper replaces more ballots than there are votes on paper"),
    (_other(2, standing=1), "sums", "the box holds 1 envelopes"),
    (_other(2, urn=200, standing=0), "sums", "the box holds 0 envelopes and 200 ballots"),
    (_other(2, final=True), "sums", "voting is not closed"),
    (_other(3, final=True), "sums", "leaves still wait"),
    (_other(2, result_digest="a" * 64), "sums", "a result before the count"),
    (_other(2, hours=_more("telegram")), "sums", "first votes by phone, not to 200"),
    (_other(2, hours=_more("paper")), "sums", "the hours add up to 1 first votes on paper, not to 0"),
    (_other(2, hours=_all_by_sms), "sums", "more votes by telegram stand than there were in all hours"),
    (_other(6, hours=lambda rows: rows[::-1]), "sums", "the hours are not in order, or one stands twice"),
    (_other(6, hours=lambda rows: [{**rows[0], "to": rows[0]["from"]}]), "sums", "not one of whole hours"),
    (_other(6, hours=lambda rows: [_EMPTY_ROW, *rows]), "sums", "a row of the hours tells on fewer than 10 voters"),
    (_other(5, hours=_one_later), "growth", "bulletin 5: 110 first votes by telegram before 2026-12-01 07:00"),
    (_other(2, hours=_more("telegram", 100)), "growth", "first votes by telegram became"),
    (_other(1, previous="a" * 64), "chain", "bulletin 1 names one before it"),
    (_other(3, previous="a" * 64), "chain", "bulletin 3 does not name the hash of bulletin 2"),
    (_other(3, number=4), "chain", "bulletins/3.json says that it is number 4"),
    (_other(3, at="2026-12-01T04:30:00+00:00"), "chain", "bulletin 3 is older than bulletin 2"),
    (_other(2, stage="draft"), "growth", "bulletin 2: the election was open and is draft again"),
    (_other(2, two_person=False), "growth", "the rules or the keys have changed"),
    (_other(4, final=True), "growth", "bulletin 5: it comes after the last one"),
    (_other(2, roll_digest="a" * 64), "growth", "its version is still 1"),
    (_other(2, roll_version=9), "growth", "no change of it is told"),
    (_other(2, redos=99), "growth", "99 votes cast again became"),
    (_other(2, log={"leaves": {"cast": 10**6}}), "growth", "1000000 leaves “cast” in the log became"),
    (_other(3, log={"root": "a" * 64}), "growth", "bulletin 3: no leaf was added"),
    (_other(2, enrolled=600), "growth", "600 members signed in became"),
    (_other(4, incidents=[]), "growth", "an incident that was told"),
    (_other(2, by_region=lambda rows: [{**rows[0], "voted": 299}, *rows[1:]]), "growth", "299 votes in the region"),
    (_other(2, log={"root": "a" * 64}), "heads", "log/2.txt leads to another root than bulletin 2"),
    (_lines("log/2.txt", lambda lines: lines.insert(3, b"cast no\n")), "leaves", "log/2.txt, line 4, is no line"),
    (_lines("log/2.txt", lambda lines: lines.insert(0, b"cast " + b"F" * 64 + b"\n")), "leaves", "line 1, is no line"),
    (_lines("log/2.txt", lambda lines: lines.append(lines.pop()[:-1])), "leaves", "is no line of a log"),
    (_lines("log/2.txt", _a_ballot_doubled), "leaves", "this ballot is in the log already"),
    (_lines("log/2.txt", _a_receipt_for_an_act), "leaves", "log/2.txt leads to 219 leaves “cast”, bulletin 2 has 220"),
    (_lines("log/2.txt", lambda lines: lines.pop()), "heads", "log/2.txt leads to 460 leaves, bulletin 2 has 461"),
    (_lines("log/2.txt", lambda lines: lines.pop()), "consistency", "not those of one log"),
    (_lines("roll.txt", lambda lines: lines.reverse()), "roll", "roll.txt, line 2, is no hash, or not in order"),
    (_lines("roll.txt", lambda lines: lines.insert(0, lines[0])), "roll", "line 2, is no hash, or not in order"),
    (_lines("roll.txt", lambda lines: lines.append(b"no hash")), "roll", "line 637, is no hash"),
    (_keys(ballot_key=""), "rules", "no key to seal ballots to"),
    (_keys(threshold=6), "rules", "asks for 6 of 5 shares"),
    (_keys(threshold=0), "rules", "asks for 0 of 5 shares"),
    (_no_blank_votes, "result", "'chair': blank votes are counted"),
    (_other(6, election="other"), "rules", "not all of one election"),
    (_other(6, rules_digest="a" * 64), "rules", "rules.json is not the file"),
    (_other(6, definition_digest="a" * 64), "rules", "rules.json does not say what bulletin 6 says"),
    (_other(6, electorate=635), "roll", "has 636 rows or more, bulletin 6 has 635"),
    (_other(6, roll_digest="a" * 64), "roll", "not the roll whose hash bulletin 6 names"),
    (_other(4, paper_over=9), "removals", "paper replaces 10 ballots, told are 9"),
    (_other(6, urn=245), "result", "246 stand in the log, 245 in the urn"),
    (_result(lambda told: told.update(election="other")), "result", "of another election"),
    (_result(lambda told: told["totals"].update(counted=245)), "result", "245 counted and 0 void"),
    (_result(lambda told: told["contests"].pop()), "result", "other contests than rules.json"),
    (_result(lambda told: told["contests"][0].update(choose=2)), "result", "'chair': its title or its candidates"),
    (_result(lambda told: told["contests"][0]["results"].reverse()), "result", "the order of their votes"),
    (_result(lambda told: told["contests"][0]["results"].pop()), "result", "its title or its candidates"),
    (_result(lambda told: told["contests"][0]["results"][0].update(rank=2)), "result", "the order of their votes"),
    (_result(lambda told: told["contests"][0].update(cast=245)), "result", "245 ballots hold it, 246 were counted"),
    (_result(lambda told: told["contests"][1].update(cast=999)), "result", "999 ballots hold it"),
    (_result(lambda told: told["contests"][0].update(void=9)), "result", "9 void and"),
    (_result(lambda told: told["contests"][0]["results"][0].update(votes=200)), "result", "votes cannot come of"),
    (_result(lambda told: [each.update(cast=1) for each in told["contests"]]), "result", "hold fewer"),
]


@pytest.mark.parametrize(("spoil", "name", "said"), SPOILT, ids=[said for _, _, said in SPOILT])
def test_what_does_not_hold_is_named_even_where_the_holder_of_the_key_signs_it(
    files: Files, tmp_path: Path, spoil: Callable[[Files], Files], name: str, said: str
) -> None:
    made = listed_anew(spoil(files)) if name == "chain" else signed_anew(spoil(files))  # else the links are mended
    assert said in _failed(_verified(_put(made, tmp_path / "bundle")))[name]


def test_a_result_that_was_published_is_not_forgotten_again(tmp_path: Path) -> None:
    whole = a_whole_election()
    whole.publish(final=True)
    made = signed_anew(_other(7, result_digest="")(read_files(whole.write(tmp_path / "true"))))
    failed = _failed(_verified(_put(made, tmp_path / "bundle")))
    assert "bulletin 7: it names another result" in failed["growth"]
    assert "not the file whose hash bulletin 7 names" in failed["result"]


def test_a_removal_of_a_ballot_that_was_never_there_is_named(files: Files, tmp_path: Path) -> None:
    lines = files["log/2.txt"].decode().splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("redo"))
    again = next(line for line in lines[place + 1 :] if line.startswith("redo"))
    for name, line in (("never", "redo " + "0" * 64), ("twice", again)):
        other = "".join(f"{each}\n" for each in [*lines[:place], line, *lines[place + 1 :]]).encode()
        failed = _failed(_verified(_put(listed_anew({**files, "log/2.txt": other}), tmp_path / name)))
        assert ("never in the log" if name == "never" else "taken out already") in failed["removals"]


def test_receipts_that_many_members_share_are_found(tmp_path: Path) -> None:
    little = LittleElection()
    little.act("open")
    for member in range(30):
        little.cast(member)
    same = little.waiting[1].digest
    little.waiting = [type(leaf)(leaf.kind, same if leaf.kind == "cast" else leaf.digest) for leaf in little.waiting]
    little.publish()
    assert "receipts stand twice" in _failed(_verified(little.write(tmp_path / "bundle")))["leaves"]


@pytest.mark.parametrize("name", ["manifest.json", "bulletins/2.json", "rules.json", "keys.json", "result.json"])
def test_papers_written_to_trip_a_reader_end_in_a_sentence(name: str, files: Files, tmp_path: Path) -> None:
    """Deep brackets, endless numbers, lone surrogates, and then every field with values that it never has."""
    told = json.loads(files[name])
    texts = [b"", b"null", b"[]", b"[" * 100_000, b'{"a":' * 100_000, b'{"n":' + b"9" * 100_000 + b"}", b'{"n":NaN}']
    texts += [b'{"kind":"\\ud800"}', b"\xff\xfe", b"{}\n", canonical({**told, "title": "\U0001f5f3" * 1000})]
    for place, text in enumerate([*texts, *_spoilt(told, 60)]):
        made = {**files, name: text}
        made = made if name == "manifest.json" else listed_anew(made)
        report = _verified(_put(made, tmp_path / str(place)))
        assert not report.ok, text[:200]
        assert [check.name for check in report.checks] == [*CHECKS]
        for detail in _failed(report).values():
            assert "cannot be examined" not in detail, (detail, text[:2000])
            assert detail.isprintable(), detail


def _spoilt(told: Any, number: int) -> Iterator[bytes]:
    generator, is_signed = random.Random(number), "signature" in told
    told = {name: value for name, value in told.items() if name != "signature"}
    while number:
        made = copy.deepcopy(told)
        holder = made
        while True:
            key = generator.choice([*holder] if isinstance(holder, dict) else [*range(len(holder))])
            if not isinstance(holder[key], dict | list) or not holder[key] or generator.random() < 0.2:
                break
            holder = holder[key]
        holder[key] = generator.choice(HOSTILE)
        if generator.random() < 0.1:
            holder.pop(key)
        if made != told:
            number -= 1
            yield signed(made, KEY.sign) if is_signed else canonical(made)


def _no_folder(bundle: Path) -> None:
    os.rename(bundle, bundle.with_name("elsewhere"))


def _an_empty_folder(bundle: Path) -> None:
    _no_folder(bundle)
    bundle.mkdir()


def _a_file_for_the_folder(bundle: Path) -> None:
    _no_folder(bundle)
    bundle.write_text("no folder")


def _a_link_for_a_file(bundle: Path) -> None:
    os.rename(bundle / "roll.txt", bundle.with_name("roll.txt"))
    (bundle / "roll.txt").symlink_to(bundle.with_name("roll.txt"))


def _a_link_for_a_folder(bundle: Path) -> None:
    os.rename(bundle / "log", bundle.with_name("log"))
    (bundle / "log").symlink_to(bundle.with_name("log"))


def _a_folder_for_a_file(bundle: Path) -> None:
    (bundle / "log/2.txt").unlink()
    (bundle / "log/2.txt").mkdir()


def _a_file_for_an_inner_folder(bundle: Path) -> None:
    os.rename(bundle / "log", bundle.with_name("log"))
    (bundle / "log").write_text("no folder")


def _another_page(bundle: Path) -> None:
    text = (bundle / "index.html").read_bytes()
    (bundle / "index.html").write_bytes(text.replace(b"636", b"936"))


def _a_pipe_for_a_file(bundle: Path) -> None:
    (bundle / "rules.json").unlink()
    os.mkfifo(bundle / "rules.json")


def _an_endless_log(bundle: Path) -> None:
    os.truncate(bundle / "log/3.txt", 2**40)


def _an_endless_paper(bundle: Path) -> None:
    os.truncate(bundle / "manifest.json", 2**40)


def _a_name_of_no_letters(bundle: Path) -> None:
    (bundle / os.fsdecode(b"log/\xff\x1b[2J\n")).write_text("")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_no_folder, "manifest.json is missing"),
        (_an_empty_folder, "manifest.json is missing"),
        (_a_file_for_the_folder, "manifest.json cannot be read"),
        (_a_link_for_a_file, "roll.txt cannot be read"),
        (_a_link_for_a_folder, "log/ is a link"),
        (_a_folder_for_a_file, "log/2.txt is not a file"),
        (_a_file_for_an_inner_folder, "log/ cannot be read as a folder"),
        (_another_page, "index.html is not the file that manifest.json names"),
        (_a_pipe_for_a_file, "rules.json is not a file"),
        (_an_endless_log, "log/3.txt has more bytes"),
        (_an_endless_paper, "manifest.json is larger"),
        (_a_name_of_no_letters, "does not belong to a bundle"),
    ],
)
def test_what_is_no_bundle_ends_in_a_sentence_that_names_it(
    bundle: Path, spoil: Callable[[Path], None], named: str
) -> None:
    spoil(bundle)
    failed = _failed(_verified(bundle))
    assert named in failed["files"]
    assert all(detail.isprintable() for detail in failed.values())
