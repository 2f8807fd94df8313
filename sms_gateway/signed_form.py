"""Is this request from Twilio, and what does it say? Nothing of it is believed before."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import web
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

_MOST_BYTES = 64 * 1024
_MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"
_MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")


class SignedForms:
    """Reads the forms that Twilio posts to us.

    The signature is checked against `public_base_url` + path and query as received, never against what the
    request says of its own host or scheme. Signed fields we do not know are let through: Twilio adds some
    without notice. Since the signature ignores how often a field is repeated, no field may be.
    """

    def __init__(self, account_sid: str, auth_token: str, public_base_url: str) -> None:
        self._account_sid = account_sid
        self._validator = RequestValidator(auth_token)
        self._base = public_base_url.rstrip("/")

    async def read(self, request: web.Request, *required: str) -> Mapping[str, str]:
        """The form's fields. Refuses with 415 and 413 what is no form or too long, with 403 what Twilio did
        not sign for our account, with 400 a form without a `MessageSid` or one of `required`."""
        fields = await _fields(request)
        form = dict(fields)
        if len(form) != len(fields) or not self._signed(request, form):
            raise web.HTTPForbidden
        if form.get("AccountSid") != self._account_sid:
            raise web.HTTPForbidden
        if not _MESSAGE_SID.fullmatch(form.get("MessageSid", "")) or not form.keys() >= set(required):
            raise web.HTTPBadRequest
        return form

    def _signed(self, request: web.Request, form: Mapping[str, str]) -> bool:
        signature = request.headers.get(SIGNATURE_HEADER, "")
        algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
        return bool(self._validator.validate(self._base + request.raw_path, form, signature, algorithm))


async def _fields(request: web.Request) -> list[tuple[str, str]]:
    if request.content_type != _FORM:
        raise web.HTTPUnsupportedMediaType
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(_MOST_BYTES, len(body))
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise web.HTTPBadRequest from None
