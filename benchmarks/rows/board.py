"""The board: what votes feel of fifty thousand who watch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from benchmarks.bench import Bench
from benchmarks.election import Made, Place, made
from benchmarks.load import Loaded, posts
from benchmarks.presses import SECRET_HEADERS, presses
from benchmarks.process import Running, cores, on_core
from benchmarks.program import dauys
from benchmarks.row import Aim, Found, Row, compared
from benchmarks.silent_telegram import silent_telegram
from benchmarks.steady import steady
from benchmarks.watching import Watched, board_shown, crowd
from dauys import publishing

_VOTES_A_SECOND = 100.0
_SETTLING = 10.0


@dataclass(frozen=True, slots=True)
class _Measured:
    """A stretch of voting, and of watching where there was any. `busy`: the share of its core that the vote's process
    took, `board` that of the board's."""

    loaded: Loaded
    busy: float
    board: float = 0.0
    watched: Watched | None = None


async def measure(bench: Bench) -> Found:
    """Votes and those who cast them on one core; the board and all who watch it on the other."""
    held, a_second = bench.size(50_000, 600), bench.size(6_000, 100)
    votes = bench.size(3_000, 200)
    voting, watching = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(on_core(voting))
        bench.begins("preparing")
        telegram = await stack.enter_async_context(silent_telegram())
        place = Place(bench.folder / "election")
        members = 2 * votes * (bench.pairs + 1)
        election = await stack.enter_async_context(made(place, members))
        await election.seat(1, members)
        folder = bench.folder / "board"
        now = datetime.now(UTC)
        await publishing.publish(election.hall, now)
        await publishing.put_on_board(election.hall, now, folder)
        url, program = await stack.enter_async_context(dauys(place, telegram.url, core=voting))
        shown = board_shown(folder, held, bench.folder, watching)
        port, boards = await stack.enter_async_context(shown)
        vote = _voting(election, url, program, votes)

        async def alone(pair: int) -> _Measured:
            return await vote(2 * pair, boards)

        async def watched(pair: int) -> _Measured:
            bench.begins(f"{held:,} open the board")
            async with crowd(port, held, a_second, watching) as watchers:
                await asyncio.sleep(_SETTLING)
                await watchers.looked()
                found = await vote(2 * pair + 1, boards)
                return _Measured(found.loaded, found.busy, found.board, await watchers.looked())

        found = await bench.interleaved("votes", {"alone": alone, "watched": watched})
        if await election.voted() != members:
            raise RuntimeError("not every vote that was answered is in the box")
    return _told(found["watched"], found["alone"], held, a_second)


def _voting(
    election: Made, url: str, program: Running, votes: int
) -> Callable[[int, Sequence[Running]], Awaitable[_Measured]]:
    async def vote(turn: int, boards: Sequence[Running]) -> _Measured:
        requests = posts(url, presses(election.press, 1 + turn * votes, votes), SECRET_HEADERS)
        busy, board = program.processor(), sum(each.processor() for each in boards)
        loaded = await steady(url, requests, _VOTES_A_SECOND)
        board = sum(each.processor() for each in boards) - board
        return _Measured(loaded, (program.processor() - busy) / loaded.seconds, board / loaded.seconds)

    return vote


def _told(watched: Sequence[_Measured], alone: Sequence[_Measured], held: int, a_second: int) -> Found:
    looks = [each.watched for each in watched if each.watched is not None]
    rate = median(each.a_second for each in looks)
    comparisons = [
        compared("a vote's p99, watched : not", watched, alone, lambda each: each.loaded.percentile(99), "ms",
                 Aim(1.2, at_most=True)),
        compared("a vote's p50, watched : not", watched, alone, lambda each: each.loaded.percentile(50), "ms"),
    ]  # fmt: skip
    reached = "" if rate >= 0.98 * a_second else f", of {a_second:,} that were to be reached: the core was full"
    remark = (
        f"{median(each.held for each in looks):,.0f} of {held:,} connections were held and {rate:,.0f} questions a "
        f"second answered on them{reached} (p99 {median(each.p99 for each in looks):,.0f} ms). Of their core the board "
        f"took {median(each.board for each in watched):.0%} and the watchers "
        f"{median(each.load for each in looks):.0%}; of the other the votes took "
        f"{median(each.busy for each in watched):.0%}, and alone {median(each.busy for each in alone):.0%}."
    )
    return Found(comparisons, [remark])


ROW = Row(
    "board",
    "what a vote feels of fifty thousand who watch the board",
    f"{_VOTES_A_SECOND:.0f} votes a second come in evenly, each kept on disk before it is answered: once with nobody "
    "at the board, once with connections held on `--role board` on which pages ask whether there is anything new. The "
    "board and its watchers have one core between them, the votes and their load the other, as where the board has a "
    "machine of its own; what is left to be felt is the kernel, the memory and the disk. A wait runs from the moment a "
    "vote was due.",
    measure,
)
