"""The urn as a file, for accredited auditors: what the ballots mean and how they open, then a sealed ballot a line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from election.definition import Definition
from election.election_file import parse
from election.errors import OperatorRefusal
from vault.ceremony import ElectionKey


@dataclass(frozen=True, slots=True)
class Urn:
    """What an urn file holds. `struck`: candidates struck off, by contest; their marks are not counted."""

    definition: Definition
    key: ElectionKey
    ballots: Sequence[bytes]
    struck: Mapping[str, frozenset[str]]


def write_urn(
    path: Path, definition: str, key: ElectionKey, ballots: Sequence[bytes], struck: Mapping[str, frozenset[str]]
) -> None:
    """Write it for its owner alone: who has the shares too can read every ballot in it, though of nobody."""
    head = {
        "definition": definition,
        "public_key": key.public_key.hex(),
        "threshold": key.threshold,
        "commitments": [each.hex() for each in key.commitments],
        "struck": {contest: sorted(candidates) for contest, candidates in struck.items()},
    }
    path.touch(mode=0o600)
    with path.open("w", encoding="ascii") as file:
        file.write(json.dumps(head) + "\n")
        file.writelines(each.hex() + "\n" for each in ballots)


def read_urn(path: Path) -> Urn:
    """Read it back. Raises OperatorRefusal for a file that is none."""
    with _ours(path), path.open(encoding="ascii") as file:
        head = json.loads(file.readline())
        definition = parse(head["definition"])
        key = ElectionKey(
            definition.id,
            bytes.fromhex(head["public_key"]),
            int(head["threshold"]),
            tuple(bytes.fromhex(each) for each in head["commitments"]),
        )
        struck = {contest: frozenset(candidates) for contest, candidates in head.get("struck", {}).items()}
        return Urn(definition, key, [bytes.fromhex(line.rstrip("\n")) for line in file], struck)


@contextmanager
def _ours(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OperatorRefusal("urn_unreadable", f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OperatorRefusal("not_an_urn", f"{path} is not an urn file; `dauys tally` writes urn.txt.") from None
