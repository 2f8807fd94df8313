"""Bot API methods that change a chat: send, edit, delete, answer.

Each public function is the method of its name at https://core.telegram.org/bots/api, as far as a voting bot needs it.
"""

from dataclasses import replace
from typing import Any

from rehearsal.call import Call
from rehearsal.chats import Chat, Message
from rehearsal.formatting import read_html, trimmed
from rehearsal.keyboards import is_inline, read_markup
from rehearsal.refusals import Refused, bad_request
from rehearsal.telegram import Bot, Telegram

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_TOAST = 200
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def _chat(telegram: Telegram, bot: Bot, call: Call) -> Chat:
    """The chat to change, if the pace allows it."""
    chat = telegram.chat(bot, call.text("chat_id"))
    wait = telegram.pace.retry_after(bot.id, chat.id)
    if wait:
        raise Refused(429, f"Too Many Requests: retry after {wait}", wait)
    return chat


def _written(call: Call, field: str, limit: int) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities from `text` or `caption`, as Telegram would store them."""
    source, style = call.text(field), call.text("parse_mode").casefold()
    if style == "html":
        text, entities = read_html(source)
    elif style:
        raise bad_request("unsupported parse_mode")  # the rehearsal reads HTML only
    else:
        text, entities = (
            source,
            call.structure("caption_entities" if field == "caption" else "entities") or [],
        )
    text, entities = trimmed(text, entities)
    if len(text) > limit:
        raise bad_request("message is too long" if field == "text" else "message caption is too long")
    return text, entities


def _text_content(call: Call) -> dict[str, Any]:
    text, entities = _written(call, "text", MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": entities} if entities else {})


def _caption(call: Call) -> dict[str, Any]:
    text, entities = _written(call, "caption", MAX_CAPTION)
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def _post(telegram: Telegram, bot: Bot, chat: Chat, call: Call, content: dict[str, Any]) -> dict[str, Any]:
    markup = read_markup(call.structure("reply_markup"), private=chat.kind == "private")
    inline = is_inline(markup)
    message = chat.add(
        Message(
            chat.next_id(),
            None if chat.kind == "channel" else bot.as_user(),
            telegram.now(),
            content,
            from_bot=True,
            markup=markup if inline else None,
            fixed=not inline,
        )
    )
    if markup is not None and not inline:
        chat.keyboard = markup if "keyboard" in markup else None
    chat.typing = False
    chat.counts.sent += 1
    chat.ring()
    return chat.as_message(message)


async def send_message(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    content = _text_content(call)
    return _post(telegram, bot, _chat(telegram, bot, call), call, content)


def _file(telegram: Telegram, call: Call, field: str) -> dict[str, Any]:
    """A file sent with the call (named directly or as attach://part) or one sent before, by its id."""
    given = call.text(field)
    upload = call.files.get(given.removeprefix("attach://") or field) or call.files.get(field)
    if upload is not None:
        stored = telegram.store(upload.name, upload.kind, upload.body)
    elif given in telegram.files:
        stored = telegram.files[given]
    else:
        raise bad_request(f"there is no {field} in the request")
    if not stored.body:
        raise bad_request("file must be non-empty")
    return {"file_id": stored.id, "file_unique_id": f"U{stored.id[-8:]}", "file_size": len(stored.body)}


async def send_photo(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    caption = _caption(call)
    chat = _chat(telegram, bot, call)
    size = _file(telegram, call, "photo") | {"width": 1280, "height": 720}
    return _post(telegram, bot, chat, call, {"photo": [size]} | caption)


async def send_document(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    caption = _caption(call)
    chat = _chat(telegram, bot, call)
    file = _file(telegram, call, "document")
    stored = telegram.files[file["file_id"]]
    return _post(
        telegram,
        bot,
        chat,
        call,
        {"document": file | {"file_name": stored.name, "mime_type": stored.kind}} | caption,
    )


def _own_message(telegram: Telegram, chat: Chat, call: Call) -> Message:
    message = telegram.message(chat, call.integer("message_id"), "edit")
    if not message.from_bot or message.fixed:
        raise bad_request("message can't be edited")
    return message


def _edit(telegram: Telegram, chat: Chat, message: Message, content: dict[str, Any], call: Call) -> dict[str, Any]:
    markup = read_markup(call.structure("reply_markup"), private=chat.kind == "private")
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    if markup == {"inline_keyboard": []}:
        markup = None
    if content == message.content and markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    edited = replace(message, content=content, markup=markup, edited=telegram.now())
    chat.messages[message.id] = edited
    chat.counts.edited += 1
    chat.ring()
    return chat.as_message(edited)


async def edit_message_text(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    content = _text_content(call)
    chat = _chat(telegram, bot, call)
    message = _own_message(telegram, chat, call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edit(telegram, chat, message, content, call)


async def edit_message_caption(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    caption = _caption(call)
    chat = _chat(telegram, bot, call)
    message = _own_message(telegram, chat, call)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    rest = {k: v for k, v in message.content.items() if not k.startswith("caption")}
    return _edit(telegram, chat, message, rest | caption, call)


async def edit_message_reply_markup(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    chat = _chat(telegram, bot, call)
    message = _own_message(telegram, chat, call)
    return _edit(telegram, chat, message, message.content, call)


async def delete_message(telegram: Telegram, bot: Bot, call: Call) -> bool:
    chat = telegram.chat(bot, call.text("chat_id"))
    message = telegram.message(chat, call.integer("message_id"), "delete")
    if chat.kind != "private" and not message.from_bot:
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    chat.counts.deleted += 1
    chat.ring()
    return True


async def answer_callback_query(telegram: Telegram, bot: Bot, call: Call) -> bool:
    query = bot.queries.get(call.text("callback_query_id"))
    if query is None or query.answered:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if len(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered = True
    query.chat.counts.answered += 1
    if text:
        query.chat.toast(
            {
                "query": call.text("callback_query_id"),
                "text": text,
                "alert": call.flag("show_alert"),
                "date": telegram.now(),
            }
        )
    query.chat.ring()
    return True


async def send_chat_action(telegram: Telegram, bot: Bot, call: Call) -> bool:
    chat = telegram.chat(bot, call.text("chat_id"))
    chat.typing = True
    chat.ring()
    return True
