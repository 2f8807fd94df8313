"""Bot API methods about the bot itself: who it is, its commands, how it gets its updates.

Each public function is the method of its name at https://core.telegram.org/bots/api.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from rehearsal.call import Call
from rehearsal.refusals import Refused, bad_request
from rehearsal.telegram import Bot, Telegram
from rehearsal.webhook_push import Webhook

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


async def get_me(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    return bot.as_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(telegram: Telegram, bot: Bot, call: Call) -> list[dict[str, Any]]:
    if bot.push.hook is not None:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    bot.queue.allow(call.structure("allowed_updates"))
    limit = min(100, max(1, call.integer("limit", 100)))
    return await bot.queue.poll(call.integer("offset"), limit, max(0, call.integer("timeout")))


async def set_webhook(telegram: Telegram, bot: Bot, call: Call) -> bool:
    """Plain http is taken too, as a local Bot API server does."""
    url = call.text("url")
    if not url:
        return await delete_webhook(telegram, bot, call)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: invalid webhook URL specified")
    secret = call.text("secret_token")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if call.flag("drop_pending_updates"):
        bot.queue.clear()
    allowed = call.structure("allowed_updates")
    bot.queue.allow(allowed)
    connections = min(100, max(1, call.integer("max_connections", 40)))
    bot.push.start(Webhook(url, secret, connections, allowed))
    return True


async def delete_webhook(telegram: Telegram, bot: Bot, call: Call) -> bool:
    bot.push.stop()
    if call.flag("drop_pending_updates"):
        bot.queue.clear()
    return True


async def get_webhook_info(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    info: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue.pending),
    }
    hook = bot.push.hook
    if hook is None:
        return info
    info |= {"url": hook.url, "max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.allowed:
        info["allowed_updates"] = hook.allowed
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    return info


def _scope(call: Call) -> str:
    """A command scope as a key: default, all_private_chats, chat:42 …"""
    scope = call.structure("scope") or {"type": "default"}
    chat = scope.get("chat_id")
    return str(scope.get("type")) if chat is None else f"{scope.get('type')}:{chat}"


async def set_my_commands(telegram: Telegram, bot: Bot, call: Call) -> bool:
    commands = call.structure("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH" if isinstance(commands, list) else "can't parse commands")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command") or "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description") or "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_scope(call), call.text("language_code")] = commands
    _ring(bot)
    return True


async def get_my_commands(telegram: Telegram, bot: Bot, call: Call) -> list[dict[str, str]]:
    return bot.commands.get((_scope(call), call.text("language_code")), [])


async def delete_my_commands(telegram: Telegram, bot: Bot, call: Call) -> bool:
    bot.commands.pop((_scope(call), call.text("language_code")), None)
    _ring(bot)
    return True


async def set_chat_menu_button(telegram: Telegram, bot: Bot, call: Call) -> bool:
    bot.menu_button = call.structure("menu_button") or {"type": "default"}
    _ring(bot)
    return True


async def get_chat_menu_button(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    return bot.menu_button if bot.menu_button.get("type") != "default" else {"type": "commands"}


async def set_my_description(telegram: Telegram, bot: Bot, call: Call) -> bool:
    return _describe(bot, call, "description", 512)


async def set_my_short_description(telegram: Telegram, bot: Bot, call: Call) -> bool:
    return _describe(bot, call, "short_description", 120)


async def get_my_description(telegram: Telegram, bot: Bot, call: Call) -> dict[str, str]:
    return {"description": bot.descriptions.get(("description", call.text("language_code")), "")}


async def get_my_short_description(telegram: Telegram, bot: Bot, call: Call) -> dict[str, str]:
    return {"short_description": bot.descriptions.get(("short_description", call.text("language_code")), "")}


async def set_my_name(telegram: Telegram, bot: Bot, call: Call) -> bool:
    name = call.text("name")
    if len(name) > 64:
        raise bad_request("the name is too long")
    if name and not call.text("language_code"):
        bot.name = name
        _ring(bot)
    return True


def _describe(bot: Bot, call: Call, field: str, limit: int) -> bool:
    text = call.text(field)
    if len(text) > limit:
        raise bad_request(f"the {field.replace('_', ' ')} is too long")
    bot.descriptions[field, call.text("language_code")] = text
    _ring(bot)
    return True


async def get_chat(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    chat = telegram.chat(bot, call.text("chat_id")).as_chat()
    return chat | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def get_file(telegram: Telegram, bot: Bot, call: Call) -> dict[str, Any]:
    stored = telegram.files.get(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": stored.id,
        "file_unique_id": f"U{stored.id[-8:]}",
        "file_size": len(stored.body),
        "file_path": f"files/{stored.id}",
    }


async def leave(telegram: Telegram, bot: Bot, call: Call) -> bool:
    """close and logOut: nothing to leave here."""
    return True


def _ring(bot: Bot) -> None:
    for chat in bot.chats.values():
        chat.ring()
