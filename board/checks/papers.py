"""All papers of a bundle: what is written by hand or by the program, read and of the shape it must have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from board.checks.bulletin import Bulletin
from board.checks.bulletin import read as read_bulletin
from board.checks.files import RESULT, Manifest
from board.checks.reading import Broken, Fields, read_json, read_small
from board.checks.result import Result
from board.checks.result import read as read_result
from board.checks.rules import Keys, Rules, read_keys, read_rules

_Paper = TypeVar("_Paper")


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a bundle. The digests are SHA-256 (hex) of the files' bytes."""

    manifest: Manifest
    rules: Rules
    rules_digest: str
    keys: Keys
    keys_digest: str
    bulletins: Sequence[Bulletin]
    result: Result | None
    result_digest: str

    @property
    def last(self) -> Bulletin:
        """The newest bulletin."""
        return self.bulletins[-1]


def read_papers(folder: Path, manifest: Manifest) -> Papers:
    """Every JSON file of the bundle. Raises Broken, naming the file."""
    told_rules, rules_digest = _read(folder, "rules.json", lambda told, _: read_rules(told))
    told_keys, keys_digest = _read(folder, "keys.json", lambda told, _: read_keys(told))
    names = [f"bulletins/{number}.json" for number in range(1, manifest.bulletins + 1)]
    bulletins = [_read(folder, name, read_bulletin)[0] for name in names]
    told_result, result_digest = None, ""
    if manifest.has_result:
        told_result, result_digest = _read(folder, RESULT, lambda told, _: read_result(told))
    return Papers(manifest, told_rules, rules_digest, told_keys, keys_digest, bulletins, told_result, result_digest)


def _read(folder: Path, name: str, paper: Callable[[Fields, str], _Paper]) -> tuple[_Paper, str]:
    try:
        data = read_small(folder / name)
        digest = sha256(data).hexdigest()
        return paper(read_json(data), digest), digest
    except Broken as broken:
        raise Broken(f"{name} {broken}") from None
