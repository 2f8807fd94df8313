"""Writes what the public gets: the bundle that anyone can verify.

A bundle is written whole into a folder beside the old one and takes its place when it is ready; nobody reads half of
one. Everything in it follows from what the store keeps, so a lost bundle is written again.
"""

import asyncio
import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from board.page import page
from board.telling import Shown
from election.bulletin import Sign, canonical, signed
from election.bulletin_rules import PublicKeys, public_rules
from election.definition import Definition
from election.errors import OperatorRefusal
from election.leaf import Leaf

PORTION = 20_000
"""Leaves asked for at a time."""

_PARTS = {"manifest.json", "rules.json", "keys.json", "roll.txt", "result.json", "index.html", "bulletins", "log"}
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is published. `bulletins` (at least one) and `result` are bytes as they were signed; `leaves` hands out
    the log's leaves from one place to before another, as BookKeeping does; `roll` are the hashes (32 bytes) of the
    roll's rows in ascending order, and `sign` signs with the key whose public half is `keys.signing_key`."""

    definition: Definition
    bulletins: Sequence[bytes]
    leaves: Callable[[int, int], Awaitable[Sequence[Leaf]]]
    roll: Iterable[bytes]
    keys: PublicKeys
    result: bytes | None
    sign: Sign


async def write_bundle(folder: Path, contents: Contents) -> None:
    """Write the bundle in place of the one in `folder`, if any. Repeats harmlessly, and gives the same bytes.

    Memory is bounded: leaves and roll are passed on in portions. Raises OperatorRefusal for a folder that holds
    anything else, for no bulletin, and for a log with fewer leaves than the bulletins say.
    """
    if not contents.bulletins:
        raise OperatorRefusal("no_bulletin", "Nothing is published yet; begin with `dauys bulletin publish`.")
    await asyncio.to_thread(_must_be_ours, folder)
    await asyncio.to_thread(folder.parent.mkdir, parents=True, exist_ok=True)
    workshop = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=f".{folder.name}.", dir=folder.parent))
    try:
        await _Draft(workshop / "new").fill(contents)
        await asyncio.to_thread(_swap, workshop, folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, workshop, ignore_errors=True)


def draw_page(contents: Contents, bundle: str, *, live: bool = False, pictures: bool = False) -> bytes:
    """The page about the newest bulletin; see `Shown`."""
    newest = contents.bulletins[-1]
    shown = Shown(
        bulletin=json.loads(newest),
        digest=sha256(newest).hexdigest(),
        public_key=contents.keys.signing_key,
        timezone=contents.definition.timezone,
        bundle=bundle,
        result=json.loads(contents.result) if contents.result is not None else None,
        earlier=[json.loads(bulletin) for bulletin in contents.bulletins[:-1]],
        live=live,
        pictures=pictures,
    )
    return page(shown).encode()


class _Draft:
    """A bundle while it is written: its folder, and the entries of its manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Mapping[str, Any]] = {}
        for under in (folder, folder / "bulletins", folder / "log"):
            under.mkdir()

    async def fill(self, contents: Contents) -> None:
        """Write every file, the manifest last."""
        await asyncio.to_thread(self._papers, contents)
        start = 0
        for number, bulletin in enumerate(contents.bulletins, 1):
            end = json.loads(bulletin)["log"]["size"]
            await self._log(f"log/{number}.txt", contents, start, end)
            start = end
        manifest = {
            "kind": "manifest",
            "election": contents.definition.id,
            "public_key": contents.keys.signing_key.hex(),
            "files": self._files,
        }
        await asyncio.to_thread((self._folder / "manifest.json").write_bytes, signed(manifest, contents.sign))

    def _papers(self, contents: Contents) -> None:
        self._write("rules.json", [canonical(public_rules(contents.definition))])
        self._write("keys.json", [canonical(contents.keys.as_json(contents.definition.id))])
        self._write("roll.txt", (row.hex().encode() + b"\n" for row in contents.roll))
        for number, bulletin in enumerate(contents.bulletins, 1):
            self._write(f"bulletins/{number}.json", [bulletin])
        if contents.result is not None:
            self._write("result.json", [contents.result])
        self._write("index.html", [draw_page(contents, "")])

    async def _log(self, name: str, contents: Contents, start: int, end: int) -> None:
        file = _Written(self._folder / name)
        try:
            while start < end:
                leaves = await contents.leaves(start, min(start + PORTION, end))
                if not leaves:
                    raise OperatorRefusal(
                        "log_damaged",
                        f"The store has no leaf {start} of the log, though bulletins tell of {end} leaves.",
                    )
                await asyncio.to_thread(file.write, "".join(f"{leaf.line}\n" for leaf in leaves).encode())
                start += len(leaves)
        finally:
            file.close()
        self._files[name] = file.entry()

    def _write(self, name: str, chunks: Iterable[bytes]) -> None:
        file = _Written(self._folder / name)
        try:
            for chunk in chunks:
                file.write(chunk)
        finally:
            file.close()
        self._files[name] = file.entry()


class _Written:
    """A file while it is written, and what the manifest says of it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._digest = sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def close(self) -> None:
        """No more is coming."""
        self._file.close()

    def entry(self) -> Mapping[str, Any]:
        """Hash and size."""
        return {"sha256": self._digest.hexdigest(), "size": self._size}


def _must_be_ours(folder: Path) -> None:
    """A folder is replaced only if it is a bundle: a slip of the pen must not cost somebody her files."""
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {""}
    if names and not ("manifest.json" in names and names <= _PARTS):
        raise OperatorRefusal("folder_in_use", f"{folder} holds something else than a bundle; name another folder.")


def _swap(workshop: Path, folder: Path) -> None:
    """At once where the system can exchange two folders; elsewhere the place is empty for a blink."""
    if not folder.exists():
        (workshop / "new").rename(folder)
        return
    if _exchanged(workshop / "new", folder):
        return
    old = workshop / "old"
    folder.rename(old)
    try:
        (workshop / "new").rename(folder)
    except OSError:
        old.rename(folder)
        raise


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the two have changed places: renameat2 of Linux, which Python lacks and some file systems too."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    return exchange is not None and not exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
