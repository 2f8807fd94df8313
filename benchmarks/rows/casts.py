"""Casts: from the webhook to the durable commit and the answer."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.election import Made, Place, made
from benchmarks.load import Loaded, load, posts
from benchmarks.presses import SECRET_HEADERS, presses
from benchmarks.process import Running, answers, cores, free_port, on_core, python, serving
from benchmarks.program import dauys
from benchmarks.row import Aim, Comparison, Found, Row, compared
from benchmarks.silent_telegram import SilentTelegram, silent_telegram


@dataclass(frozen=True, slots=True)
class _Measured:
    loaded: Loaded
    busy: float
    """Processor time of the server a request, in µs."""
    client: float
    """The load's share of its core."""


async def measure(bench: Bench) -> Found:
    """All servers stand on one core at once, and one of them is loaded at a time from the other core."""
    votes, bare = bench.size(6_000, 400), bench.size(30_000, 2_000)
    server, client = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(on_core(client))
        telegram = await stack.enter_async_context(silent_telegram())
        variants: dict[str, Callable[[int], Awaitable[_Measured]]] = {}
        elections: dict[str, Made] = {}
        for name in ("dauys", "aiogram"):
            bench.begins(f"preparing {name}")
            place = Place(bench.folder / name)
            members = votes * (bench.pairs + 1)
            elections[name] = election = await stack.enter_async_context(made(place, members))
            await election.seat(1, members)
        url, running = await stack.enter_async_context(dauys(elections["dauys"].place, telegram.url, core=server))
        variants["dauys"] = _voting(elections["dauys"], url, running, telegram, votes)
        url, running = await stack.enter_async_context(_stock_door(elections["aiogram"].place, telegram.url, server))
        variants["aiogram"] = _voting(elections["aiogram"], url, running, telegram, votes)
        url, running = await stack.enter_async_context(_stock_commit(bench.folder, telegram.url, server))
        variants["a commit a vote"] = _voting(elections["aiogram"], url, running, telegram, votes)
        url, running = await stack.enter_async_context(_bare(bench.folder, server))
        variants["bare"] = _voting(elections["aiogram"], url, running, None, bare)
        found = await bench.interleaved("votes", variants)
        for name, election in elections.items():
            if await election.voted() != members:
                raise RuntimeError(f"{name}: {await election.voted()} votes in the box of {members} cast")
    return _told(found)


def _voting(
    election: Made, url: str, running: Running, telegram: SilentTelegram | None, count: int
) -> Callable[[int], Awaitable[_Measured]]:
    async def vote(pair: int) -> _Measured:
        requests = posts(url, presses(election.press, 1 + pair * count, count), SECRET_HEADERS)
        busy, own = running.processor(), time.process_time()
        loaded = await load(url, requests, telegram)
        return _Measured(
            loaded,
            (running.processor() - busy) / count * 1e6,
            (time.process_time() - own) / loaded.seconds,
        )

    return vote


@asynccontextmanager
async def _stock_door(place: Place, telegram: str, core: int) -> AsyncIterator[tuple[str, Running]]:
    port = free_port()
    async with _served(
        "stock_door", place.folder, place.environment(telegram=telegram, port=port), port, core
    ) as running:
        yield f"http://127.0.0.1:{port}/stock", running


@asynccontextmanager
async def _stock_commit(folder: Path, telegram: str, core: int) -> AsyncIterator[tuple[str, Running]]:
    port = free_port()
    environment = Place(folder).environment(telegram=telegram, port=port)
    async with _served("stock_commit", folder, environment, port, core, folder / "votes.sqlite3") as running:
        yield f"http://127.0.0.1:{port}/stock", running


@asynccontextmanager
async def _bare(folder: Path, core: int) -> AsyncIterator[tuple[str, Running]]:
    port = free_port()
    async with _served("bare_post", folder, {}, port, core, port) as running:
        yield f"http://127.0.0.1:{port}/", running


@asynccontextmanager
async def _served(
    rival: str, folder: Path, environment: dict[str, str], port: int, core: int, *words: object
) -> AsyncIterator[Running]:
    command = python(f"benchmarks.rivals.{rival}", *words)
    ready = f"http://127.0.0.1:{port}/readyz"
    async with serving(
        command, lambda: answers(ready), log=folder / f"{rival}.log", core=core, environment=environment
    ) as running:
        yield running


def _told(found: dict[str, list[_Measured]]) -> Found:
    def rates(what: str, other: str, aim: Aim) -> Comparison:
        return compared(what, found["dauys"], found[other], lambda each: each.loaded.a_second, "/s", aim)

    comparisons = [
        rates("votes : a bare aiohttp POST", "bare", Aim(0.6)),
        rates("votes : the same behind stock aiogram", "aiogram", Aim(6)),
        rates("votes : stock aiogram, a commit a vote", "a commit a vote", Aim(12)),
    ]
    middle = {name: sorted(each, key=lambda one: one.loaded.seconds)[len(each) // 2] for name, each in found.items()}
    remarks = [
        f"{name}: {each.busy:,.0f} µs of processor a request, p50 {each.loaded.percentile(50):.1f} ms, "
        f"p99 {each.loaded.percentile(99):.1f} ms; the load took {each.client:.0%} of its core."
        for name, each in middle.items()
    ]
    return Found(comparisons, ["  \n".join(remarks)])


ROW = Row(
    "casts",
    "from the webhook to the durable commit",
    "Votes a second that one process takes on one core, each the last press of a signed-in member, kept on disk before "
    "it is answered; 100 connections, as Telegram opens them, from another core. A ratio of 0.6 to a bare POST means "
    "that six tenths of what aiohttp can do at all are votes.",
    measure,
)
