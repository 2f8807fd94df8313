"""The webhook reads few fields and polling reads them all; what the desk hears is the same."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from aiogram import types
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.incoming import SILENT_NOTES, incoming_from, press_id
from bot.updates import Message as FewFields
from bot.updates import Reader, UnreadError
from handlers.speech import Contact, Incoming
from rehearsal.box import Box
from rehearsal.chats import Message
from tests.bot.conftest import AIGERIM, ANN
from tests.bot.odd_updates import CARD, CHAT, ODD, SCREEN, Json, message

BOT = 1000001
READER = Reader()
Heard = tuple[Incoming | None, str]
"""What is said, and the press to acknowledge."""


def by_aiogram(update: Json) -> Heard | str:
    try:
        read = types.Update.model_validate(update)
    except ValidationError:
        return "unread"
    return incoming_from(read, BOT), press_id(read)


def by_few_fields(update: Json, *, ascii_only: bool = True) -> Heard | str:
    try:
        read = READER.read(json.dumps(update, ensure_ascii=ascii_only).encode())
    except UnreadError:
        return "unread"
    return incoming_from(read, BOT), press_id(read)


@pytest.mark.parametrize("kind", list(ODD))
def test_an_odd_update_is_heard_alike(kind: str) -> None:
    heard = by_aiogram(ODD[kind])
    assert heard != "unread", "aiogram must read it, or nothing is compared"
    assert by_few_fields(ODD[kind]) == by_few_fields(ODD[kind], ascii_only=False) == heard


def test_the_odd_ones_are_of_every_sort() -> None:
    heard = [by_few_fields(update)[0] for update in ODD.values()]
    said = [each for each in heard if isinstance(each, Incoming)]
    assert None in heard
    assert {each.contact.own for each in said if each.contact} == {True, False}
    assert {each.other for each in said} == {True, False}
    assert {each.screen for each in said if each.press} == {"", "31"}
    assert max(len(each.text) for each in said) == 4096


def a_busy_day(box: Box) -> list[Json]:
    """Everything the rehearsal's people can do."""
    hand, ann = box.hand(AIGERIM), box.hand(ANN).person
    chat = hand.chat
    hand.says("/start@rehearsal_bot deep")
    hand.edits(hand.says("2"), "3")
    hand.shares_contact()
    hand.shares_contact_of(ann)
    hand.shares_contact_of(ann, with_account=False)
    hand.shares_contact_of(None, phone="+77019999999")
    hand.forwards_contact(ann)
    hand.sends_photo()
    hand.sends_sticker()
    hand.sends_voice()
    markup = {"inline_keyboard": [[{"text": "1", "callback_data": "v.1"}]]}
    screen = chat.add(Message(chat.next_id(), hand.bot.as_user(), 1_700_000_000, {"text": "?"}, True, markup))
    hand.presses(screen.id, "v.1")
    hand.presses(screen.id, "v.9", stale=True)
    hand.says_in(box.telegram.add_shared("group", "Friends", "", [ann]), "/start")
    hand.blocks()
    hand.says("back again")
    return [update.body for update in hand.bot.queue.pending]


async def test_all_that_the_rehearsal_can_do_is_heard_alike(box: Box) -> None:
    updates = a_busy_day(box)
    kinds = {kind for update in updates for kind in update} - {"update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    for update in updates:
        assert by_few_fields(update) == by_aiogram(update) != "unread"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
anything = st.recursive(scalars, lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3))
numbers = st.integers(-(2**52), 2**52)
unknown = st.dictionaries(texts.map("x_{}".format), anything, max_size=3)
users = st.fixed_dictionaries(
    {"id": numbers, "is_bot": st.booleans(), "first_name": texts},
    optional={"language_code": st.none() | texts, "username": texts, "is_premium": st.booleans()},
)
chats = st.fixed_dictionaries({"id": numbers, "type": st.sampled_from(["private", "group", "channel", "sender"])})
cards = st.fixed_dictionaries({"phone_number": texts, "first_name": texts}, optional={"user_id": st.none() | numbers})
origins = st.fixed_dictionaries({"type": st.just("hidden_user"), "date": st.just(1), "sender_user_name": texts})


@st.composite
def messages(draw: st.DrawFn) -> Json:
    sender = draw(users)
    known = st.fixed_dictionaries(
        {"message_id": numbers, "date": st.integers(0, 2**31), "chat": chats | st.just(CHAT), "from": st.just(sender)},
        optional={
            "text": st.none() | texts,
            "contact": st.none() | cards | cards.map(lambda card: card | {"user_id": sender["id"]}),
            "forward_origin": st.none() | origins,
            "forward_date": st.none() | st.integers(0, 2**31),
            "via_bot": st.none() | users,
            "location": st.none() | st.just({"latitude": 1.5, "longitude": 2}),
            "pinned_message": st.none() | st.just(SCREEN),
            "write_access_allowed": st.none() | st.just({}),
            "reply_markup": st.just(SCREEN["reply_markup"]),
            "reply_to_message": st.just(SCREEN),
        },
    )
    return draw(unknown) | draw(known)


presses = st.fixed_dictionaries(
    {"id": texts, "from": users, "chat_instance": texts},
    optional={"message": st.none() | messages(), "data": st.none() | texts},
)
updates = st.fixed_dictionaries(
    {"update_id": numbers},
    optional={"message": st.none() | messages(), "edited_message": messages(), "callback_query": st.none() | presses},
)


@settings(max_examples=300, deadline=None)
@given(updates, unknown, st.booleans())
def test_whatever_telegram_puts_into_an_update_is_heard_alike(update: Json, more: Json, ascii_only: bool) -> None:
    heard = by_aiogram(more | update)
    assert heard != "unread"
    assert by_few_fields(more | update, ascii_only=ascii_only) == heard


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from places(each, (*path, key))


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(list(ODD.values())), st.data(), anything)
def test_noise_in_any_place_never_makes_them_hear_different_things(
    update: Json, data: st.DataObject, noise: Any
) -> None:
    """Either may refuse an update that is none; where both read it, they read the same."""
    *way, last = data.draw(st.sampled_from(list(places(update))))
    spoiled = deepcopy(update)
    place: Any = spoiled
    for key in way:
        place = place[key]
    if data.draw(st.booleans()):
        place[last] = noise
    else:
        del place[last]
    few, all_of_it = by_few_fields(spoiled), by_aiogram(spoiled)
    assert "unread" in (few, all_of_it) or few == all_of_it


def test_every_note_that_is_met_with_silence_is_among_the_fields() -> None:
    assert set(SILENT_NOTES) <= set(FewFields.__struct_fields__)


def test_a_contact_is_not_own_if_its_origin_is_of_a_kind_not_yet_known() -> None:
    heard, _ = by_few_fields(message(contact=CARD, forward_origin={"type": "brand_new"}))
    assert isinstance(heard, Incoming)
    assert heard.contact == Contact("77010000001", own=False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"update_id":1,"x":"\xff"}',
        b"[" * 100_000,
        b'{"update_id":true}',
        b'{"update_id":1}x',
    ],
)
def test_what_is_no_update_is_not_read(body: bytes) -> None:
    with pytest.raises(UnreadError):
        READER.read(body)


def test_nesting_without_end_is_not_read() -> None:
    with pytest.raises(UnreadError):
        READER.read(b'{"update_id":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
