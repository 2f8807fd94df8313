"""What the door needs of the conversation: somebody who hears a message and says what to answer."""

from collections.abc import Sequence
from typing import Protocol

from handlers.speech import Incoming, Menu, Reply


class Desk(Protocol):
    """The conversation, as this door sees it."""

    async def hear(self, incoming: Incoming) -> Sequence[Reply]:
        """Take in one message; return the answers once their effects are committed.

        May be called again with the same `Incoming.id`: the effect happens once, and an answer that was never
        reported by `answered` is returned again. Raises if nothing could be done now and the message should
        come again.
        """

    async def answered(self, incoming: Incoming) -> None:
        """The answers to this message have left the door."""

    def menus(self) -> Sequence[Menu]:
        """The commands menu, one per language, the default language first."""
