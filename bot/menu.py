"""The commands menu. It is a convenience: when it cannot be set, that is logged and nothing else happens."""

from collections.abc import Sequence

import structlog

from bot.calls import BotCommand, BotCommandScopeChat, SetMyCommands
from bot.pace import Urgency
from bot.sending import Outcome, Sender
from handlers.speech import Incoming, Language, Menu, Reply

log = structlog.get_logger("bot")


async def show_menus(sender: Sender, menus: Sequence[Menu]) -> None:
    """Set the menu for everybody: one per language of the member's app, the first also as the default."""
    calls = [SetMyCommands(commands=_commands(menu), language_code=menu.language) for menu in menus]
    calls += [SetMyCommands(commands=_commands(menu)) for menu in menus[:1]]
    for call in calls:
        if await sender.send(call, Urgency.NOTICE) is not Outcome.DELIVERED:
            log.warning("menu_not_set", bot=sender.bot_id, language=call.language_code or "default")


async def show_own_menu(sender: Sender, menus: Sequence[Menu], chat: str, language: Language) -> None:
    """Set the menu of one private chat; not a message, so it spends nothing of the chat's pace."""
    for menu in menus:
        if menu.language == language:
            call = SetMyCommands(commands=_commands(menu), scope=BotCommandScopeChat(type="chat", chat_id=int(chat)))
            await sender.send(call, Urgency.NOTICE)


def own_menu_language(incoming: Incoming, replies: Sequence[Reply]) -> Language | None:
    """The language in which this chat's menu must be set by a call of its own, if it must.

    Telegram shows the menu in the language of the member's own app. Only a member who speaks another, or has
    just chosen by hand and so may be coming back from another, costs a call.
    """
    app = incoming.language_hint.partition("-")[0].lower()
    for reply in replies:
        language = reply.menu_language
        if language is not None and (incoming.press or app != language):
            return language
    return None


def _commands(menu: Menu) -> list[BotCommand]:
    return [BotCommand(command=each.name, description=each.description) for each in menu.commands]
