"""One call to Telegram, made at the right pace and until it is settled."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

import structlog

from bot.calls import Call, EditMessageText, SendMessage, SendPhoto
from bot.pace import Pace, Urgency
from bot.screens import anew
from bot.wire import NoWordError, Wire

log = structlog.get_logger("bot")

TRIES = 6
FIRST_PAUSE = 0.5
"""Pauses double: a call is tried for about fifteen seconds while Telegram answers 5xx or not at all."""

FORBIDDEN, BAD_REQUEST = 403, 400
UNCHANGED = "message is not modified"
NO_CHAT = "chat not found"
UNEDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # a picture
)


Still = Callable[[], Awaitable[bool]]
"""Whether a message is still to be sent."""


class Outcome(Enum):
    """What became of a call."""

    DELIVERED = "delivered"
    BLOCKED = "blocked"  # the person has blocked the bot, left or is gone: it cannot be delivered, now or later
    REFUSED = "refused"  # Telegram will not do it, and would not if asked again
    UNREACHED = "unreached"  # no word from Telegram; it may or may not have been done
    WITHDRAWN = "withdrawn"  # when its turn came it was not to be sent any more

    @property
    def final(self) -> bool:
        """Whether sending again is of no use."""
        return self is not Outcome.UNREACHED


@dataclass(slots=True)
class Upload:
    """A picture on its way, and the id under which Telegram has it once it has arrived."""

    picture: bytes
    file_id: str = ""


class Sender:
    """Makes one bot's calls. All but the asking for updates go through here, so that the pace holds."""

    def __init__(self, wire: Wire, pace: Pace) -> None:
        self.pace = pace
        self._wire = wire

    @property
    def bot_id(self) -> int:
        """Whose calls these are."""
        return self._wire.bot_id

    async def send(
        self,
        call: Call,
        urgency: Urgency,
        *,
        still: Still | None = None,
        upload: Upload | None = None,
        anew_if_gone: bool = True,
    ) -> Outcome:
        """Make the call in its turn and say what became of it; never raises for what Telegram says or fails to say.

        `retry_after` is obeyed for the whole token. A server or network fault is retried with growing pauses,
        so a message whose answer was lost may arrive twice. An edit of a message that is gone becomes a new one
        unless `anew_if_gone` is false.
        `still` is asked whenever its turn has come: whether it is to be sent at all. `upload`: a picture to go along.
        """
        tries = 0
        while True:
            await self.pace.turn(urgency, _chat(call))
            if still is not None and not await still():
                return Outcome.WITHDRAWN
            try:
                verdict = await self._wire.carry(call, upload.picture if upload else b"")
            except NoWordError as fault:
                tries += 1
                if tries == TRIES:
                    self._log("call_unreached", call, error=str(fault))
                    return Outcome.UNREACHED
                await asyncio.sleep(FIRST_PAUSE * 2 ** (tries - 1))
                continue
            if verdict.done:
                if upload:
                    upload.file_id = verdict.file_id
                return Outcome.DELIVERED
            if verdict.retry_after:
                await self.pace.obey(verdict.retry_after)
                self._log("telegram_asks_to_wait", call, seconds=verdict.retry_after)
                continue
            if verdict.status == FORBIDDEN:
                self._log("chat_closed_to_us", call)
                return Outcome.BLOCKED
            words = verdict.words.lower() if verdict.status == BAD_REQUEST else ""
            if UNCHANGED in words:
                return Outcome.DELIVERED
            if NO_CHAT in words:
                self._log("chat_closed_to_us", call)
                return Outcome.BLOCKED
            if anew_if_gone and isinstance(call, EditMessageText) and any(phrase in words for phrase in UNEDITABLE):
                call = anew(call)
                continue
            # a bad call, a token refused, a chat that has moved: asking again will not mend it
            self._log("call_refused", call, status=verdict.status)
            return Outcome.REFUSED

    def _log(self, event: str, call: Call, **more: object) -> None:
        # Telegram's own words may hold a message or the token: only their kind is logged.
        log.warning(event, bot=self.bot_id, method=call.method, **more)


def _chat(call: Call) -> str:
    """The chat in which this counts as a message; empty if it is none."""
    return str(call.chat_id) if isinstance(call, SendMessage | EditMessageText | SendPhoto) else ""
