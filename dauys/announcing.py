"""What organisers say in the chat to many: planned as on the command line, by dauys/broadcasting.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from dauys import broadcasting
from election.broadcasts import Broadcast, Plan, seconds_left
from election.definition import Words
from election.errors import OperatorRefusal
from handlers.announcing import Preview, Wish

if TYPE_CHECKING:
    from dauys.wiring import Clock, Hall


class Announcements:
    """handlers.announcing.Announcer over an opened hall."""

    def __init__(self, hall: Hall, clock: Clock) -> None:
        self._hall = hall
        self._settings = hall.settings
        self._clock = clock

    async def newest_bulletin(self) -> int:
        """See Announcer."""
        return len(await self._hall.store.books.bulletins())

    async def preview(self, wish: Wish) -> Preview:
        """See Announcer."""
        found = await broadcasting.preview(self._hall, self._settings, await self._plan(wish))
        if not found.expected:
            raise OperatorRefusal("nobody", "Nobody would get it: no channel is named, and no member subscribed.")
        return found

    async def send(self, wish: Wish, expected: int) -> int:
        """See Announcer. An organiser's messages are heard one at a time, so nobody plans between look and plan."""
        plan = await self._plan(wish)
        for known in await self.newest():
            if (known.plan.by, known.plan.kind, known.plan.made_at) == (plan.by, plan.kind, plan.made_at):
                return known.number
        return await self._hall.store.broadcasts.plan(plan, expected)

    async def newest(self) -> Sequence[Broadcast]:
        """See Announcer."""
        return await self._hall.store.broadcasts.broadcasts()

    async def broadcast(self, number: int) -> Broadcast | None:
        """See Announcer."""
        return await self._hall.store.broadcasts.broadcast(number)

    async def stop(self, number: int, now: datetime) -> bool:
        """See Announcer."""
        return await self._hall.store.broadcasts.stop(number, now)

    def seconds_left(self, broadcast: Broadcast) -> float:
        """See Announcer."""
        return seconds_left(broadcast, self._clock(), broadcasting.telegram_pace(self._settings))

    async def _plan(self, wish: Wish) -> Plan:
        if wish.kind == "bulletin":
            return await broadcasting.a_bulletin(self._hall, wish.bulletin, wish.ways, wish.by, wish.at)
        if wish.kind == "reminder":
            return await broadcasting.a_reminder(self._hall, wish.ways, wish.at, wish.by, wish.at)
        text = wish.text or Words("", "", "")
        return await broadcasting.a_message(self._hall, text, wish.ways, wish.at, wish.by, wish.at)
