"""Broadcasts: whichever is to go now is sent, until there is none."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from election.broadcasts import Broadcast, Broadcasting
from scheduler.course import Course, Script, Tempo

_log = structlog.get_logger("scheduler")


class Broadcasts:
    """One broadcast at a time, each by a course of its own. `script` gives what it says; `may_go` whether such a one
    has a sense now."""

    def __init__(
        self,
        store: Broadcasting,
        script: Callable[[Broadcast], Awaitable[Script]],
        may_go: Callable[[Broadcast, datetime], Awaitable[bool]],
        clock: Callable[[], datetime],
        tempo: Tempo,
    ) -> None:
        self._store = store
        self._script = script
        self._may_go = may_go
        self._clock = clock
        self._tempo = tempo
        self._course: Course | None = None
        self._halted = False

    async def run(self, now: datetime) -> dict[str, int]:
        """Send all that are due, also those that fall due meanwhile; returns when there is none or at `halt`.

        {"ended", "left"}: how many were sent to their end, and how often one was left, since it was stopped, another
        goes before it, or another process has taken it.
        """
        counts = {"ended": 0, "left": 0}
        while not self._halted and (waiting := await self._store.next(self._clock())):
            if not await self._may_go(waiting, self._clock()):
                await self._store.stop(waiting.number, self._clock())
                _log.warning("broadcast_has_no_sense_now", broadcast=waiting.number, kind=waiting.plan.kind)
                continue
            counts["ended" if await self._sent(waiting.number) else "left"] += 1
        return counts

    def halt(self) -> None:
        """Leave what is going where it is: what is under way is settled and noted."""
        self._halted = True
        if self._course is not None:
            self._course.leave()

    async def _sent(self, number: int) -> bool:
        holder = secrets.token_hex(8)
        taken = await self._store.take(number, holder, self._clock())
        if taken is None:
            return False
        _log.info("broadcast_goes", broadcast=number, kind=taken.plan.kind, settled=taken.counts.settled)
        script = await self._script(taken)
        self._course = Course(self._store, taken, holder, script, self._clock, self._tempo, self._goes_on)
        if self._halted:
            self._course.leave()
        try:
            ended = await self._course.run()
        finally:
            self._course = None
        _log.info("broadcast_ended" if ended else "broadcast_left", broadcast=number)
        return ended

    async def _goes_on(self, broadcast: Broadcast) -> bool:
        """Whether nothing goes before it now."""
        first = await self._store.next(self._clock())
        if first is None or first.number != broadcast.number:
            return False
        return await self._may_go(broadcast, self._clock())
