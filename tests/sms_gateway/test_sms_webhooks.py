"""What is let in at the webhooks, what the desk hears of it, and what goes back."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from handlers.speech import Address, Incoming, Option, Reply
from sms_gateway.inbound import STATUSES, SmsDoor
from sms_gateway.signed_form import SignedForms

ACCOUNT = "AC" + "a" * 32
TOKEN = "a token of the test"
BASE = "https://vote.test/behind"
SID = "SM" + "0123456789abcdef" * 2
PHONE = "+77011234567"
MESSAGE = {
    "MessageSid": SID,
    "SmsSid": SID,
    "AccountSid": ACCOUNT,
    "From": PHONE,
    "To": "+77000000000",
    "Body": "12345678 2",
    "NumMedia": "0",
    "NumSegments": "1",
    "ApiVersion": "2010-04-01",
}


class NotingDesk:
    """Says what it is told to say and notes what it heard."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.done: list[str] = []
        self.says: Sequence[str] | Exception = ("Принято.",)
        self.options: tuple[Option, ...] = ()

    async def hear(self, incoming: Incoming) -> Sequence[Reply]:
        self.heard.append(incoming)
        if isinstance(self.says, Exception):
            raise self.says
        return [incoming.reply(text, options=self.options) for text in self.says]

    async def answered(self, incoming: Incoming) -> None:
        self.done.append(incoming.id)


class NotedDeliveries:
    def __init__(self) -> None:
        self.noted: list[tuple[str, str]] = []
        self.away = False

    async def delivered(self, carrier_id: str, status: str, now: object) -> bool:
        if self.away:
            raise RuntimeError("the store is away")
        self.noted.append((carrier_id, status))
        return carrier_id == SID


class Webhooks:
    """Posts to the door as Twilio does, or almost."""

    def __init__(self, client: TestClient[Any, Any], desk: NotingDesk, deliveries: NotedDeliveries) -> None:
        self.client = client
        self.desk = desk
        self.deliveries = deliveries

    async def post(
        self,
        form: Any,
        path: str = "/sms/inbound",
        *,
        url: str = "",
        token: str = TOKEN,
        headers: dict[str, str] | None = None,
        unsigned: bool = False,
        algorithm: str = "HMAC_SHA1",
        content_type: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str]:
        signed = dict(form)
        signature = RequestValidator(token).compute_signature(url or BASE + path, signed, algorithm)
        sent = {"Content-Type": content_type} | ({} if unsigned else {"X-Twilio-Signature": signature})
        async with self.client.post(path, data=urlencode(form), headers=sent | (headers or {})) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def door(clock: Any) -> AsyncIterator[Webhooks]:
    desk, deliveries = NotingDesk(), NotedDeliveries()
    app = web.Application()
    forms = SignedForms(ACCOUNT, TOKEN, BASE + "/")
    app.add_routes(SmsDoor(desk, deliveries, forms, clock, patience=(0, 0)).routes())
    async with TestClient(TestServer(app)) as client:
        yield Webhooks(client, desk, deliveries)


def texts(twiml: str) -> list[str]:
    root = ElementTree.fromstring(twiml.encode())
    assert root.tag == "Response"
    assert {child.tag for child in root} <= {"Message"}
    return [child.text or "" for child in root]


async def test_a_signed_message_is_heard_and_answered(door: Webhooks) -> None:
    status, twiml = await door.post(MESSAGE)
    assert (status, texts(twiml)) == (200, ["Принято."])
    assert door.desk.heard == [
        Incoming(
            id=SID,
            address=Address("sms", sender=PHONE, chat=PHONE, door="+77000000000"),
            text="12345678 2",
            claimed_phone=PHONE,
        )
    ]
    assert door.desk.done == [SID]


async def test_a_long_answer_is_several_messages_in_order(door: Webhooks) -> None:
    door.desk.options = tuple(Option(n, f"Сериков Ержан & <{n}>", "x") for n in range(1, 101))
    _, twiml = await door.post(MESSAGE)
    parts = texts(twiml)
    assert 1 < len(parts) <= 10
    assert [line for part in parts for line in part.split("\n") if "Сериков" in line] == [
        f"{n} Сериков Ержан & <{n}>" for n in range(1, 101)
    ]


