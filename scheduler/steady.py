"""A clock that has jumped is not believed at once: what cannot be undone waits until it has run evenly for a while.

A machine that wakes from sleep looks the same, so what was due meanwhile is done as much later.
"""

from collections.abc import Callable
from datetime import datetime

import structlog

_log = structlog.get_logger("scheduler")

JUMP_SECONDS = 60.0
"""Less than this a clock may be set by its time server in the course of things."""
SETTLED_SECONDS = 600.0
"""Who has set a clock wrongly finds out within that."""


class Steady:
    """Holds the clock on the wall against one that cannot be set; `monotonic` gives that one's seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._apart: float | None = None
        self._jumped_at: float | None = None

    def runs(self, now: datetime) -> bool:
        """Whether the clock that says `now` has run evenly of late."""
        steady = self._monotonic()
        apart = now.timestamp() - steady
        jump = 0.0 if self._apart is None else apart - self._apart
        self._apart = apart
        if abs(jump) >= JUMP_SECONDS:
            back = self._jumped_at is not None and abs(apart - self._before) < JUMP_SECONDS
            self._jumped_at = None if back else steady
            if not back:
                self._before = apart - jump
            _log.warning("clock_jumped", seconds=round(jump))
        if self._jumped_at is not None and steady - self._jumped_at >= SETTLED_SECONDS:
            self._jumped_at = None
        return self._jumped_at is None

    _before = 0.0  # how far apart they were before the jump
