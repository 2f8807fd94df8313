"""Puts a file where the public reads it: at once and whole, with its compressed twin for servers that send it."""

import gzip
import os
from pathlib import Path

_WORTH_IT = 1400
"""Bytes; what fits into one packet anyway gains nothing."""


def place(path: Path, data: bytes, *, packed: bool = False) -> None:
    """Put these bytes there at once; a file that has them already keeps its date, and so its place in caches.

    `packed`: with a twin `.gz` beside it. A reader may for a moment find the new file without its twin, never with
    the twin of another, and a twin that a crash kept from being written is written the next time.
    """
    twin = path.with_name(f"{path.name}.gz")
    wanted = gzip.compress(data, 9, mtime=0) if packed and len(data) > _WORTH_IT else None
    if not _has(path, data):
        twin.unlink(missing_ok=True)
        _replace(path, data)
    if wanted is None:
        twin.unlink(missing_ok=True)
    elif not _has(twin, wanted):
        _replace(twin, wanted)


def sweep(folder: Path) -> None:
    """Take away the drafts that a crash left behind."""
    for draft in folder.glob(".*.new"):
        draft.unlink()


def _has(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(data)
    os.replace(draft, path)
