"""What the public log says: one leaf for each thing that happened, a kind and a hash, and nothing else.

A vote puts two leaves down: `cast`, the hash of the receipt, and `ballot`, the hash of the sealed ballot. They are not
joined, and they reach the log shuffled among those of other votes, so that whoever is shown a receipt cannot tell
which ballot lies behind it. What takes a ballot out names it by its hash: `redo`, `void` and `paper`. A `paper` leaf
whose hash is no ballot's is a member who had not voted by phone. `action` is an act of the commission.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal, get_args

from election.log import hash_of_leaf
from election.ports import Act

Kind = Literal["cast", "ballot", "redo", "void", "paper", "action"]
KINDS: tuple[Kind, ...] = get_args(Kind)
REMOVING: frozenset[Kind] = frozenset({"redo", "void", "paper"})
DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf. `digest` has 32 bytes."""

    kind: Kind
    digest: bytes

    @property
    def hash(self) -> bytes:
        """The leaf's hash in the tree: over `kind`, a zero byte and the digest."""
        return hash_of_leaf(self.kind.encode() + b"\0" + self.digest)

    @property
    def line(self) -> str:
        """The leaf as a line of the public log, without its end."""
        return f"{self.kind} {self.digest.hex()}"

    @classmethod
    def read(cls, line: str) -> "Leaf":
        """The leaf of such a line. Raises ValueError for a line in any other form."""
        for kind in KINDS:
            if line.startswith(kind + " "):
                leaf = cls(kind, bytes.fromhex(line[len(kind) + 1 :]))
                if len(leaf.digest) == DIGEST_BYTES and leaf.line == line:
                    return leaf
        raise ValueError("not a line of the log")


def ballot_digest(sealed_ballot: bytes) -> bytes:
    """The hash by which a sealed ballot is known in public."""
    return hashlib.sha256(b"dauys ballot\0" + sealed_ballot).digest()


def act_digest(act: Act) -> bytes:
    """The hash by which an act of the commission is known in public, once it is done: what, why, and by whom."""
    told = [act.number, act.kind, act.payload, act.reason, act.proposer, act.approver]
    return hashlib.sha256(b"dauys act\0" + json.dumps(told, ensure_ascii=False).encode()).digest()