async def test_silence_is_an_empty_response(door: Webhooks) -> None:
    door.desk.says = ()
    status, twiml = await door.post(MESSAGE)
    assert (status, texts(twiml)) == (200, [])
    assert door.desk.done == [SID]


async def test_a_message_that_comes_twice_is_shown_to_the_desk_under_one_id(door: Webhooks) -> None:
    assert (await door.post(MESSAGE))[0] == (await door.post(MESSAGE))[0] == 200
    assert [incoming.id for incoming in door.desk.heard] == [SID, SID]


FORGERIES: list[tuple[str, Any, dict[str, Any]]] = [
    ("no signature", MESSAGE, {"unsigned": True}),
    ("an empty signature", MESSAGE, {"headers": {"X-Twilio-Signature": ""}}),
    ("a signature of nonsense", MESSAGE, {"headers": {"X-Twilio-Signature": "жоқ=="}}),
    ("another key", MESSAGE, {"token": "another token"}),
    ("another host", MESSAGE, {"url": "https://evil.test{path}"}),
    ("plain http", MESSAGE, {"url": "http://vote.test/behind{path}"}),
    ("a slash more", MESSAGE, {"url": BASE + "{path}/"}),
    ("another path", MESSAGE, {"url": BASE + "{elsewhere}"}),
    ("a query that was not signed", MESSAGE, {"path": "{path}?a=b", "url": BASE + "{path}"}),
    ("another account", MESSAGE | {"AccountSid": "AC" + "b" * 32}, {}),
    ("no account", {k: v for k, v in MESSAGE.items() if k != "AccountSid"}, {}),
    ("a repeated field", [*MESSAGE.items(), ("Body", "12345678 2")], {}),
    ("a repeated field of another value", [("Body", "12345678 3"), *MESSAGE.items()], {}),
    (
        "an unknown algorithm",
        MESSAGE,
        {"headers": {"X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE"}},
    ),
    (
        "sha-1 said to be sha-256",
        MESSAGE,
        {"headers": {"X-Twilio-Webhooks-Signature-Settings": "algorithm=HMAC_SHA256"}},
    ),
    ("a host of one's own", MESSAGE, {"url": "https://evil.test{path}", "headers": {"Host": "evil.test"}}),
    (
        "a forwarded host",
        MESSAGE,
        {"url": "https://evil.test{path}", "headers": {"X-Forwarded-Host": "evil.test"}},
    ),
]


@pytest.mark.parametrize(("form", "how"), [case[1:] for case in FORGERIES], ids=[case[0] for case in FORGERIES])
@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status"])
async def test_a_forgery_is_refused_and_not_heard(door: Webhooks, path: str, form: Any, how: dict[str, Any]) -> None:
    elsewhere = "/sms/status" if path == "/sms/inbound" else "/sms/inbound"
    told = {
        name: value.format(path=path, elsewhere=elsewhere) if name in ("path", "url") else value
        for name, value in how.items()
    }
    fields = [*(form.items() if isinstance(form, dict) else form), ("MessageStatus", "delivered")]
    status, _ = await door.post(fields, **{"path": path, **told})
    assert status == 403
    assert door.desk.heard == []
    assert door.deliveries.noted == []


async def test_a_field_added_after_signing_is_refused(door: Webhooks) -> None:
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/sms/inbound", MESSAGE)
    form = MESSAGE | {"OptOutType": "STOP"}
    assert (await door.post(form, headers={"X-Twilio-Signature": signature}))[0] == 403
    assert door.desk.heard == []


async def test_a_signed_field_we_do_not_know_is_let_through(door: Webhooks) -> None:
    assert (await door.post(MESSAGE | {"ChannelMetadata": "{}", "Пример": "ә"}))[0] == 200


async def test_a_signature_of_sha_256_is_read_as_its_header_says(door: Webhooks) -> None:
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    assert (await door.post(MESSAGE, algorithm="HMAC_SHA256", headers=settings))[0] == 200
    assert (await door.post(MESSAGE, algorithm="HMAC_SHA256"))[0] == 403


