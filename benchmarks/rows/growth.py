"""Growth: what a vote costs when a whole party is on the roll and most of it has voted."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from benchmarks.bench import Bench
from benchmarks.election import Place, made
from benchmarks.load import load, posts
from benchmarks.presses import SECRET_HEADERS, presses
from benchmarks.process import cores, family_of, on_core, processor_of
from benchmarks.program import dauys
from benchmarks.row import Aim, Comparison, Found, Row
from benchmarks.servers import LastingPostgres, database, postgres, valkey
from benchmarks.silent_telegram import SilentTelegram, silent_telegram


async def measure(bench: Bench) -> Found:
    """A large and a small election served side by side on one core, voted in by turns."""
    on_disk = {name: Place(bench.folder / name) for name in ("large", "small")}
    embedded = await _compared(bench, "SQLite", on_disk)
    with postgres() as server, valkey() as redis:
        places = {
            name: Place(bench.folder / f"{name}-pg", database(server, name), redis.url[:-1] + str(number))
            for number, name in enumerate(("large", "small"))
        }
        served = await _compared(bench, "PostgreSQL", places, server)
    return Found([embedded, served])


async def _compared(
    bench: Bench, store: str, places: dict[str, Place], server: LastingPostgres | None = None
) -> Comparison:
    votes = bench.size(1_000, 200)
    members = {"large": bench.size(835_000, 20_000), "small": bench.size(10_000, 1_500)}
    voted = {"large": bench.size(500_000, 10_000), "small": 0}
    cast = votes * (bench.pairs + 1)
    core, client = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(on_core(client))
        telegram = await stack.enter_async_context(silent_telegram())
        variants = {}
        for name, place in places.items():
            bench.begins(f"{store}: preparing {members[name]:,} members, {voted[name]:,} votes")
            election = await stack.enter_async_context(made(place, members[name]))
            await election.fill(cast + 1, voted[name])
            await election.seat(1, cast)
            url, running = await stack.enter_async_context(dauys(place, telegram.url, core=core))

            def processor(bot: Callable[[], float] = running.processor) -> float:
                return bot() + (processor_of(*family_of(server.pid)) if server else 0.0)

            variants[name] = _voting(url, election.press, votes, telegram, processor)
        found = await bench.interleaved(f"votes on {store}", variants)
    what = f"{store}: {members['large']:,} members, {voted['large']:,} votes : {members['small']:,} and none"
    return Comparison(what, found["large"], found["small"], "µs", Aim(1.15, at_most=True))


def _voting(
    url: str, press: str, count: int, telegram: SilentTelegram, processor: Callable[[], float]
) -> Callable[[int], Awaitable[float]]:
    """µs of processor a vote."""

    async def vote(pair: int) -> float:
        requests = posts(url, presses(press, 1 + pair * count, count), SECRET_HEADERS)
        before = processor()
        await load(url, requests, telegram)
        return (processor() - before) / count * 1e6

    return vote


ROW = Row(
    "growth",
    "a vote in a large election against one in a small",
    "Processor time of a vote from the webhook to the answer, of the bot's process and, with PostgreSQL, of the "
    "database server's. A ratio of 1 means that a vote costs the same whatever is on the roll and in the box.",
    measure,
)
