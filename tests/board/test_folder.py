"""The board's folder: what is put where the public reads it, in which order, and what a crash leaves."""

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from board import folder as board
from board import placing, shards
from board.folder import publish_board
from board.verify import verify
from election import receipt
from election.definition import Language
from tests.board.little_election import KEY, LittleElection, a_whole_election
from vault import signing


class Crash(BaseException):
    """The machine stops here."""


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return a_whole_election()


def _twins_are_true(folder: Path) -> None:
    for twin in folder.rglob("*.gz"):
        assert gzip.decompress(twin.read_bytes()) == twin.with_suffix("").read_bytes(), twin


def _says(folder: Path) -> tuple[int, int]:
    """The bulletin of the page, and the latest."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    latest = json.loads((folder / "latest.json").read_bytes())
    return int(text.partition('data-bulletin="')[2].partition('"')[0]), latest["number"]


async def test_big_texts_have_a_compressed_twin_and_the_bundle_is_left_as_it_is(
    little: LittleElection, tmp_path: Path
) -> None:
    await publish_board(tmp_path, little.contents())
    _twins_are_true(tmp_path)
    packed = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.gz")}
    assert {"index.html.gz", "latest.json.gz", "receipts/0/all.txt.gz"} <= packed
    assert not any(name.startswith("bundle/") for name in packed)
    assert (tmp_path / "index.html.gz").stat().st_size < (tmp_path / "index.html").stat().st_size / 3


async def test_wherever_it_is_broken_off_an_older_state_is_left_and_the_next_time_mends_it(
    little: LittleElection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace(little.contents(), roll=())
    old = replace(new, bulletins=new.bulletins[:4], result=None)
    real, left = os.replace, 0

    def replace_until_the_crash(source: Path, target: Path) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crash
        real(source, target)

    monkeypatch.setattr(placing.os, "replace", replace_until_the_crash)
    for steps in range(1, 100):
        await publish_board(tmp_path, old)
        left = steps
        try:
            await publish_board(tmp_path, new)
        except Crash:
            page, latest = _says(tmp_path)
            assert page == 4 or (latest == 6 and not (tmp_path / "index.html.gz").exists())
            _twins_are_true(tmp_path)
            await publish_board(tmp_path, new)
        assert _says(tmp_path) == (6, 6)
        _twins_are_true(tmp_path)
        assert (tmp_path / "index.html.gz").exists()
        assert [path.name for path in tmp_path.rglob(".*")] == []
        if left > 0:
            break
    assert steps >= 5


async def test_charts_are_drawn_once_a_bulletin_and_before_the_page_speaks_of_them(
    little: LittleElection, tmp_path: Path
) -> None:
    drawn: list[Language] = []

    def draw(language: Language) -> bytes:
        assert not (tmp_path / "index.html").exists()
        drawn.append(language)
        return language.encode()

    for _ in range(2):
        await publish_board(tmp_path, little.contents(), draw)
    assert drawn == ["kk", "ru", "en"]
    assert (tmp_path / "chart-ru.png").read_bytes() == b"ru"
    assert (tmp_path / "chart.png").read_bytes() == b"kk"
    assert 'href="chart-en.png"' in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert verify(tmp_path / "bundle", KEY.public_key, signing.verify).ok


async def test_every_receipt_is_in_the_list_of_its_first_digits_with_its_bulletin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "MOST", 5)
    little, codes = LittleElection(), [receipt.from_bytes(bytes([7, number])) for number in range(70)]
    little.publish()
    for member in range(12):
        little.cast(member, code=codes[member])
    little.publish()
    await publish_board(tmp_path, little.contents())
    before = json.loads((tmp_path / "receipts/index.json").read_bytes())
    for member in range(12, 70):
        little.cast(member, code=codes[member])
    little.publish()
    await publish_board(tmp_path, little.contents())
    cut = json.loads((tmp_path / "receipts/index.json").read_bytes())
    assert (before, cut) == ({"digits": 1, "signs": 16}, {"digits": 1, "signs": 16})
    lists = {path.name: path.read_text().splitlines() for path in (tmp_path / "receipts/1").glob("*.txt")}
    assert lists.keys() == {f"{digit:x}.txt" for digit in range(16)}
    for place, code in enumerate(codes):
        digest = receipt.digest(code).hex()
        assert f"{digest[:16]} {2 if place < 12 else 3}" in lists[f"{digest[0]}.txt"]
    assert sum(map(len, lists.values())) == 70
    assert all(each == sorted(each) for each in lists.values())


def test_lists_that_grow_are_cut_finer_before_the_old_ones_go(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    for number, entries in ((1, 300), (2, 9000)):
        lines = [f"cast {receipt.digest(str((number, entry))).hex()}\n" for entry in range(entries)]
        (log / f"{number}.txt").write_text("".join([*lines, f"ballot {'0' * 64}\n"]))
        shards.write_shards(tmp_path / "receipts", log)
        digits = json.loads((tmp_path / "receipts/index.json").read_bytes())["digits"]
        assert [path.name for path in (tmp_path / "receipts").iterdir() if path.is_dir()] == [str(digits)]
        sizes = [len(path.read_bytes().splitlines()) for path in (tmp_path / f"receipts/{digits}").glob("*.txt")]
        assert len(sizes) == 16**digits
        assert max(sizes) < 600
        assert sum(sizes) == (300 if number == 1 else 9300)
    assert digits == 2


async def test_a_whole_board_has_nothing_that_its_own_server_would_not_show(
    little: LittleElection, tmp_path: Path
) -> None:
    await publish_board(tmp_path, little.contents(), lambda _: b"picture")
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} <= {".html", ".json", ".txt", ".png", ".gz"}
    assert board.BUNDLE == "bundle"
