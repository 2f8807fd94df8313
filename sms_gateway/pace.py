"""How fast the carrier may be fed: so many segments a second, and nothing during a pause it asked for."""

from datetime import datetime, timedelta


class Pace:
    """A bucket of one second's segments. The last message taken may overdraw it; what follows then waits."""

    def __init__(self, segments_per_second: float) -> None:
        if segments_per_second <= 0:
            raise ValueError("the pace must be above nothing")
        self._rate = segments_per_second
        self._most = max(1.0, segments_per_second)
        self._left = self._most
        self._filled_at: datetime | None = None
        self._still_until: datetime | None = None

    def allowance(self, now: datetime) -> int:
        """How many messages of one segment may be sent now."""
        if self._filled_at is not None:
            passed = max(0.0, (now - self._filled_at).total_seconds())
            self._left = min(self._most, self._left + passed * self._rate)
        self._filled_at = now
        if self._still_until is not None and now < self._still_until:
            return 0
        return max(0, int(self._left))

    def spend(self, segments: int) -> None:
        """So many segments are being sent."""
        self._left -= segments

    def keep_still(self, now: datetime, seconds: float) -> None:
        """Nothing for so many seconds from now; a longer pause already standing stays."""
        until = now + timedelta(seconds=seconds)
        self._still_until = max(until, self._still_until or until)
