"""How fast the carrier may be fed: so many segments a second, and nothing during a pause it asked for.

All processes that send share one pace, in buckets of a store. Each has a bucket of its own besides, which is no
narrower: it alone holds while that store is away, for a code must not wait for it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

_log = structlog.get_logger()

T = TypeVar("T")
_AWAY_SECONDS = 5.0
"""How long a store that could not be asked is left alone."""


class Grant(Protocol):
    """What a bucket gives: how many segments were taken."""

    @property
    def taken(self) -> int: ...


class CommonBuckets(Protocol):
    """Buckets that all processes share. Any call may raise while they cannot be reached."""

    async def take(self, name: str, per_second: float, burst: int, most: int, *, owed: int = 0) -> Grant:
        """Take up to `most`, after `owed` were charged whether they fit or not; below zero they are given back."""

    async def keep_still(self, name: str, seconds: float) -> None:
        """Nobody takes anything from this bucket for so long."""


class Pace:
    """A bucket of one second's segments. The last message taken may overdraw it; what follows then waits."""

    def __init__(self, segments_per_second: float, buckets: CommonBuckets | None = None, name: str = "") -> None:
        """`buckets` hold, under `name`, what all processes have in common; without them this one is alone."""
        if segments_per_second <= 0:
            raise ValueError("the pace must be above nothing")
        self._rate = segments_per_second
        self._most = max(1.0, segments_per_second)
        self._left = self._most
        self._filled_at: datetime | None = None
        self._still_until: datetime | None = None
        self._buckets = buckets
        self._name = name
        self._away_until: datetime | None = None

    async def take(self, most: int, now: datetime) -> int:
        """How many messages of one segment may be sent now, at most so many; they are counted as sent."""
        taken = min(most, self._allowance(now))
        if taken > 0:
            grant = await self._common(now, lambda common: common.take(*self._bucket, taken))
            taken = taken if grant is None else grant.taken
        self._left -= taken
        return taken

    async def spend(self, segments: int, now: datetime) -> None:
        """So many segments more are being sent; below zero: so many that were taken are not."""
        self._left -= segments
        if segments:
            await self._common(now, lambda common: common.take(*self._bucket, 0, owed=segments))

    def keep_still(self, now: datetime, seconds: float) -> None:
        """Nothing from this process for so many seconds; a longer pause already standing stays."""
        until = now + timedelta(seconds=seconds)
        self._still_until = max(until, self._still_until or until)

    async def obey(self, now: datetime, seconds: float) -> None:
        """The carrier wants a pause: nothing from any process for so many seconds."""
        self.keep_still(now, seconds)
        await self._common(now, lambda common: common.keep_still(self._name, seconds))

    @property
    def _bucket(self) -> tuple[str, float, int]:
        return self._name, self._rate, int(self._most)

    def _allowance(self, now: datetime) -> int:
        if self._filled_at is not None:
            passed = max(0.0, (now - self._filled_at).total_seconds())
            self._left = min(self._most, self._left + passed * self._rate)
        self._filled_at = now
        if self._still_until is not None and now < self._still_until:
            return 0
        return max(0, int(self._left))

    async def _common(self, now: datetime, ask: Callable[[CommonBuckets], Awaitable[T]]) -> T | None:
        """Ask for what all have in common; None where that is not possible."""
        if self._buckets is None or (self._away_until is not None and now < self._away_until):
            return None
        try:
            return await ask(self._buckets)
        except Exception as fault:
            self._away_until = now + timedelta(seconds=_AWAY_SECONDS)
            _log.warning("sms_common_pace_away", fault=type(fault).__name__)
            return None
