"""The webhook: one thin endpoint, because aiogram's own answers 200 before the vote is stored.

200 means: heard and committed. Anything else makes Telegram deliver again, which harms nothing.
"""

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

import structlog
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from bot.errands import Errands, place_of
from bot.pace import Pace
from bot.porter import Delivery, Porter
from bot.screens import Drawing

log = structlog.get_logger("bot")

BODY_LIMIT = 256 * 1024
"""An update with a long message and a keyboard takes some ten kilobytes."""
RETRY_AFTER = "2"
"""Seconds after which Telegram brings an update again that could not be dealt with."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes for a secret (Bot API, setWebhook)."""


class BadBodyError(Exception):
    """What was posted is not an update; `status` says how to refuse it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Webhook:
    """The endpoint of one bot."""

    def __init__(self, secret: str, porter: Porter, pace: Pace, errands: Errands) -> None:
        self._secret = secret.encode()
        self._porter = porter
        self._pace = pace
        self._errands = errands

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take one update in and answer it in the response if one call is enough."""
        if SECRET_HEADER not in request.headers:
            return self._refused(401)
        # aiohttp keeps bytes that are no UTF-8 as surrogates; they come back as they were.
        given = request.headers[SECRET_HEADER].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return self._refused(403)
        try:
            raw = await _update_in(request)
        except BadBodyError as bad:
            return self._refused(bad.status)
        try:
            update = Update.model_validate(raw)
        except ValidationError:
            # A kind of update we do not know yet. Refusing it would only bring it again.
            log.error("update_not_understood", bot=self._porter.bot_id, update=raw["update_id"])
            return web.Response()
        delivery = self._porter.taken(update)
        if delivery is None:
            return web.Response()
        try:
            drawing = await self._porter.carry_in(delivery)
        except Exception as fault:
            log.error("update_not_dealt_with", update=delivery.incoming.id, **place_of(fault))
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        return await self._answered(request, delivery, drawing)

    async def _answered(self, request: web.Request, delivery: Delivery, drawing: Drawing) -> web.StreamResponse:
        """One message goes in the response, if the pace lets it; the rest, or all, is sent beside it."""
        alone = drawing.messages or ((drawing.acknowledgement,) if drawing.acknowledgement else ())
        chat = delivery.incoming.address.chat if drawing.messages else ""
        if len(alone) != 1 or not self._pace.at_once(chat):
            self._errands.run(self._porter.carry_out(delivery, drawing))
            return web.Response()
        in_response = alone[0]
        if drawing.messages:
            self._porter.acknowledge(drawing)
        body = {
            "method": in_response.__api_method__,
            **in_response.model_dump(mode="json", exclude_unset=True, exclude_none=True),
        }
        response = web.json_response(body)
        await response.prepare(request)
        await response.write_eof()
        self._errands.run(self._porter.report(delivery))
        return response

    def _refused(self, status: int) -> web.Response:
        log.warning("webhook_refused", bot=self._porter.bot_id, status=status)
        return web.Response(status=status)


async def _update_in(request: web.Request) -> Mapping[str, Any]:
    """The posted JSON object with its update_id; reads no more than BODY_LIMIT. Raises BadBodyError."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise BadBodyError(413)
    body = bytearray()
    async for chunk in request.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BadBodyError(413)
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBodyError(400) from None
    if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
        raise BadBodyError(400)
    return raw
