"""The real Twilio client against a carrier that behaves as Twilio: what is sent, what each answer means."""

import asyncio
import logging
import socket
from typing import Any

import pytest

from sms_gateway.errors import (
    Misconfigured,
    NotSent,
    OutcomeUnknown,
    QueueFull,
    Refused,
    SendError,
    Throttled,
    refusal,
)
from sms_gateway.twilio_client import Carrier

ACCOUNT = "AC" + "0" * 32
PHONE = "+77011234567"


async def test_a_message_goes_out_once_with_its_words_and_callback(carrier: Carrier, twilio: Any) -> None:
    sid = await carrier.send(PHONE, "Сіздің кодыңыз 123456 & ?", "https://vote.test/sms/status")
    assert sid == f"SM{1:032x}"
    assert twilio.received == [
        {
            "To": PHONE,
            "From": "+77000000000",
            "Body": "Сіздің кодыңыз 123456 & ?",
            "StatusCallback": "https://vote.test/sms/status",
        }
    ]


async def test_a_messaging_service_stands_in_for_a_number(twilio: Any) -> None:
    service = "MG" + "1" * 32
    async with Carrier(ACCOUNT, "a token of the test", messaging_service_sid=service, api_base=twilio.url) as carrier:
        await carrier.send(PHONE, "?")
    assert twilio.received == [{"To": PHONE, "MessagingServiceSid": service, "Body": "?"}]


@pytest.mark.parametrize("sender", [{}, {"sender": "+77000000000", "messaging_service_sid": "MG"}])
def test_a_carrier_has_one_kind_of_sender(sender: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="either"):
        Carrier(ACCOUNT, "x", **sender)


async def test_sends_share_connections(carrier: Carrier, twilio: Any) -> None:
    for _ in range(5):
        await carrier.send(PHONE, "?")
    assert len(twilio.connections) == 1


ANSWERS = [
    # status, Twilio's code, headers, what it means, what is known of it
    (429, 20429, {"Retry-After": "7"}, Throttled, {"retry_after": 7.0, "retryable": True}),
    (429, None, {}, Throttled, {"retry_after": 5.0}),
    (429, 20429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Throttled, {"retry_after": 5.0}),
    (429, 20429, {"Retry-After": "86400"}, Throttled, {"retry_after": 600.0}),
    (400, 21611, {}, QueueFull, {"retry_after": 60.0, "retryable": True}),
    (429, 30001, {}, QueueFull, {"retry_after": 60.0}),
    (401, 20003, {}, Misconfigured, {"retryable": True}),
    (403, 20003, {}, Misconfigured, {"carrier_code": 20003}),
    (403, None, {}, Misconfigured, {"carrier_code": 0}),
    (404, 20404, {}, Misconfigured, {}),
    (400, 21606, {}, Misconfigured, {}),
    (302, None, {"Location": "https://elsewhere.test/"}, Misconfigured, {}),
    (400, 21211, {}, Refused, {"carrier_code": 21211, "retryable": False}),
    (400, 21610, {}, Refused, {"carrier_code": 21610}),
    (400, 21614, {}, Refused, {}),
    (403, 21408, {}, Refused, {"carrier_code": 21408}),
    (400, None, {}, Refused, {"carrier_code": 0}),
    (500, 20500, {}, OutcomeUnknown, {"retryable": False}),
    (503, None, {"Retry-After": "3"}, OutcomeUnknown, {}),
]


@pytest.mark.parametrize(("status", "code", "headers", "kind", "known"), ANSWERS)
async def test_each_answer_has_one_meaning_and_is_asked_for_once(
    carrier: Carrier,
    twilio: Any,
    status: int,
    code: int | None,
    headers: dict[str, str],
    kind: type[SendError],
    known: dict[str, Any],
) -> None:
    payload = {"message": f"The 'To' number {PHONE} is not valid"} | ({"code": code} if code else {})
    twilio.answers = [(status, payload, headers)]
    with pytest.raises(SendError) as caught:
        await carrier.send(PHONE, "secret words")
    assert type(caught.value) is kind
    assert {name: getattr(caught.value, name) for name in known} == known
    assert len(twilio.received) == 1
    assert "123" not in str(caught.value)
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize("bad_day", ["hang", "cut", "garbage", (201, {"status": "queued"}, {}), (201, [], {})])
async def test_without_a_readable_answer_nobody_knows(carrier: Carrier, twilio: Any, bad_day: Any) -> None:
    twilio.answers = [bad_day]
    async with asyncio.timeout(10):  # the client's own default would be five minutes
        with pytest.raises(OutcomeUnknown):
            await carrier.send(PHONE, "?")
    assert len(twilio.received) == 1


async def test_a_wrong_key_is_the_operators_to_mend(twilio: Any) -> None:
    async with Carrier(ACCOUNT, "another token", sender="+77000000000", api_base=twilio.url) as carrier:
        with pytest.raises(Misconfigured):
            await carrier.send(PHONE, "?")


async def test_what_never_reached_the_carrier_is_known_not_to_be_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        async with Carrier(ACCOUNT, "x", sender="+77000000000", api_base=url) as carrier:
            with pytest.raises(NotSent) as caught:
                await carrier.send(PHONE, "?")
    assert caught.value.retryable


async def test_a_carrier_that_does_not_pick_up_was_not_reached() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        with (
            socket.socket() as first,
            socket.socket() as second,
        ):  # they take the places there are in the queue
            for caller in (first, second):
                caller.setblocking(False)
                caller.connect_ex(deaf.getsockname())
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            async with Carrier(ACCOUNT, "x", sender="+7", api_base=url, answer_seconds=0.4) as carrier:
                with pytest.raises(NotSent):
                    await carrier.send(PHONE, "?")


async def test_the_client_logs_neither_words_nor_numbers(
    carrier: Carrier, twilio: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await carrier.send(PHONE, "secret words")
    assert len(twilio.received) == 1
    assert "secret" not in caplog.text
    assert "1234567" not in caplog.text


def test_every_error_has_its_own_code() -> None:
    kinds = [NotSent, Throttled, QueueFull, Misconfigured, Refused, OutcomeUnknown]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert {kind for kind in kinds if not kind.retryable} == {Refused, OutcomeUnknown}


def test_any_answer_that_is_no_success_has_a_meaning() -> None:
    assert all(isinstance(refusal(status, 0), SendError) for status in range(300, 600))
