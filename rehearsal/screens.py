"""What a person sees on the two handsets, as JSON."""

from typing import Any

from rehearsal.carrier import Carrier, Sms
from rehearsal.chats import Chat, Message
from rehearsal.people import Person
from rehearsal.segments import segments
from rehearsal.telegram import Bot, Telegram

_FILES = ("document", "sticker", "voice")


def screen(person: Person, telegram: Telegram, bot: Bot | None, carrier: Carrier) -> dict[str, Any]:
    """Both handsets of a person; `version` grows with every change."""
    return {
        "version": person.bell.version,
        "person": person.card(),
        "telegram": telegram_screen(telegram, bot, person),
        "sms": [sms_line(sms) for sms in carrier.thread(person.phone)],
    }


def telegram_screen(telegram: Telegram, bot: Bot | None, person: Person) -> dict[str, Any]:
    """The chat with one bot: messages as they stand now, keyboard, toasts, commands."""
    if bot is None:
        return {"bot": None, "bots": [], "messages": [], "keyboard": None, "toasts": [], "commands": []}
    chat = bot.chats.get(person.telegram_id) or Chat(person.telegram_id, "private", person=person)
    return {
        "bot": {"id": bot.id, "name": bot.name, "username": bot.username},
        "bots": [other.username for other in telegram.bots.values()],
        "description": described(bot, "description", person.language),
        "messages": [message_line(chat, message, person) for message in chat.messages.values()],
        "keyboard": keyboard(chat),
        "toasts": chat.toasts,
        "typing": chat.typing,
        "blocked": chat.blocked,
        "commands": commands(bot, chat, person.language),
        "counts": chat.counts.as_json(),
        "shared": [
            {"id": c.id, "kind": c.kind, "title": c.title, "username": c.username}
            for c in telegram.shared.values()
            if person in c.members
        ],
    }


def message_line(chat: Chat, message: Message, viewer: Person | None) -> dict[str, Any]:
    """One message; `me` says it is the viewer's own."""
    content = message.content
    sender = message.sender or {}
    line: dict[str, Any] = {
        "id": message.id,
        "me": viewer is not None and sender.get("id") == viewer.telegram_id,
        "bot": message.from_bot,
        "from": sender.get("first_name") or chat.title,
        "date": message.date,
        "edited": message.edited,
        "text": content.get("text", content.get("caption", "")),
        "entities": content.get("entities", content.get("caption_entities", [])),
        "buttons": buttons(message),
        "forwarded": "forward_origin" in content,
    }
    if "contact" in content:
        line["contact"] = content["contact"]
    if "photo" in content:
        line["photo"] = f"/files/{content['photo'][-1]['file_id']}"
    for kind in _FILES:
        if kind in content:
            file = content[kind]
            line[kind] = {"name": file.get("file_name", kind), "url": f"/files/{file['file_id']}"}
    return line


def buttons(message: Message) -> list[list[dict[str, Any]]]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [[{"text": b["text"], "data": b.get("callback_data"), "url": b.get("url")} for b in row] for row in rows]


def keyboard(chat: Chat) -> dict[str, Any] | None:
    if chat.keyboard is None:
        return None
    return {
        "rows": [
            [{"text": key["text"], "contact": bool(key.get("request_contact"))} for key in row]
            for row in chat.keyboard["keyboard"]
        ],
        "placeholder": chat.keyboard.get("input_field_placeholder") or "",
    }


def commands(bot: Bot, chat: Chat, language: str) -> list[dict[str, str]]:
    """The command menu: the narrowest scope that has one, the person's language before none."""
    for scope in (f"chat:{chat.id}", "all_private_chats", "default"):
        for tongue in (language, ""):
            if bot.commands.get((scope, tongue)):
                return bot.commands[scope, tongue]
    return []


def described(bot: Bot, field: str, language: str) -> str:
    return bot.descriptions.get((field, language)) or bot.descriptions.get((field, ""), "")


def sms_line(sms: Sms) -> dict[str, Any]:
    """One text message on the plain phone."""
    return {
        "id": sms.sid,
        "me": sms.direction == "inbound",
        "from": sms.sender,
        "to": sms.to,
        "text": sms.body,
        "date": int(sms.created),
        "status": sms.status,
        "segments": segments(sms.body),
    }
