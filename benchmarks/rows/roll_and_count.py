"""Roll and count: the whole roll in, the whole box open."""

import csv
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benchmarks.bench import Bench
from benchmarks.election import Place, made
from benchmarks.process import Took, answered, python, ran
from benchmarks.row import Aim, Comparison, Found, Row
from dauys.demo.roll import invent

_HEADINGS = ("member_id", "name", "phone", "region", "branch", "cell", "language")


async def measure(bench: Bench) -> Found:
    """The command line as it is, against loops that do nothing else."""
    imported, counted = await _importing(bench), await _counting(bench)
    remarks = ["  \n".join([*imported.remarks, *counted.remarks])]
    return Found([*imported.comparisons, *counted.comparisons], remarks)


async def _importing(bench: Bench) -> Found:
    members = bench.size(835_000, 20_000)
    bench.begins("writing the roll")
    roll = bench.folder / "roll.csv"
    _write_roll(roll, members)
    found = await bench.interleaved(
        "import",
        {
            "dauys": _by_dauys(roll, members),
            "loop": _by_loop(roll),
            "loop with phones keyed": _by_loop(roll, "--keyed"),
        },
    )
    ours = [took.seconds for took in found["dauys"]]
    memory = [took.memory for took in found["dauys"]]
    remark = (
        f"An import of {members:,} rows took at most {max(memory):.0f} MiB, the bare loop "
        f"{max(took.memory for took in found['loop']):.0f} MiB: interpreter, libraries and all."
    )
    comparisons = [
        Comparison("import : a bare csv-to-SQLite loop", ours, _seconds(found["loop"]), "s", Aim(2, at_most=True)),
        Comparison(
            "import : a loop with phones keyed and encrypted", ours, _seconds(found["loop with phones keyed"]), "s"
        ),
        Comparison("memory of an import : 64 MiB", memory, [64.0] * len(memory), "MiB", Aim(1, at_most=True)),
    ]
    return Found(comparisons, [remark])


async def _counting(bench: Bench) -> Found:
    ballots = bench.size(600_000, 5_000)
    box, shares = bench.folder / "box", bench.folder / "shares"
    shares.mkdir()
    bench.begins("filling the box")
    async with made(Place(box), ballots, shares) as election:
        await election.fill(1, ballots)
        await election.close()
    found = await bench.interleaved(
        "count", {"tally": _by_tally(box, shares, ballots), "libsodium": _by_libsodium(ballots)}
    )
    remark = (
        f"A tally of {ballots:,} ballots, from the command to the written result, took at most "
        f"{max(ballots / rate for rate in found['tally']):.1f} s: the cut, the opening and the count."
    )
    comparison = Comparison(
        "tally : libsodium opening on all cores", found["tally"], found["libsodium"], "ballots/s", Aim(0.5)
    )
    return Found([comparison], [remark])


def _write_roll(path: Path, members: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(_HEADINGS)
        for person in invent(members, Random(1)):
            rows.writerow((person.member_id, person.name, person.phone, person.region, "", "", person.language))


def _by_dauys(roll: Path, members: int) -> Callable[[int], Awaitable[Took]]:
    async def run(_: int) -> Took:
        with _fresh(roll.parent / "imported") as folder:
            took = ran(python("dauys", "roll", "import", roll, "--json"), Place(folder).stores(), folder)
        if json.loads(took.said)["members"] != members:
            raise RuntimeError("not every member was taken in")
        return took

    return run


def _by_loop(roll: Path, *words: str) -> Callable[[int], Awaitable[Took]]:
    async def run(_: int) -> Took:
        with _fresh(roll.parent / "looped") as folder:
            return ran(python("benchmarks.rivals.csv_loop", roll, folder / "roll.sqlite3", *words))

    return run


def _by_tally(box: Path, shares: Path, ballots: int) -> Callable[[int], Awaitable[float]]:
    async def run(_: int) -> float:
        with _fresh(box.parent / "opened") as folder:
            shutil.copytree(box, folder, dirs_exist_ok=True)
            some = [f"--share={shares / f'share-{number}.json'}" for number in (1, 3, 4)]
            command = python("dauys", "tally", *some, "--out", folder / "result", "--json")
            took = ran(command, Place(folder).stores(), folder)
        found = json.loads(took.said)
        if not found["reconciles"] or found["totals"]["counted"] != ballots:
            raise RuntimeError("the count does not reconcile")
        return ballots / took.seconds

    return run


def _by_libsodium(ballots: int) -> Callable[[int], Awaitable[float]]:
    async def run(_: int) -> float:
        return float(answered("benchmarks.rivals.libsodium_rate", ballots)["a_second"])

    return run


def _seconds(took: list[Took]) -> list[float]:
    return [each.seconds for each in took]


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """A folder that is there until the block ends."""
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


ROW = Row(
    "roll-and-count",
    "the whole roll in, the whole box open",
    "`dauys roll import` reads, checks, reports and keeps every member, and keys and encrypts every phone; the loop "
    "copies cells. `dauys tally` strips, shuffles, opens and counts; libsodium only opens, on every core there is.",
    measure,
)
