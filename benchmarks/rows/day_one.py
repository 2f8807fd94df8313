"""Day one: everybody comes within a minute, many watch, the carrier is slow and Telegram objects now and then."""

import asyncio
import sqlite3
import time
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.election import TOKEN, Place, made, phone
from benchmarks.member import Member, UnansweredError
from benchmarks.process import cores, on_core, until
from benchmarks.program import dauys
from benchmarks.row import Comparison, Found, Row
from benchmarks.watching import board_shown, crowd
from benchmarks.world import World, world
from dauys import publishing
from rehearsal.faults import Fault

_PEOPLE, _WATCHERS_EACH = 10_000, 2
_COMING = 60.0
_PATIENCE = 3600.0
_PAGE_ASKS = 30.0
"""Seconds between two questions of a page (board/live/refresh.js)."""
_SLOW = Fault("carrier", "slow", times=None, rate=0.1, seconds=2.0)
_OBJECTIONS = (0.1, 0.4, 0.7)
"""Telegram answers 429 once when so many of those who come have voted."""
_LOOK = 1.0


@dataclass(slots=True)
class _Day:
    """What happened. `voted_by`: seconds after the first came, one for each who has a receipt. `oldest`: the greatest
    age of a waiting letter by its kind, in seconds; `pending`: the most updates that were not taken yet."""

    began: float
    voted_by: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    left: int = 0
    oldest: dict[str, float] = field(default_factory=dict)
    pending: int = 0
    objections: int = 0


async def measure(bench: Bench) -> Found:
    """One day; a second one would tell no more than another run does."""
    people = bench.people or bench.size(_PEOPLE, 60)
    watchers = people // _WATCHERS_EACH
    program, outside = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(on_core(outside))
        bench.begins("preparing")
        place = Place(bench.folder / "election")
        election = await stack.enter_async_context(made(place, people))
        folder, now = bench.folder / "board", datetime.now(UTC)
        await publishing.publish(election.hall, now)
        await publishing.put_on_board(election.hall, now, folder)
        town = await stack.enter_async_context(world(range(1, people + 1), [TOKEN]))
        town.box.faults.add(_SLOW)
        served = dauys(place, town.box.url, role="all", core=program, settings={"BOARD_DIR": str(folder)})
        _, running = await stack.enter_async_context(served)
        push = town.box.telegram.bot(TOKEN).push
        await until(lambda: push.hook is not None)
        port, _ = await stack.enter_async_context(board_shown(folder, watchers, bench.folder, outside))
        pages = await stack.enter_async_context(crowd(port, watchers, watchers / _PAGE_ASKS, outside))
        day = await _day(bench, town, people, Path(bench.folder / "election" / "dauys.sqlite3"))
        watched = await pages.looked()
        memory = running.memory()
        if await election.voted() != len(day.voted_by):
            raise RuntimeError(f"{await election.voted()} votes in the box, {len(day.voted_by)} receipts")
    pace = f"{watched.held:,} watched and got {watched.a_second:,.0f} answers a second (p99 {watched.p99:,.0f} ms)."
    return _told(day, people, memory, pace, town)


async def _day(bench: Bench, town: World, people: int, database: Path) -> _Day:
    day = _Day(time.perf_counter())
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_look_on(bench, day, town, people, database))
        async with asyncio.TaskGroup() as coming:
            for number in range(people):
                coming.create_task(_comes(day, town, number + 1, _COMING * number / people))
        watching.cancel()
    return day


async def _comes(day: _Day, town: World, number: int, after: float) -> None:
    """One member, from /start to her receipt."""
    await asyncio.sleep(after)
    member = Member(town.box, phone(number), TOKEN, _PATIENCE)
    try:
        await member.votes()
    except UnansweredError:
        day.left += 1
    else:
        day.voted_by.append(time.perf_counter() - day.began)
    day.waits += member.waits


async def _look_on(bench: Bench, day: _Day, town: World, people: int, database: Path) -> None:
    """Object now and then; look at the queues."""
    queue = town.box.telegram.bot(TOKEN).queue
    while True:
        bench.show("voted", len(day.voted_by), people)
        if day.objections < len(_OBJECTIONS) and len(day.voted_by) >= _OBJECTIONS[day.objections] * people:
            town.box.faults.add(Fault("bot_api", "too_many", retry_after=2))
            day.objections += 1
        day.pending = max(day.pending, len(queue.pending))
        for kind, age in (await asyncio.to_thread(_ages, database)).items():
            day.oldest[kind] = max(day.oldest.get(kind, 0.0), age)
        await asyncio.sleep(_LOOK)


def _ages(database: Path) -> dict[str, float]:
    """How long the oldest letter of each kind has been waiting for its turn."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as looking:
        rows = looking.execute("SELECT kind, min(due_at) FROM outbox WHERE state = 'waiting' GROUP BY kind").fetchall()
    return {kind: time.time() - due / 1e6 for kind, due in rows}


def _told(day: _Day, people: int, memory: float, watched: str, town: World) -> Found:
    voted = sorted(day.voted_by) or [0.0]
    waits = sorted(day.waits) or [0.0]
    whole = Comparison("everybody has voted : the minute in which they came", [voted[-1]], [_COMING], "s")
    within = ", ".join(f"{sum(each <= 60 * m for each in voted):,} after {m} min" for m in (1, 2, 5, 10, 20))
    oldest = ", ".join(f"{kind} {age:,.0f} s" for kind, age in sorted(day.oldest.items())) or "none"
    remarks = [
        f"{people:,} members came within a minute; {len(day.voted_by):,} have voted, {day.left} gave up after an hour: "
        f"{within}.",
        f"An answer, or the SMS with the code, came in {waits[len(waits) // 2]:,.1f} s for half of all acts, in "
        f"{waits[len(waits) * 99 // 100]:,.1f} s for 99 of a hundred, at the latest in {waits[-1]:,.1f} s.",
        f"The oldest letter that waited: {oldest}. The most updates not yet taken: {day.pending:,}. The program's "
        f"greatest memory: {memory:,.0f} MiB. Telegram objected {day.objections} times; {town.refused} calls were "
        "answered 429.",
        watched,
    ]
    return Found([whole], ["  \n".join(remarks)])


ROW = Row(
    "day-one",
    "everybody comes within a minute",
    "Members start evenly over one minute, each from /start to the receipt, for whom everything is done by one process "
    "on one core, with SQLite; half as many have the board open, and a page asks every thirty seconds. A tenth of the "
    "carrier's answers take two seconds, and three times Telegram answers 429: after each the bot keeps to the narrow "
    f"pace of thirty a second for a minute. {_PEOPLE:,} members are a tenth of the case in the design (`PEOPLE=100000` "
    "comes to it): what one core does a second stays the same, so the time grows with the members, and is divided by "
    "the processes that share them (`scale-out`). The rehearsal, the members and the board have the other core, and "
    "bound what can be seen.",
    measure,
)
