"""Two clocks of a test: one on the wall, which may be set, and one that only runs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Clocks:
    wall: datetime = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    ran: float = 0.0

    def run(self, **span: float) -> datetime:
        """Time passes."""
        passed = timedelta(**span)
        self.wall += passed
        self.ran += passed.total_seconds()
        return self.wall

    def jump(self, **span: float) -> datetime:
        """Somebody sets the clock on the wall."""
        self.wall += timedelta(**span)
        return self.wall

    def monotonic(self) -> float:
        return self.ran
