"""What Twilio posts to us: a member's SMS, and what became of ours.

A webhook is answered only after the desk has done its work, so that nothing is told that was not kept. When
the desk cannot, the answer is 503. Twilio does not try again by itself: give the number a fallback URL (this
same address will do). A message that comes twice has the same `MessageSid`, and the desk knows it.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from aiohttp import web
from twilio.twiml.messaging_response import MessagingResponse

from handlers.speech import Address, Incoming, Reply
from sms_gateway.masking import masked
from sms_gateway.numbered import conversation
from sms_gateway.signed_form import SignedForms

_log = structlog.get_logger()

INBOUND_PATH = "/sms/inbound"
STATUS_PATH = "/sms/status"

STATUSES: Mapping[str, str] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "partially_delivered": "undelivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
"""Twilio's word -> ours. Its other words (accepted, scheduled, queued, sending) tell nothing new."""

PATIENCE = (0.5, 2.5)
"""Seconds after which a status is noted again whose SMS we do not know yet. Twilio waits 15 for an answer."""

_PHONE = re.compile(r"\+[1-9][0-9]{9,14}")


class Desk(Protocol):
    """The conversation. Same `Incoming.id`, same person, same door: the same message again."""

    async def hear(self, incoming: Incoming) -> Sequence[Reply]:
        """What to say to this message. Returns only after its effect is durable."""

    async def answered(self, incoming: Incoming) -> None:
        """The answer to this message has left the door."""


class Deliveries(Protocol):
    """Where the carrier's word on a letter is kept."""

    async def delivered(self, carrier_id: str, status: str, now: datetime) -> bool:
        """Note it; whether the id is known."""


class SmsDoor:
    """The two webhooks. Hand `routes()` to the server."""

    def __init__(
        self,
        desk: Desk,
        deliveries: Deliveries,
        forms: SignedForms,
        clock: Callable[[], datetime],
        patience: Sequence[float] = PATIENCE,
    ) -> None:
        self._desk = desk
        self._deliveries = deliveries
        self._forms = forms
        self._clock = clock
        self._patience = patience

    def routes(self) -> list[web.RouteDef]:
        return [web.post(INBOUND_PATH, self.inbound), web.post(STATUS_PATH, self.status)]

    async def inbound(self, request: web.Request) -> web.StreamResponse:
        """A member's SMS. The answer is TwiML: a message for each part of what the desk says, none for
        silence."""
        form = await self._read(request, "From", "To", "Body")
        incoming = _incoming(form)
        if incoming is None:
            _log.info("sms_sender_ignored")
            return _twiml(())
        try:
            texts = conversation(await self._desk.hear(incoming))
        except Exception as fault:
            _log.error("sms_not_heard", phone=masked(incoming.claimed_phone), fault=type(fault).__name__)
            raise web.HTTPServiceUnavailable from None
        answer = _twiml(texts)
        try:
            await answer.prepare(request)
            await answer.write_eof()
            await self._desk.answered(incoming)
        except Exception as fault:  # what was heard is kept; a repeated delivery gets the answer again
            _log.warning("sms_answer_not_taken", fault=type(fault).__name__)
        return answer

    async def status(self, request: web.Request) -> web.StreamResponse:
        """What became of an SMS of ours. One that we never come to know (an answer by TwiML) is let pass."""
        form = await self._read(request, "MessageStatus")
        status = STATUSES.get(form["MessageStatus"])
        if status is not None:
            try:
                await self._note(form["MessageSid"], status)
            except Exception as fault:
                _log.error("sms_status_not_kept", status=status, fault=type(fault).__name__)
                raise web.HTTPServiceUnavailable from None
        return _twiml(())

    async def _note(self, carrier_id: str, status: str) -> None:
        """Twilio says it once, and may do so before the sender has noted under which id it took the SMS."""
        known = await self._deliveries.delivered(carrier_id, status, self._clock())
        for pause in self._patience:
            if not known:
                await asyncio.sleep(pause)
                known = await self._deliveries.delivered(carrier_id, status, self._clock())

    async def _read(self, request: web.Request, *required: str) -> Mapping[str, str]:
        try:
            return await self._forms.read(request, *required)
        except web.HTTPException as refusal:
            _log.warning("sms_webhook_refused", path=request.path, status=refusal.status)
            raise


def _incoming(form: Mapping[str, str]) -> Incoming | None:
    """The message, or None if its sender is no telephone: a name, a short code, another network."""
    phone = form["From"]
    if not _PHONE.fullmatch(phone):
        return None
    return Incoming(
        id=form["MessageSid"],
        address=Address("sms", sender=phone, chat=phone, door=form["To"]),
        text=form["Body"],
        other=not form["Body"] and form.get("NumMedia", "0") not in ("", "0"),
        claimed_phone=phone,
    )


def _twiml(texts: Sequence[str]) -> web.Response:
    twiml = MessagingResponse()
    for text in texts:
        twiml.message(text)
    return web.Response(text=str(twiml), content_type="text/xml")
