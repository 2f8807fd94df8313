"""The webhook: one thin endpoint, because aiogram's own answers 200 before the vote is stored.

200 means: heard and committed. Anything else makes Telegram deliver again, which harms nothing.
"""

import hmac
import json
import re

import structlog
from aiohttp import web

from bot.calls import in_response
from bot.errands import Errands, place_of
from bot.pace import Pace
from bot.porter import Delivery, Porter
from bot.screens import Drawing
from bot.updates import Reader, UnreadError

log = structlog.get_logger("bot")

BODY_LIMIT = 256 * 1024
"""An update with a long message and a keyboard takes some ten kilobytes."""
RETRY_AFTER = "2"
"""Seconds after which Telegram brings an update again that could not be dealt with."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes for a secret (Bot API, setWebhook)."""


class Webhook:
    """The endpoint of one bot."""

    def __init__(self, secret: str, porter: Porter, pace: Pace, errands: Errands) -> None:
        self._secret = secret.encode()
        self._porter = porter
        self._pace = pace
        self._errands = errands
        self._reader = Reader()

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take one update in and answer it in the response if one call is enough."""
        if SECRET_HEADER not in request.headers:
            return self._refused(401)
        # aiohttp keeps bytes that are no UTF-8 as surrogates; they come back as they were.
        given = request.headers[SECRET_HEADER].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return self._refused(403)
        body = await _body_of(request)
        if body is None:
            return self._refused(413)
        try:
            update = self._reader.read(body)
        except UnreadError:
            return self._unread(body)
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
        if len(alone) != 1 or drawing.pictures or not self._pace.at_once(chat):
            self._errands.run(self._porter.carry_out(delivery, drawing))
            return web.Response()
        if drawing.messages:
            self._porter.acknowledge(drawing)
        # not reported as answered: Telegram brings an update again only where this response did not reach it
        return web.Response(body=in_response(alone[0]), content_type="application/json")

    def _unread(self, body: bytes) -> web.Response:
        """What is no update is refused; an update that is not understood is not, since it would only come again."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return self._refused(400)
        if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
            return self._refused(400)
        log.error("update_not_understood", bot=self._porter.bot_id, update=raw["update_id"])
        return web.Response()

    def _refused(self, status: int) -> web.Response:
        log.warning("webhook_refused", bot=self._porter.bot_id, status=status)
        return web.Response(status=status)


async def _body_of(request: web.Request) -> bytes | None:
    """What was posted; None if it is more than BODY_LIMIT, of which no more is read."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    body = b""
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return body
