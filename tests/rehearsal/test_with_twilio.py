"""The carrier as Twilio's own library sees it: its async client, its signature check, its TwiML."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from rehearsal.box import Box
from rehearsal.faults import Fault

# what twilio 9.13 does that aiohttp 3.14 deprecates; the warning names the caller of twilio's client
pytestmark = pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning")

PHONE = "+77010000001"
FROM = "+77750000000"


class LoopbackTwilio(AsyncTwilioHttpClient):
    """Twilio's client with the address of the rehearsal in place of Twilio's."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    async def request(self, method: str, url: str, *args: Any, **kw: Any) -> Response:
        return await super().request(method, url.replace("https://api.twilio.com", self._base), *args, **kw)


@pytest.fixture
async def twilio(box: Box) -> AsyncIterator[Client]:
    async with LoopbackTwilio(box.url) as wire:
        yield Client(box.carrier.account.sid, box.carrier.account.token, http_client=wire)


class Door:
    """The account's own webhooks: keeps every form and whether its signature holds."""

    def __init__(self, token: str) -> None:
        self.forms: list[dict[str, str]] = []
        self.valid: list[bool] = []
        self.url = ""
        self.answer = ""
        self.came = asyncio.Event()
        self.expected = 1
        self._validator = RequestValidator(token)

    async def hear(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers["X-Twilio-Signature"]
        self.valid.append(self._validator.validate(f"{self.url}{request.path_qs}", form, signature))
        self.forms.append(form)
        if len(self.forms) >= self.expected:
            self.came.set()
        return web.Response(text=self.answer, content_type="text/xml")

    async def wait(self, expected: int) -> None:
        self.expected = expected
        self.came.clear()
        if len(self.forms) < expected:
            await asyncio.wait_for(self.came.wait(), 5)


@pytest.fixture
async def door(box: Box) -> AsyncIterator[Door]:
    door = Door(box.carrier.account.token)
    app = web.Application()
    app.add_routes([web.post("/{any:.*}", door.hear)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    box.carrier.account.inbound_url = f"{door.url}/sms/inbound"
    yield door
    await runner.cleanup()


async def test_a_message_is_queued_sent_and_delivered_with_signed_callbacks(
    box: Box, twilio: Client, door: Door
) -> None:
    sent = await twilio.messages.create_async(
        to=PHONE, from_=FROM, body="Код 482913", status_callback=f"{door.url}/sms/status?a=1&b=%D0%B6"
    )
    assert (sent.status, sent.direction, sent.num_segments, sent.error_code) == ("queued", "outbound-api", "1", None)
    assert sent.sid is not None
    assert sent.sid.startswith("SM")
    assert sent.date_created is not None
    await door.wait(3)
    assert [form["MessageStatus"] for form in door.forms] == ["queued", "sent", "delivered"]
    assert {form["MessageSid"] for form in door.forms} == {sent.sid}
    assert door.valid == [True, True, True]
    assert [sms.body for sms in box.carrier.thread(PHONE)] == ["Код 482913"]
    later = await twilio.messages(sent.sid).fetch_async()
    assert (later.status, later.body, later.to) == ("delivered", "Код 482913", PHONE)
    assert [m.sid for m in await twilio.messages.list_async(to=PHONE)] == [sent.sid]
    assert await twilio.messages(sent.sid).delete_async()
    with pytest.raises(TwilioRestException) as gone:
        await twilio.messages(sent.sid).fetch_async()
    assert (gone.value.status, gone.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"to": "123", "from_": FROM, "body": "x"}, 21211),
        ({"to": PHONE, "body": "x"}, 21603),
        ({"to": PHONE, "from_": FROM, "body": ""}, 21602),
        ({"to": PHONE, "from_": FROM, "body": "x" * 1601}, 21617),
        ({"to": PHONE, "from_": FROM, "body": "x", "status_callback": "nowhere"}, 21609),
    ],
)
async def test_bad_messages_are_refused_with_twilios_codes(twilio: Client, message: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await twilio.messages.create_async(**message)
    assert (refused.value.status, refused.value.code) == (400, code)


async def test_a_wrong_auth_token_is_not_let_in(box: Box) -> None:
    async with LoopbackTwilio(box.url) as wire:
        stranger = Client(box.carrier.account.sid, "wrong", http_client=wire)
        with pytest.raises(TwilioRestException) as refused:
            await stranger.messages.create_async(to=PHONE, from_=FROM, body="x")
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert box.carrier.messages == {}


async def test_faults_on_demand_refuse_before_anything_is_sent(box: Box, twilio: Client) -> None:
    for kind, status, code in (("too_many", 429, 20429), ("server_error", 502, 20500), ("refuse", 400, 21610)):
        box.faults.add(Fault("carrier", kind, only=PHONE))
        with pytest.raises(TwilioRestException) as refused:
            await twilio.messages.create_async(to=PHONE, from_=FROM, body="x")
        assert (refused.value.status, refused.value.code) == (status, code)
    assert box.carrier.messages == {}


async def test_too_many_requests_say_when_to_come_back(box: Box) -> None:
    box.faults.add(Fault("carrier", "too_many", retry_after=9))
    account = box.carrier.account
    url = f"{box.url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    async with ClientSession() as http:
        basic = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
        answer = await http.post(url, data={"To": PHONE}, headers={"Authorization": f"Basic {basic}"})
        assert (answer.status, answer.headers["Retry-After"]) == (429, "9")


@pytest.mark.parametrize(
    ("kind", "to", "statuses", "code"),
    [
        ("undelivered", PHONE, ["queued", "sent", "undelivered"], "30005"),
        ("failed", PHONE, ["queued", "failed"], "30008"),
        ("", "+77770000000", ["queued", "sent", "undelivered"], "30005"),
    ],
)
async def test_what_does_not_arrive_is_reported(
    box: Box, twilio: Client, door: Door, kind: str, to: str, statuses: list[str], code: str
) -> None:
    if kind:
        box.faults.add(Fault("delivery", kind))
    await twilio.messages.create_async(to=to, from_=FROM, body="x", status_callback=f"{door.url}/status")
    await door.wait(len(statuses))
    assert [form["MessageStatus"] for form in door.forms] == statuses
    assert door.forms[-1]["ErrorCode"] == code
    assert box.carrier.thread(to) == []


async def test_a_text_from_a_handset_comes_in_signed_and_its_twiml_answer_is_delivered(box: Box, door: Door) -> None:
    answer = MessagingResponse()
    answer.message("1 Ахметов & Ко")
    answer.message("2 <Ким>")
    door.answer = str(answer)
    asked = box.carrier.send_from(PHONE, "ДАУЫС 🗳")
    await door.wait(1)
    form = door.forms[0]
    assert (form["Body"], form["From"], form["To"], form["NumSegments"]) == ("ДАУЫС 🗳", PHONE, FROM, "1")
    assert (form["MessageSid"], form["SmsStatus"], form["NumMedia"]) == (asked.sid, "received", "0")
    assert form["AccountSid"] == box.carrier.account.sid
    assert door.valid == [True]
    person = box.hand("1").person
    while len(box.carrier.thread(PHONE)) < 3:
        assert await person.bell.after(person.bell.version, 5)
    assert [sms.body for sms in box.carrier.thread(PHONE)] == ["ДАУЫС 🗳", "1 Ахметов & Ко", "2 <Ким>"]


async def test_inbound_faults_repeat_and_forge(box: Box, door: Door) -> None:
    box.faults.add(Fault("inbound", "duplicate"))
    box.carrier.send_from(PHONE, "VOTE")
    await door.wait(2)
    assert door.forms[0] == door.forms[1]
    box.faults.add(Fault("inbound", "forged"))
    box.carrier.send_from(PHONE, "VOTE")
    await door.wait(3)
    assert door.valid == [True, True, False]


async def test_a_forged_sender_reaches_the_account_and_never_the_handset(box: Box, door: Door) -> None:
    box.carrier.forge_from(PHONE, "VOTE")
    await door.wait(1)
    assert (door.forms[0]["From"], door.valid) == (PHONE, [True])
    assert box.carrier.thread(PHONE) == []


async def test_an_answer_that_is_no_twiml_is_an_alert_and_nothing_is_sent(box: Box, door: Door) -> None:
    door.answer = "<Response><Message>cut"
    box.carrier.send_from(PHONE, "VOTE")
    await door.wait(1)
    box.carrier.send_from(PHONE, "VOTE")
    await door.wait(2)
    assert "12100 document parse failure" in box.carrier.alerts
    assert len(box.carrier.thread(PHONE)) == 2
