"""Strike-offs and a later close in bulletins, in the result and on the page: what is right, and what is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from board.verify import Report, verify
from election.bulletin import BulletinRefused, canonical
from election.ports import ElectionRecord
from election.rulings import Ruling
from tests.board.little_election import DEFINITION, KEY, MORNING, LittleElection
from tests.board.tampering import Files, read_files, signed_anew
from vault import signing

CLOSES = MORNING + timedelta(hours=10)
Told = dict[str, Any]


def an_election() -> LittleElection:
    """Two struck off, one of them given back, the close moved; counted."""
    little = LittleElection(5, replace(DEFINITION, closes=CLOSES))
    little.act("open")
    little.publish()
    for member in range(0, 600, 2):
        if member % 10 != 9:
            little.cast(member)
    little.rule("strike", "council", "2")
    little.rule("strike", "chair", "1")
    little.publish()
    little.extend(CLOSES + timedelta(hours=1))
    little.rule("unstrike", "chair", "1")
    little.publish()
    little.act("close", "closed")
    little.count()
    little.publish(final=True)
    return little


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return an_election()


@pytest.fixture(scope="module")
def files(little: LittleElection, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return read_files(little.write(tmp_path_factory.mktemp("true") / "bundle"))


def checked(files: Files, folder: Path) -> Report:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return verify(folder, KEY.public_key, signing.verify)


def failed(report: Report) -> dict[str, str]:
    return {check.name: check.detail for check in report.checks if not check.ok}


def told(files: Files, number: int) -> Told:
    found: Told = json.loads(files[f"bulletins/{number}.json"])
    return found


def test_who_is_struck_off_and_the_hour_stand_in_each_bulletin(files: Files, tmp_path: Path) -> None:
    assert failed(checked(files, tmp_path)) == {}
    rows = [[(row["candidate"], row["in_force"]) for row in told(files, number)["struck"]] for number in (1, 2, 3)]
    assert rows == [[], [("1", True), ("2", True)], [("1", False), ("2", True)]]
    assert [told(files, number)["closes"][11:16] for number in (2, 3)] == ["14:00", "15:00"]
    result = json.loads(files["result.json"])["contests"][1]
    assert {"struck": True, "votes": 0}.items() <= result["results"][-1].items()
    assert "rank" not in result["results"][-1]
    assert result["dropped"] > 0


def test_the_page_names_who_is_struck_off_and_shows_no_votes_for_her(files: Files) -> None:
    page = files["index.html"].decode()
    for words in (
        "Struck off: N2 (en)",
        "Кандидатура снята: N2 (ru)",
        "N2 (en) (struck off)",
        "was given the place back",
    ):
        assert words in page
    assert "Struck off: N1" not in page


def _row(number: int, place: int = 0, **other: Any) -> Callable[[Files], Told]:
    def spoil(files: Files) -> Told:
        found = told(files, number)
        found["struck"][place] |= other
        return found

    return spoil


def _with(number: int, **other: Any) -> Callable[[Files], Told]:
    return lambda files: told(files, number) | other


NOBODY = {"kk": "x", "ru": "x", "en": "x"}


@pytest.mark.parametrize(
    ("number", "spoil", "check", "said"),
    [
        (2, _row(2, in_force=False), "sums", "1 candidates are struck off; 2 acts struck off, 0 gave back"),
        (4, _row(4, in_force=True), "sums", "2 candidates are struck off; 2 acts struck off, 1 gave back"),
        (2, _with(2, struck=[]), "sums", "0 candidates are struck off"),
        (3, _row(3, 1, candidate="3"), "growth", "a ruling on a candidate that was told is no longer told"),
        (2, _row(2, name=NOBODY), "rules", "no candidate of rules.json"),
        (2, _with(2, closes="2026-12-01T14:30:00+00:00"), "rules", "another hour of closing than rules.json"),
        (2, _with(2, closes="2026-12-01T14:30:00+00:00"), "growth", "moved by no act that is told"),
        (4, _with(4, closes="2026-12-01T14:59:00+00:00"), "growth", "and not to a later one"),
        (4, _with(4, closes=""), "growth", "and not to a later one"),
    ],
)
def test_what_does_not_hold_is_named_even_where_the_holder_of_the_key_signs_it(
    files: Files, tmp_path: Path, number: int, spoil: Callable[[Files], Told], check: str, said: str
) -> None:
    made = signed_anew({**files, f"bulletins/{number}.json": canonical(spoil(files))})
    assert said in failed(checked(made, tmp_path))[check]


def _line(**other: Any) -> Callable[[Told], None]:
    def spoil(contest: Told) -> None:
        contest["results"][-1] |= other

    return spoil


def _gets_a_rank(contest: Told) -> None:
    contest["results"][-1] = {**contest["results"][-1], "rank": 4}
    del contest["results"][-1]["struck"]


def _comes_first(contest: Told) -> None:
    contest["results"].insert(0, contest["results"].pop())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_line(votes=3), "marks for who is struck off are counted"),
        (_gets_a_rank, "who is struck off in result.json is not who is in bulletin 4"),
        (_comes_first, "the candidates are not in the order of their votes"),
        (lambda contest: contest.update(dropped=10_000), "10000 marks cannot have been dropped"),
    ],
)
def test_a_result_that_counts_her_is_found(
    files: Files, tmp_path: Path, spoil: Callable[[Told], None], said: str
) -> None:
    result = json.loads(files["result.json"])
    spoil(result["contests"][1])
    made = signed_anew({**files, "result.json": canonical(result)})
    assert said in failed(checked(made, tmp_path))["result"]


def test_bulletins_of_a_program_that_knew_neither_are_in_order(tmp_path: Path) -> None:
    old = LittleElection(3)
    old.act("open")
    old.publish()
    old.publish()
    made = read_files(old.write(tmp_path / "true"))
    for number in (1, 2):
        told_then = {name: value for name, value in told(made, number).items() if name not in ("closes", "struck")}
        made[f"bulletins/{number}.json"] = canonical(told_then)
    assert failed(checked(signed_anew(made), tmp_path / "old")) == {}


def _spoilt(**fields: Any) -> str:
    little = LittleElection(5, replace(DEFINITION, closes=CLOSES))
    little.act("open")
    little.rule("strike", "chair", "1")
    little.publish()
    books = little.books
    record: ElectionRecord = replace(books().record, **fields)
    little.books = lambda: replace(books(), record=record)  # type: ignore[method-assign]
    with pytest.raises(BulletinRefused) as refused:
        little.publish()
    return str(refused.value)


def test_rulings_and_hours_that_no_act_made_are_not_published() -> None:
    assert "0 rulings on candidates are in force, but 1 are on record" in _spoilt(rulings=())
    lifted = Ruling("chair", "1", False, 2, MORNING)
    assert "0 candidates are struck off, but 1 were by acts on record" in _spoilt(rulings=(lifted,))
    later = CLOSES + timedelta(hours=1)
    assert "but 0 acts have moved it" in _spoilt(extended_to=later)
