"""Updates of every sort as Telegram delivers them, the odd ones first of all."""

from typing import Any

Json = dict[str, Any]

USER = {"id": 77, "is_bot": False, "first_name": "A", "last_name": "B", "username": "ab", "language_code": "kk"}
OTHER = {"id": 78, "is_bot": False, "first_name": "B"}
ROBOT = {"id": 79, "is_bot": True, "first_name": "R", "username": "r_bot"}
CHAT = {"id": 77, "type": "private", "first_name": "A"}
GROUP = {"id": -100, "type": "supergroup", "title": "G"}
FILE = {"file_id": "a", "file_unique_id": "b"}
CARD = {"phone_number": "77010000001", "first_name": "A", "user_id": 77}
SCREEN = {
    "message_id": 31,
    "date": 1_700_000_000,
    "edit_date": 1_700_000_009,
    "chat": CHAT,
    "from": ROBOT,
    "text": "Мәжіліс",
    "entities": [{"type": "bold", "offset": 0, "length": 7}],
    "reply_markup": {
        "inline_keyboard": [[{"text": "1", "callback_data": "v.1"}], [{"text": "→", "url": "https://x.y"}]]
    },
}
GONE = {"message_id": 31, "date": 0, "chat": CHAT}


def message(**parts: object) -> Json:
    """An update by a message of these parts, in a private chat unless they say otherwise."""
    return {"update_id": 5, "message": {"message_id": 9, "date": 1_700_000_000, "chat": CHAT, "from": USER} | parts}


def press(**parts: object) -> Json:
    """An update by a press on SCREEN."""
    query = {"id": "q1", "from": USER, "chat_instance": "x", "data": "v.1", "message": SCREEN}
    return {"update_id": 6, "callback_query": query | parts}


ODD: dict[str, Json] = {
    "text": message(text="2"),
    "text of nothing": message(text=""),
    "text of marks, a nul and a sign beyond the basic plane": message(text="\u200f1\x0023\u200e 🗳"),
    "text too long": message(text="ы" * 5000),
    "text with a quote and a reply": message(text="1", reply_to_message=SCREEN, quote={"text": "M", "position": 0}),
    "text by a person without a language": message(text="1", **{"from": OTHER}),
    "text by way of a bot": message(text="1", via_bot=ROBOT),
    "text of a business": message(text="1", business_connection_id="x", sender_business_bot=ROBOT),
    "text from a robot": message(text="1", **{"from": ROBOT}),
    "text from nobody": message(text="1", **{"from": None}),
    "text in a group": message(text="/start", chat=GROUP),
    "text with ids beyond 32 bits": message(text="1", chat=CHAT | {"id": 2**52}, **{"from": USER | {"id": 2**52}}),
    "photo": message(photo=[FILE | {"width": 1, "height": 1}], caption="1"),
    "dice": message(dice={"emoji": "🎲", "value": 1}),
    "place": message(location={"latitude": 43.2, "longitude": 76.9}),
    "own contact": message(contact=CARD | {"vcard": "BEGIN:VCARD"}),
    "own contact with a text": message(contact=CARD, text="1"),
    "contact without an account": message(contact={"phone_number": "7701", "first_name": "A"}),
    "contact of another": message(contact=CARD | {"user_id": 78}),
    "contact forwarded from a person": message(
        contact=CARD, forward_origin={"type": "user", "date": 1, "sender_user": OTHER}
    ),
    "contact forwarded from a hidden person": message(
        contact=CARD, forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "B"}
    ),
    "contact forwarded, as old servers say it": message(contact=CARD, forward_date=1_700_000_000),
    "contact forwarded at the beginning of time": message(contact=CARD, forward_date=0),
    "contact by way of a bot": message(contact=CARD, via_bot=ROBOT),
    "contact in a group": message(contact=CARD, chat=GROUP),
    "pinned": message(pinned_message=SCREEN),
    "pinned and gone": message(pinned_message=GONE),
    "timer": message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
    "background": message(chat_background_set={"type": {"type": "chat_theme", "theme_name": "x"}}),
    "write access": message(write_access_allowed={}),
    "every note that is null": message(text="1", pinned_message=None, write_access_allowed=None, forward_origin=None),
    "edited": {"update_id": 7, "edited_message": message(text="3", edit_date=1_700_000_001)["message"]},
    "edited in a group": {"update_id": 7, "edited_message": message(text="3", chat=GROUP)["message"]},
    "live place": {"update_id": 7, "edited_message": message(location={"latitude": 1, "longitude": 2})["message"]},
    "press": press(),
    "press on a screen that is gone": press(message=GONE),
    "press on a screen of the year 1970": press(message=SCREEN | {"date": 0}),
    "press on no message": press(message=None, inline_message_id="i"),
    "press of a game": press(data=None, game_short_name="g"),
    "press of nothing": press(data=""),
    "press by a robot": press(**{"from": ROBOT}),
    "press in a group": press(message=SCREEN | {"chat": GROUP}),
    "blocked": {
        "update_id": 8,
        "my_chat_member": {
            "chat": CHAT, "from": USER, "date": 1, "old_chat_member": {"status": "member", "user": ROBOT},
            "new_chat_member": {"status": "kicked", "user": ROBOT, "until_date": 0},
        },
    },
    "channel post": {"update_id": 8, "channel_post": {"message_id": 1, "date": 1, "chat": GROUP, "text": "x"}},
    "nothing": {"update_id": 8},
    "a kind nobody knows": {"update_id": 8, "brand_new": {"from": 7}},
    "a message and a press": press() | message(text="1"),
    "kinds that are null": {"update_id": 8, "message": None, "callback_query": None, "edited_message": None},
}  # fmt: skip
