"""Complaints in bulletins: what the verifier lets pass, what it finds, what the page says."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from board.page import page
from board.telling import Shown
from board.verify import Report, verify
from election.bulletin import BulletinRefused, canonical
from election.complaints import Counts
from tests.board.little_election import KEY, LittleElection
from tests.board.tampering import Files, read_files, signed_anew
from vault import signing


@pytest.fixture
def little() -> LittleElection:
    made = LittleElection()
    made.act("open")
    made.complain(4, rejected=1)
    made.publish()
    made.complain(8, rejected=2, pressed=3)
    made.publish()
    return made


@pytest.fixture
def files(little: LittleElection, tmp_path: Path) -> Files:
    return read_files(little.write(tmp_path / "bundle"))


def verified(files: Files, folder: Path) -> Report:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return verify(folder, KEY.public_key, signing.verify, ())


def told(files: Files, number: int, **changed: Any) -> Files:
    """The bundle with other complaints in this bulletin, everything signed anew."""
    bulletin = json.loads(files[f"bulletins/{number}.json"])
    bulletin["complaints"] = {
        name: figure for name, figure in (bulletin["complaints"] | changed).items() if figure is not None
    }
    return signed_anew({**files, f"bulletins/{number}.json": canonical(bulletin)})


def test_true_bulletins_are_in_order_and_tell_who_was_pressed_from_ten_complaints_on(
    files: Files, tmp_path: Path
) -> None:
    assert verified(files, tmp_path / "again").ok
    assert [json.loads(files[f"bulletins/{number}.json"])["complaints"] for number in (1, 2)] == [
        {"filed": 4, "open": 3, "upheld": 0, "rejected": 1, "no_fault": 0},
        {"filed": 12, "open": 9, "upheld": 0, "rejected": 3, "no_fault": 0, "pressed": 3},
    ]


@pytest.mark.parametrize(
    ("number", "changed", "said"),
    [
        (2, {"filed": 13}, "13 complaints were filed, but 9 wait and 3 are decided"),
        (2, {"upheld": 1, "open": 8}, "4 complaints are decided, but 3 decisions are told"),
        (2, {"pressed": None}, "is told exactly where 10 complaints or more were filed"),
        (1, {"pressed": 1}, "is told exactly where 10 complaints or more were filed"),
        (2, {"pressed": 13}, "13 say that they were pressed, but 12 complaints were filed"),
        (1, {"filed": 13, "open": 12, "pressed": 0}, "13 complaints “filed” became 12"),
        (2, {"named": 1}, "that is not known"),
        (2, {"open": -1}, "that is not a count"),
    ],
)
def test_whoever_changes_them_and_signs_anew_is_found(
    files: Files, tmp_path: Path, number: int, changed: dict[str, int | None], said: str
) -> None:
    report = verified(told(files, number, **changed), tmp_path / "changed")
    assert said in "\n".join(check.detail for check in report.checks if not check.ok)


def test_bulletins_of_a_program_without_them_are_in_order_but_not_after_one_with_them(
    files: Files, tmp_path: Path
) -> None:
    def without(files: Files, *numbers: int) -> Files:
        made = dict(files)
        for number in numbers:
            bulletin = json.loads(files[f"bulletins/{number}.json"])
            del bulletin["complaints"]
            made[f"bulletins/{number}.json"] = canonical(bulletin)
        return signed_anew(made)

    assert verified(without(files, 1), tmp_path / "first").ok
    assert verified(without(files, 1, 2), tmp_path / "both").ok
    report = verified(without(files, 2), tmp_path / "second")
    assert "complaints are no longer told" in "\n".join(check.detail for check in report.checks)


def test_a_bulletin_that_does_not_reconcile_is_not_made(little: LittleElection) -> None:
    little.complaints = replace(little.complaints, filed=little.complaints.filed - 1)
    with pytest.raises(BulletinRefused, match="11 complaints were filed, but 9 wait and 3 are decided"):
        little.publish()
    little.complaints = Counts()
    with pytest.raises(BulletinRefused, match="“rejected” was 3 and is 0"):
        little.publish()


def test_the_page_tells_totals_and_no_single_decision(little: LittleElection) -> None:
    text = page(Shown(json.loads(little.bulletins[-1]), "a" * 64, KEY.public_key, "Asia/Almaty", "bundle/"))
    for words in ("Filed: 12", "Берілгені: 12", "Подано: 12", "“I was pressed”: 3"):
        assert words in text
    assert "complaint-decided" not in text
