"""The bundle and the board's folder, as they are written."""

import asyncio
import json
import os
from hashlib import sha256
from pathlib import Path

import pytest

from board.bundle import write_bundle
from board.folder import publish_board
from board.verify import verify
from election.errors import OperatorRefusal
from tests.board.little_election import KEY, LittleElection, a_whole_election
from tests.board.tampering import read_files
from vault import signing


@pytest.fixture(scope="module")
def little() -> LittleElection:
    return a_whole_election()


def test_a_bundle_holds_what_the_guide_for_observers_says(little: LittleElection, tmp_path: Path) -> None:
    files = read_files(little.write(tmp_path / "bundle"))
    papers = {"manifest.json", "rules.json", "keys.json", "roll.txt", "result.json", "index.html"}
    numbered = {name for number in range(1, 7) for name in (f"bulletins/{number}.json", f"log/{number}.txt")}
    assert files.keys() == papers | numbered
    newest = json.loads(files["bulletins/6.json"])
    for name, figure in (("rules.json", "rules_digest"), ("keys.json", "keys_digest"), ("roll.txt", "roll_digest")):
        assert sha256(files[name]).hexdigest() == newest[figure]
    assert sha256(files["result.json"]).hexdigest() == newest["result_digest"]
    assert sha256(files["bulletins/5.json"]).hexdigest() == newest["previous"]
    assert len(files["roll.txt"].splitlines()) == newest["electorate"]
    assert b"+7701" not in b"".join(files.values())


def test_writing_a_bundle_again_gives_the_same_bytes_and_leaves_nothing_beside_it(
    little: LittleElection, tmp_path: Path
) -> None:
    folder = little.write(tmp_path / "out" / "bundle")
    first = read_files(folder)
    little.write(folder)
    assert read_files(folder) == first
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]


def test_a_new_bundle_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    folder = a_whole_election(counted=False).write(tmp_path / "bundle")
    a_whole_election().write(folder)
    assert verify(folder, KEY.public_key, signing.verify).ok


def test_a_folder_with_anything_else_in_it_is_never_replaced(little: LittleElection, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OperatorRefusal, match="something else than a bundle"):
        little.write(tmp_path)
    folder = little.write(tmp_path / "bundle")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(OperatorRefusal, match="something else than a bundle"):
        little.write(folder)
    with pytest.raises(OperatorRefusal, match="something else than a bundle"):
        little.write(tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert (folder / "notes.txt").exists()


def test_nothing_is_written_before_the_first_bulletin(tmp_path: Path) -> None:
    with pytest.raises(OperatorRefusal, match="dauys bulletin publish"):
        LittleElection().write(tmp_path / "bundle")
    assert [*tmp_path.iterdir()] == []


def test_a_log_with_leaves_missing_leaves_the_old_bundle_in_place(tmp_path: Path) -> None:
    little = a_whole_election(counted=False)
    folder = little.write(tmp_path / "bundle")
    before = read_files(folder)
    del little.leaves[-1]
    with pytest.raises(OperatorRefusal, match="no leaf"):
        little.write(folder)
    assert read_files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_the_board_has_the_page_the_newest_bulletin_all_bulletins_and_the_bundle(
    little: LittleElection, tmp_path: Path
) -> None:
    folder = little.write_board(tmp_path / "board")
    assert sorted(path.name for path in folder.iterdir()) == [
        *("bulletins", "bundle", "index.html", "index.html.gz", "latest.json", "latest.json.gz", "receipts"),
    ]
    assert (folder / "latest.json").read_bytes() == little.bulletins[-1]
    assert [(folder / f"bulletins/{n}.json").read_bytes() for n in range(1, 7)] == little.bulletins
    assert verify(folder / "bundle", KEY.public_key, signing.verify, [folder / "bulletins"]).ok
    assert 'href="bundle/manifest.json"' in (folder / "index.html").read_text(encoding="utf-8")


def test_what_has_not_changed_on_the_board_keeps_its_date(little: LittleElection, tmp_path: Path) -> None:
    folder = little.write_board(tmp_path / "board")
    os.utime(folder / "bulletins/1.json", (0, 0))
    (folder / "latest.json").write_bytes(b"of yesterday")
    little.write_board(folder)
    assert (folder / "bulletins/1.json").stat().st_mtime == 0
    assert (folder / "latest.json").read_bytes() == little.bulletins[-1]


async def test_a_reader_never_meets_half_a_bundle(little: LittleElection, tmp_path: Path) -> None:
    """While it is written again and again, what lies in the folder is whole or, where two folders cannot be exchanged,
    for a blink not there."""
    folder = tmp_path / "bundle"
    await write_bundle(folder, little.contents())
    before = read_files(folder)

    async def write() -> None:
        for _ in range(5):
            await write_bundle(folder, little.contents())

    async def read() -> int:
        met = 0
        while not writing.done():
            names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
            if names:
                assert names == before.keys()
                met += 1
            await asyncio.sleep(0)
        return met

    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(write())
        reading = tasks.create_task(read())
    assert reading.result() > 0


async def test_the_board_may_be_written_from_the_clock_again_and_again(little: LittleElection, tmp_path: Path) -> None:
    for _ in range(3):
        await publish_board(tmp_path, little.contents())
    assert verify(tmp_path / "bundle", KEY.public_key, signing.verify).ok
