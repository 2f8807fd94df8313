"""Reads every file of a folder and hashes what is in it, and nothing else. With `--tree` each line of the log, too, and
the tree over the lines: what no verifier can do without."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path


def hash_files(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")


def lines(folder: Path) -> Iterator[bytes]:
    for path in sorted((folder / "log").iterdir(), key=lambda path: int(path.stem)):
        with path.open("rb") as file:
            yield from file


def hash_tree(folder: Path) -> None:
    sha256 = hashlib.sha256
    level = [sha256(b"\0" + line).digest() for line in lines(folder)]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs] + level[len(level) & ~1 :]


if __name__ == "__main__":
    hash_files(Path(sys.argv[1]))
    if "--tree" in sys.argv:
        hash_tree(Path(sys.argv[1]))
