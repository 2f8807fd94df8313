"""One call to Telegram, made at the right pace and until it is settled."""

import asyncio
from enum import Enum
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod

from bot.pace import Pace, Urgency
from bot.screens import anew

log = structlog.get_logger("bot")

REQUEST_SECONDS = 20
TRIES = 6
FIRST_PAUSE = 0.5
"""Pauses double: a call is tried for about fifteen seconds while Telegram answers 5xx or not at all."""

UNCHANGED = "message is not modified"
UNEDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Outcome(Enum):
    """What became of a call."""

    DELIVERED = "delivered"
    BLOCKED = "blocked"  # the person has blocked the bot or left: it cannot be delivered, now or later
    REFUSED = "refused"  # Telegram will not do it, and would not if asked again
    UNREACHED = "unreached"  # no word from Telegram; it may or may not have been done

    @property
    def final(self) -> bool:
        """Whether sending again is of no use."""
        return self is not Outcome.UNREACHED


class Sender:
    """Makes one bot's calls. All but the asking for updates go through here, so that the pace holds."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self.bot = bot
        self.pace = pace

    async def send(self, call: TelegramMethod[Any], urgency: Urgency) -> Outcome:
        """Make the call in its turn and say what became of it; never raises Telegram's errors.

        `retry_after` is obeyed for the whole token. A server or network fault is retried with growing pauses,
        so a message whose answer was lost may arrive twice. An edit of a message that is gone becomes a new one.
        """
        tries = 0
        while True:
            await self.pace.turn(urgency, _chat(call))
            try:
                await self.bot(call, request_timeout=REQUEST_SECONDS)
                return Outcome.DELIVERED
            except TelegramRetryAfter as told:
                self.pace.hold(told.retry_after)
                self._log("telegram_asks_to_wait", call, seconds=told.retry_after)
            except TelegramForbiddenError:
                self._log("chat_closed_to_us", call)
                return Outcome.BLOCKED
            except TelegramBadRequest as refused:
                words = refused.message.lower()
                if UNCHANGED in words:
                    return Outcome.DELIVERED
                if isinstance(call, EditMessageText) and any(phrase in words for phrase in UNEDITABLE):
                    call = anew(call)
                    continue
                self._log("call_refused", call)
                return Outcome.REFUSED
            except (TelegramServerError, TelegramNetworkError, ClientDecodeError) as fault:
                tries += 1
                if tries == TRIES:
                    self._log("call_unreached", call, error=type(fault).__name__)
                    return Outcome.UNREACHED
                await asyncio.sleep(FIRST_PAUSE * 2 ** (tries - 1))
            except AiogramError as fault:  # the token is refused, the chat has moved: asking again will not mend it
                self._log("call_refused", call, error=type(fault).__name__)
                return Outcome.REFUSED

    def _log(self, event: str, call: TelegramMethod[Any], **more: object) -> None:
        # An error's own words may hold a message or the token: only its kind is logged.
        log.warning(event, bot=self.bot.id, method=call.__api_method__, **more)


def _chat(call: TelegramMethod[Any]) -> str:
    """The chat in which this counts as a message; empty if it is none."""
    return str(call.chat_id) if isinstance(call, SendMessage | EditMessageText) else ""
