"""A member at the rehearsal, in this process: she looks at her two handsets and presses, and her waits are noted.

Like the rehearsal's own crowd she knows no bot in particular: she shares her number where she is asked, types the
code that comes by SMS, and presses the first button until she reads that she has a receipt.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from rehearsal.box import Box
from rehearsal.chats import Message
from rehearsal.reading import code_in, has_receipt

T = TypeVar("T")

PATIENCE = 60.0
_SCREENS = 10
"""More than these between a code and a receipt are a bot that goes in circles."""


class UnansweredError(Exception):
    """What she waited for in vain."""


class Member:
    """One person with one bot open. `waits`: seconds from each of her acts to the bot's answer to it; `acts`: how many
    there were."""

    def __init__(self, box: Box, phone: str, token: str, patience: float = PATIENCE) -> None:
        self.hand = box.hand(phone, token)
        self.phone = phone
        self.waits: list[float] = []
        self.acts = 0
        self._box = box
        self._patience = patience

    async def votes(self) -> None:
        """A whole conversation, from /start to the receipt."""
        screen = await self.signs_in()
        for _ in range(_SCREENS):
            screen = await self.presses_first(screen)
            if has_receipt(_text(screen)):
                return
        raise UnansweredError("a receipt")

    async def signs_in(self) -> Message:
        """From /start to the ballot."""
        codes = len(self._codes())
        self._acts(self.hand.says("/start"))
        await self._until(self._is_asked_for_contact, "the contact button")
        self._acts(self.hand.shares_contact())
        code = await self._until(lambda: self._codes()[codes:], "a code by SMS")
        shown = self._last_id()
        self._acts(self.hand.says(code[-1]))
        return await self._until(lambda: self._ballot_after(shown), "the ballot")

    async def presses_first(self, screen: Message) -> Message:
        """Press its first button; the screen that comes of it."""
        before = _text(screen)
        self._acts(self.hand.presses(screen.id, 0))
        return await self._until(lambda: self._other_than(before), "the next screen")

    def presses_now(self) -> None:
        """Press the first button of what she sees, and do not wait."""
        if self.last is not None:
            self._acts(self.hand.presses(self.last.id, 0))

    def sees_receipt(self) -> bool:
        """Whether the last message gives one."""
        last = self.last
        return last is not None and has_receipt(_text(last))

    @property
    def last(self) -> Message | None:
        """The bot's newest message."""
        own = (message for message in reversed(self.hand.chat.messages.values()) if message.from_bot)
        return next(own, None)

    def _acts(self, _: object) -> None:
        self.acts += 1

    async def _until(self, look: Callable[[], T | None], what: str) -> T:
        begun, bell = time.perf_counter(), self.hand.person.bell
        while not (found := look()):
            if not await bell.after(bell.version, self._patience):
                raise UnansweredError(what)
        self.waits.append(time.perf_counter() - begun)
        return found

    def _is_asked_for_contact(self) -> bool:
        keyboard = self.hand.chat.keyboard or {"keyboard": []}
        return any(key.get("request_contact") for row in keyboard["keyboard"] for key in row)

    def _codes(self) -> list[str]:
        texts = (sms.body for sms in self._box.carrier.thread(self.phone) if sms.to == self.phone)
        return [code for text in texts if (code := code_in(text))]

    def _last_id(self) -> int:
        return self.last.id if self.last else 0

    def _ballot_after(self, shown: int) -> Message | None:
        last = self.last
        return last if last and last.id > shown and (last.markup or {}).get("inline_keyboard") else None

    def _other_than(self, text: str) -> Message | None:
        last = self.last
        return last if last and _text(last) != text else None


def _text(message: Message) -> str:
    return str(message.content.get("text", ""))
