"""The files of a bundle: that all are there and no other, each with the size and the hash that the manifest names."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from board.checks.reading import Broken, Fields, open_file, quoted, read_json, read_small

MANIFEST = "manifest.json"
ALWAYS = ("rules.json", "keys.json", "roll.txt", "index.html")
RESULT = "result.json"
FOLDERS = ("bulletins", "log")

_BULLETIN = re.compile(r"bulletins/[1-9][0-9]{0,5}\.json")
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Listed:
    """What the manifest says of a file."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in the bundle. `bulletins`: how many there are, from 1 on."""

    fields: Fields
    election: str
    public_key: bytes
    files: Mapping[str, Listed]
    signature: bytes
    bulletins: int

    @property
    def has_result(self) -> bool:
        """Whether a result is in the bundle."""
        return RESULT in self.files


def read_manifest(folder: Path) -> Manifest:
    """The manifest. Raises Broken if it is not one, or names other files than a bundle has."""
    try:
        return _manifest(read_json(read_small(folder / MANIFEST)))
    except Broken as broken:
        raise Broken(f"{MANIFEST} {broken}") from None


def wrong_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Everything that is missing, too much or changed, a sentence each."""
    yield from _strangers(folder, manifest)
    for name, listed in manifest.files.items():
        try:
            digest = _digest(folder / name, listed.size)
        except Broken as broken:
            yield f"{name} {broken}"
        else:
            if digest != listed.digest:
                yield f"{name} is not the file that {MANIFEST} names: its SHA-256 is {digest}"


def _manifest(told: Fields) -> Manifest:
    if told.text("kind") != "manifest":
        raise Broken("is no manifest")
    listing = told.fields("files")
    files = {}
    for name in sorted(listing.told):
        entry = listing.fields(name)
        files[name] = Listed(entry.hash("sha256"), entry.number("size"))
        entry.end()
    number = sum(1 for name in files if _BULLETIN.fullmatch(name))
    due = {*ALWAYS, *(f"bulletins/{n}.json" for n in range(1, number + 1))}
    due |= {f"log/{n}.txt" for n in range(1, number + 1)}
    due |= {RESULT} & files.keys()
    if due != files.keys():
        raise Broken(f"names other files than a bundle has, among them {quoted(min(due ^ files.keys()))}")
    if number == 0:
        raise Broken("names no bulletin")
    manifest = Manifest(
        fields=told,
        election=told.text("election"),
        public_key=bytes.fromhex(told.hash("public_key")),
        files=files,
        signature=bytes.fromhex(told.hash("signature", 64)),
        bulletins=number,
    )
    told.end()
    return manifest


def _strangers(folder: Path, manifest: Manifest) -> Iterator[str]:
    for under in ("", *(f"{name}/" for name in FOLDERS)):
        path = folder / under
        if under and path.is_symlink():
            yield f"{under} is a link, not a folder"
            continue
        try:
            with os.scandir(path) as found:
                for entry in found:
                    name = under + entry.name
                    if name not in manifest.files and name not in (MANIFEST, *FOLDERS):
                        yield f"{quoted(name)} does not belong to a bundle"
        except OSError:
            yield f"{under or 'the folder'} cannot be read as a folder"


def _digest(path: Path, size: int) -> str:
    """The SHA-256 of a file. Raises Broken, and reads no further, if it has not so many bytes."""
    digest, left = sha256(), size
    try:
        with os.fdopen(open_file(path), "rb", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                digest.update(chunk)
    except OSError:
        raise Broken("cannot be read") from None
    if left:
        raise Broken(f"has {'more' if left < 0 else 'fewer'} bytes than the {size} that {MANIFEST} names")
    return digest.hexdigest()
