"""A voting bot as tutorials show it: MemoryStorage, aiosqlite, a commit a vote, a check before an insert, counts shown.

    python -m benchmarks.naive.bot votes.sqlite3

BOT_TOKEN, TELEGRAM_API_BASE, TWILIO_API_BASE, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN as for Dauys.
"""

# mypy: disable-error-code="union-attr,arg-type,no-untyped-def"

import asyncio
import os
import random
import sys

import aiohttp
import aiosqlite
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)

DB = sys.argv[1]
CANDIDATES = [f"Candidate {n}" for n in range(1, 7)]
SMS = "{TWILIO_API_BASE}/2010-04-01/Accounts/{TWILIO_ACCOUNT_SID}/Messages.json".format_map(os.environ)
dp = Dispatcher(storage=MemoryStorage())


class Form(StatesGroup):
    contact = State()
    code = State()
    choice = State()


@dp.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.set_state(Form.contact)
    button = KeyboardButton(text="Share my number", request_contact=True)
    await message.answer("Share your number", reply_markup=ReplyKeyboardMarkup(keyboard=[[button]]))


@dp.message(Form.contact, F.contact)
async def contact(message: Message, state: FSMContext) -> None:
    phone, code = "+" + message.contact.phone_number, str(random.randint(100_000, 999_999))
    async with aiosqlite.connect(DB) as db, db.execute("SELECT 1 FROM members WHERE phone = ?", (phone,)) as found:
        if not await found.fetchone():
            await message.answer("You are not a member")
            return
    await state.update_data(code=code, phone=phone)
    await state.set_state(Form.code)
    login = aiohttp.BasicAuth(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
    body = {"To": phone, "From": os.environ["TWILIO_FROM"], "Body": f"Your code is {code}"}
    async with aiohttp.ClientSession(auth=login) as session, session.post(SMS, data=body):
        await message.answer("Type the code")


@dp.message(Form.code)
async def code(message: Message, state: FSMContext) -> None:
    if message.text != (await state.get_data())["code"]:
        await message.answer("Wrong code")
        return
    await state.set_state(Form.choice)
    await message.answer("Choose", reply_markup=await keyboard())


@dp.callback_query(Form.choice)
async def choice(query: CallbackQuery, state: FSMContext) -> None:
    phone = (await state.get_data())["phone"]
    async with aiosqlite.connect(DB) as db:
        async with db.execute("SELECT 1 FROM votes WHERE phone = ?", (phone,)) as found:
            if await found.fetchone():
                await query.answer("You have voted already")
                return
        await db.execute("INSERT INTO votes VALUES (?, ?)", (phone, query.data))
        await db.commit()
    await query.message.edit_text("Thank you, this is your receipt", reply_markup=await keyboard())
    await query.answer()


async def keyboard() -> InlineKeyboardMarkup:
    async with aiosqlite.connect(DB) as db, db.execute("SELECT name, COUNT(*) FROM votes GROUP BY name") as found:
        counts: dict[str, int] = dict(await found.fetchall())
    names = ((name, f"{name} ({counts.get(name, 0)})") for name in CANDIDATES)
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=name)] for name, text in names]
    )


async def main() -> None:
    api = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    await dp.start_polling(Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=api)))


if __name__ == "__main__":
    asyncio.run(main())
