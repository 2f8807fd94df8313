"""A broadcast: how much of the pace that Telegram allows is used, and what a voter waits meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from benchmarks.bench import Bench
from benchmarks.election import TOKEN, Made, Place, made, phone
from benchmarks.process import Running, cores, on_core, until
from benchmarks.program import dauys
from benchmarks.row import Aim, Comparison, Found, Row
from benchmarks.world import World, world
from election.broadcasts import Plan
from election.definition import Words
from rehearsal.clients import TelegramHand

_WORDS = Words("Сәлем", "Привет", "Hello")
_VOTERS = 20
_ASKS = 0.3
"""Seconds between two questions of voters while the broadcast runs."""
_PATIENCE = 10.0
_LOOK = 0.1


@dataclass(slots=True)
class _Sent:
    """Messages a second of the broadcast, and with the answers to voters; their waits, in ms; 429 answers; the share of
    its core that the program took."""

    a_second: float = 0.0
    with_answers: float = 0.0
    waits: list[float] = field(default_factory=list)
    unanswered: int = 0
    refused: int = 0
    busy: float = 0.0


async def measure(bench: Bench) -> Found:
    """Two elections, one whose bot may send a thousand a second and one with thirty, each with a world of its own."""
    many, few = bench.size(20_000, 2_000), bench.size(2_000, 150)
    program, outside = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(on_core(outside))
        fast = await stack.enter_async_context(_Opening(bench, "fast", many, 1_000, program))
        slow = await stack.enter_async_context(_Opening(bench, "slow", few, 30, program))
        variants: dict[str, Callable[[int], Awaitable[_Sent]]] = {"fast": fast.broadcast, "slow": slow.broadcast}
        found = await bench.interleaved("broadcasts", variants)
    return _told(found, {"fast": fast, "slow": slow})


class _Town:
    """An election whose members have all signed in, and some voters besides who ask now and then."""

    def __init__(self, election: Made, outside: World, running: Running, chats: int, rate: int) -> None:
        self.chats, self.rate = chats, rate
        self._election = election
        self._outside = outside
        self._running = running
        voters = range(chats + 1, chats + _VOTERS + 1)
        self._voters = [outside.box.hand(phone(number), TOKEN) for number in voters]

    async def broadcast(self, _: int) -> _Sent:
        """Plan one, and measure from its first message to its last."""
        store, now = self._election.hall.store.broadcasts, datetime.now(UTC)
        self._outside.sent.clear()
        found, refused, busy, begun = _Sent(), self._outside.refused, self._running.processor(), time.perf_counter()
        number = await store.plan(Plan("message", ("telegram",), now, now, "measured", text=_WORDS), self.chats)
        asking = asyncio.ensure_future(self._asks(found))
        while (there := await store.broadcast(number)) is None or there.state != "done":  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        if there.counts.sent != self.chats:
            raise RuntimeError(f"{there.counts.sent} of {self.chats} were reached")
        sent = self._outside.sent
        took = sent[-1] - sent[0]
        found.a_second, found.with_answers = (len(sent) - 1) / took, (len(sent) - 1 + len(found.waits)) / took
        found.refused = self._outside.refused - refused
        found.busy = (self._running.processor() - busy) / (time.perf_counter() - begun)
        return found

    async def _asks(self, found: _Sent) -> None:
        """One voter after the other, once the first message is out; answers go in the webhook's response."""
        await until(lambda: bool(self._outside.sent), _LOOK)
        while True:
            for hand in self._voters:
                await self._ask(hand, found)
                await asyncio.sleep(_ASKS)

    async def _ask(self, hand: TelegramHand, found: _Sent) -> None:
        answers, begun, bell = hand.chat.counts.sent, time.perf_counter(), hand.person.bell
        hand.says("/help")
        while hand.chat.counts.sent == answers:
            if not await bell.after(bell.version, _PATIENCE):
                found.unanswered += 1
                return
        found.waits.append((time.perf_counter() - begun) * 1000)


class _Opening:
    """A town being made: an election, its world, the program."""

    def __init__(self, bench: Bench, name: str, chats: int, rate: int, core: int) -> None:
        self._bench, self._name, self._chats, self._rate, self._core = bench, name, chats, rate, core
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> _Town:
        people = self._chats + _VOTERS
        self._bench.begins(f"preparing {self._name}")
        place = Place(self._bench.folder / self._name)
        election = await self._stack.enter_async_context(made(place, people))
        outside = await self._stack.enter_async_context(world(range(1, people + 1), [TOKEN]))
        await election.enrol(1, self._chats, lambda n: outside.box.hand(phone(n), TOKEN).chat.id)
        outside.box.telegram.pace.limit(self._rate, 1)
        settings = {"TELEGRAM_PER_SECOND": str(self._rate)}
        program = dauys(place, outside.box.url, role="all", core=self._core, settings=settings)
        _, running = await self._stack.enter_async_context(program)
        return _Town(election, outside, running, self._chats, self._rate)

    async def __aexit__(self, *fault: object) -> None:
        await self._stack.aclose()


def _told(found: dict[str, list[_Sent]], towns: dict[str, _Town]) -> Found:
    comparisons, remarks = [], []
    for name, town in towns.items():
        sent, allowed = found[name], [float(town.rate)] * len(found[name])
        what = f"{town.chats:,} chats at {town.rate:,} a second"
        used = [each.with_answers for each in sent]
        comparisons.append(Comparison(f"{what}: used : allowed", used, allowed, "/s", Aim(0.98)))
        waits = sorted(wait for each in sent for wait in each.waits) or [0.0]
        remarks.append(
            f"{what}: {median(each.a_second for each in sent):,.1f} a second of the broadcast alone; "
            f"{sum(each.refused for each in sent)} answers 429; of {len(waits)} questions of voters meanwhile half "
            f"were answered in {waits[len(waits) // 2]:,.0f} ms and all but one of a hundred in "
            f"{waits[len(waits) * 99 // 100]:,.0f} ms, {sum(each.unanswered for each in sent)} never; the program took "
            f"{median(each.busy for each in sent):.0%} of its core."
        )
    return Found(comparisons, ["  \n".join(remarks)])


ROW = Row(
    "broadcast",
    "how much of the allowed pace a broadcast uses, and what a voter waits meanwhile",
    "Messages a second from the first to the last, answers to voters among them, as a share of what the bot may send; "
    "the rehearsal's Telegram answers 429 to what is faster. Meanwhile a voter asks something every third of a second. "
    "The program has one core, the rehearsal and the voters the other.",
    measure,
)
