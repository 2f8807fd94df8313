"""The same Bot API through a second client library, python-telegram-bot."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import Update as TelegramUpdate
from telegram.error import Conflict, InvalidToken, RetryAfter
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from rehearsal.box import Box
from rehearsal.faults import Fault


@pytest.fixture
async def bot(box: Box) -> AsyncIterator[Bot]:
    async with Bot(box.token, base_url=f"{box.url}/bot", base_file_url=f"{box.url}/file/bot") as bot:
        yield bot


async def test_it_polls_sends_and_edits(box: Box, bot: Bot) -> None:
    hand = box.hand("2")
    hand.says("ГОЛОС")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "ГОЛОС"
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Да", callback_data="y")]])
    sent = await bot.send_message(hand.chat.id, "Ну?", reply_markup=buttons)
    hand.presses(sent.message_id, "y")
    (press,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
    assert press.callback_query is not None
    await press.callback_query.answer("Принято")
    await press.callback_query.edit_message_text("Да")
    assert hand.chat.messages[sent.message_id].content == {"text": "Да"}


async def test_it_sends_a_photo_and_downloads_it(box: Box, bot: Bot) -> None:
    hand = box.hand("2")
    hand.says("x")
    sent = await bot.send_photo(hand.chat.id, b"\x89PNG picture", caption="Явка")
    file = await sent.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray()) == b"\x89PNG picture"


async def test_its_application_runs_and_answers(box: Box) -> None:
    async def echo(update: TelegramUpdate, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"heard {update.message.text}")

    application = Application.builder().token(box.token).base_url(f"{box.url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    hand = box.hand("2")
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=1)
        hand.says("hi")
        while hand.chat.counts.sent < 1:
            assert await hand.person.bell.after(hand.person.bell.version, 5)
        await application.updater.stop()
        await application.stop()
    assert [m.content["text"] for m in hand.chat.messages.values() if m.from_bot] == ["heard hi"]


async def test_it_is_told_of_conflicts_limits_and_bad_tokens(
    box: Box, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # its newer way to tell a wait; the older one warns
    await bot.set_webhook("https://127.0.0.1:1/hook")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    box.faults.add(Fault("bot_api", "too_many", retry_after=3))
    with pytest.raises(RetryAfter) as told:
        await bot.get_me()
    assert told.value.retry_after == timedelta(seconds=3)
    async with HTTPXRequest() as wire, HTTPXRequest() as polls:
        with pytest.raises(InvalidToken):
            await Bot("1:xx", base_url=f"{box.url}/bot", request=wire, get_updates_request=polls).initialize()
