"""A bot's name, which only Telegram knows: with it the links to the bot are made."""

import asyncio

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramRetryAfter

from handlers.doors import Doors

log = structlog.get_logger("bot")

PAUSE = 10.0
"""Seconds until it is asked for again. Until it is known, this bot's members are served at every bot."""


async def learn_name(bot: Bot, doors: Doors) -> None:
    """Ask until Telegram tells it, and write it down."""
    while True:
        try:
            me = await bot.me()
        except AiogramError as fault:
            log.warning("bot_not_named", bot=bot.id, error=type(fault).__name__)
            await asyncio.sleep(fault.retry_after if isinstance(fault, TelegramRetryAfter) else PAUSE)
        else:
            doors.serve(str(bot.id), me.username or "")
            return
