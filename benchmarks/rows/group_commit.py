"""Group commit: votes that wait together share a commit."""

from collections.abc import Awaitable, Callable, Mapping

from benchmarks.bench import Bench
from benchmarks.election import Place, made
from benchmarks.process import answered
from benchmarks.row import Aim, Comparison, Found, Row, compared
from benchmarks.servers import database, postgres

_Figures = Mapping[str, float]
_SIZES = {1: (1_000, 100), 8: (4_000, 400), 64: (16_000, 1_000), 512: (32_000, 2_000)}
"""Voters who wait at once: votes of a measurement, and of a quick one."""
_CONNECTIONS = 16
_OF_THE_OTHER = 8
"""A commit a vote is slow: where ours makes so many votes, the other makes one, and no fewer than of a lone voter."""


async def measure(bench: Bench) -> Found:
    """The store alone, in a process of its own, filled up by one measurement after another."""
    sizes = {waiters: bench.size(*size) for waiters, size in _SIZES.items()}
    members = sum(sizes.values()) * (bench.pairs + 1)
    on_disk = Place(bench.folder / "sqlite")
    bench.begins("preparing the roll")
    async with made(on_disk, members):
        pass
    comparisons, remarks, first = [], [], 1
    lone: dict[str, list[_Figures]] = {}
    for waiters, count in sizes.items():
        found = await bench.interleaved(
            f"{waiters} waiting",
            {
                "sqlite": _our_voting(on_disk, first, count, waiters),
                "a commit a vote": _voting(
                    "rivals.aiosqlite_votes",
                    bench.folder / "commits.sqlite3",
                    first,
                    max(count // _OF_THE_OTHER, sizes[1]),
                    waiters,
                ),
            },
        )
        first += count * (bench.pairs + 1)
        lone = lone or found
        what = f"{waiters} waiting : aiosqlite, a commit a vote"
        comparisons.append(_rates(what, found["sqlite"], found["a commit a vote"], Aim(25) if waiters == 64 else None))
        remarks.append(_remark(f"{waiters} waiting", found["sqlite"], found["a commit a vote"]))
    what = "the wait of a lone vote : aiosqlite, a commit a vote"
    ours, other = lone["sqlite"], lone["a commit a vote"]
    comparisons.insert(1, compared(what, ours, other, lambda each: each["p50"], "ms", Aim(1.1, at_most=True)))
    more = await _on_postgres(bench)
    return Found([*comparisons, *more.comparisons], ["  \n".join([*remarks, *more.remarks])])


async def _on_postgres(bench: Bench) -> Found:
    """64 voters who wait at once: batched by us, a commit a vote over a pool, and batched on SQLite."""
    waiters, count = 64, bench.size(8_000, 500)
    members = count * (bench.pairs + 1)
    bench.begins("preparing PostgreSQL")
    with postgres() as server:
        ours = Place(bench.folder / "postgres", database(server, "ours"))
        on_disk = Place(bench.folder / "beside")
        for place in (ours, on_disk):
            async with made(place, members):
                pass
        theirs = database(server, "theirs")
        found = await bench.interleaved(
            "PostgreSQL",
            {
                "postgres": _our_voting(ours, 1, count, waiters),
                "sqlite": _our_voting(on_disk, 1, count, waiters),
                "a commit a vote": _voting("rivals.asyncpg_votes", theirs, 1, count, waiters, _CONNECTIONS),
            },
        )
    comparisons = [
        _rates(
            f"PostgreSQL, {waiters} waiting : a commit a vote, {_CONNECTIONS} connections",
            found["postgres"],
            found["a commit a vote"],
            Aim(3),
        ),
        _rates(f"PostgreSQL : SQLite, {waiters} waiting", found["postgres"], found["sqlite"], Aim(0.6)),
    ]
    remark = _remark(f"PostgreSQL, {waiters} waiting", found["postgres"], found["a commit a vote"])
    return Found(comparisons, [remark])


def _our_voting(place: Place, first: int, count: int, waiters: int) -> Callable[[int], Awaitable[_Figures]]:
    where = place.stores()

    async def vote(pair: int) -> _Figures:
        words = where["DATABASE_URL"], where["SECRET_KEY_FILE"], first + pair * count, count, waiters
        return answered("benchmarks.workers.our_votes", *words)

    return vote


def _voting(module: str, place: object, first: int, count: int, *words: int) -> Callable[[int], Awaitable[_Figures]]:
    async def vote(pair: int) -> _Figures:
        return answered(f"benchmarks.{module}", place, first + pair * count, count, *words)

    return vote


def _rates(what: str, ours: list[_Figures], other: list[_Figures], aim: Aim | None) -> Comparison:
    return compared(what, ours, other, lambda each: each["a_second"], "votes/s", aim)


def _remark(what: str, ours: list[_Figures], other: list[_Figures]) -> str:
    def middle(figures: list[_Figures], name: str) -> float:
        return sorted(each[name] for each in figures)[len(figures) // 2]

    return (
        f"{what}: {middle(ours, 'votes_a_commit'):.1f} votes a commit, p50 {middle(ours, 'p50'):.2f} ms, "
        f"p99 {middle(ours, 'p99'):.2f} ms; the other p50 {middle(other, 'p50'):.2f} ms, "
        f"p99 {middle(other, 'p99'):.2f} ms."
    )


ROW = Row(
    "group-commit",
    "many votes to a commit",
    "Votes a second that the store keeps on disk while so many voters wait at once; each begins again when she is "
    "answered. Ours writes five things a vote (right, envelope, receipt, notice, turnout), the other two rows. The "
    "ratio says what sharing a commit is worth; the wait of a lone vote says that it costs her nothing.",
    measure,
)
