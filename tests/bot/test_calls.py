"""What is sent is byte for byte JSON that aiogram's own models would make of the same call."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from aiogram import methods
from aiogram.types import TelegramObject
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.calls import Call, SetWebhook, in_json, in_response
from bot.menu import show_menus, show_own_menu
from bot.pace import Urgency
from bot.screens import anew, drawn
from bot.sending import Outcome
from handlers.speech import Action, Address, Command, Incoming, Menu, Option, Reply

ADDRESS = Address("telegram", "77", "-77", "1000001")
PRESSED = Incoming(id="1:1", address=ADDRESS, press="p", screen="31")
OPTIONS = (Option(1, "Сериков Ержан", "v.1", ticked=True), Option(2, "Ахметова Дина 🗳", "v.2"))
ACTIONS = (Action("Next", "n", row=1), Action("Back", "b"), Action("Skip", "s", row=1))
REPLIES: dict[str, list[Reply]] = {
    "a text": [PRESSED.reply("<b>&_*\n\"'\\ \u2028 🗳")],
    "a whole ballot": [PRESSED.reply("?", heading="🗳 Мәжіліс", options=OPTIONS, actions=ACTIONS, footer="1/2")],
    "numbers on buttons": [PRESSED.reply("1. S", options=OPTIONS, numbered=True)],
    "the contact button": [PRESSED.reply("share", ask_contact="My number", options=OPTIONS, actions=ACTIONS)],
    "the contact button taken away": [PRESSED.reply("code", drop_contact=True)],
    "a link": [PRESSED.reply("go", actions=(Action("There", link="https://t.me/a_bot?start=vote"), Action("B", "b")))],
    "a toast": [PRESSED.reply("", toast="Old button")],
    "a long toast": [PRESSED.reply("", toast="а" * 300)],
    "a toast and a screen": [PRESSED.reply("next", toast="Saved", options=OPTIONS)],
    "a text in three parts": [PRESSED.reply("сайлау🗳 " * 1200, heading="H", options=OPTIONS)],
    "two messages": [PRESSED.reply("one"), PRESSED.reply("two", fresh=True, actions=ACTIONS)],
    "nothing": [],
}


def by_aiogram(call: Call) -> dict[str, Any]:
    """The same call built of aiogram's models, and what they send of it."""
    method = getattr(methods, type(call).__name__)
    built = method(**json.loads(in_json(call)))
    assert isinstance(built, methods.TelegramMethod)
    assert built.__api_method__ == call.method
    assert not [name for model in models(built) for name in model.model_extra or {}], "a field aiogram does not know"
    return built.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def models(value: object) -> Iterator[BaseModel]:
    if isinstance(value, methods.TelegramMethod | TelegramObject):
        yield value
        for name in value.model_fields_set:
            yield from models(getattr(value, name))
    elif isinstance(value, list):
        for each in value:
            yield from models(each)


def assert_as_aiogram(calls: Sequence[Call]) -> None:
    for call in calls:
        assert json.loads(in_json(call)) == by_aiogram(call)
        assert json.loads(in_response(call)) == {"method": call.method, **by_aiogram(call)}


def all_calls(replies: Sequence[Reply]) -> list[Call]:
    """The calls for these replies to a press and to a text, and each edit sent anew."""
    calls: list[Call] = []
    for press_id in ("q1", ""):
        drawing = drawn(replies, press_id)
        calls += drawing.messages
        calls += [drawing.acknowledgement] if drawing.acknowledgement else []
    return calls + [anew(call) for call in calls if call.method == "editMessageText"]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(REPLIES))
def test_a_reply_is_sent_as_aiogram_would_send_it(kind: str) -> None:
    assert_as_aiogram(all_calls(REPLIES[kind]))


def test_the_replies_take_every_call_and_every_keyboard() -> None:
    sent = [call for replies in REPLIES.values() for call in all_calls(replies)]
    assert {call.method for call in sent} == {"sendMessage", "editMessageText", "answerCallbackQuery"}
    keyboards = {type(call.reply_markup).__name__ for call in sent if hasattr(call, "reply_markup")}
    assert keyboards == {"NoneType", "InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove"}


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
payloads = st.text(st.characters(max_codepoint=0x7F), max_size=64)
options = st.builds(Option, st.integers(1, 99), words, payloads, ticked=st.booleans())
actions = st.builds(Action, words, payloads, row=st.integers(0, 3))
replies = st.builds(
    PRESSED.reply,
    words | st.just("ы " * 3000),
    heading=words,
    options=st.lists(options, max_size=4).map(tuple),
    numbered=st.booleans(),
    actions=st.lists(actions, max_size=4).map(tuple),
    footer=words,
    toast=st.just("") | words,
    ask_contact=st.just("") | words,
    drop_contact=st.booleans(),
    fresh=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(replies, max_size=3))
def test_any_reply_is_sent_as_aiogram_would_send_it(said: list[Reply]) -> None:
    assert_as_aiogram(all_calls(said))


class Kept:
    """A sender that keeps what it is given."""

    bot_id = 1000001

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def send(self, call: Call, _: Urgency) -> Outcome:
        self.calls.append(call)
        return Outcome.DELIVERED


async def test_menus_and_the_webhook_are_set_as_aiogram_would_set_them() -> None:
    kept = Kept()
    menus = [Menu("kk", (Command("help", "Көмек"),)), Menu("en", (Command("help", "Help"),))]
    await show_menus(kept, menus)  # type: ignore[arg-type]
    await show_own_menu(kept, menus, "77", "en")  # type: ignore[arg-type]
    webhook = SetWebhook(
        url="https://vote.example/telegram/1", secret_token="s", max_connections=100,
        allowed_updates=["message"], drop_pending_updates=False,
    )  # fmt: skip
    assert len(kept.calls) == 4
    assert_as_aiogram([*kept.calls, webhook])
