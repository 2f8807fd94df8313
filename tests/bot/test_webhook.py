"""The door by webhook: who may knock, what 200 means, and what goes in the response."""

import asyncio
import json
from collections.abc import Sequence

import pytest
import structlog
from aiohttp import ClientSession

from handlers.speech import Action, Incoming, Option, Reply
from rehearsal.box import Box
from rehearsal.faults import Fault
from tests.bot.conftest import AIGERIM, IVAN, SECRET, Hooked, TinyDesk, a_message, echo, hooked, texts, until


@pytest.mark.parametrize(
    ("secret", "status"),
    [(None, 401), ("", 403), ("wrong", 403), (SECRET + "x", 403), ("пароль", 403), (SECRET.upper(), 403)],
)
async def test_without_the_secret_nothing_is_heard(box: Box, desk: TinyDesk, secret: str | None, status: int) -> None:
    async with hooked(box, desk, opened=False) as door:
        assert (await door.post(a_message(1, "vote"), secret))[0] == status
    assert desk.heard == []


async def test_a_secret_of_stray_bytes_is_refused_and_nothing_raises(box: Box, desk: TinyDesk) -> None:
    async with hooked(box, desk, opened=False) as door:
        host, port = door.url.split("/")[2].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /{door.url.split('/', 3)[3]} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n".encode()
        writer.write(head + b"X-Telegram-Bot-Api-Secret-Token: \xff\xfe\x80\r\n\r\n{}")
        status = (await reader.readline()).split()[1]
        writer.close()
        await writer.wait_closed()
    assert status in (b"400", b"403")
    assert desk.heard == []


async def test_a_body_that_is_no_update_is_refused(box: Box, desk: TinyDesk) -> None:
    bad = (b"", b"{", b"\xff", b"[]", b"7", b"{}", b'{"update_id":"1"}', b'{"update_id":true}', b"[" * 100_000)
    async with hooked(box, desk, opened=False) as door:
        for body in bad:
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with door.client.post(door.url, data=body, headers=headers) as response:
                assert response.status == 400, body[:20]
    assert desk.heard == []


async def test_a_body_beyond_the_limit_is_refused_whether_its_length_is_told_or_not(box: Box, desk: TinyDesk) -> None:
    body = json.dumps(a_message(1, "x" * 300_000)).encode()

    async def in_parts():  # type: ignore[no-untyped-def]
        for start in range(0, len(body), 20_000):
            yield body[start : start + 20_000]

    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with hooked(box, desk, opened=False) as door:
        for data in (body, in_parts()):
            async with door.client.post(door.url, data=data, headers=headers) as response:
                assert response.status == 413
    assert desk.heard == []


async def test_an_update_of_a_kind_not_yet_known_is_taken_once_and_told(box: Box, desk: TinyDesk) -> None:
    odd = {"update_id": 3, "message": {"message_id": "?"}}
    with structlog.testing.capture_logs() as logs:
        async with hooked(box, desk, opened=False) as door:
            assert await door.post(odd) == (200, "")
            assert await door.post({"update_id": 4, "brand_new": {}}) == (200, "")
    assert [line["update"] for line in logs if line["event"] == "update_not_understood"] == [3]


@pytest.mark.parametrize("keyboard", [{"inline_keyboard": [[{"text": 7}]] * 40}, {"brand_new": []}, "nonsense", None])
async def test_what_stands_on_the_pressed_screen_is_never_read(box: Box, desk: TinyDesk, keyboard: object) -> None:
    user = {"id": 77, "is_bot": False}
    screen = {"message_id": 3, "date": 1_700_000_000, "chat": {"id": 77, "type": "private"}, "reply_markup": keyboard}
    press = {"id": "q9", "from": user, "data": "v.1", "message": screen}
    async with hooked(box, desk, opened=False) as door:
        status, body = await door.post({"update_id": 1, "callback_query": press})
    assert (status, json.loads(body)["text"]) == (200, "heard v.1")
    assert json.loads(body)["method"] == "editMessageText"


