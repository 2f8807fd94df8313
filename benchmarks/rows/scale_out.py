"""Scale-out: two bot processes on one PostgreSQL and one Redis against one."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks.bench import Bench
from benchmarks.election import Made, Place, made
from benchmarks.load import CONNECTIONS, load, posts
from benchmarks.presses import SECRET_HEADERS, presses
from benchmarks.process import Running
from benchmarks.program import dauys
from benchmarks.row import Aim, Found, Row, compared
from benchmarks.servers import database, postgres, valkey
from benchmarks.silent_telegram import SilentTelegram, silent_telegram

_Bots = Sequence[tuple[str, Running]]
_ENOUGH_CORES = 4
"""One for each bot, one for the servers and one for the load: then the clock on the wall says it all."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """Votes a second by the clock, and by the bots' own processor time: what they would do with a core each."""

    by_the_clock: float
    by_the_processor: float


async def measure(bench: Bench) -> Found:
    """Two bots serve one election; the first alone, or both, are voted at over as many connections in all."""
    votes = bench.size(3_000, 300)
    members = 2 * votes * (bench.pairs + 1)
    with postgres() as server, valkey() as redis:
        async with AsyncExitStack() as stack:
            telegram = await stack.enter_async_context(silent_telegram())
            bench.begins("preparing")
            place = Place(bench.folder / "election", database(server, "measured"), redis.url)
            election = await stack.enter_async_context(made(place, members))
            await election.seat(1, members)
            bots = [await stack.enter_async_context(dauys(place, telegram.url)) for _ in range(2)]
            variants = {
                "one": _voting(election, bots[:1], telegram, 1, votes),
                "two": _voting(election, bots, telegram, 1 + members // 2, votes),
            }
            found = await bench.interleaved("votes", variants)
            if await election.voted() != members:
                raise RuntimeError("not every vote that was answered is in the box")
    enough = len(os.sched_getaffinity(0)) >= _ENOUGH_CORES
    two, one = found["two"], found["one"]
    aims = (Aim(1.8), None) if enough else (None, Aim(1.8))
    comparisons = [
        compared("two bots : one, by the clock", two, one, lambda each: each.by_the_clock, "votes/s", aims[0]),
        compared("two bots : one, a core each", two, one, lambda each: each.by_the_processor, "votes/s", aims[1]),
    ]
    remark = (
        "A core each: the votes each bot has answered, by the processor time it took for them. On fewer than "
        f"{_ENOUGH_CORES} cores the load, PostgreSQL and Redis take theirs from the bots, and the clock shows that."
    )
    return Found(comparisons, [remark])


def _voting(
    election: Made, bots: _Bots, telegram: SilentTelegram, first: int, votes: int
) -> Callable[[int], Awaitable[_Measured]]:
    share, connections = votes // len(bots), CONNECTIONS // len(bots)

    async def vote(pair: int) -> _Measured:
        begin = first + pair * votes
        batches = [
            (url, posts(url, presses(election.press, begin + number * share, share), SECRET_HEADERS))
            for number, (url, _) in enumerate(bots)
        ]
        before = [bot.processor() for _, bot in bots]
        loaded = await asyncio.gather(*(load(url, batch, telegram, connections) for url, batch in batches))
        took = [bot.processor() - earlier for (_, bot), earlier in zip(bots, before, strict=True)]
        return _Measured(votes / max(each.seconds for each in loaded), sum(share / seconds for seconds in took))

    return vote


ROW = Row(
    "scale-out",
    "two bot processes against one, on PostgreSQL and Redis",
    "Votes a second of one election; 2 would mean that a second process doubles what one does, and nothing is lost to "
    "waiting for each other.",
    measure,
)
