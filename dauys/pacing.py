"""The pace that all processes share: buckets of the fleeting store, as the two doors ask for them."""

from dataclasses import dataclass

from dauys.wiring import Clock
from election.ports import Fleeting, Grant


@dataclass(frozen=True, slots=True)
class SharedBuckets:
    """A bucket's name is a bot's id or our own sender's name, never a token."""

    fleeting: Fleeting
    clock: Clock

    async def take(self, name: str, per_second: float, burst: int, most: int, *, owed: int = 0) -> Grant:
        """See election.ports.Fleeting."""
        return await self.fleeting.take(f"pace:{name}", per_second, burst, most, self.clock(), owed=owed)

    async def keep_still(self, name: str, seconds: float) -> None:
        """See election.ports.Fleeting."""
        await self.fleeting.keep_still(f"pace:{name}", seconds, self.clock())
