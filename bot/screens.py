"""A Reply drawn as Telegram's method calls: text with a bold heading, buttons, a toast. No markup language.

Lengths are in UTF-16 code units, as Telegram counts them (Bot API, MessageEntity).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.calls import (
    AnswerCallbackQuery,
    EditMessageText,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Markup,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    SendMessage,
)
from handlers.speech import Action, Option, Reply

MESSAGE_UNITS = 4096
PAYLOAD_BYTES = 64
TOAST_CHARACTERS = 200
ALERT_FROM = 70
"""A toast is gone after two or three seconds; a longer one is shown as an alert that waits to be closed."""


class UnfitPayloadError(ValueError):
    """A button's payload is longer than the 64 bytes Telegram carries."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The calls that show some replies: messages in order, and the word that ends a button's spinner. `pictures` go
    with the messages at these places."""

    messages: tuple[Message, ...] = ()
    acknowledgement: AnswerCallbackQuery | None = None
    pictures: Mapping[int, bytes] = field(default_factory=dict)


def drawn(replies: Sequence[Reply], press_id: str = "") -> Drawing:
    """The calls for these replies to one message; `press_id` if that message was a press on a button.

    The first reply that may takes the place of the pressed screen, the others are new messages. Raises
    UnfitPayloadError.
    """
    messages: list[Message] = []
    pictures: dict[int, bytes] = {}
    toast = ""
    for reply in replies:
        if press_id and reply.toast:
            toast = toast or reply.toast
        if reply.picture:
            pictures[len(messages)] = reply.picture
        messages += _messages(reply, edit=bool(press_id) and not messages, pressed=bool(press_id))
    return Drawing(tuple(messages), _acknowledgement(press_id, toast) if press_id else None, pictures)


def in_place(reply: Reply) -> Sequence[Message]:
    """The calls that put this reply in the place of the screen it names."""
    return _messages(reply, edit=True, pressed=True)


def anew(edit: EditMessageText) -> SendMessage:
    """The same screen as a new message, for when the old one cannot be edited."""
    return SendMessage(
        chat_id=edit.chat_id,
        text=edit.text,
        entities=edit.entities,
        reply_markup=edit.reply_markup,
        link_preview_options=edit.link_preview_options,
    )


def units(text: str) -> int:
    """How long Telegram takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, limit: int = MESSAGE_UNITS) -> list[str]:
    """A text in parts of at most `limit` units each, cut at the end of a line or word where there is one."""
    parts = []
    while units(text) > limit:
        head = text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")
        cut = max(head.rfind("\n"), head.rfind(" "))
        if cut < len(head) // 2:
            cut = len(head)
        parts.append(head[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part]


def _messages(reply: Reply, *, edit: bool, pressed: bool) -> list[Message]:
    markup = _markup(reply)
    heading, body = _body(reply, pressed=pressed)
    if not body:
        return []
    parts = pieces(body)
    named = reply.address.chat.startswith("@")  # a channel by its name
    chat = reply.address.chat if named else int(reply.address.chat)
    entities = _bold(heading, parts[0])
    # A keyboard below the input line can only come with a new message, never by an edit.
    replaces = edit and bool(reply.screen) and not (reply.fresh or reply.picture) and _is_inline(markup)
    messages: list[Message] = []
    for number, part in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        if first and replaces:
            messages.append(
                EditMessageText(
                    chat_id=chat,
                    message_id=int(reply.screen),
                    text=part,
                    entities=entities,
                    reply_markup=markup if last and isinstance(markup, InlineKeyboardMarkup) else None,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            )
        else:
            messages.append(
                SendMessage(
                    chat_id=chat,
                    text=part,
                    entities=entities if first else None,
                    reply_markup=markup if last else None,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            )
    return messages


def _body(reply: Reply, *, pressed: bool) -> tuple[str, str]:
    """The heading, and the whole text above the buttons. Empty if a toast is all there is to say."""
    if reply.toast and not reply.text:
        return "", "" if pressed else reply.toast.strip()
    heading = reply.heading.strip()
    listed = ""
    if reply.ask_contact:  # the keyboard is taken, so the options are to be typed
        listed = "\n".join(f"{option.number}. {_label(option)}" for option in reply.options)
    parts = (heading, reply.text.strip(), listed, reply.footer.strip())
    return heading, "\n\n".join(part for part in parts if part)


def _bold(heading: str, part: str) -> list[MessageEntity] | None:
    length = min(units(heading), units(part))
    return [MessageEntity(type="bold", offset=0, length=length)] if length else None


def _markup(reply: Reply) -> Markup | None:
    """One message carries one keyboard: the contact button, else the screen's buttons, else taking away."""
    if reply.ask_contact:
        return ReplyKeyboardMarkup(
            keyboard=[
                [KeyboardButton(text=reply.ask_contact, request_contact=True)],
                *([KeyboardButton(text=action.label)] for action in reply.actions),
            ],
            resize_keyboard=True,
            one_time_keyboard=True,
        )
    rows = [[_button(_named(option, reply), option.payload)] for option in reply.options]
    by_row = sorted(reply.actions, key=lambda action: action.row)
    for _, side_by_side in groupby(by_row, key=lambda action: action.row):
        rows.append([_action(action) for action in side_by_side])
    if rows:
        return InlineKeyboardMarkup(inline_keyboard=rows)
    return ReplyKeyboardRemove(remove_keyboard=True) if reply.drop_contact else None


def _is_inline(markup: Markup | None) -> bool:
    return markup is None or isinstance(markup, InlineKeyboardMarkup)


def _label(option: Option) -> str:
    return f"✓ {option.label}" if option.ticked else option.label


def _named(option: Option, reply: Reply) -> str:
    """What stands on a button: with its number where the text speaks of numbers."""
    tick, number = "✓ " if option.ticked else "", f"{option.number}. " if reply.numbered else ""
    return f"{tick}{number}{option.label}"


def _action(action: Action) -> InlineKeyboardButton:
    if action.link:
        return InlineKeyboardButton(text=action.label, url=action.link)
    return _button(action.label, action.payload)


def _button(label: str, payload: str) -> InlineKeyboardButton:
    if len(payload.encode()) > PAYLOAD_BYTES:
        raise UnfitPayloadError(f"a button's payload takes {len(payload.encode())} bytes, Telegram carries 64")
    return InlineKeyboardButton(text=label, callback_data=payload)


def _acknowledgement(press_id: str, toast: str) -> AnswerCallbackQuery:
    if not toast:
        return AnswerCallbackQuery(callback_query_id=press_id)
    if len(toast) > TOAST_CHARACTERS:
        toast = toast[: TOAST_CHARACTERS - 1] + "…"
    return AnswerCallbackQuery(callback_query_id=press_id, text=toast, show_alert=len(toast) >= ALERT_FROM)
