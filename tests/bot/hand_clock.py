"""A clock moved by hand: time passes only when told, and what is due then is called back in order."""

import asyncio
from collections.abc import Awaitable, Callable
from heapq import heappop, heappush
from itertools import count


async def settle() -> None:
    """Let everything that can go on now go on."""
    for _ in range(8):
        await asyncio.sleep(0)


class HandClock:
    """The part of an event loop that bot.pace.Clock asks for. `settled` lets go on what a moment has set free."""

    def __init__(self, settled: Callable[[], Awaitable[None]] = settle) -> None:
        self.now = 1000.0
        self._settled = settled
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object]) -> None:
        heappush(self._due, (self.now + delay, next(self._order), callback))

    async def pass_by(self, seconds: float) -> None:
        end = self.now + seconds
        await self._settled()
        while self._due and self._due[0][0] <= end:
            self.now = max(self.now, self._due[0][0])
            heappop(self._due)[2]()
            await self._settled()
        self.now = end
