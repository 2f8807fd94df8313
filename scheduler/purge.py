"""Forget what has run out: sessions, codes and throttles past their time."""

from collections.abc import Awaitable, Callable
from datetime import datetime


class Purge:
    """`forget` drops everything that has run out and says how many things that were."""

    def __init__(self, forget: Callable[[datetime], Awaitable[int]]) -> None:
        self._forget = forget

    async def run(self, now: datetime) -> dict[str, int]:
        """Forget: {"forgotten": n}."""
        return {"forgotten": await self._forget(now)}
