"""The one translation of a Telegram update into an Incoming, for long polling and webhook alike.

It reads plain attributes named as aiogram names them (`from_user` for `from`) and nothing else, so that
aiogram's models (polling) and the few fields of `bot.updates` (webhook) will both do.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from handlers.speech import Address, Contact, Incoming

if TYPE_CHECKING:
    from aiogram import types

    from bot import updates

    Update = types.Update | updates.Update
    CallbackQuery = types.CallbackQuery | updates.CallbackQuery
    Message = types.Message | updates.Message
    User = types.User | updates.User

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What we ask Telegram for. `my_chat_member` (somebody blocked us or let us in) is answered with silence."""

OPTIONS_A_SCREEN = 10
"""Ten lines of one button each and the actions under them fit a phone's screen below the question."""

TEXT_LIMIT = 4096
"""The longest text Telegram lets a person send (Bot API, Message.text); a longer one is cut here."""

SILENT_NOTES = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
)
"""Notes Telegram itself writes into a private chat. Nobody said anything, so nothing is answered."""


def incoming_from(update: Update, bot_id: int) -> Incoming | None:
    """What a person said by this update; None where there is nothing to answer.

    That is so in groups and channels, for other bots, and for Telegram's own notes. `Incoming.id` is unique over all
    bots and the same for every delivery of the update.
    """
    update_id = f"{bot_id}:{update.update_id}"
    if update.callback_query is not None:
        return _press(update.callback_query, update_id, bot_id)
    if update.message is not None:
        return _message(update.message, update_id, bot_id)
    if update.edited_message is not None:
        return _edited(update.edited_message, update_id, bot_id)
    return None


def press_id(update: Update) -> str:
    """The id by which a press on a button is acknowledged; empty if the update is none."""
    return update.callback_query.id if update.callback_query is not None else ""


def _press(press: CallbackQuery, update_id: str, bot_id: int) -> Incoming | None:
    screen = press.message
    if screen is None or screen.chat.type != "private" or press.from_user.is_bot or not press.data:
        return None
    return Incoming(
        id=update_id,
        address=_address(press.from_user, screen.chat.id, bot_id),
        press=press.data,
        screen="" if _gone(screen.date) else str(screen.message_id),
        language_hint=press.from_user.language_code or "",
        options_a_screen=OPTIONS_A_SCREEN,
    )


def _gone(date: datetime | int) -> bool:
    """Date 0 marks a message that is deleted or too old (Bot API, InaccessibleMessage): it cannot be edited."""
    return (date if isinstance(date, int) else date.timestamp()) == 0


def _message(message: Message, update_id: str, bot_id: int) -> Incoming | None:
    sender = message.from_user
    if sender is None or sender.is_bot or message.chat.type != "private":
        return None
    if any(getattr(message, note, None) for note in SILENT_NOTES):
        return None
    text = _clean(message.text or "")
    contact = _contact(message)
    return Incoming(
        id=update_id,
        address=_address(sender, message.chat.id, bot_id),
        text=text,
        contact=contact,
        other=not text and contact is None,
        language_hint=sender.language_code or "",
        options_a_screen=OPTIONS_A_SCREEN,
    )


def _edited(message: Message, update_id: str, bot_id: int) -> Incoming | None:
    sender = message.from_user
    if sender is None or sender.is_bot or message.chat.type != "private":
        return None
    if message.location is not None:
        return None  # a live location edits itself every few seconds
    return Incoming(
        id=update_id,
        address=_address(sender, message.chat.id, bot_id),
        other=True,
        language_hint=sender.language_code or "",
        options_a_screen=OPTIONS_A_SCREEN,
    )


def _contact(message: Message) -> Contact | None:
    """A contact is the sender's own only if Telegram put the sender's id on it, in this very message."""
    shared = message.contact
    if shared is None:
        return None
    own = (
        message.chat.type == "private"
        and message.from_user is not None
        and shared.user_id == message.from_user.id
        and message.forward_origin is None
        and message.forward_date is None  # how a Bot API server older than 7.0 marks what was forwarded
        and message.via_bot is None
    )
    return Contact(digits=shared.phone_number, own=own)


def _address(sender: User, chat: int, bot_id: int) -> Address:
    return Address(channel="telegram", sender=str(sender.id), chat=str(chat), door=str(bot_id))


def _clean(text: str) -> str:
    """At most TEXT_LIMIT characters, without NUL (which PostgreSQL cannot keep)."""
    return text[:TEXT_LIMIT].replace("\x00", "")
