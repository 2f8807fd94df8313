"""How the handset API and the controls read JSON and say what went wrong."""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NotFound(Exception):
    """No such person, bot, chat or file."""


def told(handler: Handler) -> Handler:
    """Answer 404 or 400 with {"error": …} where the request asks for what is not there or cannot be."""

    @wraps(handler)
    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NotFound as error:
            return web.json_response({"error": str(error)}, status=404)
        except KeyError as error:
            return web.json_response({"error": f"{error.args[0]} is missing"}, status=400)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return answered


async def body_of(request: web.Request) -> Any:
    """The JSON body; ValueError where it is none."""
    try:
        return json.loads(await request.text())
    except ValueError:
        raise ValueError("the body is not JSON") from None


def an_object(value: Any) -> Mapping[str, Any]:
    """The value, which must be a JSON object (ValueError)."""
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return value


def each(value: Any) -> list[Mapping[str, Any]]:
    """One object or a list of them, as a list."""
    return [an_object(one) for one in (value if isinstance(value, list) else [value])]
