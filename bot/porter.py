"""Between the door and the desk: carries a message in and its answers out, for polling and webhook alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.calls import Message, SendMessage
from bot.desk import Desk
from bot.errands import Errands, place_of
from bot.incoming import incoming_from, press_id
from bot.menu import own_menu_language, show_own_menu
from bot.pace import Urgency
from bot.pictures import Pictures
from bot.renewal import Renewals
from bot.screens import Drawing, UnfitPayloadError, drawn
from bot.sending import Outcome, Sender
from handlers.speech import Incoming, Reply

if TYPE_CHECKING:
    from bot.incoming import Update

log = structlog.get_logger("bot")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One update as it is carried: what was said, and the id of the press to acknowledge (empty: no press)."""

    incoming: Incoming
    press_id: str


class Porter:
    """One bot's way between update and desk."""

    def __init__(self, desk: Desk, sender: Sender, errands: Errands) -> None:
        self._desk = desk
        self._sender = sender
        self._errands = errands
        self.pictures = Pictures(sender)
        self.renewals = Renewals(sender, errands)

    @property
    def bot_id(self) -> int:
        """Whose porter this is."""
        return self._sender.bot_id

    def taken(self, update: Update) -> Delivery | None:
        """What is to be carried in; None if nobody said anything to us."""
        incoming = incoming_from(update, self.bot_id)
        return Delivery(incoming, press_id(update)) if incoming is not None else None

    async def carry_in(self, delivery: Delivery) -> Drawing:
        """Let the desk hear it; returns the calls that answer, once the effects are committed.

        Raises what the desk raises: then the update must come again. An answer that cannot be drawn would not
        be mended by that; it is logged, and there is no answer.
        """
        replies = await self._desk.hear(delivery.incoming)
        self._show_menu(delivery.incoming, replies)
        for reply in replies:
            self.renewals.follow(reply)
        try:
            return drawn(replies, delivery.press_id)
        except UnfitPayloadError as fault:
            log.error("answer_not_drawn", update=delivery.incoming.id, **place_of(fault))
            return drawn((), delivery.press_id)

    async def carry_out(self, delivery: Delivery, drawing: Drawing) -> None:
        """Send the answers in their order, the spinner's end beside them, and report it to the desk."""
        self.acknowledge(drawing)
        outcomes = [
            await self._say(message, drawing.pictures.get(n, b"")) for n, message in enumerate(drawing.messages)
        ]
        if all(outcome.final for outcome in outcomes):
            await self.report(delivery)

    async def _say(self, message: Message, picture: bytes) -> Outcome:
        if picture and isinstance(message, SendMessage):
            return await self.pictures.send(message, picture, Urgency.ANSWER, None)
        return await self._sender.send(message, Urgency.ANSWER)

    def acknowledge(self, drawing: Drawing) -> None:
        """End the spinner of the pressed button, if one was pressed; nothing waits for it."""
        if drawing.acknowledgement is not None:
            self._errands.run(self._sender.send(drawing.acknowledgement, Urgency.ANSWER))

    async def report(self, delivery: Delivery) -> None:
        """Tell the desk that the answers are out. If it cannot be told, the answer may one day come twice."""
        try:
            await self._desk.answered(delivery.incoming)
        except Exception as fault:
            log.error("desk_not_told", update=delivery.incoming.id, **place_of(fault))

    def _show_menu(self, incoming: Incoming, replies: Sequence[Reply]) -> None:
        language = own_menu_language(incoming, replies)
        if language is not None:
            menus = self._desk.menus()
            self._errands.run(show_own_menu(self._sender, menus, incoming.address.chat, language))
