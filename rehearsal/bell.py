"""Waiting for a change: a counter that grows and wakes whoever waits for it."""

import asyncio


class Bell:
    """Each `ring` makes `version` one larger and wakes every waiter."""

    def __init__(self) -> None:
        self.version = 0
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits for a version newer than the present one."""
        self.version += 1
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def after(self, version: int, seconds: float) -> bool:
        """Wait until the version is newer than `version`, at most `seconds`; say whether it is."""
        try:
            async with asyncio.timeout(seconds):
                while self.version <= version:
                    await self._rung.wait()
        except TimeoutError:
            return False
        return True
