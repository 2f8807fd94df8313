"""One bot's calls over the wire: JSON, by connections that stay open.

aiogram's own way makes a multipart form of the call and a model of its result, and takes seconds to import. Here nobody
looks at the result, so it is skipped; but for the id of a picture that was uploaded, and the bot's own name.
"""

import re
import ssl
from dataclasses import dataclass
from functools import cache

import certifi
import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, FormData, TCPConnector

from bot.calls import Call, GetMe, in_json, in_parts

TELEGRAM = "https://api.telegram.org"
REQUEST_SECONDS = 20
NAMES_SECONDS = 3600
"""How long Telegram's address is kept once it was looked up."""
_TOKEN_FORM = re.compile(r"(?P<bot_id>[0-9]+):\S+")
_JSON = {"Content-Type": "application/json"}


class NotATokenError(Exception):
    """No bot has such a token."""


class NoWordError(Exception):
    """Telegram was not reached, is unwell, or said nothing that can be read; the call may or may not be done."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Telegram said to a call. `retry_after` in seconds; 0: it did not ask to wait."""

    done: bool
    status: int
    words: str
    retry_after: int
    file_id: str = ""  # of the picture that was uploaded with the call
    username: str = ""  # to GetMe


class _Parameters(msgspec.Struct):
    retry_after: int | None = None


class _Answer(msgspec.Struct):
    ok: bool
    description: str | None = None
    parameters: _Parameters | None = None


class _Size(msgspec.Struct):
    file_id: str


class _Pictured(msgspec.Struct):
    photo: list[_Size] = []


class _Posted(_Answer):
    result: _Pictured | None = None


class _Bot(msgspec.Struct):
    username: str | None = None


class _Named(_Answer):
    result: _Bot | None = None


class Wire:
    """The way to Telegram for one bot's calls."""

    def __init__(self, token: str, base: str = TELEGRAM, connections: int = 100) -> None:
        """`base`: the Bot API server. Needs no running loop. Raises NotATokenError."""
        form = _TOKEN_FORM.fullmatch(token)
        if form is None:
            raise NotATokenError
        self.token = token
        self.base = base.rstrip("/")
        self.bot_id = int(form["bot_id"])
        self._connections = connections
        self._client: ClientSession | None = None
        self._decoder = msgspec.json.Decoder(_Answer)
        self._posted = msgspec.json.Decoder(_Posted)
        self._named = msgspec.json.Decoder(_Named)

    async def carry(self, call: Call, picture: bytes = b"") -> Verdict:
        """Make the call once, with a picture that goes along as its `photo`. Raises NoWordError."""
        client = self._client or self._connected()
        url = f"{self.base}/bot{self.token}/{call.method}"
        if picture:
            asked = client.post(url, data=_form(call, picture))
        else:
            asked = client.post(url, data=in_json(call), headers=_JSON)
        try:
            async with asked as response:
                status, body = response.status, await response.read()
        except (TimeoutError, ClientError) as fault:
            raise NoWordError(type(fault).__name__) from None
        try:
            answer = self._read(call, picture, body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise NoWordError(f"unreadable, status {status}") from None
        told = (answer.parameters and answer.parameters.retry_after) or 0
        done = answer.ok and 200 <= status < 300
        if status >= 500 and not told:
            raise NoWordError(f"status {status}")
        return Verdict(done, status, answer.description or "", told, _file_id(answer), _username(answer))

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    def _read(self, call: Call, picture: bytes, body: bytes) -> _Answer:
        if picture:
            return self._posted.decode(body)
        return self._named.decode(body) if isinstance(call, GetMe) else self._decoder.decode(body)

    def _connected(self) -> ClientSession:
        connector = TCPConnector(limit=self._connections, ttl_dns_cache=NAMES_SECONDS, ssl=_authorities())
        self._client = ClientSession(connector=connector, timeout=ClientTimeout(total=REQUEST_SECONDS))
        return self._client


@cache
def _authorities() -> ssl.SSLContext:
    """Those that aiogram and twilio trust as well: a small container may have none of its own."""
    return ssl.create_default_context(cafile=certifi.where())


def _file_id(answer: _Answer) -> str:
    sizes = answer.result.photo if isinstance(answer, _Posted) and answer.result else []
    return sizes[-1].file_id if sizes else ""


def _username(answer: _Answer) -> str:
    return (isinstance(answer, _Named) and answer.result and answer.result.username) or ""


def _form(call: Call, picture: bytes) -> FormData:
    form = FormData()
    for name, value in in_parts(call).items():
        form.add_field(name, value)
    form.add_field("photo", picture, filename="picture.png", content_type="image/png")
    return form