async def test_a_query_is_part_of_what_is_signed(door: Webhooks) -> None:
    assert (await door.post(MESSAGE, "/sms/inbound?line=%D0%B0&x="))[0] == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"MessageSid": "SM1"}, 400),
        ({"MessageSid": SID.upper()}, 400),
        ({"MessageSid": SID + "\n"}, 400),
        ({"MessageSid": None}, 400),
        ({"From": None}, 400),
        ({"Body": None}, 400),
        ({"Body": "x" * 70_000}, 413),
    ],
)
async def test_a_form_that_is_not_whole_is_refused(door: Webhooks, change: dict[str, Any], status: int) -> None:
    form = {name: value for name, value in (MESSAGE | change).items() if value is not None}
    assert (await door.post(form))[0] == status
    assert door.desk.heard == []


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
async def test_only_a_form_is_read(door: Webhooks, content_type: str) -> None:
    assert (await door.post(MESSAGE, content_type=content_type))[0] == 415


@pytest.mark.parametrize("raw", [b"Body=\xff", b"Body=%FF", b"&".join(b"a%d=" % n for n in range(300))])
async def test_a_body_that_cannot_be_read_is_refused(door: Webhooks, raw: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "x"}
    async with door.client.post("/sms/inbound", data=raw, headers=headers) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "sender", ["Kaspi", "1414", "+1414", "whatsapp:+77011234567", "+7701123456٧", "", "+77011234567 "]
)
async def test_a_sender_that_is_no_telephone_gets_silence(door: Webhooks, sender: str) -> None:
    status, twiml = await door.post(MESSAGE | {"From": sender})
    assert (status, texts(twiml)) == (200, [])
    assert door.desk.heard == []


@pytest.mark.parametrize(
    ("form", "text", "other"),
    [
        ({"Body": ""}, "", False),
        ({"Body": "", "NumMedia": "1"}, "", True),
        ({"Body": "фото", "NumMedia": "1"}, "фото", False),
        ({"Body": " \u200f😀 " + "ж" * 1598}, " \u200f😀 " + "ж" * 1598, False),
    ],
)
async def test_a_body_is_handed_on_as_it_came(door: Webhooks, form: dict[str, str], text: str, other: bool) -> None:
    assert (await door.post(MESSAGE | form))[0] == 200
    (incoming,) = door.desk.heard
    assert (incoming.text, incoming.other) == (text, other)


async def test_a_desk_that_fails_is_said_so_and_nothing_of_the_message_is_logged(door: Webhooks) -> None:
    door.desk.says = RuntimeError("12345678 2")
    with capture_logs() as logs:
        status, body = await door.post(MESSAGE)
    assert status == 503
    assert door.desk.done == []
    assert [entry["event"] for entry in logs] == ["sms_not_heard"]
    assert logs[0]["phone"] == "+7 701 *** ** 67"
    assert "12345678" not in str(logs) + body
    assert PHONE not in str(logs)


@pytest.mark.parametrize(("theirs", "ours"), STATUSES.items())
async def test_a_status_is_noted_in_our_words(door: Webhooks, theirs: str, ours: str) -> None:
    form = {"MessageSid": SID, "AccountSid": ACCOUNT, "MessageStatus": theirs, "To": PHONE}
    status, twiml = await door.post(form, "/sms/status")
    assert (status, texts(twiml)) == (200, [])
    assert door.deliveries.noted == [(SID, ours)]


@pytest.mark.parametrize("word", ["accepted", "scheduled", "queued", "sending", "teleported"])
async def test_a_status_that_tells_nothing_is_let_pass(door: Webhooks, word: str) -> None:
    form = {"MessageSid": SID, "AccountSid": ACCOUNT, "MessageStatus": word}
    assert (await door.post(form, "/sms/status"))[0] == 200
    assert door.deliveries.noted == []


async def test_a_status_of_an_unknown_message_is_quietly_taken(door: Webhooks) -> None:
    form = {"MessageSid": "SM" + "f" * 32, "AccountSid": ACCOUNT, "MessageStatus": "delivered"}
    with capture_logs() as logs:
        assert (await door.post(form, "/sms/status"))[0] == 200
    assert logs == []
    assert len(door.deliveries.noted) == 3, "it may become known meanwhile"


async def test_a_status_that_cannot_be_kept_is_not_taken(door: Webhooks) -> None:
    door.deliveries.away = True
    form = {"MessageSid": SID, "AccountSid": ACCOUNT, "MessageStatus": "sent"}
    assert (await door.post(form, "/sms/status"))[0] == 503
