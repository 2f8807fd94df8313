"""What people really send to a bot, as Telegram delivers it: it is answered with what is awaited, or left alone."""

from pathlib import Path

import pytest

from tests.doors.handsets import Chat
from tests.voters import START, TEXTS, Booth, booth

DATE = int(START.timestamp())
FILE = {"file_id": "a", "file_unique_id": "b"}
GROUP = {"id": -100, "type": "supergroup", "title": "Group"}
STICKER = FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
HERSELF = {"id": 5001, "is_bot": False, "first_name": "A"}
SILLY: dict[str, dict[str, object]] = {
    "photo": {"photo": [FILE | {"width": 1, "height": 1}]},
    "photo with a number under it": {"photo": [FILE | {"width": 1, "height": 1}], "caption": "1"},
    "sticker": {"sticker": STICKER},
    "voice": {"voice": FILE | {"duration": 1}},
    "place": {"location": {"latitude": 43.2, "longitude": 76.9}},
    "dice": {"dice": {"emoji": "🎲", "value": 1}},
    "poll": {
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
            "allows_revoting": False, "members_only": False,
        }
    },
    "unknown command": {"text": "/vote_for_me"},
    "five thousand signs": {"text": "1" * 4_096},
}  # fmt: skip


async def _at_the_ballot(hall: Booth) -> Chat:
    anna = Chat(hall, 1, "ru")
    await anna.arrives()
    return anna


@pytest.mark.parametrize("kind", list(SILLY))
async def test_it_is_answered_with_what_is_awaited(tmp_path: Path, kind: str) -> None:
    async with booth(tmp_path) as hall:
        anna = await _at_the_ballot(hall)
        assert await anna.sends({"message": anna.message(**SILLY[kind])})
        assert TEXTS.said("ru", "awaiting-choice-chat", last=3) in anna.reads()
        await anna.presses("Ким Виктор")
        assert "Ким Виктор" in str([shown.text for shown in anna.messages.values()]), "the buttons above still work"


async def test_an_edited_answer_is_no_new_answer(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = await _at_the_ballot(hall)
        assert await anna.sends({"edited_message": anna.message(text="2", edit_date=DATE)})
        assert TEXTS.said("ru", "awaiting-choice-chat", last=3) in anna.reads()


@pytest.mark.parametrize(
    "how",
    [
        {"forward_origin": {"type": "user", "date": DATE, "sender_user": HERSELF}},
        {"forward_origin": {"type": "hidden_user", "date": DATE, "sender_user_name": "A"}},
        {"via_bot": {"id": 7, "is_bot": True, "first_name": "B"}},
    ],
    ids=["forwarded", "forwarded from somebody hidden", "by way of a bot"],
)  # fmt: skip
async def test_even_her_own_contact_is_refused_when_it_comes_by_another_way(
    tmp_path: Path, how: dict[str, object]
) -> None:
    async with booth(tmp_path) as hall:
        anna = Chat(hall, 1, "ru")
        await anna.types("/start")
        contact = {"phone_number": anna.phone, "first_name": "A", "user_id": 5001}
        await anna.sends({"message": anna.message(contact=contact, **how)})
        assert TEXTS.said("ru", "not-own-contact") in anna.reads()
        assert anna.newest.asks_contact
        assert await hall.letters(anna.phone) == []


@pytest.mark.parametrize("user", [{"user_id": 5002}, {}], ids=["another's", "nobody's"])
async def test_a_contact_of_somebody_else_is_refused_and_no_sms_leaves(tmp_path: Path, user: dict[str, object]) -> None:
    async with booth(tmp_path) as hall:
        anna = Chat(hall, 1, "ru")
        await anna.types("/start")
        contact = {"phone_number": "+77010000002", "first_name": "B"} | user
        await anna.sends({"message": anna.message(contact=contact)})
        assert TEXTS.said("ru", "not-own-contact") in anna.reads()
        assert await hall.letters("+77010000002") == []


async def test_a_group_is_left_alone_whatever_is_said_in_it(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = await _at_the_ballot(hall)
        spent = anna.spent
        for said in ({"text": "/start"}, {"text": "2"}, SILLY["photo"]):
            assert not await anna.sends({"message": anna.message(chat=GROUP, **said)})
        press = {"id": "9", "from": anna.user, "chat_instance": "1", "data": anna.newest.buttons["Ким Виктор"]}
        assert not await anna.sends({"callback_query": press | {"message": anna.message(text="", chat=GROUP)}})
        assert anna.spent == spent
        await anna.presses("Ким Виктор")
        assert TEXTS.said("ru", "review") in anna.reads()
