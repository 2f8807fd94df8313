"""The clock's inspection of the store, in a process of its own: it sees what is there, and stands in for itself."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dauys import inspecting
from dauys.wiring import open_hall
from election.damage import StoreDamaged
from tests.voters import Booth, booth


async def test_a_whole_store_passes_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        await inspecting.must_be_whole(hall.hall)
        damaged(hall)
        with pytest.raises(StoreDamaged, match="1 row of voter"):
            await inspecting.must_be_whole(hall.hall)


async def test_on_postgresql_too(tmp_path: Path, postgres_url: str) -> None:
    async with booth(tmp_path) as hall:
        settings = hall.settings.model_copy(update={"DATABASE_URL": type(hall.settings.DATABASE_URL)(postgres_url)})
    async with open_hall(settings) as opened:
        await opened.store.office.load_election(hall.file, "0" * 64)
        assert await inspecting._found_apart(opened) == []


async def test_where_no_process_can_be_started_this_one_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with booth(tmp_path) as hall:
        damaged(hall)
        for nothing in (str(tmp_path / "no-python"), "/bin/false"):
            monkeypatch.setattr(sys, "executable", nothing)
            assert await inspecting._found_apart(hall.hall) is None
            with pytest.raises(StoreDamaged):
                await inspecting.must_be_whole(hall.hall)


async def test_left_in_the_middle_it_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = tmp_path / "waits"
    waits.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n", encoding="utf-8")
    waits.chmod(0o755)
    async with booth(tmp_path) as hall:
        monkeypatch.setattr(sys, "executable", str(waits))
        looking = asyncio.ensure_future(inspecting.must_be_whole(hall.hall))
        async with asyncio.timeout(20):
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                await asyncio.sleep(0.01)
            looking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await looking
            place = Path("/proc") / (tmp_path / "pid").read_text().strip() / "stat"
            while place.exists() and place.read_text().rpartition(")")[2].split()[0] != "Z":
                await asyncio.sleep(0.01)


def damaged(hall: Booth) -> None:
    """Somebody else writes into the file."""
    path = hall.settings.database_url.partition(":///")[2]
    with closing(sqlite3.connect(path, isolation_level=None)) as hand:
        hand.execute("UPDATE voter SET name = 'another' WHERE member_id = 'm000001'")
