"""The wire to Twilio. The only file that knows its client.

Twilio's own AsyncTwilioHttpClient ignores its timeout, drops the response's headers, keeps the last request
with its body and key, and uses what aiohttp is giving up. Its documented way out, an HTTP client of one's
own, is shorter than the repairs.
"""

import json
import logging
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from twilio.base import values
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from sms_gateway.errors import NotSent, OutcomeUnknown, SendError, refusal

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
"""The whole of one send, connecting included."""


class _Wire(AsyncHttpClient):  # type: ignore[misc]
    """One POST, once, within the timeout. Raises what `refusal` makes of an answer that is not a success."""

    def __init__(self, session: aiohttp.ClientSession, api_base: str) -> None:
        super().__init__(logging.getLogger("twilio.async_http_client"), is_async=True)
        self._session = session
        self._api_base = api_base.rstrip("/")

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        headers = dict(headers or {})
        if auth:
            headers["Authorization"] = aiohttp.encode_basic_auth(*auth)
        async with self._session.request(
            method,
            self._address(uri),
            params=params,  # type: ignore[arg-type]
            data=data,
            headers=headers,
            allow_redirects=allow_redirects,
        ) as answer:
            text = await answer.text()
            if answer.status >= 300:
                raise refusal(answer.status, _carrier_code(text), answer.headers.get("Retry-After", ""))
            return Response(answer.status, text, answer.headers)

    def _address(self, uri: str) -> str:
        if not self._api_base:
            return uri
        parts = urlsplit(uri)
        return self._api_base + parts.path + (f"?{parts.query}" if parts.query else "")


class Carrier:
    """Sends SMS through Twilio. An async context manager: entered inside a running loop, left to close.

    Give either `sender` (our number) or `messaging_service_sid`. `api_base` replaces
    `https://api.twilio.com`.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        sender: str = "",
        messaging_service_sid: str = "",
        api_base: str = "",
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        if bool(sender) == bool(messaging_service_sid):
            raise ValueError("give either a sender or a messaging service")
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._sender = sender or values.unset
        self._service = messaging_service_sid or values.unset
        self._api_base = api_base
        self._timeout = aiohttp.ClientTimeout(
            total=answer_seconds, sock_connect=min(CONNECT_SECONDS, answer_seconds / 2)
        )

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._timeout)
        wire = _Wire(self._session, self._api_base)
        self._messages: Any = Client(self._account_sid, self._auth_token, http_client=wire).messages
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def send(self, to: str, body: str, status_callback: str = "") -> str:
        """Hand one SMS to Twilio; its SID. Raises SendError, OutcomeUnknown only where it may have been taken
        in.

        Never tries twice: that is the outbox's to decide.
        """
        try:
            message = await self._messages.create_async(
                to=to,
                body=body,
                from_=self._sender,
                messaging_service_sid=self._service,
                status_callback=status_callback or values.unset,
            )
        except SendError:
            raise
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NotSent from None
        except Exception:  # lost on the way, or an answer its client cannot read: it may have been taken in
            raise OutcomeUnknown from None
        if not isinstance(message.sid, str) or not message.sid:
            raise OutcomeUnknown
        return message.sid


def _carrier_code(text: str) -> int:
    try:
        code = json.loads(text)["code"]
    except (ValueError, TypeError, KeyError):
        return 0
    return code if isinstance(code, int) else 0
