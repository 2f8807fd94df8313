"""A bot's name, which only Telegram knows: with it the links to the bot are made."""

import asyncio

import structlog

from bot.calls import GetMe
from bot.wire import NoWordError, Wire
from handlers.doors import Doors

log = structlog.get_logger("bot")

PAUSE = 10.0
"""Seconds until it is asked for again. Until it is known, this bot's members are served at every bot."""


async def learn_name(wire: Wire, doors: Doors) -> None:
    """Ask until Telegram tells it, and write it down."""
    while True:
        try:
            verdict = await wire.carry(GetMe())
        except NoWordError as fault:
            log.warning("bot_not_named", bot=wire.bot_id, error=str(fault))
            await asyncio.sleep(PAUSE)
            continue
        if verdict.done:
            doors.serve(str(wire.bot_id), verdict.username)
            return
        log.warning("bot_not_named", bot=wire.bot_id, status=verdict.status)
        await asyncio.sleep(verdict.retry_after or PAUSE)