async def test_the_answer_goes_in_the_response_with_its_buttons_and_its_bold_heading(box: Box, desk: TinyDesk) -> None:
    async def ballot(incoming: Incoming) -> Sequence[Reply]:
        option = Option(1, "Сериков Ержан", "v.1", ticked=True)
        return [incoming.reply("choose", heading="Мәжіліс", options=(option,), actions=(Action("Next", "n"),))]

    desk.script = ballot
    async with hooked(box, desk, opened=False) as door:
        status, body = await door.post(a_message(1, "/start"))
    assert status == 200
    assert desk.reported == [], "Telegram brings it again only where the response was lost; then the answer is due"
    assert json.loads(body) == {
        "method": "sendMessage",
        "chat_id": 77,
        "text": "Мәжіліс\n\nchoose",
        "entities": [{"type": "bold", "offset": 0, "length": 7}],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "✓ Сериков Ержан", "callback_data": "v.1"}],
                [{"text": "Next", "callback_data": "n"}],
            ]
        },
    }


async def test_200_is_not_said_before_the_desk_has_heard(box: Box, desk: TinyDesk) -> None:
    commit = asyncio.Event()

    async def slow(incoming: Incoming) -> Sequence[Reply]:
        await commit.wait()
        return await echo(incoming)

    desk.script = slow
    async with hooked(box, desk, opened=False) as door, asyncio.TaskGroup() as group:
        posted = group.create_task(door.post(a_message(1, "vote")))
        await until(lambda: desk.heard)
        assert not posted.done()
        commit.set()
        assert (await posted)[0] == 200


async def test_one_slow_member_does_not_hold_up_another(box: Box, desk: TinyDesk) -> None:
    release = asyncio.Event()

    async def slow_for_one(incoming: Incoming) -> Sequence[Reply]:
        if incoming.address.sender == "77":
            await release.wait()
        return await echo(incoming)

    desk.script = slow_for_one
    async with hooked(box, desk, opened=False) as door, asyncio.TaskGroup() as group:
        slow = group.create_task(door.post(a_message(1, "slow")))
        await until(lambda: desk.heard)
        assert (await door.post(a_message(2, "quick", sender=78)))[0] == 200
        assert not slow.done()
        release.set()


async def test_what_the_desk_fails_at_is_brought_again_and_happens_once(box: Box, desk: TinyDesk) -> None:
    async def fails_twice(incoming: Incoming) -> Sequence[Reply]:
        if len(desk.heard) <= 2:
            raise OSError("the store is away")
        return await echo(incoming)

    desk.script = fails_twice
    async with hooked(box, desk):
        box.hand(AIGERIM).says("vote")
        await until(lambda: texts(box, AIGERIM))
    assert len(desk.heard) == 3
    assert desk.effects == [desk.heard[0].id]
    assert texts(box, AIGERIM) == ["heard vote"]


async def test_a_failure_is_503_with_a_short_retry_after_and_no_words(box: Box, desk: TinyDesk) -> None:
    async def fails(incoming: Incoming) -> Sequence[Reply]:
        raise OSError("the store is away")

    desk.script = fails
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with (
        hooked(box, desk, opened=False) as door,
        door.client.post(door.url, json=a_message(1, "vote"), headers=headers) as response,
    ):
        assert (response.status, await response.text()) == (503, "")
        assert int(response.headers["Retry-After"]) <= 5


async def test_a_delivery_repeated_is_answered_again_and_happens_once(box: Box, desk: TinyDesk) -> None:
    async with hooked(box, desk, opened=False) as door:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(door.post(a_message(1, "vote")))
        status, body = await door.post(a_message(1, "vote"))
    assert (status, json.loads(body)["text"]) == (200, "heard vote")
    assert len(desk.effects) == 1


async def test_a_group_and_a_photo_in_it_get_an_empty_200(box: Box, desk: TinyDesk) -> None:
    group = {"id": -5, "type": "group", "title": "G"}
    async with hooked(box, desk, opened=False) as door:
        assert await door.post(a_message(1, "/start", chat=group)) == (200, "")
    assert desk.heard == []


