"""An empty SQLite store as the program leaves it after its first start: made once a process, and copied for each test.

To make it takes every migration there has been; how they go is proved in tests/storage/durable/test_schema.py.
"""

import tempfile
from functools import cache
from pathlib import Path

from dauys.strongroom import Strongroom
from storage.durable.sqlite_file import make_sqlite_file
from storage.durable.upgrade import bring_up_to_date


def lay_store(path: Path, seal_key: bytes) -> None:
    """Put one where there is none, its rows sealed with this key."""
    if not path.exists():
        make_sqlite_file(path)
        path.write_bytes(_store(seal_key))


def lay_house(store: Path, key_file: Path) -> None:
    """Put one where there is none, and the operator's keys of which its seals are made: in every house the same."""
    if not store.exists() and not key_file.exists():
        keys, seal_key = _keys()
        key_file.parent.mkdir(parents=True, exist_ok=True)
        key_file.touch(mode=0o600)
        key_file.write_bytes(keys)
        lay_store(store, seal_key)


@cache
def _keys() -> tuple[bytes, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        seal_key = Strongroom(path).seal_key
        return path.read_bytes(), seal_key


@cache
def _store(seal_key: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return bring_up_to_date(f"sqlite:///{folder}/store.sqlite3", seal_key).read_bytes()
