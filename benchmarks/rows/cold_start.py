"""Cold start: how long a command takes before it says anything."""

import sys
from collections.abc import Awaitable, Callable, Sequence

from benchmarks.bench import Bench
from benchmarks.election import Place, made
from benchmarks.process import Took, python, ran
from benchmarks.row import Comparison, Found, Row

_A_TIME = 5
"""Starts a measurement: one of them is short."""


async def measure(bench: Bench) -> Found:
    """The bare interpreter against the program, on the same machine a moment later."""
    place = Place(bench.folder / "election")
    async with made(place, bench.size(10_000, 100)):
        pass
    nothing = [sys.executable, "-c", "pass"]
    found = await bench.interleaved(
        "starts",
        {
            "python -c pass": _starting(nothing, place),
            "dauys --help": _starting(python("dauys", "--help"), place),
            "dauys election status": _starting(python("dauys", "election", "status"), place),
        },
    )
    bare = [took.seconds * 1000 for took in found.pop("python -c pass")]
    remarks = [
        f"{name}: {min(took.processor for took in each) * 1000:,.0f} ms of processor, "
        f"{max(took.memory for took in each):.0f} MiB at most."
        for name, each in found.items()
    ]
    comparisons = [
        Comparison(f"{name} : python -c pass", [took.seconds * 1000 for took in each], bare, "ms")
        for name, each in found.items()
    ]
    return Found(comparisons, ["  \n".join(remarks)])


def _starting(command: Sequence[str], place: Place) -> Callable[[int], Awaitable[Took]]:
    async def start(_: int) -> Took:
        took = [ran(command, place.stores(), place.folder) for _ in range(_A_TIME)]
        return sorted(took, key=lambda each: each.seconds)[_A_TIME // 2]

    return start


ROW = Row(
    "cold-start",
    "a command until it has answered",
    "Times the bare interpreter needs to start and end; there is no aim. What lies above one is imports, and for "
    "`election status` opening the store and reading it.",
    measure,
)
