"""`dauys run --role board`: the folder is shown, and the stores are not so much as looked at."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.board.little_election import a_whole_election
from tests.house.house import ROOT

_SPY = """
import atexit, sys
from dauys.__main__ import main
atexit.register(lambda: print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}), flush=True))
sys.argv = ["dauys", "run", "--role", "board"]
main()
"""
STORES = {
    "sqlalchemy",
    "asyncpg",
    "sqlite3",
    "aiosqlite",
    "redis",
    "aiogram",
    "twilio",
    "nacl",
    "storage",
    "bot",
    "vault",
}


@contextmanager
def _trap() -> Iterator[socket.socket]:
    """A port that nobody may knock at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_shows_the_folder_and_touches_neither_the_database_nor_redis(tmp_path: Path) -> None:
    a_whole_election().write_board(tmp_path / "board")
    port = _free_port()
    with _trap() as database, _trap() as redis:
        process = subprocess.Popen(
            [sys.executable, "-c", _SPY],
            cwd=tmp_path,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "TWILIO_"))},
                "PYTHONPATH": str(ROOT),
                "DATABASE_URL": f"postgresql://nobody:secret@127.0.0.1:{database.getsockname()[1]}/none",
                "REDIS_URL": f"redis://127.0.0.1:{redis.getsockname()[1]}/0",
                "SECRET_KEY_FILE": str(tmp_path / "keys.json"),
                "BOARD_DIR": "board",
                "PORT": str(port),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert b"bulletin" in _asked(f"http://127.0.0.1:{port}/latest.json", process)
            assert b"<main" in _asked(f"http://127.0.0.1:{port}/", process)
            assert b"true" in _asked(f"http://127.0.0.1:{port}/readyz", process)
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            assert f"Max open files {hard}" in " ".join(limits.split())
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=20)[0]
        finally:
            process.kill()
        for trap in (database, redis):
            with pytest.raises(BlockingIOError):
                trap.accept()
    assert process.returncode == 0, said
    loaded = {*said.rpartition("LOADED")[2].split()}
    assert "board" in loaded
    assert loaded & STORES == set()
    assert "secret" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board"]  # no key file, no database


def _asked(url: str, process: "subprocess.Popen[str]") -> bytes:
    for _ in range(400):
        try:
            with urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except URLError:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
    raise AssertionError("the board does not answer")
