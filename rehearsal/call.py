"""One Bot API call: its parameters as Telegram reads them from JSON, a form, multipart or a query."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, ClientResponse, MultipartReader, web

from rehearsal.refusals import bad_request

MAX_UPLOAD = 50 * 1024 * 1024  # what a bot may upload


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with a call."""

    name: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A method's parameters. Values come as JSON types or, from a form, as text: both read the same."""

    params: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.params.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" is invalid') from None

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).casefold() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """A JSON value: given as such, or as its text in a form. None where absent."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_call(request: web.Request) -> Call:
    """The parameters of a request: the query first, the body over it."""
    params: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.method == "POST":
        kind = request.content_type
        if kind == "application/json":
            params.update(_object(await request.text()))
        elif kind.startswith("multipart/"):
            await _read_parts(await request.multipart(), params, files)
        elif kind == "application/x-www-form-urlencoded":
            params.update((name, str(value)) for name, value in (await request.post()).items())
    return Call(params, files)


async def read_answer(response: ClientResponse) -> Call | None:
    """The method call a receiver may put into its answer to a webhook push, or None."""
    kind = response.content_type
    params: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    if kind == "application/json":
        text = await response.text()
        params = _object(text) if text.strip() else {}
    elif kind.startswith("multipart/"):
        await _read_parts(MultipartReader.from_response(response), params, files)
    elif kind == "application/x-www-form-urlencoded":
        raise bad_request("a webhook's answer is read as JSON or multipart")
    return Call(params, files) if params.get("method") else None


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if text.strip() else {}
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("expected an object")
    return value


async def _read_parts(reader: Any, params: dict[str, Any], files: dict[str, Upload]) -> None:
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        body = bytes(await part.read(decode=True))
        if len(body) > MAX_UPLOAD:
            raise bad_request("file is too big")
        if part.filename is None:
            params[part.name] = body.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, kind, body)
