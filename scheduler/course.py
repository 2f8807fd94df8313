"""One broadcast under way: many messages at once, and at every moment it is known in the store where it is.

At most `Tempo.window` messages are begun and not yet noted; those are all that a crash can double. What is begun waits
for its turn at the sender's pace, so the pace is used to the full as long as the window outlasts the wait for Telegram
and for the store.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

import structlog

from election.broadcasts import Broadcast, Broadcasting, Outcomes, Progress, Recipient
from election.errors import StoreUnavailable
from election.ports import Letter

_log = structlog.get_logger("scheduler")

T = TypeVar("T")
Fate = Literal["sent", "blocked", "failed", "spared", "unreached"]
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Tempo:
    """How a broadcast is sent. `window`: messages begun at once; `page`: recipients read at once; `note_seconds`:
    between two notes; `unreached_seconds`: before one that could not be delivered is tried again, `tries` times in
    which others were reached, `most_tries` in all; `drain_seconds`: how long it waits for what is under way when it is
    left."""

    window: int
    page: int = 200
    note_seconds: float = 0.25
    unreached_seconds: float = 20.0
    tries: int = 3
    most_tries: int = 90
    drain_seconds: float = 4.0


class Script(Protocol):
    """What a broadcast says, and how that reaches people."""

    async def say(self, recipient: Recipient) -> Fate:
        """Say it to one: to a channel or in Telegram."""

    def letter(self, recipient: Recipient, now: datetime) -> Letter:
        """The same as a letter, for a phone."""


class Course:
    """One run of one broadcast by one holder."""

    def __init__(
        self,
        store: Broadcasting,
        broadcast: Broadcast,
        holder: str,
        script: Script,
        clock: Callable[[], datetime],
        tempo: Tempo,
        goes_on: Callable[[Broadcast], Awaitable[bool]],
    ) -> None:
        """`goes_on`: whether nothing goes before it; asked at each page."""
        self._store = store
        self._broadcast = broadcast
        self._holder = holder
        self._script = script
        self._clock = clock
        self._tempo = tempo
        self._goes_on = goes_on
        self._legs = broadcast.plan.legs
        self._leg = broadcast.progress.leg
        self._after = broadcast.progress.after or (self._legs[self._leg].after if self._leg < len(self._legs) else "")
        self._begun: dict[Place, None] = dict.fromkeys(broadcast.progress.begun)
        self._fates: list[tuple[Fate, Recipient]] = []  # not noted yet
        self._under_way = 0  # begun in this run and not noted
        self._reached = 0
        self._left = False
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def leave(self) -> None:
        """Begin nothing more; `run` then returns soon."""
        self._left = True

    async def run(self) -> bool:
        """Send until all are reached or it is left; whether all were. What is under way when it ends is noted."""
        noted = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            noting = group.create_task(self._note_often(noted))
            await self._walk(group)
            await self._drained()
            noted.set()
            await noting
        if self._left or self._begun:
            return False
        await self._store.end(self._broadcast.number, self._holder, self._clock())
        return True

    async def _walk(self, group: asyncio.TaskGroup) -> None:
        """Begin everybody's message, first those of an earlier run that were not settled."""
        again = await self._patiently(lambda: self._store.again(self._broadcast))
        for place in set(self._begun) - {(leg, each.key) for leg, each in again}:
            del self._begun[place]  # not to be reached any more
        for leg, recipient in again:
            await self._begin(group, leg, recipient)
        while not self._left and self._leg < len(self._legs):
            if not await self._patiently(lambda: self._goes_on(self._broadcast)):
                self._left = True
                return
            page = await self._patiently(self._page)
            if not page:
                self._leg += 1
                self._after = self._legs[self._leg].after if self._leg < len(self._legs) else ""
            elif page[0].way == "sms":
                await self._queue(page)
            else:
                for recipient in page:
                    await self._begin(group, self._leg, recipient)

    async def _page(self) -> list[Recipient]:
        return await self._store.recipients(self._broadcast, self._leg, self._after, self._tempo.page, self._clock())

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask the store, again and again while it is away: what is under way must not be broken off for that."""
        while True:
            try:
                return await ask()
            except StoreUnavailable:
                if self._left:
                    raise
                await asyncio.sleep(1.0)

    async def _begin(self, group: asyncio.TaskGroup, leg: int, recipient: Recipient) -> None:
        """Begin one message as soon as there is room for it."""
        while not self._left and self._under_way >= self._tempo.window:
            async with self._changed:
                await self._changed.wait()
        if self._left:
            return
        if (leg, recipient.key) not in self._begun:
            self._begun[leg, recipient.key] = None
            self._after = recipient.key
        self._under_way += 1
        task = group.create_task(self._reach((leg, recipient.key), recipient))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reach(self, place: Place, recipient: Recipient) -> None:
        fate = await self._fate(recipient)
        self._reached += fate == "sent"
        self._fates.append((fate, recipient))
        del self._begun[place]

    async def _fate(self, recipient: Recipient) -> Fate:
        """What becomes of it in the end. While nobody is reached the fault is not hers, and she is tried again."""
        tries = 0
        for _ in range(self._tempo.most_tries):
            before = self._reached
            fate = await self._script.say(recipient)
            if fate != "unreached":
                return fate
            tries += self._reached > before
            if tries == self._tempo.tries:
                break
            await asyncio.sleep(self._tempo.unreached_seconds)
        return "failed"

    async def _queue(self, page: Sequence[Recipient]) -> None:
        """Put a page of letters into the outbox, and the place behind them down, at once."""
        now = self._clock()
        letters = [(each.member_id, self._script.letter(each, now)) for each in page]
        place = Progress(self._leg, page[-1].key, tuple(self._begun))
        number = self._broadcast.number
        if await self._patiently(lambda: self._store.queue(number, self._holder, place, letters, now)) is None:
            self._left = True
        self._after = page[-1].key

    async def _drained(self) -> None:
        """Wait for what is under way: as long as it takes, or for a while where it is left. What then is not settled
        is begun again by the next run."""
        while self._tasks and not self._left:
            await asyncio.wait(self._tasks, timeout=self._tempo.note_seconds)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._tempo.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _note_often(self, ended: asyncio.Event) -> None:
        """Keep in the store where it is, again and again, and once more in the end."""
        last = False
        while not last:
            try:
                async with asyncio.timeout(self._tempo.note_seconds):
                    await ended.wait()
            except TimeoutError:
                pass
            last = ended.is_set()
            try:
                await self._note()
            except StoreUnavailable:
                last = False if not self._left else last
                _log.warning("broadcast_not_noted", broadcast=self._broadcast.number)

    async def _note(self) -> None:
        fates, self._fates = self._fates, []
        place = Progress(self._leg, self._after, tuple(self._begun))
        counted = Outcomes(
            sent=sum(fate == "sent" for fate, _ in fates),
            blocked=sum(fate == "blocked" for fate, _ in fates),
            failed=sum(fate == "failed" for fate, _ in fates),
            spared=sum(fate == "spared" for fate, _ in fates),
            closed=tuple(each.key for fate, each in fates if fate == "blocked" and each.way == "telegram"),
        )
        try:
            ours = await self._store.note(self._broadcast.number, self._holder, place, counted)
        except BaseException:
            self._fates = fates + self._fates
            raise
        self._left = self._left or not ours
        self._under_way -= len(fates)
        async with self._changed:
            self._changed.notify_all()
