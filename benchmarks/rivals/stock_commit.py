"""Stock aiogram and a commit a vote: one aiosqlite connection, no sealing and no conversation: a tap is a vote."""

import asyncio
import os
import sys
from pathlib import Path

import aiosqlite
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

TABLE = "CREATE TABLE IF NOT EXISTS vote (member INTEGER PRIMARY KEY, choice TEXT NOT NULL)"
router = Router()
one_at_a_time = asyncio.Lock()


@router.callback_query(F.data.endswith(".cast"))
async def pressed(query: CallbackQuery, database: aiosqlite.Connection) -> EditMessageText | None:
    async with one_at_a_time:  # one connection has one transaction
        await database.execute("INSERT INTO vote VALUES (?, ?)", (query.from_user.id, query.data))
        await database.commit()
    await query.answer()
    return query.message.edit_text("Ваш голос принят") if isinstance(query.message, Message) else None


async def ready(_: web.Request) -> web.Response:
    return web.Response()


async def serve(path: Path, port: int) -> None:
    api = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=api))
    async with aiosqlite.connect(path) as database, bot.session:
        await database.execute("PRAGMA journal_mode=WAL")
        await database.execute("PRAGMA synchronous=FULL")
        await database.execute(TABLE)
        dispatcher = Dispatcher(database=database)
        dispatcher.include_router(router)
        app = web.Application()
        app.router.add_get("/readyz", ready)
        secret = os.environ["WEBHOOK_SECRET"]
        SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=secret).register(app, "/stock")
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(os.environ["PORT"])))
