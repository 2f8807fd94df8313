"""Conversations: whole ones, sign-in to receipt, against the bot one writes in an afternoon."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

from benchmarks.bench import Bench
from benchmarks.bots import Bot, Naive, Ours
from benchmarks.election import Place, made, phone
from benchmarks.member import Member, UnansweredError
from benchmarks.process import cores, on_core, until
from benchmarks.row import Aim, Comparison, Found, Row, compared
from benchmarks.world import World, world

_AT_ONCE = 100
_PATIENCE = 20.0
_QUIET = 5.0


@dataclass(frozen=True, slots=True)
class _Talked:
    """`waits` are those for an answer, in ms."""

    a_second: float
    waits: list[float]
    failed: int

    @property
    def p99(self) -> float:
        return sorted(self.waits)[len(self.waits) * 99 // 100]


async def measure(bench: Bench) -> Found:
    """Both bots on one core, the rehearsal and its members on the other; first with an empty box, then a full one."""
    talking, struck = bench.size(500, 40), bench.size(300, 40)
    talkers = talking * (bench.pairs + 1)
    people, votes = 2 * talkers + 2 * struck, bench.size(100_000, 2_000)
    server, client = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(on_core(client))
        bench.begins("preparing")
        election = await stack.enter_async_context(made(Place(bench.folder / "election"), people + votes))
        bots: Mapping[str, Bot] = {"dauys": Ours(election), "naive": Naive(bench.folder, people + votes)}
        outside = await stack.enter_async_context(world(range(1, people + 1), [bot.token for bot in bots.values()]))
        async with AsyncExitStack() as serving:
            for bot in bots.values():
                await serving.enter_async_context(bot.served(outside, server))
            empty = await bench.interleaved("conversations", _talking(outside, bots, 1, talking))
            bench.begins("filling both boxes")
            for bot in bots.values():
                await bot.fill(people + 1, votes)
            full = await bench.interleaved(f"{votes:,} votes in", _talking(outside, bots, 1 + talkers, talking))
        bench.begins("kill -9 and double taps")
        numbers = range(2 * talkers + 1, people + 1)
        told = [
            f"{name}: {await _killed(outside, bot, server, numbers[:struck])} "
            f"{await _tapped_twice(outside, bot, server, numbers[struck:])}"
            for name, bot in bots.items()
        ]
    comparisons = [*_compared("an empty box", empty), *_compared(f"{votes:,} votes in the box", full)]
    failed = ", ".join(f"{name} {sum(each.failed for each in (*empty[name], *full[name]))}" for name in bots)
    return Found(
        comparisons, ["  \n".join([*told, f"Conversations that came to no receipt in the runs above: {failed}."])]
    )


def _talking(
    outside: World, bots: Mapping[str, Bot], first: int, count: int
) -> dict[str, Callable[[int], Awaitable[_Talked]]]:
    def by(bot: Bot) -> Callable[[int], Awaitable[_Talked]]:
        return lambda pair: _talk(outside, bot, range(first + pair * count, first + (pair + 1) * count))

    return {name: by(bot) for name, bot in bots.items()}


async def _talk(outside: World, bot: Bot, numbers: Sequence[int]) -> _Talked:
    """So many members at once, each from /start to the receipt, until all have been served."""
    members = [Member(outside.box, phone(number), bot.token, _PATIENCE) for number in numbers]
    failed = 0
    waiting = iter(members)

    async def one_after_another() -> None:
        nonlocal failed
        for member in waiting:
            try:
                await member.votes()
            except UnansweredError:
                failed += 1

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_ONCE):
            group.create_task(one_after_another())
    seconds = time.perf_counter() - begun
    waits = [wait * 1000 for member in members for wait in member.waits]
    return _Talked((len(members) - failed) / seconds, waits, failed)


async def _killed(outside: World, bot: Bot, core: int, numbers: Sequence[int]) -> str:
    """All press at once; the bot is killed when a quarter have been told, and started again."""
    async with bot.served(outside, core) as running:
        members = await _before_the_last_press(outside, bot, numbers)
        for member in members.values():
            member.presses_now()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await until(lambda: 4 * len(_told(members)) >= len(members), 0.005)
        running.kill()
    async with bot.served(outside, core):
        await _until_quiet(members)
    voted = (await bot.stored(members)).voted
    return (
        f"at kill -9 in the middle of {len(members)} last presses {len(members) - len(voted)} votes were lost though "
        f"it was started again, {len(_told(members) - voted)} of them after a receipt;"
    )


async def _tapped_twice(outside: World, bot: Bot, core: int, numbers: Sequence[int]) -> str:
    """Everybody taps twice, as people do."""
    before = (await bot.stored(())).doubled
    async with bot.served(outside, core):
        members = await _before_the_last_press(outside, bot, numbers)
        for member in members.values():
            member.presses_now()
            member.presses_now()
        await _until_quiet(members)
    return f"of {len(members)} double taps {(await bot.stored(())).doubled - before} were counted twice."


async def _before_the_last_press(outside: World, bot: Bot, numbers: Sequence[int]) -> dict[int, Member]:
    """Members by their numbers; who is not answered on the way there is left out."""
    arrived: dict[int, Member] = {}
    turns = asyncio.Semaphore(_AT_ONCE // 2)

    async def walk(number: int) -> None:
        member = Member(outside.box, phone(number), bot.token, _PATIENCE)
        async with turns:
            with suppress(UnansweredError):
                screen = await member.signs_in()
                for _ in range(bot.presses_before_last):
                    screen = await member.presses_first(screen)
                arrived[number] = member

    async with asyncio.TaskGroup() as group:
        for number in numbers:
            group.create_task(walk(number))
    return arrived


def _told(members: Mapping[int, Member]) -> set[int]:
    """Who has read that there is a receipt."""
    return {number for number, member in members.items() if member.sees_receipt()}


async def _until_quiet(members: Mapping[int, Member]) -> None:
    """Until nothing has moved on their screens for a while."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < _QUIET:
        moved = sum(member.hand.person.bell.version for member in members.values())
        if moved != seen:
            seen, since = moved, time.monotonic()
        await asyncio.sleep(0.1)


def _compared(what: str, found: Mapping[str, Sequence[_Talked]]) -> list[Comparison]:
    ours, naive = found["dauys"], found["naive"]
    return [
        compared(f"{what}: conversations", ours, naive, lambda each: each.a_second, "/s", Aim(5)),
        compared(f"{what}: p99 of an answer", ours, naive, lambda each: each.p99, "ms", Aim(0.1, at_most=True)),
    ]


ROW = Row(
    "conversations",
    "from /start to the receipt, against a naive bot",
    f"Whole conversations a second with {_AT_ONCE} members at once, each waiting for every answer: language, number, "
    "code by SMS, ballot, and with us the review. The naive bot is `benchmarks/naive/bot.py`: no review, no sealing, "
    "no throttles, no notice by SMS. The rehearsal and its members take the other core and bound what can be seen.",
    measure,
)
