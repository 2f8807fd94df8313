"""A bot's queue of updates, and the long poll that reads it."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.bell import Bell
from rehearsal.errands import Errands
from rehearsal.faults import Faults
from rehearsal.refusals import Refused

HELD_SECONDS = 0.5  # an update held back to come out of order waits no longer than this for a later one
LONGEST_POLL = 50


@dataclass(slots=True, eq=False)
class Update:
    """One update. `lane` is whose it is: a webhook gets one update of a lane at a time."""

    id: int
    lane: int
    body: dict[str, Any]
    late: bool = False  # arrived out of order: an offset beyond it does not confirm it before it was read


class UpdateQueue:
    """Updates in order of arrival until they are confirmed."""

    def __init__(self, errands: Errands, faults: Faults, first_id: int) -> None:
        self.pending: dict[Update, None] = {}  # in order of arrival; each is itself, twins too
        self.arrived: Callable[[Update], None] | None = None  # set while a webhook takes the updates
        self._allowed: frozenset[str] = frozenset()
        self._errands = errands
        self._faults = faults
        self._last_id = first_id
        self._held: Update | None = None
        self._bell = Bell()
        self._poll = 0

    def allow(self, kinds: list[str] | None) -> None:
        """Which kinds of update the bot wants; empty is all, None leaves it as it was."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    def put(self, lane: int, kind: str, payload: dict[str, Any]) -> int:
        """Queue one update and return its id; 0 where the bot does not want the kind."""
        if self._allowed and kind not in self._allowed:
            return 0
        self._last_id += 1
        update = Update(self._last_id, lane, {"update_id": self._last_id, kind: payload})
        slow = self._faults.hit("updates", "slow")
        if slow is not None:
            self._errands.run(self._put_later(update, slow.seconds))
        elif self._held is None and self._faults.hit("updates", "out_of_order"):
            self._held, update.late = update, True
            self._errands.run(self._release_later(update))
        else:
            self._arrive(update)
            self._release()
        return update.id

    def forget(self, update: Update) -> None:
        """The receiver took it."""
        self.pending.pop(update, None)

    def clear(self) -> None:
        self.pending.clear()

    def interrupt(self) -> None:
        """End a running long poll with a conflict."""
        self._poll += 1
        self._bell.ring()

    async def poll(self, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        """getUpdates: confirm everything before `offset`, then wait for what there is.

        A second poll ends the first one with 409, as Telegram's does.
        """
        self.interrupt()
        mine = self._poll
        if offset < 0:
            self.pending = dict.fromkeys(list(self.pending)[offset:])
        elif offset:
            self.pending = dict.fromkeys(u for u in self.pending if u.id >= offset or u.late)
        await self._something_or(mine, min(seconds, LONGEST_POLL))
        if self._poll != mine:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        batch = list(self.pending)[:limit]
        for update in batch:
            update.late = False
        return [update.body for update in batch]

    async def _something_or(self, poll: int, seconds: int) -> None:
        """Wait for an update, for a newer poll, or for `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.pending and self._poll == poll:
                    await self._bell.after(self._bell.version, seconds)

    def _arrive(self, update: Update) -> None:
        copies = 2 if self._faults.hit("updates", "duplicate") else 1
        for _ in range(copies):
            copy = Update(update.id, update.lane, update.body, update.late)
            self.pending[copy] = None
            if self.arrived is not None:
                self.arrived(copy)
        self._bell.ring()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._arrive(held)

    async def _release_later(self, update: Update) -> None:
        await asyncio.sleep(HELD_SECONDS)
        if self._held is update:
            self._release()

    async def _put_later(self, update: Update, seconds: float) -> None:
        await asyncio.sleep(seconds)
        update.late = True
        self._arrive(update)
