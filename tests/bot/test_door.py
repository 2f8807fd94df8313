"""The door put together: what it refuses, its menus, and what it says unasked."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.door import DoorError, PublicAddress, TelegramDoor
from bot.pace import Urgency
from bot.sending import Outcome
from handlers.speech import Address, Incoming, Reply
from rehearsal.box import Box
from rehearsal.faults import Fault
from tests.bot.conftest import AIGERIM, ANN, IVAN, TinyDesk, polling, texts, until

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("tokens", [[], ["nonsense"], ["12:ab cd"], ["1000001:good-token", ":x"]])
def test_a_token_that_is_none_is_refused_in_one_sentence_without_the_token(desk: TinyDesk, tokens: list[str]) -> None:
    with pytest.raises(DoorError, match="BOT_TOKEN") as refused:
        TelegramDoor(tokens, desk)
    assert "\n" not in str(refused.value)
    assert not any(token in str(refused.value) for token in tokens if len(token) > 2)


@pytest.mark.parametrize("secret", ["", "with space", "пароль", "x" * 257])
def test_a_secret_telegram_would_not_take_is_refused(desk: TinyDesk, secret: str) -> None:
    with pytest.raises(DoorError, match="WEBHOOK_SECRET"):
        TelegramDoor(["1000001:token"], desk, public=PublicAddress("https://vote.example", secret))


async def test_the_menu_is_set_in_each_language_and_by_default(box: Box, desk: TinyDesk) -> None:
    async with polling(box, desk):
        bot = box.telegram.bot(box.token)
        await until(lambda: len(bot.commands) == 4)
    shown = {language: commands[0]["description"] for (_, language), commands in bot.commands.items()}
    assert shown == {"kk": "Көмек", "ru": "Помощь", "en": "Help", "": "Көмек"}


async def test_a_menu_that_cannot_be_set_stops_nothing(box: Box, desk: TinyDesk) -> None:
    box.faults.add(Fault("bot_api", "server_error", only="setMyCommands", times=None))
    async with polling(box, desk, stop_seconds=0.2):
        box.hand(AIGERIM).says("hello")
        await until(lambda: texts(box, AIGERIM))


async def test_only_a_member_whose_app_speaks_another_language_gets_a_menu_of_her_own(box: Box, desk: TinyDesk) -> None:
    async def in_russian(incoming: Incoming) -> Sequence[Reply]:
        return [incoming.reply("ok", menu_language="ru")]

    desk.script = in_russian
    async with polling(box, desk):
        bot = box.telegram.bot(box.token)
        await until(lambda: len(bot.commands) == 4)
        box.hand(IVAN).says("hello")  # his app is Russian
        box.hand(ANN).says("hello")  # hers is English
        await until(lambda: len(desk.reported) == 2 and len(bot.commands) == 5)
    assert [c[0]["description"] for (scope, _), c in bot.commands.items() if "chat" in scope] == ["Помощь"]
    assert box.hand(ANN).chat.counts.sent == 1


async def test_a_notice_is_sent_by_the_bot_that_knows_the_chat(box: Box, desk: TinyDesk) -> None:
    member = box.hand(AIGERIM).person.telegram_id
    async with polling(box, desk) as door:
        here = Address("telegram", str(member), str(member), door.bots[0])
        said = Incoming(id="", address=here).reply("voting closes at 20:00")
        assert await door.send(said, Urgency.BROADCAST) is Outcome.DELIVERED
        elsewhere = Address("telegram", str(member), str(member), "999")
        assert await door.send(Incoming(id="", address=elsewhere).reply("x")) is Outcome.REFUSED
        box.hand(AIGERIM).blocks()
        assert await door.send(said) is Outcome.BLOCKED
    assert texts(box, AIGERIM) == ["voting closes at 20:00"]


def test_only_who_asks_for_updates_imports_aiogram() -> None:
    """It takes seconds; a webhook, the SMS door, the sender and the clock must not pay for it."""
    parts = "bot.door, bot.screens, bot.updates, dauys.carrying, dauys.clockwork, dauys.serving, dauys.telegram"
    code = f"import sys, {parts}; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
