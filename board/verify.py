"""The verifier: whether a bundle hangs together, checked with the bundle and the public key and nothing else.

It shares no line with what drew the bulletins up, only the tree of the log and the form of a leaf. A bundle is what a
stranger wrote: whatever is in it, the answer is a report, and a failed check names the place. What is looked at stands
in `board/checks/`, one thing a module.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from board.checks.chain import broken_links, wrong_growth
from board.checks.earlier import kept_files, wrong_views
from board.checks.files import MANIFEST, read_manifest, wrong_files
from board.checks.log import LogReading
from board.checks.papers import Papers, read_papers
from board.checks.reading import Broken, Findings, unsigned
from board.checks.result import wrong_result
from board.checks.rules import wrong_roll, wrong_rules
from board.checks.rulings import not_of_the_rules
from board.checks.sums import wrong_sums
from board.proof import CANNOT, what_is_proved

SignatureOk = Callable[[bytes, bytes, bytes], bool]
"""Whether this public key signed this message with this signature; True or False whatever the arguments are."""

CHECKS = (
    *("files", "form", "key", "signatures", "chain", "rules", "sums", "growth", "roll"),
    *("heads", "consistency", "leaves", "removals", "turnout", "result", "seen"),
)
"""Their names, in the order of a report."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `detail`: what was found, in words."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it. `proved` is empty unless every check is in order; `cannot` is what no bundle can show."""

    checks: tuple[Check, ...]
    proved: tuple[str, ...]
    cannot: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every check is in order."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, object]:
        """What `dauys verify --json` prints."""
        checks = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in self.checks]
        return {"ok": self.ok, "checks": checks}


def verify(folder: Path, public_key: bytes | None, signature_ok: SignatureOk, seen: Sequence[Path] = ()) -> Report:
    """Check the bundle in a folder. Never raises on account of what is in it.

    `public_key`: the 32 bytes that the observer has from elsewhere; None takes the bundle's own, and the report says
    that it is to be compared. `seen`: bulletins kept from earlier, or folders of them, which must be the bundle's.
    """
    verification = _Verification(folder, public_key, signature_ok, seen)
    try:
        verification.run()
    except Broken as broken:
        verification.fail(str(broken))
    except Exception as error:  # whatever a stranger has put there, an observer gets a report and no traceback
        verification.fail(f"it cannot be examined ({type(error).__name__})")
    checks = tuple(verification.done)
    return Report(checks, verification.proved if all(check.ok for check in checks) else (), CANNOT)


class _Verification:
    """One run through a bundle: the checks that are done, in the order of `CHECKS`."""

    def __init__(self, folder: Path, public_key: bytes | None, signature_ok: SignatureOk, seen: Sequence[Path]) -> None:
        self.done: list[Check] = []
        self.proved: tuple[str, ...] = ()
        self._folder = folder
        self._given = public_key
        self._signature_ok = signature_ok
        self._seen = seen

    def run(self) -> None:
        """All checks. Raises Broken where the next ones would have nothing to look at."""
        manifest = read_manifest(self._folder)
        self._check("files", wrong_files(self._folder, manifest), f"{len(manifest.files)} files, each as listed")
        papers = read_papers(self._folder, manifest)
        self._check("form", (), "every paper is in canonical form and has all its fields")
        self._keys(papers)
        self._bulletins(papers)
        log = LogReading(self._folder, papers.bulletins)
        self._log(papers, log)
        self._result(papers, log)
        kept = [*kept_files(self._seen)]
        views = wrong_views(kept, papers.bulletins, self._is_signed(papers))
        self._check("seen", views, f"{len(kept)} kept bulletins are in the bundle" if kept else "none was given")
        self.proved = what_is_proved(papers, log, key_given=self._given is not None, kept=len(kept))

    def fail(self, detail: str) -> None:
        """The check that was under way has failed, and those after it have nothing to look at."""
        self.done.append(Check(CHECKS[len(self.done)], False, detail))
        self.done += [Check(name, False, "not looked at: what it needs is broken") for name in CHECKS[len(self.done) :]]

    def _keys(self, papers: Papers) -> None:
        key = papers.manifest.public_key
        taken = "" if self._given else ": taken from the bundle, so compare it with the one made public elsewhere"
        self._check("key", self._wrong_key(papers), f"{key.hex()}{taken}")
        number = len(papers.bulletins)
        self._check("signatures", self._wrong_signatures(papers), f"on the manifest and on {number} bulletins")

    def _bulletins(self, papers: Papers) -> None:
        bulletins, last = papers.bulletins, papers.last
        self._check("chain", broken_links(bulletins), f"bulletins 1 to {last.number}, each names the one before")
        digests = (papers.rules_digest, papers.keys_digest)
        wrong = chain(
            wrong_rules(papers.rules, papers.keys, digests, papers.manifest, bulletins),
            *(not_of_the_rules(papers.rules, told) for told in bulletins),
        )
        self._check("rules", wrong, f"the rules of {last.election}, SHA-256 {last.rules_digest}")
        sums = (f"bulletin {told.number}: {problem}" for told in bulletins for problem in wrong_sums(told))
        self._check("sums", sums, "every figure is the sum of its parts")
        self._check("growth", wrong_growth(bulletins), "nothing went down that can only go up")
        roll = f"{last.electorate} hashes, version {last.roll_version}, SHA-256 {last.roll_digest}"
        self._check("roll", wrong_roll(self._folder, last), roll)

    def _log(self, papers: Papers, log: LogReading) -> None:
        last = papers.last
        self._check("heads", log.heads, f"computed anew from {log.size} leaves; the last one is {last.root}")
        broken = ("the heads are not those of one log",) if log.heads.number else ()
        self._check("consistency", broken, "each head is that of the one log which only had leaves added")
        self._check("leaves", log.leaves, ", ".join(f"{kind} {count}" for kind, count in last.leaves.items()))
        self._check("removals", log.removals, "whatever is taken out is another ballot that was in the log")
        self._check("turnout", log.turnout, f"{log.standing} ballots stand, {last.by_phone} votes by phone are told")

    def _result(self, papers: Papers, log: LogReading) -> None:
        result, last = papers.result, papers.last
        if result is not None:
            wrong = wrong_result(result, papers.result_digest, papers.rules, last, log.standing)
            self._check("result", wrong, f"{result.cast} ballots opened, {result.counted} counted; the sums are right")
        elif last.result_digest:
            self._check("result", (f"bulletin {last.number} names a result that is not there",), "")
        else:
            self._check("result", (), "none is published yet")

    def _check(self, name: str, wrong: Iterable[str] | Findings, detail: str) -> None:
        """The next check: what is wrong in words, or else `detail`."""
        found = wrong if isinstance(wrong, Findings) else Findings(wrong)
        self.done.append(Check(name, not found.number, str(found) if found.number else detail))

    def _wrong_key(self, papers: Papers) -> Iterator[str]:
        key = papers.manifest.public_key
        if self._given is not None and self._given != key:
            yield f"the bundle is signed by {key.hex()}, and not by the key given, {self._given.hex()}"
        if papers.keys.signing_key != key.hex():
            yield f"keys.json names another signing key than {MANIFEST}"

    def _wrong_signatures(self, papers: Papers) -> Iterator[str]:
        is_signed = self._is_signed(papers)
        signed = [(MANIFEST, papers.manifest.fields, papers.manifest.signature)]
        signed += [(f"bulletins/{n}.json", told.fields, told.signature) for n, told in enumerate(papers.bulletins, 1)]
        if papers.result is not None:
            signed.append(("result.json", papers.result.fields, papers.result.signature))
        for name, fields, signature in signed:
            if not is_signed(unsigned(fields.told), signature):
                yield f"{name} is not signed by this key"

    def _is_signed(self, papers: Papers) -> Callable[[bytes, bytes], bool]:
        key = papers.manifest.public_key if self._given is None else self._given
        return lambda message, signature: self._signature_ok(key, message, signature)
