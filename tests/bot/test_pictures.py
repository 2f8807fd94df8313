"""A picture for many: uploaded once, then named, and never the reason that a message does not arrive."""

import asyncio

from bot.pace import Urgency
from bot.sending import Outcome
from handlers.speech import Address, Incoming, Reply
from rehearsal.box import Box
from rehearsal.faults import Fault
from tests.bot.conftest import AIGERIM, ANN, IVAN, TinyDesk, polling

PICTURE = b"\x89PNG a picture"


def news(box: Box, phone: str, words: str = "turnout") -> Reply:
    chat = str(box.hand(phone).person.telegram_id)
    return Incoming(id="", address=Address("telegram", chat, chat)).reply(words, heading="Bulletin")


def shown(box: Box, phone: str) -> list[dict[str, object]]:
    return [message.content for message in box.hand(phone).chat.messages.values() if message.from_bot]


async def test_a_picture_is_uploaded_once_for_all(box: Box, desk: TinyDesk) -> None:
    box.faults.add(Fault("bot_api", "server_error", only="sendPhoto"))
    async with polling(box, desk) as door:
        sent = await asyncio.gather(
            *(door.send(news(box, who), Urgency.BROADCAST, picture=PICTURE) for who in (AIGERIM, IVAN, ANN))
        )
    assert sent == [Outcome.DELIVERED] * 3
    (stored,) = box.telegram.files.values()
    assert stored.body == PICTURE
    for who in (AIGERIM, IVAN, ANN):
        (message,) = shown(box, who)
        assert message["photo"][0]["file_id"] == stored.id  # type: ignore[index]
        assert message["caption"] == "Bulletin\n\nturnout"
        assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 8}]


async def test_where_the_first_chat_is_closed_the_next_one_uploads(box: Box, desk: TinyDesk) -> None:
    box.hand(AIGERIM).blocks()
    async with polling(box, desk) as door:
        assert await door.send(news(box, AIGERIM), picture=PICTURE) is Outcome.BLOCKED
        assert await door.send(news(box, IVAN), picture=PICTURE) is Outcome.DELIVERED
    assert len(box.telegram.files) == 1


async def test_a_text_too_long_for_a_picture_goes_without(box: Box, desk: TinyDesk) -> None:
    async with polling(box, desk) as door:
        assert await door.send(news(box, IVAN, "Қ" * 1100), picture=PICTURE) is Outcome.DELIVERED
    assert "text" in shown(box, IVAN)[0]
    assert not box.telegram.files


async def test_a_picture_that_telegram_refuses_does_not_keep_the_words_back(box: Box, desk: TinyDesk) -> None:
    async with polling(box, desk) as door:
        assert await door.send(news(box, IVAN), picture=PICTURE) is Outcome.DELIVERED
        box.telegram.files.clear()  # the id is not known any more
        assert await door.send(news(box, ANN), picture=PICTURE) is Outcome.DELIVERED
    assert shown(box, ANN)[0]["text"] == "Bulletin\n\nturnout"


async def test_a_message_withdrawn_before_its_turn_is_not_sent(box: Box, desk: TinyDesk) -> None:
    async def no() -> bool:
        return False

    async with polling(box, desk) as door:
        assert await door.send(news(box, IVAN), still=no) is Outcome.WITHDRAWN
        assert await door.send(news(box, IVAN), picture=PICTURE, still=no) is Outcome.WITHDRAWN
    assert shown(box, IVAN) == []


async def test_a_channel_is_met_by_its_name_and_a_chat_that_is_gone_is_closed(box: Box, desk: TinyDesk) -> None:
    channel = box.telegram.add_shared("channel", "Turnout", "turnout", [])
    async with polling(box, desk) as door:
        for chat, outcome in (("@turnout", Outcome.DELIVERED), ("@nothing", Outcome.BLOCKED), ("42", Outcome.BLOCKED)):
            reply = Incoming(id="", address=Address("telegram", chat, chat)).reply("turnout")
            assert await door.send(reply, Urgency.BROADCAST) is outcome
    assert [message.content["text"] for message in channel.messages.values()] == ["turnout"]
