"""How a reply looks in Telegram."""

import pytest

from bot.calls import (
    EditMessageText,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    SendMessage,
    in_json,
)
from bot.screens import UnfitPayloadError, anew, drawn, pieces, units
from handlers.speech import Action, Address, Incoming, Option, Reply

ADDRESS = Address("telegram", "77", "77", "1000001")
PRESSED = Incoming(id="1:1", address=ADDRESS, press="p", screen="31")
OPTIONS = (Option(1, "Сериков Ержан", "v.1", ticked=True), Option(2, "Ахметова Дина", "v.2"))


def one(reply: Reply, press_id: str = "") -> SendMessage | EditMessageText:
    (message,) = drawn([reply], press_id).messages
    return message


def test_the_heading_is_bold_in_utf16_units_and_nothing_is_markup() -> None:
    message = one(PRESSED.reply("<b>&_*", heading="🗳 Мәжіліс", footer="1/2"))
    assert message.text == "🗳 Мәжіліс\n\n<b>&_*\n\n1/2"
    (bold,) = message.entities or []
    assert (bold.type, bold.offset, bold.length) == ("bold", 0, 10)
    assert b"parse_mode" not in in_json(message)


def test_options_have_a_row_each_and_actions_share_rows() -> None:
    actions = (Action("Next", "n", row=1), Action("Back", "b", row=0), Action("Skip", "s", row=1))
    markup = one(PRESSED.reply("?", options=OPTIONS, actions=actions)).reply_markup
    assert isinstance(markup, InlineKeyboardMarkup)
    labels = [[button.text for button in row] for row in markup.inline_keyboard]
    assert labels == [["✓ Сериков Ержан"], ["Ахметова Дина"], ["Back"], ["Next", "Skip"]]
    assert markup.inline_keyboard[0][0].callback_data == "v.1"


def test_a_press_replaces_its_screen_and_a_text_gets_a_new_one() -> None:
    edit = one(PRESSED.reply("next", options=OPTIONS), "q1")
    assert isinstance(edit, EditMessageText)
    assert (edit.chat_id, edit.message_id) == (77, 31)
    assert isinstance(one(PRESSED.reply("next", fresh=True), "q1"), SendMessage)
    assert isinstance(one(Incoming(id="1:2", address=ADDRESS, text="x").reply("next")), SendMessage)


def test_only_the_first_of_several_replies_replaces_the_screen() -> None:
    first, second = drawn([PRESSED.reply("one"), PRESSED.reply("two")], "q1").messages
    assert isinstance(first, EditMessageText)
    assert isinstance(second, SendMessage)


def test_an_edit_sent_anew_loses_nothing() -> None:
    edit = one(PRESSED.reply("next", heading="H", options=OPTIONS), "q1")
    assert isinstance(edit, EditMessageText)
    fresh = anew(edit)
    assert (fresh.chat_id, fresh.text, fresh.entities) == (77, edit.text, edit.entities)
    assert (fresh.reply_markup, fresh.link_preview_options) == (edit.reply_markup, edit.link_preview_options)


def test_the_contact_button_comes_with_a_new_message_and_goes_with_one() -> None:
    asked = one(PRESSED.reply("share", ask_contact="My number", actions=(Action("Language", "l"),)), "q1")
    assert isinstance(asked, SendMessage)
    assert isinstance(asked.reply_markup, ReplyKeyboardMarkup)
    first, second = asked.reply_markup.keyboard
    assert (first[0].text, first[0].request_contact, second[0].text) == ("My number", True, "Language")
    gone = one(PRESSED.reply("code", drop_contact=True), "q1")
    assert isinstance(gone, SendMessage)
    assert isinstance(gone.reply_markup, ReplyKeyboardRemove)


def test_buttons_are_never_lost_to_the_contact_button() -> None:
    asked = one(PRESSED.reply("share", ask_contact="My number", options=OPTIONS))
    assert "1. ✓ Сериков Ержан\n2. Ахметова Дина" in (asked.text or "")
    kept = one(PRESSED.reply("code", drop_contact=True, options=OPTIONS))
    assert isinstance(kept.reply_markup, InlineKeyboardMarkup)


def test_every_press_is_acknowledged_with_a_toast_if_there_is_one() -> None:
    assert drawn([], "q1").acknowledgement is not None
    assert drawn([PRESSED.reply("x")]).acknowledgement is None
    toast = drawn([PRESSED.reply("", toast="Old button")], "q1")
    assert toast.messages == ()
    assert toast.acknowledgement is not None
    assert (toast.acknowledgement.text, toast.acknowledgement.show_alert) == ("Old button", False)


def test_a_long_toast_waits_to_be_closed_and_fits() -> None:
    drawing = drawn([PRESSED.reply("", toast="а" * 300)], "q1")
    assert drawing.acknowledgement is not None
    assert drawing.acknowledgement.show_alert
    assert len(drawing.acknowledgement.text or "") == 200


def test_a_toast_without_a_press_is_a_text() -> None:
    assert one(PRESSED.reply("", toast="Old button")).text == "Old button"


def test_a_long_text_is_cut_between_words_and_keeps_its_buttons_at_the_end() -> None:
    words = " ".join(["сайлау🗳"] * 1200)
    drawing = drawn([PRESSED.reply(words, heading="H", options=OPTIONS)], "q1")
    first, *_, last = drawing.messages
    assert len(drawing.messages) == 3
    assert all(units(message.text or "") <= 4096 for message in drawing.messages)
    assert isinstance(first, EditMessageText)
    assert first.entities
    assert first.reply_markup is None
    assert isinstance(last, SendMessage)
    assert isinstance(last.reply_markup, InlineKeyboardMarkup)
    joined = " ".join(message.text or "" for message in drawing.messages)
    assert joined.split() == ["H", *words.split()]


def test_a_text_without_spaces_is_cut_without_splitting_a_sign() -> None:
    parts = pieces("🗳" * 5000)
    assert "".join(parts) == "🗳" * 5000
    assert max(map(units, parts)) <= 4096


def test_a_payload_telegram_cannot_carry_is_refused() -> None:
    drawn([PRESSED.reply("?", actions=(Action("a", "я" * 32),))])
    with pytest.raises(UnfitPayloadError):
        drawn([PRESSED.reply("?", actions=(Action("a", "я" * 32 + "x"),))])


def test_numbers_stand_on_buttons_where_the_text_speaks_of_them() -> None:
    markup = one(PRESSED.reply("1. Сериков, инженер", options=OPTIONS, numbered=True)).reply_markup
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [row[0].text for row in markup.inline_keyboard] == ["✓ 1. Сериков Ержан", "2. Ахметова Дина"]
