"""Verify: what it costs an observer to check a whole election."""

import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.election import Place, made
from benchmarks.process import Took, python, ran
from benchmarks.row import Comparison, Found, Row

_BULLETINS = 4
"""Few, since the whole store is inspected before each; what a verify costs is the leaves."""


async def measure(bench: Bench) -> Found:
    """`dauys verify` as an observer runs it, against loops that only read and hash."""
    votes = bench.size(300_000, 1_200)
    bundle = await _bundle(bench, votes)
    leaves = json.loads((bundle / "bulletins" / f"{_BULLETINS}.json").read_bytes())["log"]["size"]
    found = await bench.interleaved(
        "verify",
        {
            "dauys verify": _verifying(bundle, leaves),
            "files": _running(python("benchmarks.rivals.bare_hashes", bundle)),
            "files and tree": _running(python("benchmarks.rivals.bare_hashes", bundle, "--tree")),
        },
    )
    ours = found["dauys verify"]
    comparisons = [
        _of_seconds("verify : reading and hashing the same files", ours, found["files"]),
        _of_seconds("verify : that, and a hash for each leaf and each node", ours, found["files and tree"]),
        Comparison("memory of a verify : of the same loop", _memory(ours), _memory(found["files and tree"]), "MiB"),
    ]
    files = [path for path in bundle.rglob("*") if path.is_file()]
    seconds = sorted(took.seconds for took in ours)
    remark = (
        f"A bundle of {leaves:,} leaves, {votes:,} members, {_BULLETINS} bulletins: {len(files)} files, "
        f"{sum(path.stat().st_size for path in files) / 2**20:.0f} MiB. `dauys verify` took {median(seconds):.2f} s "
        f"({seconds[0]:.2f}–{seconds[-1]:.2f}), {median(took.processor for took in ours):.2f} s of processor, and at "
        f"most {max(_memory(ours)):.0f} MiB, interpreter, libraries and all."
    )
    return Found(comparisons, [remark])


async def _bundle(bench: Bench, votes: int) -> Path:
    """An election in which everybody on the roll has voted, as the public has it."""
    place, bundle = Place(bench.folder / "election"), bench.folder / "bundle"
    each = votes // _BULLETINS
    async with made(place, votes) as election:
        _dauys(place, "roll", "freeze")
        bench.begins("preparing: everybody signs in")
        await election.enrol(1, votes)
        for number in range(_BULLETINS):
            bench.show("preparing: votes", number * each, votes)
            await election.fill(1 + number * each, each)
            _dauys(place, "bulletin", "publish")
    _dauys(place, "export", bundle)
    return bundle


def _dauys(place: Place, *words: object) -> Took:
    return ran(python("dauys", *words), place.stores(), place.folder)


def _verifying(bundle: Path, leaves: int) -> Callable[[int], Awaitable[Took]]:
    async def verify(_: int) -> Took:
        took = ran(python("dauys", "verify", bundle, "--json"))
        checks = {check["name"]: check for check in json.loads(took.said)["checks"]}
        if not all(check["ok"] for check in checks.values()) or f" {leaves} leaves" not in checks["heads"]["detail"]:
            raise RuntimeError("not every leaf was verified")
        return took

    return verify


def _running(command: Sequence[str]) -> Callable[[int], Awaitable[Took]]:
    async def run(_: int) -> Took:
        return ran(command)

    return run


def _of_seconds(what: str, ours: Sequence[Took], other: Sequence[Took]) -> Comparison:
    return Comparison(what, [took.seconds for took in ours], [took.seconds for took in other], "s")


def _memory(each: Sequence[Took]) -> list[float]:
    return [took.memory for took in each]


ROW = Row(
    "verify",
    "what it costs an observer to check a whole election",
    "`dauys verify` reads the bundle and nothing else, and checks every byte of it: signatures, chain, the whole log "
    "leaf by leaf, sums. The loops read the same files and check nothing. Both begin with starting Python; there is "
    "no aim.",
    measure,
)
