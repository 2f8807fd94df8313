"""The door against a Telegram in a box, with a tiny desk behind it: real client, real HTTP on loopback."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.desk import Desk
from bot.door import PublicAddress, TelegramDoor
from handlers.speech import Command, Incoming, Menu, Reply
from rehearsal.box import Box
from rehearsal.server import running

SECRET = "a-long_secret-1"
AIGERIM, IVAN, ANN = "+77010000001", "+77010000002", "+77010000003"
PEOPLE = [
    {"name": "Серикова Айгерим", "phone": AIGERIM, "language": "kk"},
    {"name": "Петров Иван", "phone": IVAN, "language": "ru"},
    {"name": "Jones Ann", "phone": ANN, "language": "en"},
]

Script = Callable[[Incoming], Awaitable[Sequence[Reply]]]


async def echo(incoming: Incoming) -> Sequence[Reply]:
    """Say what was said."""
    said = incoming.text or incoming.press or ("contact" if incoming.contact else "other")
    return [incoming.reply(f"heard {said}"[:4000])]


@dataclass
class TinyDesk:
    """A conversation of one function. As the real desk does, it acts once on a message, and repeats an answer that
    was not reported as delivered."""

    script: Script = echo
    heard: list[Incoming] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)

    async def hear(self, incoming: Incoming) -> Sequence[Reply]:
        self.heard.append(incoming)
        replies = await self.script(incoming)
        if incoming.id in self.reported:
            return []
        if incoming.id not in self.effects:
            self.effects.append(incoming.id)
        return replies

    async def answered(self, incoming: Incoming) -> None:
        self.reported.append(incoming.id)

    def menus(self) -> Sequence[Menu]:
        words = {"kk": "Көмек", "ru": "Помощь", "en": "Help"}
        return [Menu(language, (Command("help", words[language]),)) for language in ("kk", "ru", "en")]

    @property
    def said(self) -> list[str]:
        return [incoming.text or incoming.press for incoming in self.heard]


async def until(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(15):
        while not what():
            await asyncio.sleep(0.005)


def texts(box: Box, phone: str, token: str = "") -> list[str]:
    """What the bot has written into a person's chat, as it stands."""
    messages = box.hand(phone, token).chat.messages.values()
    return [message.content["text"] for message in messages if message.from_bot]


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    async with running(clock=time.time, rng=random.Random(7), people=PEOPLE) as box:
        yield box


@pytest.fixture
def desk() -> TinyDesk:
    return TinyDesk()


@asynccontextmanager
async def polling(
    box: Box, desk: Desk, *tokens: str, stop_seconds: float = 2.0, **more: Any
) -> AsyncIterator[TelegramDoor]:
    """The door, asking for its updates."""
    async with TelegramDoor(tokens or [box.token], desk, api_base=box.url, stop_seconds=stop_seconds, **more) as door:
        await door.open()
        yield door


@dataclass
class Hooked:
    """The door behind a webhook: where it is, and a client that can knock as anybody."""

    url: str
    client: ClientSession

    async def post(self, body: object, secret: str | None = SECRET) -> tuple[int, str]:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with self.client.post(self.url, json=body, headers=headers) as response:
            return response.status, await response.text()


@asynccontextmanager
async def hooked(box: Box, desk: TinyDesk, *, opened: bool = True) -> AsyncIterator[Hooked]:
    """The door served by webhook. `opened` false: Telegram does not know of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # the door must know its public address beforehand
        port = free.getsockname()[1]
    public = PublicAddress(f"http://127.0.0.1:{port}", SECRET)
    async with TelegramDoor([box.token], desk, api_base=box.url, public=public, stop_seconds=1) as door:
        app = web.Application()
        app.add_routes(door.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        if opened:
            await door.open()
            await until(lambda: box.telegram.bot(box.token).push.hook)
        try:
            async with ClientSession() as client:
                yield Hooked(f"http://127.0.0.1:{port}/telegram/{door.bots[0]}", client)
        finally:
            await runner.cleanup()


def a_message(update_id: int, text: str, sender: int = 77, **more: object) -> dict[str, object]:
    """An update as Telegram posts it: a text in a private chat."""
    user = {"id": sender, "is_bot": False, "first_name": "A", "language_code": "ru"}
    chat = {"id": sender, "type": "private", "first_name": "A"}
    message = {"message_id": update_id, "date": 1_700_000_000, "chat": chat, "from": user, "text": text}
    return {"update_id": update_id, "message": message | more}
