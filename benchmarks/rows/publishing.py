"""Publishing: what a vote waits while the leaves that wait get their places in the log."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bench import Bench
from benchmarks.election import Made, Place, made
from benchmarks.process import python, surroundings
from benchmarks.row import Comparison, Found, Row
from benchmarks.servers import database, postgres

_WAITING = (100_000, 10_000, 1_000)
_BEFORE = 20  # votes before it begins, and no fewer after
_PAUSE = 0.002  # between one vote and the next
_ROOM = 6_000
"""Members who can vote while one bulletin is published."""


@dataclass(frozen=True, slots=True)
class _Published:
    """Milliseconds: what the publishing took, the longest wait of a vote meanwhile, and a vote's in between."""

    whole: float
    longest: float
    usual: float


async def measure(bench: Bench) -> Found:
    """One member after another votes while another process publishes, on either store."""
    sizes = [bench.size(waiting, waiting // 100) for waiting in _WAITING]
    on_sqlite = await _compared(bench, "SQLite", Place(bench.folder / "sqlite"), sizes)
    with postgres() as server:
        place = Place(bench.folder / "postgresql", database(server, "publishing"))
        on_postgres = await _compared(bench, "PostgreSQL", place, sizes)
    remarks = ["  \n".join([*on_sqlite.remarks, *on_postgres.remarks])]
    return Found([*on_sqlite.comparisons, *on_postgres.comparisons], remarks)


async def _compared(bench: Bench, store: str, place: Place, sizes: Sequence[int]) -> Found:
    members = (bench.pairs + 1) * (sum(sizes) // 2 + (len(sizes) + 1) * _ROOM)
    bench.begins(f"{store}: a roll of {members:,}")
    async with made(place, members) as election:
        people = _People()
        variants = {f"{waiting:,}": _publishing(place, election, people, waiting) for waiting in (*sizes, 0)}
        found = await bench.interleaved(f"{store}, leaves waiting", variants)
    none = found.pop("0")
    comparisons = [
        Comparison(
            f"{store}: a vote's wait, {waiting:,} leaves : none", _longest(found[f"{waiting:,}"]), _longest(none), "ms"
        )
        for waiting in sizes
    ]
    most = found[f"{sizes[0]:,}"]
    held = median(one.longest - other.longest for one, other in zip(most, none, strict=True))
    remark = (
        f"{store}: {sizes[0]:,} leaves were published in {median(each.whole for each in most):,.0f} ms and held a vote "
        f"up by {held:.1f} ms at most; before it began a vote took "
        f"{median(each.usual for each in most):.1f} ms."
    )
    return Found(comparisons, [remark])


class _People:
    """Members who have not voted yet, the next one first."""

    def __init__(self) -> None:
        self._next = 1

    def take(self, count: int) -> int:
        """The first of so many."""
        first, self._next = self._next, self._next + count
        return first


def _publishing(place: Place, election: Made, people: _People, waiting: int) -> Callable[[int], Awaitable[_Published]]:
    async def publish(_: int) -> _Published:
        await election.fill(people.take(waiting // 2), waiting // 2)
        first = people.take(_ROOM)
        process = await asyncio.create_subprocess_exec(
            *python("benchmarks.workers.publisher", place.folder, place.database),
            env=surroundings(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        await process.stdout.readline()
        usual = [await _wait_of(election, first + number) for number in range(_BEFORE)]
        process.stdin.write(b"now\n")
        telling = asyncio.ensure_future(process.stdout.readline())
        waits: list[float] = []
        while not telling.done() or len(waits) < _BEFORE:
            waits.append(await _wait_of(election, first + _BEFORE + len(waits)))
        told = json.loads(await telling)
        await process.wait()
        return _Published(told["seconds"] * 1000, max(waits), median(usual))

    return publish


async def _wait_of(election: Made, number: int) -> float:
    await asyncio.sleep(_PAUSE)
    begun = time.perf_counter()
    await election.cast(number)
    return (time.perf_counter() - begun) * 1000


def _longest(published: Sequence[_Published]) -> list[float]:
    return [each.longest for each in published]


ROW = Row(
    "publishing",
    "what a vote waits while a bulletin is published",
    "While one process publishes, a member votes in another, and when her vote is taken the next one: the longest of "
    "these waits, against the longest while a bulletin is published for which no leaf waits. Two leaves are a vote.",
    measure,
)
