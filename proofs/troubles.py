"""What goes wrong while members vote, one thing after the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from proofs.crowd import Crowd
from proofs.staff import Staff

AT_ONCE = 16
"""So many cast their votes at once when a trouble strikes."""
GOES_ON = 15
"""The next trouble comes when so many more members have been told their receipts."""
AWAY = 2.0
"""Seconds that a server which is restarted is away."""


@dataclass
class Trouble:
    """One of them, as it was."""

    name: str
    begun: float = 0.0  # Unix time, in seconds
    took: float = 0.0  # seconds
    under_way: int = 0  # members who had come and had no receipt when it began


class Troubles:
    """`seen` are those that have begun, in their order; the first is none."""

    def __init__(self, staff: Staff, crowd: Crowd) -> None:
        self.seen = [Trouble("nothing yet", time.time())]
        self._staff = staff
        self._crowd = crowd

    async def come(self) -> None:
        """All of them, until votes come in again after the last."""
        troubles: dict[str, Callable[[], Awaitable[None]]] = {
            "bot 1 restarted, the new one first": self._bot_after_another,
            "bot 2 restarted, the old one first": self._bot_before_another,
            "SMS door restarted, the new one first": self._sms_door,
            "PostgreSQL restarted": partial(self._postgres, "fast"),
            "PostgreSQL crashed": partial(self._postgres, "immediate"),
            "Valkey flushed": self._flush,
            "Valkey restarted, empty": self._valkey,
            "leading clock killed": self._clock,
            "bot 3 killed, another started": self._bot_killed,
        }
        await self._crowd.goes_on(GOES_ON)
        for name, happens in troubles.items():
            await self._staff.are_counted()
            self.seen.append(Trouble(name))
            await happens()
            self.seen[-1].took = time.time() - self.seen[-1].begun
            await self._crowd.goes_on(GOES_ON)

    async def _strikes(self) -> None:
        """Now: many have just cast their votes, and only the first of them has been told her receipt."""
        await self._crowd.rushes(AT_ONCE)
        self.seen[-1].begun = time.time()
        self.seen[-1].under_way = self._crowd.under_way()

    async def _bot_after_another(self) -> None:
        await self._staff.starts("bot 3")
        await self._strikes()
        await self._staff.stops("bot 1")

    async def _bot_before_another(self) -> None:
        await self._strikes()
        await self._staff.stops("bot 2")
        await self._staff.starts("bot 4")

    async def _sms_door(self) -> None:
        await self._staff.starts("sms 2")
        await self._strikes()
        await self._staff.stops("sms 1")

    async def _postgres(self, mode: str) -> None:
        await self._strikes()
        await asyncio.to_thread(self._staff.postgres.stop, mode)
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self._staff.postgres.start)

    async def _flush(self) -> None:
        await self._strikes()
        await asyncio.to_thread(self._staff.valkey.flush)

    async def _valkey(self) -> None:
        await self._strikes()
        await asyncio.to_thread(self._staff.valkey.stop)
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self._staff.valkey.start)

    async def _clock(self) -> None:
        leading = await self._staff.another_leads()
        await self._strikes()
        await self._staff.is_killed(leading)
        await self._staff.another_leads(leading)

    async def _bot_killed(self) -> None:
        await self._strikes()
        await self._staff.is_killed("bot 3")
        await self._staff.starts("bot 5")
