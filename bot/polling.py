"""Long polling that loses nothing: an update is confirmed to Telegram only after it was dealt with.

`Dispatcher.start_polling` moves the offset when it hands an update to a task, so a process killed in between
loses a vote; without tasks it lets one slow member stop all the others, and in both ways an error counts as done.
So the updates are asked for here, and then handed to aiogram's Dispatcher.

This module alone imports aiogram, which takes seconds: import it where updates are asked for, not before.
"""

import asyncio
import logging
from collections import deque
from typing import Any, ClassVar, Self

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import DeleteWebhook, GetUpdates
from aiogram.types import TelegramObject, Update
from pydantic import ValidationError

from bot.errands import Errands, place_of
from bot.incoming import ALLOWED_UPDATES
from bot.porter import Delivery, Porter

log = structlog.get_logger("bot")

POLL_SECONDS = 30
ASK_AGAIN_SECONDS = 0.2
"""How often Telegram is asked while somebody is served: it then repeats at once what is not confirmed."""
ANSWER_SECONDS = 5.0
"""How long a member's next message waits for the answer to the last one to leave."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
PATIENT_TRIES = 10
"""An update the desk failed at so often, while others went through, is given up (about two minutes)."""


class RawUpdates(GetUpdates):
    """getUpdates with its result unread: one update that aiogram cannot read must not stop the others."""

    __returning__: ClassVar[Any] = list[dict[str, Any]]


class Polling:
    """One bot's long polling. Members are served side by side, one member's updates in their order."""

    def __init__(self, bot: Bot, porter: Porter, errands: Errands) -> None:
        self._bot = bot
        self._porter = porter
        self._errands = errands
        self.dispatcher = Dispatcher(disable_fsm=True)
        for kind in ALLOWED_UPDATES:
            self.dispatcher.observers[kind].register(self.answer)
        self._next = 0  # above every update seen
        self._unfinished: set[int] = set()
        self._finished: set[int] = set()  # those above the oldest unfinished: Telegram repeats them
        self._lines: dict[str, deque[tuple[Update, Delivery]]] = {}
        self._progress = asyncio.Event()
        self._gone_through = 0

    @classmethod
    def of(cls, token: str, base: str, porter: Porter, errands: Errands) -> Self:
        """For the bot with this token, at this Bot API server."""
        logging.getLogger("aiogram").setLevel(logging.WARNING)  # it tells of every update at INFO
        return cls(Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base))), porter, errands)

    async def close(self) -> None:
        """Close its connection."""
        await self._bot.session.close()

    async def run(self) -> None:
        """Ask and hand out until cancelled; whatever comes of it, it is asked again."""
        await self._ask(DeleteWebhook(drop_pending_updates=False))
        while True:
            try:
                for raw in await self._ask(self._call(POLL_SECONDS), POLL_SECONDS):
                    self._take(raw)
                await self._wait_for_progress()
            except Exception as fault:  # what calls itself Telegram answers nonsense: the bot must not go deaf
                log.error("updates_not_read", bot=self._bot.id, **place_of(fault))
                await asyncio.sleep(LONGEST_PAUSE)

    async def finish(self, seconds: float) -> None:
        """After `run` was cancelled: let what is begun end, at most so long, and confirm what ended."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._unfinished and asyncio.get_running_loop().time() < deadline:
            await self._wait_for_progress()
        if self._next:
            call = self._call(0)
            call.limit = 1
            try:
                await self._bot(call, request_timeout=3)
            except AiogramError as fault:
                log.warning("updates_not_confirmed", bot=self._bot.id, error=type(fault).__name__)

    def _call(self, seconds: int) -> RawUpdates:
        """Everything below the offset is confirmed by this call: it never passes an unfinished update."""
        offset = min(self._unfinished, default=self._next)
        self._finished = {each for each in self._finished if each > offset}
        return RawUpdates(offset=offset or None, timeout=seconds, allowed_updates=ALLOWED_UPDATES)

    async def _ask(self, call: Any, seconds: int = 0) -> Any:
        """Make a call until it succeeds; say once what is wrong, and once that it is well again."""
        pause, told = FIRST_PAUSE, ""
        while True:
            try:
                result = await self._bot(call, request_timeout=seconds + 10)
            except AiogramError as fault:
                if told != type(fault).__name__:
                    told = type(fault).__name__
                    log.warning("updates_not_received", bot=self._bot.id, error=told, meaning=_meaning(fault))
                await asyncio.sleep(fault.retry_after if isinstance(fault, TelegramRetryAfter) else pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            if told:
                log.info("updates_received_again", bot=self._bot.id)
            return result

    def _take(self, raw: dict[str, Any]) -> None:
        """Put a new update into its sender's line."""
        number = raw["update_id"]
        if number in self._unfinished or number in self._finished:
            return
        self._next = max(self._next, number + 1)
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError:
            log.error("update_not_understood", bot=self._bot.id, update=number)
            return
        delivery = self._porter.taken(update)
        if delivery is None:
            return
        self._unfinished.add(number)
        sender = delivery.incoming.address.sender
        line = self._lines.get(sender)
        if line is not None:
            line.append((update, delivery))
            return
        self._lines[sender] = deque([(update, delivery)])
        self._errands.run(self._serve(sender))

    async def _serve(self, sender: str) -> None:
        """Deal with one sender's updates in their order, as long as there are any."""
        line = self._lines[sender]
        while line:
            update, delivery = line[0]
            await self._deal(update, delivery)
            line.popleft()
            self._unfinished.discard(update.update_id)
            self._finished.add(update.update_id)
            self._gone_through += 1
            self._progress.set()
        del self._lines[sender]

    async def _deal(self, update: Update, delivery: Delivery) -> None:
        """Until the desk has heard it. A store that is away holds the update; a bad update is given up."""
        before, tries, pause = self._gone_through, 0, FIRST_PAUSE
        while True:
            try:
                await self.dispatcher.feed_update(self._bot, update, delivery=delivery)
                return
            except Exception as fault:
                tries += 1
                log.error("update_not_dealt_with", bot=self._bot.id, update=update.update_id, **place_of(fault))
            if tries >= PATIENT_TRIES and self._gone_through > before:
                log.error("update_given_up", bot=self._bot.id, update=update.update_id)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def answer(self, event: TelegramObject, delivery: Delivery) -> None:
        """The one handler of all kinds of update: hear it, and see the answer out."""
        drawing = await self._porter.carry_in(delivery)
        sending = self._errands.run(self._porter.carry_out(delivery, drawing))
        await asyncio.wait({sending}, timeout=ANSWER_SECONDS)

    async def _wait_for_progress(self) -> None:
        """Until everybody has been served, but not so long that others wait to be asked for."""
        try:
            async with asyncio.timeout(ASK_AGAIN_SECONDS):
                while self._unfinished:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError:
            return


def _meaning(fault: AiogramError) -> str:
    if isinstance(fault, TelegramConflictError):
        return "another program takes this bot's updates; stop it, or give one of the two another token"
    if isinstance(fault, TelegramUnauthorizedError | TelegramNotFound):
        return "Telegram does not accept this token; put the bot's token from @BotFather into BOT_TOKEN"
    return "Telegram cannot be reached, or is unwell; asking again"
