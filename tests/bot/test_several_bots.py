"""Two bots of one election, as members meet them: real aiogram, conversation and stores, and a Telegram in a box."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import names
from bot.common_pace import CommonPace
from bot.door import TelegramDoor
from bot.pace import Urgency
from bot.sending import Outcome
from dauys.pacing import SharedBuckets
from dauys.wiring import make_desk
from election.ports import Grant
from handlers.doors import Doors
from handlers.speech import Address, Incoming
from rehearsal.box import Box
from rehearsal.chats import Message
from rehearsal.faults import Fault
from tests.bot.conftest import AIGERIM, ANN, IVAN, TinyDesk, polling, texts, until
from tests.voters import TEXTS, Booth, booth

ROOT = Path(names.__file__).parents[1]
NORTH, SOUTH = "1000001:rehearsal-token", "1000002:rehearsal-token"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """An election in which the first three members are those who have a Telegram in the box."""
    async with booth(tmp_path) as made:
        yield made


@dataclass
class Served:
    """The bots that are served, and what is known of them."""

    hall: Booth
    doors: Doors = field(default_factory=Doors)

    def __post_init__(self) -> None:
        self.desk = make_desk(self.hall.hall, self.hall.fleeting, self.hall.hand, self.doors)

    def named(self, *tokens: str) -> bool:
        return all(self.doors.name(token.partition(":")[0]) for token in tokens)


class Member:
    """A person with Telegram, at one of the bots."""

    def __init__(self, box: Box, phone: str, hall: Booth | None = None) -> None:
        self._box = box
        self.phone = phone
        self._hall = hall

    async def says(self, text: str, token: str, sees: str) -> Message:
        """Say it, and the message that answers, in which these words stand."""
        return await self._does(lambda: self._box.hand(self.phone, token).says(text), token, sees)

    async def shares_contact(self, token: str, sees: str) -> Message:
        return await self._does(lambda: self._box.hand(self.phone, token).shares_contact(), token, sees)

    async def code(self) -> str:
        assert self._hall is not None
        letter = (await self._hall.letters(self.phone))[-1]
        return "".join(sign for sign in letter if sign.isdigit())

    async def _does(self, act: Callable[[], object], token: str, sees: str) -> Message:
        before = len(texts(self._box, self.phone, token))
        act()
        await until(lambda: len(texts(self._box, self.phone, token)) > before)
        answer = [m for m in self._box.hand(self.phone, token).chat.messages.values() if m.from_bot][-1]
        assert sees in answer.content["text"]
        return answer


def said(key: str, language: str = "ru", **arguments: str | int) -> str:
    return TEXTS.said(language, key, **arguments)  # type: ignore[arg-type]


async def test_a_member_at_the_wrong_bot_is_sent_to_her_own_and_votes_there_once(box: Box, hall: Booth) -> None:
    served, ivan = Served(hall), Member(box, IVAN, hall)
    async with polling(box, served.desk, NORTH, SOUTH, doors=served.doors):
        await until(lambda: served.named(NORTH, SOUTH))
        await ivan.says("/start", NORTH, "Праймериз")
        await ivan.shares_contact(NORTH, "SMS")
        await ivan.says(await ivan.code(), NORTH, "Мажилис")
        way = await ivan.says("2", SOUTH, said("own-bot", bot="rehearsal_1000001_bot"))
        assert way.markup == {
            "inline_keyboard": [
                [{"text": said("own-bot-button"), "url": "https://t.me/rehearsal_1000001_bot?start=vote"}]
            ]
        }
        await ivan.says("/start vote", NORTH, "Мажилис")  # what the button does
        await ivan.says("2", NORTH, "Ахметова")
        await ivan.says("ДА", SOUTH, "@rehearsal_1000001_bot")
        assert await hall.box() == (0, 0, 0)
        await ivan.says("ДА", NORTH, said("in-the-box"))
        await ivan.says("ДА", NORTH, "уже проголосовали")
        await ivan.says("ДА", SOUTH, "@rehearsal_1000001_bot")
    assert await hall.box() == (1, 1, 1)


async def test_a_printed_link_opens_the_conversation_in_its_language(box: Box, hall: Booth) -> None:
    served, ann = Served(hall), Member(box, ANN)  # her app is English
    async with polling(box, served.desk, NORTH, doors=served.doors):
        await ann.says("/start kk", NORTH, said("ask-contact", "kk"))
        await ann.says("/start", NORTH, said("ask-contact", "kk"))
        await ann.says("/start nonsense", NORTH, said("ask-contact", "kk"))


async def test_while_telegram_does_not_tell_the_names_everybody_is_served_where_she_comes(
    box: Box, hall: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PAUSE", 0.01)
    fault = Fault("bot_api", "server_error", only="getMe", times=None)
    box.faults.add(fault)
    served, ivan = Served(hall), Member(box, IVAN)
    async with polling(box, served.desk, NORTH, SOUTH, doors=served.doors):
        await ivan.says("/start", NORTH, said("ask-contact"))
        await ivan.says("/start", SOUTH, said("ask-contact"))
        box.faults.clear()
        await until(lambda: served.named(NORTH, SOUTH))
        await ivan.says("/start", SOUTH, "@rehearsal_1000001_bot")


async def test_when_a_token_is_taken_away_its_members_go_on_at_the_bot_they_write_to(box: Box, hall: Booth) -> None:
    served, ivan = Served(hall), Member(box, IVAN, hall)
    async with polling(box, served.desk, NORTH, SOUTH, doors=served.doors):
        await ivan.says("/start", NORTH, "Праймериз")
        await ivan.shares_contact(NORTH, "SMS")
        await ivan.says(await ivan.code(), NORTH, "Мажилис")
    served = Served(hall)
    async with polling(box, served.desk, SOUTH, doors=served.doors):
        await ivan.says("2", SOUTH, "Ахметова")
        await ivan.says("ДА", SOUTH, said("in-the-box"))
    served = Served(hall)
    async with polling(box, served.desk, NORTH, SOUTH, doors=served.doors):
        await until(lambda: served.named(NORTH, SOUTH))
        await ivan.says("/start", NORTH, "@rehearsal_1000002_bot")
    assert await hall.box() == (1, 1, 1)


async def test_what_is_said_unasked_comes_from_the_bot_the_store_keeps_for_her(box: Box, hall: Booth) -> None:
    served, ivan = Served(hall), Member(box, IVAN, hall)
    async with polling(box, served.desk, NORTH, SOUTH, doors=served.doors) as door:
        await ivan.says("/start", SOUTH, "Праймериз")
        await ivan.shares_contact(SOUTH, "SMS")
        await ivan.says(await ivan.code(), SOUTH, "Мажилис")
        account = str(box.hand(IVAN).person.telegram_id)
        own = await hall.hall.store.ledger.door_of("telegram", account)
        notice = Incoming(id="", address=Address("telegram", account, account, own)).reply("voting closes at 20:00")
        assert await door.send(notice) is Outcome.DELIVERED
    assert texts(box, IVAN, SOUTH)[-1] == "voting closes at 20:00"
    assert texts(box, IVAN, NORTH) == []


async def test_where_no_bot_is_noted_the_only_one_says_it_and_of_several_none(box: Box, desk: TinyDesk) -> None:
    member = str(box.hand(AIGERIM).person.telegram_id)
    notice = Incoming(id="", address=Address("telegram", member, member)).reply("voting closes at 20:00")
    async with polling(box, desk, NORTH) as door:
        assert await door.send(notice) is Outcome.DELIVERED
    async with polling(box, desk, NORTH, SOUTH) as door:
        assert await door.send(notice) is Outcome.REFUSED


async def test_the_operator_is_shown_each_bots_link(box: Box, tmp_path: Path) -> None:
    settings = {"BOT_TOKEN": f"{NORTH},{SOUTH}", "TELEGRAM_API_BASE": box.url, "PATH": os.environ["PATH"]}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "dauys",
        "doctor",
        cwd=tmp_path,
        env=settings | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    shown, _ = await process.communicate()
    links = "https://t.me/rehearsal_1000001_bot, https://t.me/rehearsal_1000002_bot"
    assert f"fine   telegram: {links}" in shown.decode().splitlines()


@dataclass(frozen=True, slots=True)
class Overheard(SharedBuckets):
    """The shared pace, and what each bucket gave."""

    given: list[tuple[str, Grant]] = field(default_factory=list)

    async def take(self, name: str, per_second: float, burst: int, most: int, *, owed: int = 0) -> Grant:
        grant = await SharedBuckets.take(self, name, per_second, burst, most, owed=owed)
        self.given.append((name, grant))
        return grant


async def test_what_telegram_says_to_one_process_the_other_hears_before_it_sends(
    box: Box, desk: TinyDesk, hall: Booth
) -> None:
    """Two processes with the same two tokens: only the bot that was told to wait waits."""

    def notice(phone: str, token: str) -> object:
        person = str(box.hand(phone, token).person.telegram_id)
        address = Address("telegram", person, person, token.partition(":")[0])
        return Incoming(id="", address=address).reply("closes at 20:00")

    def process() -> TelegramDoor:
        return TelegramDoor([NORTH, SOUTH], desk, api_base=box.url, buckets=buckets, stop_seconds=0.1)

    buckets = Overheard(hall.fleeting, lambda: datetime.now(UTC))
    for token in (NORTH, SOUTH):
        box.hand(AIGERIM, token).says("/start")
        box.hand(IVAN, token).says("/start")
    box.faults.add(Fault("bot_api", "too_many", only="sendMessage", times=1, retry_after=60))
    async with process() as one, process() as two, asyncio.TaskGroup() as group:
        told = group.create_task(one.send(notice(AIGERIM, NORTH)))  # type: ignore[arg-type]
        await until(lambda: not box.faults.standing())
        await until(lambda: two_waits(one))
        waiting = group.create_task(two.send(notice(IVAN, NORTH), Urgency.BROADCAST))  # type: ignore[arg-type]
        await until(lambda: buckets.given[-1][1].still > 50)
        assert await two.send(notice(IVAN, SOUTH), Urgency.BROADCAST) is Outcome.DELIVERED  # type: ignore[arg-type]
        assert texts(box, IVAN, SOUTH) == ["closes at 20:00"]
        assert texts(box, IVAN, NORTH) == texts(box, AIGERIM, NORTH) == []
        told.cancel()
        waiting.cancel()
    assert {name for name, _ in buckets.given} == {"bot:1000001", "bot:1000002"}, "by the bot's id, never its token"


def two_waits(door: TelegramDoor) -> bool:
    """The process that was told has told the others."""
    pace = door._lines["1000001"].sender.pace
    assert isinstance(pace, CommonPace)
    return pace._held() > 50
