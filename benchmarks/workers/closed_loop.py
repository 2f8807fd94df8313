"""A closed loop: so many voters, each of whom begins again when she has been answered."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable


async def closed_loop(votes: Iterable[Callable[[], Awaitable[object]]], waiters: int) -> dict[str, float]:
    """Votes a second, and the wait of a vote in milliseconds: half of them and 99 of a hundred wait no longer."""
    waiting = iter(votes)
    waits: list[float] = []

    async def one_after_another() -> None:
        for vote in waiting:
            begun = time.perf_counter()
            await vote()
            waits.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(waiters):
            group.create_task(one_after_another())
    seconds = time.perf_counter() - begun
    waits.sort()
    return {
        "a_second": len(waits) / seconds,
        "p50": waits[len(waits) // 2] * 1000,
        "p99": waits[len(waits) * 99 // 100] * 1000,
    }
