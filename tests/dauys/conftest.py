"""Elections at three stages, each made once by commands, and copied for each test."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dauys.settings import Settings
from dauys.wiring import open_hall
from election.station import Station
from storage.fleeting.file_twin import FileTwin
from tests.dauys.command_line import CommandLine

ROLL = """\
member_id;name;phone;region;branch;language
m1;Участник;8 701 000 11 01;Алматы;Центр;kk
m2;Участник;+7 (701) 000-11-02;Алматы;Центр;ru
m3;Участник;87010001103;Астана;Север;ru
m4;Участник;;Астана;Север;ru
m5;Участник;8 727 250 12 34;Астана;Север;ru
m6;Участник;+77010001104;Астана;Север;ru
m7;Участник;+77010001104;Астана;Север;ru
m7;Участник;+77010001104;Астана;Север;ru
m8;Участник;12;Астана;Север;ru
"""
VOTES = {
    "m1": {"chair": ("101",), "council": ("201", "203")},
    "m2": {"chair": ("102",), "council": ()},
    "m3": {"chair": ("101",), "council": ("203",)},
}


@pytest.fixture
def dauys(tmp_path: Path) -> CommandLine:
    """The command line in an empty folder."""
    return CommandLine(tmp_path)


@pytest.fixture(scope="session")
def _drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dauys = CommandLine(tmp_path_factory.mktemp("drafted"))
    dauys.write("roll.csv", ROLL)
    dauys.succeeds("election", "new", ".")
    dauys.succeeds("election", "load", "election.toml")
    dauys.succeeds("roll", "import", "roll.csv")
    dauys.succeeds("keys", "ceremony", "--out", "shares")
    return dauys.folder


@pytest.fixture(scope="session")
def _opened(tmp_path_factory: pytest.TempPathFactory, _drafted: Path) -> Path:
    dauys = _copied(_drafted, tmp_path_factory.mktemp("opened"))
    dauys.decided("open")
    return dauys.folder


@pytest.fixture(scope="session")
def _closed(tmp_path_factory: pytest.TempPathFactory, _opened: Path) -> Path:
    dauys = _copied(_opened, tmp_path_factory.mktemp("closed"))
    asyncio.run(_vote(dauys.folder))
    dauys.decided("close")
    return dauys.folder


@pytest.fixture
def drafted(tmp_path: Path, _drafted: Path) -> CommandLine:
    """Loaded, with a roll and a key; not open."""
    return _copied(_drafted, tmp_path)


@pytest.fixture
def opened(tmp_path: Path, _opened: Path) -> CommandLine:
    """Open, and nobody has voted."""
    return _copied(_opened, tmp_path)


@pytest.fixture
def closed(tmp_path: Path, _closed: Path) -> CommandLine:
    """Closed after VOTES."""
    return _copied(_closed, tmp_path)


def _copied(made: Path, folder: Path) -> CommandLine:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return CommandLine(folder)


async def _vote(folder: Path) -> None:
    settings = Settings(
        _env_file=None, DATABASE_URL=f"sqlite:///{folder}/store.sqlite3", SECRET_KEY_FILE=folder / "keys.json"
    )
    async with open_hall(settings) as hall:
        with FileTwin(folder / "fleeting.sqlite3") as fleeting:
            station = Station(hall.store.ledger, fleeting, hall.strongroom, hall.standing, hall.store.books)
            for member, marks in VOTES.items():
                await hall.store.ledger.enrol(member, "sms", "")
                voter = await station.may_vote(member, datetime.now(UTC))
                await station.cast(voter, "telegram", marks, lambda _: "a vote was cast", datetime.now(UTC))
