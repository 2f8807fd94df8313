"""One message of one sender at a time: in this process by a lock, across processes by a hold in the fleeting store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from election.errors import StoreUnavailable
from election.ports import Fleeting

_HELD = 20
"""Seconds after which the hold of a process that died is over; no message takes a quarter of it."""
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, *[0.5] * 40)
"""How long another process is waited for, in steps: a little longer than it may hold."""


class Turns:
    """Two messages of one person never race, whichever processes they reach."""

    def __init__(self, fleeting: Fleeting, token: Callable[[int], bytes], clock: Callable[[], datetime]) -> None:
        self._fleeting = fleeting
        self._token = token
        self._clock = clock
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """This sender's turn. Raises StoreUnavailable when another process does not let go: deliver again later."""
        async with self._here(name):
            key, holder = f"turn:{name}", self._token(8)
            await self._hold(key, holder)
            try:
                yield
            finally:
                with suppress(StoreUnavailable):  # it lets go by itself
                    await self._fleeting.release(key, holder)

    async def _hold(self, key: str, holder: bytes) -> None:
        for pause in _PAUSES:
            if await self._fleeting.hold(key, holder, _HELD, self._clock()):
                return
            await asyncio.sleep(pause)
        raise StoreUnavailable

    @asynccontextmanager
    async def _here(self, name: str) -> AsyncIterator[None]:
        """A lock lives only as long as somebody holds or awaits it."""
        lock, users = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(name)
            if users > 1:
                self._locks[name] = (lock, users - 1)
