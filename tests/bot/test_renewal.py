"""Screens that move by themselves, and pictures in answers: real calls to a Telegram in a box."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest
import structlog

from bot import renewal
from handlers.speech import Action, Incoming, Reply
from rehearsal.box import Box
from tests.bot.conftest import IVAN, TinyDesk, hooked, polling, texts, until

PICTURE = b"\x89PNG a picture"
GO = (Action("Go", "go"),)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "FIRST_PAUSE", 0.05)


def moving(last: int) -> TinyDesk:
    """A screen that counts up to this number once its button is pressed."""

    async def script(incoming: Incoming) -> Sequence[Reply]:
        if not incoming.press:
            return [incoming.reply("before", actions=GO)]
        steps = count(1)

        async def renewed() -> Reply | None:
            number = next(steps)
            shown = incoming.reply(f"step {number}", actions=GO)
            return replace(shown, renewed=renewed) if number < last else shown

        return [incoming.reply("step 0", actions=GO, renewed=renewed)]

    return TinyDesk(script)


async def test_a_screen_moves_where_it_stands_until_it_has_ended(box: Box) -> None:
    async with polling(box, moving(last=4)):
        hand = box.hand(IVAN)
        hand.says("/start")
        await until(lambda: texts(box, IVAN) == ["before"])
        hand.presses(max(hand.chat.messages), "Go")
        await until(lambda: texts(box, IVAN) == ["step 4"])
    assert hand.chat.counts.sent == 1


async def test_behind_a_webhook_too_and_a_screen_that_was_deleted_is_let_go(box: Box) -> None:
    async with hooked(box, moving(last=10_000)):
        hand = box.hand(IVAN)
        hand.says("/start")
        await until(lambda: texts(box, IVAN) == ["before"])
        place = max(hand.chat.messages)
        hand.presses(place, "Go")
        await until(lambda: texts(box, IVAN)[0] >= "step 3")
        with structlog.testing.capture_logs() as logs:
            del hand.chat.messages[place]
            await until(lambda: [line["method"] for line in logs] == ["editMessageText"])
    assert hand.chat.counts.sent == 1, "it does not come back"


async def test_a_stop_waits_for_no_screen(box: Box) -> None:
    async with asyncio.timeout(60), polling(box, moving(last=10_000), stop_seconds=3600.0):
        hand = box.hand(IVAN)
        hand.says("/start")
        await until(lambda: texts(box, IVAN) == ["before"])
        hand.presses(max(hand.chat.messages), "Go")
        await until(lambda: texts(box, IVAN)[0] >= "step 2")


@pytest.mark.parametrize("webhook", [False, True])
async def test_an_answer_may_have_a_picture(box: Box, webhook: bool) -> None:
    async def script(incoming: Incoming) -> Sequence[Reply]:
        return [
            incoming.reply("chart", heading="Bulletin", picture=PICTURE),
            incoming.reply("send it?", actions=GO, fresh=True),
        ]

    async with (hooked if webhook else polling)(box, TinyDesk(script)):
        hand = box.hand(IVAN)
        hand.says("/start")
        await until(lambda: hand.chat.counts.sent == 2)
    first, second = [message.content for message in hand.chat.messages.values() if message.from_bot]
    assert (first["caption"], second["text"]) == ("Bulletin\n\nchart", "send it?")
    assert [stored.body for stored in box.telegram.files.values()] == [PICTURE]
