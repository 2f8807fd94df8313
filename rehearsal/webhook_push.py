"""Pushing updates to a webhook as Telegram does: retried until it answers 2xx, in order per user."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from rehearsal.call import Call, read_answer
from rehearsal.errands import Errands
from rehearsal.refusals import Refused
from rehearsal.updates import Update, UpdateQueue

PATIENCE = ClientTimeout(total=60)  # seconds a receiver has to answer
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


@dataclass(slots=True)
class Webhook:
    """Where a bot wants its updates."""

    url: str
    secret: str
    max_connections: int
    allowed: list[str] | None
    last_error_date: int = 0
    last_error: str = ""


@dataclass(slots=True)
class _Lane:
    waiting: deque[Update] = field(default_factory=deque)
    busy: bool = False


class WebhookPush:
    """One update of a user in flight at a time, at most `max_connections` over all."""

    def __init__(
        self,
        queue: UpdateQueue,
        errands: Errands,
        session: ClientSession,
        clock: Callable[[], float],
    ) -> None:
        self.hook: Webhook | None = None
        self.perform: Callable[[Call], Awaitable[Any]] | None = None  # runs a method given in an answer
        self._queue = queue
        self._errands = errands
        self._session = session
        self._clock = clock
        self._lanes: dict[int, _Lane] = {}
        self._turns = asyncio.Semaphore(1)

    def start(self, hook: Webhook) -> None:
        """Take over the queue: what waits is pushed, and so is all that comes."""
        self.stop()
        self.hook = hook
        self._turns = asyncio.Semaphore(hook.max_connections)
        self._lanes = {}
        self._queue.interrupt()
        self._queue.arrived = self._take
        for update in self._queue.pending:
            self._take(update)

    def stop(self) -> None:
        """Leave what is not yet taken in the queue."""
        self.hook = None
        self._queue.arrived = None

    def _take(self, update: Update) -> None:
        hook = self.hook
        if hook is None:
            return
        lane = self._lanes.setdefault(update.lane, _Lane())
        lane.waiting.append(update)
        if not lane.busy:
            lane.busy = True
            self._errands.run(self._drain(hook, lane))

    async def _drain(self, hook: Webhook, lane: _Lane) -> None:
        while lane.waiting and self.hook is hook:
            update = lane.waiting.popleft()
            async with self._turns:
                await self._deliver(hook, update)
        lane.busy = False

    async def _deliver(self, hook: Webhook, update: Update) -> None:
        pause = FIRST_PAUSE
        while self.hook is hook and update in self._queue.pending:
            call = await self._push(hook, update)
            if call is not None:
                self._queue.forget(update)
                await self._obey(call)
                return
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _push(self, hook: Webhook, update: Update) -> Call | None:
        """Send once; the method in the answer (perhaps an empty call) where it was taken, else None."""
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with self._session.post(
                hook.url, json=update.body, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as response:
                if 200 <= response.status < 300:
                    return await _method_in(response)
                error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            error = "Read timeout expired"
        except (ClientError, OSError):
            error = "Connection refused"
        hook.last_error, hook.last_error_date = error, int(self._clock())
        return None

    async def _obey(self, call: Call) -> None:
        if not call.text("method") or self.perform is None:
            return
        try:
            await self.perform(call)
        except Refused:
            return  # Telegram tells nobody how such a call ended


async def _method_in(response: Any) -> Call:
    try:
        return await read_answer(response) or Call({})
    except (Refused, ValueError):
        return Call({})  # an answer that cannot be read is an answer all the same
