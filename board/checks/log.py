"""The log, leaf by leaf: its heads, its leaves by kind, what takes a ballot out, and how many then stand."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from board.checks.bulletin import Bulletin
from board.checks.reading import Broken, Findings, open_file
from election.leaf import KINDS, REMOVING, Leaf
from election.log import Frontier

RECEIPTS = 17**11
"""So many receipts there are: of very many votes two may get the same one by chance."""

_LINE_BYTES = max(map(len, KINDS)) + len(" ") + 64 + len("\n")


class LogReading:
    """One pass over all leaves, bulletin by bulletin. Raises Broken if a file of the log cannot be read.

    The hashes of receipts and ballots are kept in memory, some 100 bytes for each.
    """

    def __init__(self, folder: Path, bulletins: Sequence[Bulletin]) -> None:
        self.heads = Findings()
        self.leaves = Findings()
        self.removals = Findings()
        self.turnout = Findings()
        self._folder = folder
        self._frontier = Frontier()
        self._counts: Counter[str] = Counter()
        self._receipts: set[bytes] = set()
        self._doubled = 0
        self._ballots: set[bytes] = set()
        self._taken_out: set[bytes] = set()
        self._awaited: set[bytes] = set()
        self._papers: set[bytes] = set()
        self._paper_over = 0
        for bulletin in bulletins:
            self._read(bulletin)
        if self._doubled > 2 + len(self._receipts) ** 2 // RECEIPTS:
            self.leaves.add(f"{self._doubled} receipts stand twice, which chance does not explain")

    @property
    def size(self) -> int:
        """Leaves read."""
        return self._frontier.size

    @property
    def standing(self) -> int:
        """Ballots in the log that nothing in it takes out."""
        return len(self._ballots) - len(self._taken_out)

    def _read(self, bulletin: Bulletin) -> None:
        name = f"log/{bulletin.number}.txt"
        removing: list[tuple[int, Leaf]] = []
        most = max(0, bulletin.size - self.size) + 1  # one too many is enough to see that there are too many
        for number, line in enumerate(islice(_lines(self._folder / name, name), most), 1):
            try:
                leaf = Leaf.read(line.decode("ascii"))
            except ValueError:
                self.leaves.add(f"{name}, line {number}, is no line of a log")
                continue
            self._frontier.append(leaf.hash)
            self._counts[leaf.kind] += 1
            if leaf.kind == "cast":
                self._doubled += leaf.digest in self._receipts
                self._receipts.add(leaf.digest)
            elif leaf.kind == "ballot":
                if leaf.digest in self._ballots:
                    self.leaves.add(f"{name}, line {number}: this ballot is in the log already")
                self._ballots.add(leaf.digest)
            elif leaf.kind in REMOVING:
                removing.append((number, leaf))
        self._compare(name, bulletin)
        for number, leaf in removing:  # after all its ballots: the leaves of one bulletin are shuffled
            self._take_out(f"{name}, line {number}", leaf)
        self._settle(bulletin)

    def _compare(self, name: str, bulletin: Bulletin) -> None:
        if self.size != bulletin.size:
            self.heads.add(f"{name} leads to {self.size} leaves, bulletin {bulletin.number} has {bulletin.size}")
        elif self._frontier.root().hex() != bulletin.root:
            self.heads.add(f"{name} leads to another root than bulletin {bulletin.number} has")
        for kind in KINDS:
            if self._counts[kind] != bulletin.leaves[kind]:
                self.leaves.add(
                    f"{name} leads to {self._counts[kind]} leaves “{kind}”,"
                    f" bulletin {bulletin.number} has {bulletin.leaves[kind]}"
                )

    def _take_out(self, place: str, leaf: Leaf) -> None:
        if leaf.digest in self._taken_out or leaf.digest in self._awaited or leaf.digest in self._papers:
            self.removals.add(f"{place}: what it names is taken out already")
        elif leaf.kind == "paper":
            self._papers.add(leaf.digest)
        else:
            self._awaited.add(leaf.digest)

    def _settle(self, bulletin: Bulletin) -> None:
        """Take out what is named. What names no ballot of the log can only name one that waits for it; a paper leaf
        may also stand for a member who had not voted by phone."""
        withdrawn, replaced = self._awaited & self._ballots, self._papers & self._ballots
        self._awaited -= withdrawn
        self._papers -= replaced
        self._taken_out |= withdrawn | replaced
        self._paper_over += len(replaced)
        where, waiting = f"under bulletin {bulletin.number}", bulletin.waiting
        if len(self._awaited) > waiting["ballot"]:
            self.removals.add(f"{where} {len(self._awaited)} leaves take out a ballot that was never in the log")
        if not self._paper_over <= bulletin.paper_over <= self._paper_over + waiting["paper"] + waiting["ballot"]:
            self.removals.add(f"{where} paper replaces {self._paper_over} ballots, told are {bulletin.paper_over}")
        may_go = waiting["redo"] + waiting["void"] + waiting["paper"] + len(self._awaited)
        if not self.standing - may_go <= bulletin.by_phone <= self.standing + waiting["ballot"]:
            self.turnout.add(f"{where} {self.standing} ballots stand, told are {bulletin.by_phone} votes by phone")


def _lines(path: Path, name: str) -> Iterator[bytes]:
    """The lines of a file without their ends; none is longer than a line of a log can be."""
    try:
        with os.fdopen(open_file(path), "rb", buffering=2**16) as file:
            while line := file.readline(_LINE_BYTES + 1):
                yield line[:-1] if line.endswith(b"\n") else line + b" without an end"
    except Broken as broken:
        raise Broken(f"{name} {broken}") from None
    except OSError:
        raise Broken(f"{name} cannot be read") from None
