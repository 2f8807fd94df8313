"""One token's pace over all processes that use it, kept in a store that they share.

Each process keeps to its own pace first (`bot.pace`). What is limited there, notices and broadcasts, and answers too
for a while after Telegram objected, then takes its turn from the common bucket, as many at a time as wait and fit: who
is more urgent may overdraw it further, and so goes before the less urgent of every process. Other answers leave at
once, as ever; how many there were is told to the store in bulk, and with the answer comes what the other processes were
told by Telegram. While the store is away each process goes by its own pace alone.
"""

import asyncio
from typing import Protocol

import structlog

from bot.pace import HOLD_MARGIN, Clock, Pace, Urgency

log = structlog.get_logger("bot")

REPORT_SECONDS = 0.2
"""Between two reports of answers; what another process was told by Telegram is learnt no later than that."""
YIELD_SECONDS = 0.01
"""How much later than those who have asked in vain before one asks who has not: all wait for the same moment, and else
the process that had the last turn might have the next one too."""
AWAY_SECONDS = 1.0
"""How long a store that could not be asked is left alone."""


class Grant(Protocol):
    """What a bucket gives: how many were taken, the seconds until one more may be, and for how many seconds from now
    everybody has to keep still (below zero: that was over so long ago)."""

    @property
    def taken(self) -> int: ...
    @property
    def wait(self) -> float: ...
    @property
    def still(self) -> float: ...


class CommonBuckets(Protocol):
    """Buckets that all processes share. Any call may raise while they cannot be reached."""

    async def take(self, name: str, per_second: float, burst: int, most: int, *, owed: int = 0) -> Grant:
        """Take up to `most`, after `owed` were charged whether they fit or not."""

    async def keep_still(self, name: str, seconds: float) -> None:
        """Nobody takes anything from this bucket for so long."""


class CommonPace(Pace):
    """The pace of one process, within what all have in common under `name`. Run `report` beside it."""

    def __init__(self, clock: Clock, buckets: CommonBuckets, name: str, per_second: float = Pace.PER_SECOND) -> None:
        super().__init__(clock, per_second)
        self._buckets = buckets
        self._name = name
        self._lines = {urgency: asyncio.Lock() for urgency in Urgency}
        self._waiting = dict.fromkeys(Urgency, 0)  # in each line, whoever asks for it included
        self._taken = dict.fromkeys(Urgency, 0)  # turns that were given beyond the one that was asked for
        self._given = 0  # answers that left unasked since the last report
        self._some_given = asyncio.Event()
        self._away_until = float("-inf")
        self._away = False

    async def turn(self, urgency: Urgency, chat: str = "") -> None:
        """See Pace."""
        await super().turn(urgency, chat)
        if not chat:
            return
        if not self._limited(urgency, self._clock.time()):
            self._note_given()
            return
        self._waiting[urgency] += 1
        try:
            async with self._lines[urgency]:
                late = YIELD_SECONDS
                while (wait := await self._common_wait(urgency)) > 0:
                    await self._after(wait + late)
                    late = 0.0
        finally:
            self._waiting[urgency] -= 1

    def at_once(self, chat: str) -> bool:
        """See Pace. While answers are limited none is free at once, since the others must be asked."""
        if chat and self._strict(self._clock.time()):
            return False
        taken = super().at_once(chat)
        if taken and chat:
            self._note_given()
        return taken

    async def obey(self, retry_after: float) -> None:
        """See Pace; and all other processes do."""
        await super().obey(retry_after)
        try:
            await self._buckets.keep_still(self._name, retry_after + HOLD_MARGIN)
        except Exception as fault:
            self._is_away(fault)

    async def report(self) -> None:
        """Tell the others of the answers given, for ever. At most the part `YIELDED` crowds the rest out."""
        while True:
            await self._some_given.wait()
            self._some_given.clear()
            given, self._given = self._given, 0
            crowding = await self._ask(f"{self._name}:answers", self.per_second * self.YIELDED, self._burst, given)
            if crowding is not None:
                await self._ask(self._name, self.per_second, self._burst, 0, owed=crowding.taken)
            await self._after(REPORT_SECONDS)

    def _note_given(self) -> None:
        self._given += 1
        self._some_given.set()

    async def _common_wait(self, urgency: Urgency) -> float:
        """Take a turn; the seconds after which to ask again, nothing or less if it was given."""
        if (held := self._held()) > 0:
            return held
        if self._taken[urgency]:
            self._taken[urgency] -= 1
            return 0.0
        grant = await self._ask(self._name, self.per_second, self._burst - urgency, self._waiting[urgency])
        if grant is None or grant.taken:  # asked in vain: this process's own pace has let it through
            self._taken[urgency] = max(grant.taken - 1, 0) if grant else 0
            return self._held()
        return max(self._held(), grant.wait)

    def _held(self) -> float:
        return self._held_until - self._clock.time()

    async def _ask(self, name: str, per_second: float, burst: int, most: int, *, owed: int = 0) -> Grant | None:
        if self._clock.time() < self._away_until:
            return None
        try:
            grant = await self._buckets.take(name, per_second, burst, most, owed=owed)
        except Exception as fault:
            self._is_away(fault)
            return None
        self._away = False
        if grant.still > -self.STRICT_SECONDS:
            self._hold(grant.still)
        return grant

    def _is_away(self, fault: Exception) -> None:
        self._away_until = self._clock.time() + AWAY_SECONDS
        if not self._away:
            self._away = True
            log.warning("common_pace_away", bucket=self._name, error=type(fault).__name__)
