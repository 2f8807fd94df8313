"""One bot's calls over the wire: JSON, by the connections of aiogram's session.

aiogram's own way makes a multipart form of the call and a model of its result. Here nobody looks at the result, so
it is skipped; but for the id of a picture that was uploaded.
"""

from dataclasses import dataclass

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiohttp import ClientError, ClientTimeout, FormData

from bot.calls import Call, in_json, in_parts

REQUEST_SECONDS = 20
_JSON = {"Content-Type": "application/json"}


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


class Wire:
    """The way to Telegram for one bot's calls."""

    def __init__(self, bot: Bot, session: AiohttpSession) -> None:
        """`session`: the bot's own."""
        self.bot = bot
        self._session = session
        self._decoder = msgspec.json.Decoder(_Answer)
        self._posted = msgspec.json.Decoder(_Posted)
        self._timeout = ClientTimeout(total=REQUEST_SECONDS)

    async def carry(self, call: Call, picture: bytes = b"") -> Verdict:
        """Make the call once, with a picture that goes along as its `photo`. Raises NoWordError."""
        client = await self._session.create_session()
        url = self._session.api.api_url(token=self.bot.token, method=call.method)
        if picture:
            asked = client.post(url, data=_form(call, picture), timeout=self._timeout)
        else:
            asked = client.post(url, data=in_json(call), headers=_JSON, timeout=self._timeout)
        try:
            async with asked as response:
                status, body = response.status, await response.read()
        except (TimeoutError, ClientError) as fault:
            raise NoWordError(type(fault).__name__) from None
        try:
            answer = self._posted.decode(body) if picture else self._decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise NoWordError(f"unreadable, status {status}") from None
        told = (answer.parameters and answer.parameters.retry_after) or 0
        done = answer.ok and 200 <= status < 300
        if status >= 500 and not told:
            raise NoWordError(f"status {status}")
        sizes = answer.result.photo if isinstance(answer, _Posted) and answer.result else []
        return Verdict(done, status, answer.description or "", told, sizes[-1].file_id if sizes else "")

    async def close(self) -> None:
        """Close the connections, the bot's own calls' among them."""
        await self._session.close()


def _form(call: Call, picture: bytes) -> FormData:
    form = FormData()
    for name, value in in_parts(call).items():
        form.add_field(name, value)
    form.add_field("photo", picture, filename="picture.png", content_type="image/png")
    return form
