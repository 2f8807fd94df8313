"""The carrier over HTTP: Twilio's Messages resource, as twilio-python calls it."""

import asyncio
import base64
import binascii
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from rehearsal.carrier import API_VERSION, Carrier, Sms
from rehearsal.segments import segments

E164 = re.compile(r"\+[1-9]\d{6,14}")
SENDER = re.compile(r"\+[1-9]\d{2,14}|[A-Za-z0-9 ]{1,11}")
MAX_BODY = 1600


class _Refused(Exception):
    """An answer in Twilio's error shape."""

    def __init__(self, status: int, code: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def response(self) -> web.Response:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body = {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return web.json_response(body, status=self.status, headers=headers)


class CarrierApi:
    """The HTTP face of the carrier."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def routes(self) -> list[web.RouteDef]:
        account = f"/{API_VERSION}/Accounts/{{account:[^/]+?}}"
        return [
            web.get(f"{account}.json", self._account),
            web.post(f"{account}/Messages.json", self._create),
            web.get(f"{account}/Messages.json", self._list),
            web.get(f"{account}/Messages/{{sid}}.json", self._fetch),
            web.delete(f"{account}/Messages/{{sid}}.json", self._delete),
        ]

    async def _create(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request)
            form = {name: str(value) for name, value in (await request.post()).items()}
            await self._bad_day(form.get("To", ""))
            sms = self._accept(form)
        except _Refused as refused:
            return refused.response()
        if self._carrier.faults.hit("carrier", "lost", sms.to) and request.transport is not None:
            request.transport.abort()
        return web.json_response(self._resource(sms), status=201)

    def _accept(self, form: dict[str, str]) -> Sms:
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        service = form.get("MessagingServiceSid", "")
        if not to:
            raise _Refused(400, 21604, "A 'To' phone number is required.")
        if not E164.fullmatch(to):
            raise _Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if not sender and not service:
            raise _Refused(400, 21603, "A 'From' phone number is required.")
        if sender and not SENDER.fullmatch(sender):
            raise _Refused(400, 21212, f"Invalid From Number (caller ID): {sender}")
        if not body:
            raise _Refused(400, 21602, "Message body is required.")
        if len(body) > MAX_BODY:
            raise _Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        callback = form.get("StatusCallback", "")
        if callback and not callback.startswith(("http://", "https://")):
            raise _Refused(400, 21609, f"The StatusCallback URL {callback} is not a valid URL.")
        return self._carrier.accept(to, sender or self._carrier.account.number, body, callback, service)

    async def _bad_day(self, to: str) -> None:
        """The faults that strike before a message is taken."""
        faults = self._carrier.faults
        slow = faults.hit("carrier", "slow", to)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        if faults.hit("carrier", "unauthorized", to):
            raise _Refused(401, 20003, "Authenticate")
        many = faults.hit("carrier", "too_many", to)
        if many is not None:
            raise _Refused(429, 20429, "Too Many Requests", many.retry_after)
        broken = faults.hit("carrier", "server_error", to)
        if broken is not None:
            raise _Refused(broken.status, 20500, "Internal Server Error")
        refusal = faults.hit("carrier", "refuse", to)
        if refusal is not None:
            raise _Refused(400, refusal.code or 21610, "Attempt to send to unsubscribed recipient")

    async def _fetch(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request)
            return web.json_response(self._resource(self._message(request)))
        except _Refused as refused:
            return refused.response()

    async def _delete(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request)
            del self._carrier.messages[self._message(request).sid]
        except _Refused as refused:
            return refused.response()
        return web.Response(status=204)

    async def _list(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request)
        except _Refused as refused:
            return refused.response()
        to, sender = request.query.get("To"), request.query.get("From")
        found = [
            sms
            for sms in reversed(self._carrier.messages.values())
            if (not to or sms.to == to) and (not sender or sms.sender == sender)
        ]
        uri = str(request.rel_url)
        return web.json_response(
            {
                "messages": [self._resource(sms) for sms in found],
                "page": 0,
                "page_size": max(50, len(found)),
                "start": 0,
                "end": max(0, len(found) - 1),
                "uri": uri,
                "first_page_uri": uri,
                "next_page_uri": None,
                "previous_page_uri": None,
            }
        )

    async def _account(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request)
        except _Refused as refused:
            return refused.response()
        sid = self._carrier.account.sid
        return web.json_response(
            {"sid": sid, "friendly_name": "Rehearsal", "status": "active", "type": "Full"},
        )

    def _authenticate(self, request: web.Request) -> None:
        account = self._carrier.account
        if _credentials(request) != f"{account.sid}:{account.token}":
            raise _Refused(401, 20003, "Authenticate")
        if request.match_info["account"] != account.sid:
            raise _Refused(404, 20404, f"The requested resource {request.path} was not found")

    def _message(self, request: web.Request) -> Sms:
        sms = self._carrier.messages.get(request.match_info["sid"])
        if sms is None:
            raise _Refused(404, 20404, f"The requested resource {request.path} was not found")
        return sms

    def _resource(self, sms: Sms) -> dict[str, Any]:
        """The Message resource, with every field twilio-python reads."""
        sid = self._carrier.account.sid
        uri = f"/{API_VERSION}/Accounts/{sid}/Messages/{sms.sid}"
        sent = sms.status not in ("queued", "failed")
        return {
            "account_sid": sid,
            "api_version": API_VERSION,
            "body": sms.body,
            "date_created": _rfc2822(sms.created),
            "date_sent": _rfc2822(sms.updated) if sent else None,
            "date_updated": _rfc2822(sms.updated),
            "direction": sms.direction,
            "error_code": sms.error,
            "error_message": None if sms.error is None else "Not delivered",
            "from": sms.sender,
            "messaging_service_sid": sms.service or None,
            "num_media": "0",
            "num_segments": str(segments(sms.body)),
            "price": None,
            "price_unit": "USD",
            "sid": sms.sid,
            "status": sms.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": sms.to,
            "uri": f"{uri}.json",
        }


def _rfc2822(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC))


def _credentials(request: web.Request) -> str:
    """`user:password` of basic authentication; empty where it cannot be read."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        return base64.b64decode(encoded, validate=True).decode() if scheme.casefold() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
