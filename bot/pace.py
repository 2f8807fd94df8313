"""Telegram's pace for one bot token: who may send when.

The figures are Telegram's own (Bots FAQ, "My bot is hitting limits"): about 30 messages a second for what a
bot sends unasked (more for who pays for it), one a second in a chat with short bursts, 20 a minute in a group, and
`retry_after` when it objects. Answers to what
people send are not limited by number there, so they pass at once; they make notices and broadcasts give way. If
Telegram objects all the same, the narrow pace holds for everything for a while. What several processes with one token
do together is `bot.common_pace`'s.
"""

import asyncio
from collections.abc import Callable
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from typing import Protocol


class Urgency(IntEnum):
    """What goes first when there is not room for all."""

    ANSWER = 0
    NOTICE = 1
    BROADCAST = 2


HOLD_MARGIN = 0.1
"""Telegram's second and ours begin apart: coming back a little early would cost another wait."""


class Clock(Protocol):
    """The part of an event loop that tells and keeps time; monotonic seconds."""

    def time(self) -> float:
        """Now."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> object:
        """Call back after so many seconds."""


class Bucket:
    """A rate with bursts: `burst` at once, then `per_second` (generic cell rate algorithm, ITU-T I.371)."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._each = 1 / per_second
        self._slack = (burst - 1) / per_second
        self._due = float("-inf")
        self._last = float("-inf")

    def wait(self, now: float, *, evenly: bool = False) -> float:
        """Seconds until one more fits; zero or less: now. `evenly`: without bursts, and a tenth slower than the
        rate, since what leaves evenly does not arrive so."""
        wait = self._due - self._slack - now
        return max(wait, self._last + self._each * 1.1 - now) if evenly else wait

    def spend(self, at: float) -> None:
        """Take one at this time, whether it fits or not."""
        self._due = max(at, self._due) + self._each
        self._last = at

    def idle(self, now: float) -> bool:
        """Whether it is as good as new."""
        return self._due <= now


class Pace:
    """One token's pace in one process: all there is to a bot that has one, and all that is left while the store that
    processes share is away."""

    PER_SECOND = 30.0
    BURST = 5  # of thirty a second; of more, a tenth of a second's
    YIELDED = 2 / 3  # of the pace, what answers may crowd out: a third is always left to the rest
    CHAT_PER_SECOND = 1
    CHAT_BURST = 10  # a whole conversation with one contest is five messages and waits for nothing
    GROUP_PER_SECOND = 15 / 60  # with the burst never more than 20 in any minute
    GROUP_BURST = 5
    STRICT_SECONDS = 60
    CHATS_KEPT = 10_000

    def __init__(self, clock: Clock, per_second: float = PER_SECOND) -> None:
        """`per_second`: what Telegram lets this bot send unasked."""
        self.per_second = per_second
        self._clock = clock
        self._burst = max(self.BURST, round(per_second / 10))
        self._whole = Bucket(per_second, self._burst)
        self._yielded = Bucket(per_second * self.YIELDED, self._burst)
        self._chats: dict[str, Bucket] = {}
        self._held_until = float("-inf")
        self._strict_until = float("-inf")
        self._queue: list[tuple[Urgency, int, bool, asyncio.Future[None]]] = []
        self._order = count()
        self._alarmed = False

    async def turn(self, urgency: Urgency, chat: str = "") -> None:
        """Wait until one call of this urgency may be made. `chat`: where a message goes; empty: no message.

        Only messages count against the pace; other calls wait for no more than `hold`.
        """
        if chat and (wait := self._reserve(chat)) > 0:
            await self._after(wait)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._queue, (urgency, next(self._order), bool(chat), place))
        self._admit()
        await place

    def at_once(self, chat: str) -> bool:
        """Take the turn of one answer if it is free this moment; say whether it was."""
        now = self._clock.time()
        if self._wait(Urgency.ANSWER, bool(chat), now) > 0:
            return False
        if chat:
            bucket = self._bucket(chat)
            if bucket.wait(now, evenly=self._strict(now)) > 0:
                return False
            bucket.spend(now)
        self._spend(Urgency.ANSWER, bool(chat), now)
        return True

    async def obey(self, retry_after: float) -> None:
        """Telegram objected: nothing leaves for so many seconds. After that, for a while, answers are held to the
        thirty a second too, and no chat gets a burst."""
        self._hold(retry_after + HOLD_MARGIN)

    def _hold(self, seconds: float) -> None:
        """Nothing leaves for so long; below zero: that was over so many seconds ago."""
        until = self._clock.time() + seconds
        self._held_until = max(self._held_until, until)
        self._strict_until = max(self._strict_until, until + self.STRICT_SECONDS)

    def _reserve(self, chat: str) -> float:
        """Take the chat's next place in time; returns the seconds until it. First come, first served."""
        now = self._clock.time()
        bucket = self._bucket(chat)
        wait = max(bucket.wait(now, evenly=self._strict(now)), 0.0)
        bucket.spend(now + wait)
        return wait

    def _bucket(self, chat: str) -> Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            if len(self._chats) >= self.CHATS_KEPT:
                now = self._clock.time()
                self._chats = {name: each for name, each in self._chats.items() if not each.idle(now)}
            shared = chat.startswith(("-", "@"))  # a group or a channel
            pace = (self.GROUP_PER_SECOND, self.GROUP_BURST) if shared else (self.CHAT_PER_SECOND, self.CHAT_BURST)
            bucket = self._chats[chat] = Bucket(*pace)
        return bucket

    async def _after(self, seconds: float) -> None:
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._clock.call_later(seconds, lambda: None if passed.done() else passed.set_result(None))
        await passed

    def _admit(self) -> None:
        """Let in, most urgent first, whoever may go now; come back when the next one may."""
        while self._queue:
            urgency, _, counts, place = self._queue[0]
            if place.done():  # whoever waited has gone away
                heappop(self._queue)
                continue
            now = self._clock.time()
            wait = self._wait(urgency, counts, now)
            if wait > 0:
                if not self._alarmed:
                    self._alarmed = True
                    self._clock.call_later(wait, self._alarm)
                return
            heappop(self._queue)
            self._spend(urgency, counts, now)
            place.set_result(None)

    def _alarm(self) -> None:
        self._alarmed = False
        self._admit()

    def _wait(self, urgency: Urgency, counts: bool, now: float) -> float:
        held = self._held_until - now
        if not counts or not self._limited(urgency, now):
            return held
        return max(held, self._whole.wait(now))

    def _spend(self, urgency: Urgency, counts: bool, now: float) -> None:
        if not counts:
            return
        if self._limited(urgency, now):
            self._whole.spend(now)
        elif self._yielded.wait(now) <= 0:
            self._yielded.spend(now)
            self._whole.spend(now)

    def _limited(self, urgency: Urgency, now: float) -> bool:
        return urgency is not Urgency.ANSWER or self._strict(now)

    def _strict(self, now: float) -> bool:
        return now < self._strict_until
