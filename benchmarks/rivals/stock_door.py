"""The same conversation and the same store behind stock aiogram: its Dispatcher, its SimpleRequestHandler.

As its documents have it, but for `handle_in_background`: with the default Telegram is told 200 before the vote is kept.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from dauys import clock, settings
from dauys.wiring import make_desk, open_fleeting, open_hall
from handlers.desk import Desk
from handlers.speech import Action, Address, Incoming, Option, Reply

router = Router()


@router.callback_query()
async def pressed(query: CallbackQuery, event_update: Update, bot: Bot, desk: Desk) -> EditMessageText | None:
    if not isinstance(query.message, Message):
        return None
    incoming = Incoming(
        id=f"{bot.id}:{event_update.update_id}",
        address=Address("telegram", str(query.from_user.id), str(query.message.chat.id), str(bot.id)),
        press=query.data or "",
        screen=str(query.message.message_id),
        language_hint=query.from_user.language_code or "",
        options_a_screen=10,
    )
    reply = (await desk.hear(incoming))[0]
    await query.answer()
    await desk.answered(incoming)
    return query.message.edit_text(f"{reply.heading}\n\n{reply.text}", reply_markup=keyboard(reply))


def keyboard(reply: Reply) -> InlineKeyboardMarkup:
    buttons: list[Option | Action] = [*reply.options, *reply.actions]
    rows = [[InlineKeyboardButton(text=button.label, callback_data=button.payload)] for button in buttons]
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def ready(_: web.Request) -> web.Response:
    return web.Response()


async def serve() -> None:
    read = settings.read()
    bot = Bot(read.tokens[0], session=AiohttpSession(api=TelegramAPIServer.from_base(read.TELEGRAM_API_BASE)))
    async with open_hall(read) as hall, open_fleeting(read) as fleeting, bot.session:
        dispatcher = Dispatcher(desk=make_desk(hall, fleeting, clock.now))
        dispatcher.include_router(router)
        app = web.Application()
        app.router.add_get("/readyz", ready)
        secret = read.WEBHOOK_SECRET.get_secret_value()
        SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=secret).register(app, "/stock")
        runner = web.AppRunner(app, access_log=None, handle_signals=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", read.PORT).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
