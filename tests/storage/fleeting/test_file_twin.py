"""The file behind the file twin."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from election.errors import StoreUnavailable
from election.ports import Limit
from storage.fleeting.file_twin import FileTwin

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TAKER = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from storage.fleeting.file_twin import FileTwin

async def take():
    with FileTwin(Path(sys.argv[1])) as twin:
        now = datetime.fromisoformat(sys.argv[2])
        await twin.count("started", 1, 60, now)
        while await twin.count("started", 0, 60, now) < 5:
            pass
        print(sum([await twin.take_try("key", now) is not None for _ in range(50)]))

asyncio.run(take())
"""


async def test_the_file_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    with FileTwin(tmp_path / "var" / "fleeting.sqlite3") as twin:
        await twin.put("key", b"value", 60, NOW)
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "var").iterdir()}
    assert modes == dict.fromkeys(("fleeting.sqlite3", "fleeting.sqlite3-wal", "fleeting.sqlite3-shm"), 0o600)


async def test_things_outlive_a_restart(tmp_path: Path) -> None:
    with FileTwin(tmp_path / "file") as twin:
        await twin.put("key", b"value", 60, NOW)
    with FileTwin(tmp_path / "file") as twin:
        assert await twin.get("key", NOW) == b"value"


def in_the_files(folder: Path, secret: bytes) -> bool:
    return any(secret in path.read_bytes() for path in folder.iterdir())


async def test_what_was_purged_is_gone_from_the_files(tmp_path: Path) -> None:
    with FileTwin(tmp_path / "file") as twin:
        for number in range(300):
            await twin.put(f"session {number}", b"a draft of a ballot", 60, NOW)
        assert in_the_files(tmp_path, b"a draft of a ballot")
        await twin.purge(NOW.replace(hour=23))
        assert not in_the_files(tmp_path, b"a draft of a ballot")


async def test_a_purge_tells_how_much_it_took(tmp_path: Path) -> None:
    with FileTwin(tmp_path / "file") as twin:
        for seconds, name in ((10, "short"), (60, "long")):
            await twin.put(name, b"value", seconds, NOW)
            await twin.put_secret(name, b"value", 5, seconds, NOW)
            await twin.spend(name, [Limit(1, seconds)], NOW)
            await twin.count(name, 1, seconds, NOW)
            await twin.hold(name, b"one", seconds, NOW)
        assert await twin.purge(NOW + timedelta(seconds=10)) == 5
        assert await twin.purge(NOW + timedelta(seconds=10)) == 0


async def test_a_file_of_another_form_is_begun_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "file")) as file:
        file.execute("CREATE TABLE kept (old TEXT)")
    with FileTwin(tmp_path / "file") as twin:
        assert await twin.once("key", 60, NOW)


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a letter to the committee, long enough to be read as a page" * 20)
    with pytest.raises(StoreUnavailable):
        FileTwin(tmp_path / "file")


async def test_a_closed_twin_says_that_it_is_unavailable(tmp_path: Path) -> None:
    twin = FileTwin(tmp_path / "file")
    twin.close()
    twin.close()
    with pytest.raises(StoreUnavailable):
        await twin.get("key", NOW)


def taker(file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", TAKER, str(file), NOW.isoformat()], stdout=subprocess.PIPE)


async def test_four_processes_that_start_at_once_take_five_tries_between_them(tmp_path: Path) -> None:
    file = tmp_path / "var" / "fleeting"
    with taker(file) as one, taker(file) as two, taker(file) as three, taker(file) as four, FileTwin(file) as twin:
        await twin.put_secret("key", b"secret", 5, 60, NOW)
        await twin.count("started", 1, 60, NOW)
        taken = [int(process.communicate(timeout=60)[0]) for process in (one, two, three, four)]
    assert sum(taken) == 5
