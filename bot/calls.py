"""The Bot API calls this door makes, with the fields it fills, named as in Telegram's reference (and in aiogram).

aiogram has them all as pydantic models; drawing one screen with those costs thirty times as much. A field that is
None is not sent.
"""

from typing import ClassVar

import msgspec


class _Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a call: JSON without what is None."""


class Call(_Part, frozen=True):
    """A call by its method's name. What may go in a response has one field at least that is always sent."""

    method: ClassVar[str]


class MessageEntity(_Part, frozen=True):
    """How a stretch of a text looks; lengths in UTF-16 code units."""

    type: str
    offset: int
    length: int


class LinkPreviewOptions(_Part, frozen=True):
    """Whether an address in the text is shown with a picture of its page."""

    is_disabled: bool


class InlineKeyboardButton(_Part, frozen=True):
    """A button on a message; it has one of the two."""

    text: str
    callback_data: str | None = None
    url: str | None = None


class InlineKeyboardMarkup(_Part, frozen=True):
    """The buttons on a message, row by row."""

    inline_keyboard: list[list[InlineKeyboardButton]]


class KeyboardButton(_Part, frozen=True):
    """A button below the input line."""

    text: str
    request_contact: bool | None = None


class ReplyKeyboardMarkup(_Part, frozen=True):
    """The buttons below the input line, row by row."""

    keyboard: list[list[KeyboardButton]]
    resize_keyboard: bool
    one_time_keyboard: bool


class ReplyKeyboardRemove(_Part, frozen=True):
    """Takes the buttons below the input line away."""

    remove_keyboard: bool


Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


class SendMessage(Call, frozen=True):
    """A new message."""

    method = "sendMessage"

    chat_id: int | str
    text: str
    entities: list[MessageEntity] | None = None
    reply_markup: Markup | None = None
    link_preview_options: LinkPreviewOptions | None = None


class SendPhoto(Call, frozen=True):
    """A new message with a picture, by the id under which Telegram has it; empty while it is uploaded with the call."""

    method = "sendPhoto"

    chat_id: int | str
    photo: str
    caption: str
    caption_entities: list[MessageEntity] | None = None
    reply_markup: Markup | None = None


class EditMessageText(Call, frozen=True):
    """A message of ours replaced where it stands."""

    method = "editMessageText"

    chat_id: int | str
    message_id: int
    text: str
    entities: list[MessageEntity] | None = None
    reply_markup: InlineKeyboardMarkup | None = None
    link_preview_options: LinkPreviewOptions | None = None


Message = SendMessage | EditMessageText | SendPhoto
"""What counts as a message for Telegram's pace."""


class AnswerCallbackQuery(Call, frozen=True):
    """The end of a pressed button's spinner, with a word or without."""

    method = "answerCallbackQuery"

    callback_query_id: str
    text: str | None = None
    show_alert: bool | None = None


class BotCommand(_Part, frozen=True):
    """A line of the commands menu."""

    command: str
    description: str


class BotCommandScopeChat(_Part, frozen=True):
    """One chat, as the scope of a menu; `type` is "chat"."""

    type: str
    chat_id: int


class SetMyCommands(Call, frozen=True):
    """The commands menu of everybody, of a language, or of a chat."""

    method = "setMyCommands"

    commands: list[BotCommand]
    scope: BotCommandScopeChat | None = None
    language_code: str | None = None


class GetMe(Call, frozen=True):
    """Which bot this token is; never in a response."""

    method = "getMe"


class SetWebhook(Call, frozen=True):
    """Where Telegram is to bring the updates."""

    method = "setWebhook"

    url: str
    secret_token: str
    max_connections: int
    allowed_updates: list[str]
    drop_pending_updates: bool


def in_parts(call: Call) -> dict[str, str]:
    """The call's parameters as the fields of a form, for a call with a file: what is no text stands in JSON."""
    fields: dict[str, object] = msgspec.to_builtins(call)
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in fields.items()
        if value != ""
    }


def in_json(call: Call) -> bytes:
    """The call's parameters, as they are posted to its method."""
    return msgspec.json.encode(call)


def in_response(call: Call) -> bytes:
    """The same with the method's name in front, as a webhook's response carries it."""
    return b'{"method":"%b",%b' % (call.method.encode(), in_json(call)[1:])
