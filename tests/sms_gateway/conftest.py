"""A carrier that behaves as Twilio on a bad day; a clock to turn; the real outbox in a real file."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from election.ports import Letter
from sms_gateway.twilio_client import Carrier
from storage.durable.keeper_sqlite import SqliteKeeper
from storage.durable.outbox import SqlOutbox, put_letter
from storage.durable.upgrade import bring_up_to_date
from tests.storage.durable.polling import SEAL_KEY

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token of the test"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 12, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


class FakeTwilio:
    """Takes messages. `answers` are what it does next, in order: (status, JSON, headers), "hang", "cut" or
    "garbage"; with none left it accepts. `received` is every form that reached it, whatever it answered;
    `before_answering` is told the id of a message it has accepted."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.received: list[dict[str, str]] = []
        self.before_answering: Callable[[str], Awaitable[None]] | None = None
        self.connections: set[Any] = set()
        self.arrived = asyncio.Event()
        self._over = asyncio.Event()
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._take)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def close(self) -> None:
        self._over.set()
        await self.server.close()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.received.append({name: str(value) for name, value in form.items()})
        self.connections.add(request.transport)
        self.arrived.set()
        answer = self.answers.pop(0) if self.answers else None
        if answer == "hang":
            await self._over.wait()
        if answer == "cut" or answer == "hang":
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        if answer == "garbage":
            return web.Response(status=201, text="<html>accepted</html>")
        key = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {key}" or request.match_info["account"] != ACCOUNT:
            answer = (401, {"code": 20003, "message": "Authenticate", "status": 401}, {})
        if answer is not None:
            status, payload, headers = answer
            return web.json_response(payload, status=status, headers=headers)
        sid = f"SM{len(self.received):032x}"
        if self.before_answering:
            await self.before_answering(sid)
        return web.json_response({"sid": sid, "status": "queued", "to": form["To"]}, status=201)


@pytest.fixture(autouse=True)
def default_logging() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    fake = FakeTwilio()
    await fake.server.start_server()
    yield fake
    await fake.close()


@pytest.fixture
async def carrier(twilio: FakeTwilio) -> AsyncIterator[Carrier]:
    async with Carrier(ACCOUNT, TOKEN, sender="+77000000000", api_base=twilio.url, answer_seconds=0.3) as carrier:
        yield carrier


class Letterbox:
    """The real outbox, and a way to put letters into it."""

    def __init__(self, keeper: SqliteKeeper, clock: Clock) -> None:
        self.outbox = SqlOutbox(keeper)
        self._keeper = keeper
        self._clock = clock

    async def put(self, body: str, kind: Any = "notice", phone: str = "+77011234567", lives: float = 0) -> None:
        expires = self._clock.now + timedelta(seconds=lives) if lives else None
        letter = Letter(kind, phone.encode(), body.encode(), self._clock.now, expires)
        await self._keeper.write(lambda connection: put_letter(connection, letter))

    @staticmethod
    def open(item: Any) -> tuple[str, str]:
        return item.sealed_phone.decode(), item.sealed_body.decode()


@pytest.fixture
async def letters(tmp_path: Path, clock: Clock) -> AsyncIterator[Letterbox]:
    async with SqliteKeeper(bring_up_to_date(f"sqlite:///{tmp_path / 'outbox.db'}", SEAL_KEY), SEAL_KEY) as keeper:
        yield Letterbox(keeper, clock)
