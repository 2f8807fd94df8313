"""A SQLite file that only its owner can read and that several processes can share."""

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

_TRIES = 100
_PAUSE = 0.05  # seconds


def make_sqlite_file(path: Path) -> None:
    """Make the file, and its folder, if they are not there, and turn on its write-ahead log. Repeats harmlessly.

    Raises OSError or sqlite3.Error where that cannot be done or the file is something else.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # SQLite gives its log the mode of the file
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path)) as file:
        _keep_a_log(file)


def _keep_a_log(file: sqlite3.Connection) -> None:
    """The log is a mark in the file and stays. While another process sets it, SQLite says `locked` at once."""
    for left in reversed(range(_TRIES)):
        try:
            file.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(_PAUSE)
