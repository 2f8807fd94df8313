"""The Bot API as aiogram's strict models see it: polling, webhook, every method the house may call."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import SendMessage
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonCommands,
    Message,
    ReplyKeyboardMarkup,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from rehearsal.box import Box
from rehearsal.faults import Fault


@pytest.fixture
async def bot(box: Box) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(box.url))
    async with Bot(box.token, session=session) as bot:
        yield bot


def inline(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    )


class Seen:
    """A dispatcher that keeps what it is given, in order."""

    def __init__(self) -> None:
        self.items: asyncio.Queue[Message | CallbackQuery | ChatMemberUpdated | tuple[str, Message]] = asyncio.Queue()
        self.dispatcher = Dispatcher()

        @self.dispatcher.message()
        async def message(message: Message) -> None:
            await self.items.put(message)

        @self.dispatcher.edited_message()
        async def edited(message: Message) -> None:
            await self.items.put(("edited", message))

        @self.dispatcher.callback_query()
        async def press(query: CallbackQuery) -> None:
            await self.items.put(query)

        @self.dispatcher.my_chat_member()
        async def member(change: ChatMemberUpdated) -> None:
            await self.items.put(change)

    async def next(self) -> Message | CallbackQuery | ChatMemberUpdated | tuple[str, Message]:
        return await asyncio.wait_for(self.items.get(), 5)


@pytest.fixture
async def polled(bot: Bot) -> AsyncIterator[Seen]:
    seen = Seen()
    polling = asyncio.ensure_future(seen.dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5))
    yield seen
    await seen.dispatcher.stop_polling()
    await polling


async def test_everything_a_person_does_reaches_a_polling_dispatcher(box: Box, polled: Seen, bot: Bot) -> None:
    hand, other = box.hand("1"), box.people.get("2")
    assert other is not None
    hand.says("/start")
    started = await polled.next()
    assert isinstance(started, Message)
    assert started.from_user is not None
    assert (started.text, started.chat.type, started.from_user.language_code) == ("/start", "private", "kk")

    hand.shares_contact()
    shared = await polled.next()
    assert isinstance(shared, Message)
    assert shared.contact is not None
    assert (shared.contact.phone_number, shared.contact.user_id) == ("77010000001", hand.person.telegram_id)

    hand.shares_contact_of(other)
    hand.shares_contact_of(None, phone="+77019999999")
    hand.forwards_contact(other)
    strangers = [await polled.next() for _ in range(3)]
    contacts = [m.contact for m in strangers if isinstance(m, Message) and m.contact]
    assert [contact.user_id for contact in contacts] == [other.telegram_id, None, other.telegram_id]
    assert [bool(m.forward_origin) for m in strangers if isinstance(m, Message)] == [False, False, True]

    hand.sends_photo()
    hand.sends_sticker()
    hand.sends_voice()
    kinds = [m.content_type for m in [await polled.next() for _ in range(3)] if isinstance(m, Message)]
    assert kinds == ["photo", "sticker", "voice"]

    mine = hand.says("one")
    await polled.next()
    hand.edits(mine, "two")
    edited = await polled.next()
    assert isinstance(edited, tuple)
    assert edited[1].text == "two"

    hand.blocks()
    blocked = await polled.next()
    assert isinstance(blocked, ChatMemberUpdated)
    assert blocked.new_chat_member.status == "kicked"
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(hand.person.telegram_id, "?")
    hand.says("again")
    assert isinstance(await polled.next(), ChatMemberUpdated)
    assert isinstance(await polled.next(), Message)

    group = box.telegram.add_shared("supergroup", "Branch", "", [hand.person])
    hand.says_in(group, "hello all")
    in_group = await polled.next()
    assert isinstance(in_group, Message)
    assert (in_group.chat.type, in_group.chat.title) == ("supergroup", "Branch")


async def test_a_pressed_button_is_answered_and_the_message_edited_in_place(box: Box, polled: Seen, bot: Bot) -> None:
    hand = box.hand("1")
    hand.says("/start")
    await polled.next()
    sent = await bot.send_message(
        hand.chat.id, "<b>Choose</b> &amp; press", parse_mode="HTML", reply_markup=inline([("A", "a"), ("B", "b")])
    )
    assert (sent.text, sent.entities and sent.entities[0].type) == ("Choose & press", "bold")
    hand.presses(sent.message_id, "B")
    query = await polled.next()
    assert isinstance(query, CallbackQuery)
    assert query.data == "b"
    assert isinstance(query.message, Message)
    assert query.message.reply_markup is not None
    await query.answer("Noted", show_alert=True)
    edited = await query.message.edit_text("Chosen: B")
    assert isinstance(edited, Message)
    assert edited.message_id == sent.message_id
    assert [(t["text"], t["alert"]) for t in hand.chat.toasts] == [("Noted", True)]
    assert [(m.content["text"], m.markup) for m in hand.chat.messages.values() if m.from_bot] == [("Chosen: B", None)]
    assert hand.chat.counts.as_json() == {"sent": 1, "edited": 1, "deleted": 0, "answered": 1}
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await query.answer()
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await query.message.edit_text("Chosen: B")


async def test_what_telegram_refuses_is_refused_in_its_words(box: Box, bot: Bot) -> None:
    hand = box.hand("1")
    chat = hand.chat.id
    mine = hand.says("hi")
    keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Share", request_contact=True)]])
    asked = await bot.send_message(chat, "Number?", reply_markup=keys)
    group = box.telegram.add_shared("group", "G", "", [])
    refused = {
        "message text is empty": bot.send_message(chat, " \n "),
        "message is too long": bot.send_message(chat, "x" * 4097),
        "chat not found": bot.send_message(1, "x"),
        "BUTTON_DATA_INVALID": bot.send_message(chat, "x", reply_markup=inline([("A", "ж" * 33)])),
        "reply markup is too long": bot.send_message(chat, "x", reply_markup=inline(*[[("A", "a")]] * 101)),
        "message to edit not found": bot.edit_message_text("x", chat_id=chat, message_id=999),
        "message can't be edited": bot.edit_message_text("x", chat_id=chat, message_id=mine),
        "message to delete not found": bot.delete_message(chat, 999),
        "Can't find end tag": bot.send_message(chat, "<b>x", parse_mode="HTML"),
        "private chats only": bot.send_message(group.id, "x", reply_markup=keys),
    }
    for words, call in refused.items():
        with pytest.raises(TelegramBadRequest, match=words):
            await call
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("y", chat_id=chat, message_id=asked.message_id)
    assert hand.chat.counts.sent == 1


async def test_the_keyboard_under_the_chat_is_shown_pressed_and_removed(box: Box, bot: Bot) -> None:
    hand = box.hand("1")
    hand.says("/start")
    keys = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Share", request_contact=True)]], one_time_keyboard=True, resize_keyboard=True
    )
    await bot.send_message(hand.chat.id, "Number?", reply_markup=keys)
    message = hand.chat.messages[hand.presses_key("Share")]
    assert message.content["contact"]["user_id"] == hand.person.telegram_id
    assert hand.chat.keyboard is None


async def test_the_bots_own_settings_are_kept_per_language(box: Box, bot: Bot) -> None:
    hand = box.hand("1")
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand(command="start", description="Begin")])
    await bot.set_my_commands([BotCommand(command="start", description="Бастау")], scope=scope, language_code="kk")
    assert [c.description for c in await bot.get_my_commands(scope=scope, language_code="kk")] == ["Бастау"]
    await bot.set_my_description("About")
    await bot.set_my_short_description("Short")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    me = await bot.get_me()
    assert me.id == 1000001
    hand.says("x")
    assert (await bot.get_chat(hand.chat.id)).first_name == "Серикова Айгерим"
    await bot.send_chat_action(hand.chat.id, "typing")
    assert hand.chat.typing
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []


async def test_photos_and_documents_go_up_and_come_down(box: Box, bot: Bot) -> None:
    hand = box.hand("1")
    hand.says("x")
    picture = BufferedInputFile(b"\x89PNG chart", "chart.png")
    photo = await bot.send_photo(hand.chat.id, picture, caption="<i>Turnout</i>", parse_mode="HTML")
    assert (photo.caption, bool(photo.photo)) == ("Turnout", True)
    document = await bot.send_document(hand.chat.id, BufferedInputFile(b"a,b", "roll.csv"))
    assert document.document is not None
    assert document.document.file_name == "roll.csv"
    assert photo.photo is not None
    again = await bot.send_photo(hand.chat.id, photo.photo[-1].file_id)
    assert again.photo is not None
    assert again.photo[-1].file_id == photo.photo[-1].file_id
    file = await bot.get_file(photo.photo[-1].file_id)
    assert file.file_path is not None
    down = await bot.download_file(file.file_path)
    assert down is not None
    assert down.read() == b"\x89PNG chart"


async def test_a_channel_is_posted_to_by_its_name(box: Box, bot: Bot) -> None:
    box.telegram.add_shared("channel", "Turnout", "primaries_turnout", [])
    post = await bot.send_message("@primaries_turnout", "219 of 300")
    assert (post.chat.type, post.from_user) == ("channel", None)


async def test_faults_on_demand_look_like_telegrams(box: Box, bot: Bot) -> None:
    hand = box.hand("1")
    hand.says("x")
    box.faults.add(Fault("bot_api", "too_many", only="sendMessage", retry_after=7))
    box.faults.add(Fault("bot_api", "server_error", status=500))
    with pytest.raises(TelegramServerError):
        await bot.get_me()
    with pytest.raises(TelegramRetryAfter) as told:
        await bot.send_message(hand.chat.id, "x")
    assert told.value.retry_after == 7
    assert (await bot.send_message(hand.chat.id, "x")).text == "x"


async def test_the_pace_limit_refuses_a_second_message_in_the_same_second(box: Box, bot: Bot) -> None:
    hand = box.hand("1")
    hand.says("x")
    box.telegram.pace.limit(30, 0.01)
    await bot.send_message(hand.chat.id, "1")
    with pytest.raises(TelegramRetryAfter) as told:
        await bot.send_message(hand.chat.id, "2")
    assert told.value.retry_after == 100
    box.telegram.pace.limit(0, 0)
    assert (await bot.send_message(hand.chat.id, "3")).text == "3"


async def test_aiograms_webhook_application_is_fed_and_its_answer_obeyed(box: Box, bot: Bot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> SendMessage:
        return SendMessage(chat_id=message.chat.id, text=f"heard {message.text}")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token="s3cret", handle_in_background=False).register(app, "/hook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hand = box.hand("1")
    hand.says("before the hook")
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
    hand.says("after it")
    said: list[str] = []
    while len(said) < 2:
        assert await hand.person.bell.after(hand.person.bell.version, 5)
        said = [str(m.content["text"]) for m in hand.chat.messages.values() if m.from_bot]
    assert said == ["heard before the hook", "heard after it"]
    await runner.cleanup()
