"""The few fields of an update that `bot.incoming` reads, decoded straight from the webhook's bytes.

Named and typed as in aiogram, which reads some sixty models out of the same update. Whatever is not named here,
first of all the keyboard of the pressed screen, is skipped unread.
"""

from typing import Any

import msgspec


class Something(msgspec.Struct):
    """An object of which only its being there matters."""


class User(msgspec.Struct):
    """Who did it."""

    id: int
    is_bot: bool
    language_code: str | None = None


class Chat(msgspec.Struct):
    """Where."""

    id: int
    type: str


class Contact(msgspec.Struct):
    """A contact as it was shared."""

    phone_number: str
    user_id: int | None = None


class Message(msgspec.Struct):
    """A message: a person's own, or the screen of ours on which a button was pressed."""

    message_id: int
    date: int
    chat: Chat
    from_user: User | None = msgspec.field(default=None, name="from")
    text: str | None = None
    contact: Contact | None = None
    location: Something | None = None
    forward_origin: Something | None = None
    forward_date: Any = None
    via_bot: Something | None = None
    pinned_message: Something | None = None
    message_auto_delete_timer_changed: Something | None = None
    chat_background_set: Something | None = None
    write_access_allowed: Something | None = None


class CallbackQuery(msgspec.Struct):
    """A press on a button."""

    id: str
    from_user: User = msgspec.field(name="from")
    message: Message | None = None
    data: str | None = None


class Update(msgspec.Struct):
    """One update; a kind that is not asked for is an update of nothing."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None


class UnreadError(Exception):
    """Not JSON, or not an update as these fields describe it."""


class Reader:
    """Reads updates; its decoder is made once."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(Update)

    def read(self, body: bytes) -> Update:
        """The update in a posted body, UTF-8 throughout. Raises UnreadError."""
        try:
            return self._decoder.decode(body.decode())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise UnreadError from None
