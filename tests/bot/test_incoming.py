"""What a person does in Telegram, and what the desk hears of it."""

import pytest
from aiogram.types import Update

from bot.incoming import OPTIONS_A_SCREEN, incoming_from
from handlers.speech import Address, Contact, Incoming
from tests.bot.conftest import a_message

BOT = 1000001


def heard(update: dict[str, object]) -> Incoming | None:
    return incoming_from(Update.model_validate(update), BOT)


def a_press(**message: object) -> dict[str, object]:
    user = {"id": 77, "is_bot": False, "first_name": "A", "language_code": "kk"}
    screen = {"message_id": 31, "date": 1_700_000_000, "chat": {"id": 77, "type": "private"}, "text": "?"} | message
    return {
        "update_id": 5,
        "callback_query": {"id": "q1", "from": user, "chat_instance": "x", "data": "v.1", "message": screen},
    }


def test_a_text_keeps_its_sender_its_bot_and_its_words() -> None:
    assert heard(a_message(9, "2")) == Incoming(
        id="1000001:9",
        address=Address("telegram", "77", "77", "1000001"),
        text="2",
        language_hint="ru",
        options_a_screen=OPTIONS_A_SCREEN,
    )


@pytest.mark.parametrize("text", ["/start", "/start@rehearsal_bot abc", "\u200f123 456\u200e", "🗳", " 5 ", "ИӘ"])
def test_words_are_passed_on_as_they_are(text: str) -> None:
    incoming = heard(a_message(1, text))
    assert incoming is not None
    assert (incoming.text, incoming.other) == (text, False)


def test_a_text_longer_than_telegram_allows_is_cut() -> None:
    incoming = heard(a_message(1, "ы" * 5000))
    assert incoming is not None
    assert incoming.text == "ы" * 4096


def test_a_nul_is_taken_out() -> None:
    incoming = heard(a_message(1, "1\x0023"))
    assert incoming is not None
    assert incoming.text == "123"


def test_a_press_names_its_payload_and_its_screen() -> None:
    incoming = heard(a_press())
    assert incoming is not None
    assert (incoming.press, incoming.screen, incoming.language_hint) == ("v.1", "31", "kk")
    assert incoming.address.sender == "77"


def test_a_screen_that_is_gone_cannot_be_edited_and_so_is_not_named() -> None:
    incoming = heard(a_press(date=0))
    assert incoming is not None
    assert (incoming.press, incoming.screen) == ("v.1", "")


CARD = {"phone_number": "+77010000001", "first_name": "A", "user_id": 77}
USER = {"id": 78, "is_bot": False, "first_name": "B"}
A_BOT = {"id": 79, "is_bot": True, "first_name": "Via"}


@pytest.mark.parametrize(
    ("card", "more", "own"),
    [
        (CARD, {}, True),
        (CARD | {"user_id": 78}, {}, False),
        ({"phone_number": "+77010000001", "first_name": "A"}, {}, False),
        (CARD, {"forward_origin": {"type": "user", "date": 1, "sender_user": USER}}, False),
        (CARD, {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "B"}}, False),
        (CARD, {"forward_date": 1_700_000_000}, False),
        (CARD, {"via_bot": A_BOT}, False),
    ],
)
def test_a_contact_is_own_only_if_telegram_proves_it(
    card: dict[str, object], more: dict[str, object], own: bool
) -> None:
    update = a_message(1, "", contact=card, **more)
    del update["message"]["text"]  # type: ignore[attr-defined]
    incoming = heard(update)
    assert incoming is not None
    assert incoming.contact == Contact("+77010000001", own)
    assert not incoming.other


@pytest.mark.parametrize(
    "chat", [{"id": -5, "type": "group"}, {"id": -100, "type": "supergroup"}, {"id": -200, "type": "channel"}]
)
def test_nothing_is_heard_outside_a_private_chat(chat: dict[str, object]) -> None:
    assert heard(a_message(1, "/start", chat=chat | {"title": "G"})) is None
    assert heard(a_message(1, "", chat=chat | {"title": "G"}, contact=CARD)) is None
    assert heard(a_press(chat=chat | {"title": "G"})) is None


def test_nothing_is_heard_of_bots_channels_and_telegrams_own_notes() -> None:
    assert heard(a_message(1, "hi", **{"from": A_BOT})) is None
    post = {"message_id": 1, "date": 1, "chat": {"id": -200, "type": "channel", "title": "C"}, "text": "x"}
    assert heard({"update_id": 1, "channel_post": post}) is None
    assert heard(a_message(1, "", message_auto_delete_timer_changed={"message_auto_delete_time": 86400})) is None
    assert heard({"update_id": 1}) is None


def test_a_live_location_that_moves_is_not_answered_each_time() -> None:
    update = a_message(1, "", location={"latitude": 43.2, "longitude": 76.9, "live_period": 900})
    assert heard(update).other  # type: ignore[union-attr]
    assert heard({"update_id": 2, "edited_message": update["message"]}) is None
