"""Screens that move by themselves: a message of ours changed again and again, as long as its reply says how.

A nicety that ends with the process: such a screen has a button that asks for the same.
"""

import asyncio

from bot.errands import Errands
from bot.pace import Urgency
from bot.screens import in_place
from bot.sending import Outcome, Sender
from handlers.speech import Reply

FIRST_PAUSE = 3.0
"""Seconds before the first change. The pauses grow: nobody looks at a bar for hours."""
LONGEST_PAUSE = 30.0
_GROWS = 1.05


class Renewals:
    """The screens of one bot that move, each by one errand."""

    def __init__(self, sender: Sender, errands: Errands) -> None:
        self._sender = sender
        self._errands = errands
        self._moving: dict[tuple[str, str], asyncio.Task[None]] = {}

    def follow(self, reply: Reply) -> None:
        """Go on with the screen that this reply has taken the place of; nothing where it does not move."""
        if reply.renewed is None or not reply.screen or reply.fresh:
            return
        place = (reply.address.chat, reply.screen)
        if (before := self._moving.get(place)) is not None:
            before.cancel()
        task = self._moving[place] = self._errands.run(self._move(reply))

        def forget(ended: asyncio.Task[None]) -> None:
            if self._moving.get(place) is ended:
                del self._moving[place]

        task.add_done_callback(forget)

    def leave(self) -> None:
        """All stay as they are."""
        for task in list(self._moving.values()):
            task.cancel()

    async def _move(self, reply: Reply) -> None:
        shown, pause = reply, FIRST_PAUSE
        while shown.renewed is not None:
            await asyncio.sleep(pause)
            pause = min(pause * _GROWS, LONGEST_PAUSE)
            later = await shown.renewed()
            if later is None:
                return
            for message in in_place(later):
                if await self._sender.send(message, Urgency.NOTICE, anew_if_gone=False) is not Outcome.DELIVERED:
                    return
            shown = later