async def test_telegram_is_told_where_the_door_is_and_what_to_bring(box: Box, desk: TinyDesk) -> None:
    async with hooked(box, desk) as door:
        hook = box.telegram.bot(box.token).push.hook
        assert hook is not None
        assert (hook.url, hook.secret, hook.max_connections) == (door.url, SECRET, 100)
    assert box.telegram.bot(box.token).push.hook is not None  # a stop leaves it for the next process


async def test_a_whole_talk_takes_one_call_beside_the_responses_for_each_press(box: Box, desk: TinyDesk) -> None:
    async def two_screens(incoming: Incoming) -> Sequence[Reply]:
        return [incoming.reply(f"after {incoming.text or incoming.press}", actions=(Action("One", "p.1"),))]

    desk.script = two_screens
    hand = box.hand(IVAN)
    async with hooked(box, desk):
        hand.says("/start")
        await until(lambda: texts(box, IVAN))
        hand.presses(max(hand.chat.messages), "p.1")
        await until(lambda: texts(box, IVAN) == ["after p.1"])
        await until(lambda: hand.chat.counts.answered == 1)
    assert (hand.chat.counts.sent, hand.chat.counts.edited) == (1, 1)


async def test_a_toast_alone_goes_in_the_response(box: Box, desk: TinyDesk) -> None:
    async def old(incoming: Incoming) -> Sequence[Reply]:
        return [incoming.reply("", toast="Old button")]

    desk.script = old
    user = {"id": 77, "is_bot": False, "first_name": "A"}
    screen = {"message_id": 3, "date": 1_700_000_000, "chat": {"id": 77, "type": "private"}, "text": "?"}
    press = {"id": "q9", "from": user, "chat_instance": "x", "data": "v.1", "message": screen}
    async with hooked(box, desk, opened=False) as door:
        _, body = await door.post({"update_id": 1, "callback_query": press})
    assert json.loads(body) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "q9",
        "text": "Old button",
        "show_alert": False,
    }


async def test_several_messages_arrive_in_their_order(box: Box, desk: TinyDesk) -> None:
    async def three(incoming: Incoming) -> Sequence[Reply]:
        return [incoming.reply(word) for word in ("one", "two", "three")]

    desk.script = three
    async with hooked(box, desk):
        box.hand(AIGERIM).says("/start")
        await until(lambda: desk.reported)
    assert texts(box, AIGERIM) == ["one", "two", "three"]


async def test_while_telegram_asks_to_wait_the_answer_waits_beside_the_response(box: Box, desk: TinyDesk) -> None:
    async def two_for_ivan(incoming: Incoming) -> Sequence[Reply]:
        first = await echo(incoming)
        return [*first, incoming.reply("more")] if incoming.text == "two" else first

    desk.script = two_for_ivan
    box.faults.add(Fault("bot_api", "too_many", only="sendMessage", times=1, retry_after=1))
    with structlog.testing.capture_logs() as logs:
        async with hooked(box, desk):
            box.hand(IVAN).says("two")
            await until(lambda: any(line["event"] == "telegram_asks_to_wait" for line in logs))
            box.hand(AIGERIM).says("one")
            await until(lambda: len(desk.heard) == 2)
            assert texts(box, AIGERIM) == []
            await until(lambda: len(desk.reported) == 2)
    assert texts(box, AIGERIM) == ["heard one"]
    assert texts(box, IVAN) == ["heard two", "more"]


async def test_a_client_that_leaves_before_the_answer_breaks_nothing(box: Box, desk: TinyDesk) -> None:
    release = asyncio.Event()

    async def slow(incoming: Incoming) -> Sequence[Reply]:
        await release.wait()
        return await echo(incoming)

    desk.script = slow
    async with hooked(box, desk, opened=False) as door:
        async with ClientSession() as impatient, asyncio.TaskGroup() as group:
            gone = group.create_task(Hooked(door.url, impatient).post(a_message(1, "vote")))
            await until(lambda: desk.heard)
            gone.cancel()
        release.set()
        await until(lambda: desk.effects)
        status, body = await door.post(a_message(1, "vote"))
        assert status == 200
        assert body == "" or json.loads(body)["text"] == "heard vote"
    assert len(desk.effects) == 1
