"""`dauys tally --urn`: a count by somebody else, from the urn file and the shares alone."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dauys.commands.tally import plain, show_result, write_result
from dauys.commands.urn_file import read_urn
from dauys.terminal import answer
from election import tally
from election.errors import OperatorRefusal
from election.leaf import REMOVING, Leaf, ballot_digest
from vault.ceremony import join
from vault.sealing import Opener
from vault.shares import read_share


def recount(urn_file: Path, share_files: Sequence[Path], out: Path, bundle: Path | None, as_json: bool) -> None:
    """Count the urn again; with a bundle, say whether these are the very ballots that stand in its log."""
    urn = read_urn(urn_file)
    opener = Opener(join([read_share(path) for path in share_files], urn.key))
    result = tally.count(urn.definition, (plain(opener, each) for each in urn.ballots), urn.struck)
    problems = tally.reconcile(result, result.cast, len(urn.ballots))
    if bundle is not None:
        problems += _strangers(urn.ballots, bundle)
    out.mkdir(parents=True, exist_ok=True)
    found = tally.as_json(result, problems)
    write_result(out, urn.definition, result, found)
    if as_json:
        answer(found)
    else:
        show_result(result, problems, out)


def _strangers(ballots: Sequence[bytes], bundle: Path) -> list[str]:
    """What the urn has and the public log has not, and the other way round."""
    here = Counter(ballot_digest(each) for each in ballots)
    there = Counter(_standing(bundle))
    problems = []
    if extra := (here - there).total():
        problems.append(f"{extra} ballots of the urn do not stand in the public log.")
    if missing := (there - here).total():
        problems.append(f"{missing} ballots that stand in the public log are not in the urn.")
    return problems


def _standing(bundle: Path) -> set[bytes]:
    """The ballots of a bundle's log that nothing in it takes out. The bundle itself is for `dauys verify` to check."""
    ballots, removed = set(), set()
    try:
        for path in (bundle / "log").iterdir():
            with path.open(encoding="ascii") as lines:
                for leaf in (Leaf.read(line.rstrip("\n")) for line in lines):
                    if leaf.kind == "ballot":
                        ballots.add(leaf.digest)
                    elif leaf.kind in REMOVING:
                        removed.add(leaf.digest)
    except (OSError, ValueError):
        raise OperatorRefusal("no_bundle", f"{bundle} is no public bundle; `dauys export` writes one.") from None
    return ballots - removed
