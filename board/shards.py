"""Receipts cut into small lists, so that a member finds hers without telling the board which it is.

`receipts/index.json` says how the lists are cut; a list is `receipts/<digits>/<first digits of the hash>.txt`, a line
for each receipt: the first signs of its hash and the number of its bulletin. Whoever asks for a list might mean any
receipt in it. Nothing is in them that is not in the bundle's `log/`.
"""

import json
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from board.placing import place, sweep

SIGNS = 16
"""Signs of a hash in a list: 64 bits tell a million receipts apart."""

MOST = 400
"""Receipts in a list, on the average; a sixteenth of it when they have just been cut finer."""


def write_shards(folder: Path, log: Path) -> None:
    """Bring the lists in `folder` up to the log of the bundle, the files `1.txt`, `2.txt` … in `log`.

    Each takes the place of the old one at once. Cut finer, they stand in a folder of their own before the index names
    it, and the old ones go afterwards.
    """
    number, digits = sum(1 for _ in _receipts(log)), 0
    while number > MOST * 16**digits:
        digits += 1
    shards = {"".join(prefix): bytearray() for prefix in product("0123456789abcdef", repeat=digits)}
    for line in _receipts(log):
        shards[line[:digits]] += line.encode()
    cut = folder / str(digits)
    cut.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    sweep(cut)
    for prefix, shard in shards.items():
        place(cut / f"{prefix or 'all'}.txt", b"".join(sorted(shard.splitlines(keepends=True))), packed=True)
    place(folder / "index.json", json.dumps({"digits": digits, "signs": SIGNS}).encode() + b"\n")
    for other in folder.iterdir():
        if other.is_dir() and other != cut:
            shutil.rmtree(other)


def _receipts(log: Path) -> Iterator[str]:
    """The lines of the lists, in the order of the log."""
    for path in log.glob("*.txt"):
        with path.open(encoding="ascii") as file:
            for line in file:
                kind, _, digest = line.partition(" ")
                if kind == "cast":
                    yield f"{digest[:SIGNS]} {path.stem}\n"
