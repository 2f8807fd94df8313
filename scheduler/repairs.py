"""Numbers that change: their members are told in Telegram, and a day later the change is in force.

What waits and what is due stands in the store: a restart loses nothing, and twice puts nothing in force twice. A clock
that has just jumped is not believed: see scheduler/steady.py.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from election.repairs import Repairing, Repairs, Untold
from scheduler.steady import Steady

Tell = Callable[[Untold], Awaitable[bool]]
"""Tell the member's Telegram; whether it need not be tried again."""


class Numbers:
    """Looks at changes of numbers. Without `tell` nobody is told in Telegram; the SMS has gone out all the same."""

    def __init__(self, repairs: Repairs, store: Repairing, tell: Tell | None, steady: Steady) -> None:
        self._repairs = repairs
        self._store = store
        self._tell = tell
        self._steady = steady

    async def run(self, now: datetime) -> dict[str, int]:
        """Do what is due: {"told": n, "numbers_changed": n, "numbers_dropped": n}."""
        told = 0 if self._tell is None else await self._told(self._tell)
        steady = self._steady.runs(now)
        ended = await self._repairs.put_due_in_force(now) if steady else {"done": 0, "dropped": 0}
        return {"told": told, "numbers_changed": ended["done"], "numbers_dropped": ended["dropped"]}

    async def _told(self, tell: Tell) -> int:
        told = 0
        for untold in await self._store.untold():
            if await tell(untold):
                await self._store.told(untold.change.act)
                told += 1
        return told
