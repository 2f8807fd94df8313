"""What the commission has done is told to everybody whom it concerns, each act once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from election.broadcasts import Broadcasting
from election.ports import Act

FRESH = timedelta(days=1)
"""An act that is older is not news any more."""


class Crier(Protocol):
    """Sees to it that an act is told."""

    async def plan(self, act: Act, now: datetime) -> None:
        """Plan the broadcast of this act. Harmless to repeat."""


class Announcements:
    """Looks for acts of these kinds that no broadcast announces."""

    def __init__(self, store: Broadcasting, crier: Crier, kinds: Sequence[str]) -> None:
        self._store = store
        self._crier = crier
        self._kinds = tuple(kinds)

    async def run(self, now: datetime) -> dict[str, int]:
        """Plan what is to be told: {"announced": how many}."""
        acts = await self._store.unannounced(self._kinds, now - FRESH)
        for act in acts:
            await self._crier.plan(act, now)
        return {"announced": len(acts)}
