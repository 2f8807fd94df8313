"""The committee is reminded of complaints that are due soon or past their hour."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from election.complaints import Complaints
from election.ports import Fleeting

AT_MOST_EVERY = timedelta(minutes=30)
"""However many complaints become due, an officer gets no more than one SMS in so long."""


class Reminders:
    """`tell` reminds the committee of so many that wait; how many officers that were."""

    def __init__(self, store: Complaints, fleeting: Fleeting, tell: Callable[[int, datetime], Awaitable[int]]) -> None:
        self._store = store
        self._fleeting = fleeting
        self._tell = tell

    async def run(self, now: datetime) -> dict[str, int]:
        """Each complaint is reminded of when it is due soon, and when its hour has passed: {"due", "reminded"}."""
        nothing = {"due": 0, "reminded": 0}
        counts = await self._store.counts(now)
        if not counts.soon and not counts.late:
            return nothing
        if not await self._fleeting.once("complaints-reminded", int(AT_MOST_EVERY.total_seconds()), now):
            return nothing
        due = await self._store.remind(now)
        return {"due": due, "reminded": await self._tell(counts.open, now) if due else 0}
