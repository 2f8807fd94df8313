"""The pace as Telegram meets it: a broadcast that keeps to what is allowed is never told to wait."""

import asyncio
import random
import time

import structlog

from bot.pace import Urgency
from bot.sending import Outcome
from handlers.speech import Address, Incoming
from rehearsal.server import running
from tests.bot.conftest import TinyDesk, polling

ALLOWED, CHATS = 100, 180


async def test_a_broadcast_at_the_allowed_pace_is_never_told_to_wait() -> None:
    people = [{"name": f"P{n}", "phone": f"+7701{n:07d}", "language": "ru"} for n in range(CHATS)]
    async with running(clock=time.time, rng=random.Random(7), people=people) as box:
        chats = [str(box.hand(person["phone"]).chat.id) for person in people]
        box.telegram.pace.limit(ALLOWED, 1)
        with structlog.testing.capture_logs() as logs:
            async with polling(box, TinyDesk(), per_second=ALLOWED) as door:
                news = [Incoming(id="", address=Address("telegram", chat, chat)).reply("turnout") for chat in chats]
                sent = await asyncio.gather(*(door.send(each, Urgency.BROADCAST) for each in news))
    assert sent == [Outcome.DELIVERED] * CHATS
    assert [line for line in logs if line["event"] == "telegram_asks_to_wait"] == []
