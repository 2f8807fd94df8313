"""What became of an SMS may be told before the carrier has told us that it took it; and it is told once."""

import asyncio
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from twilio.request_validator import RequestValidator

from sms_gateway.inbound import PATIENCE, STATUS_PATH, SmsDoor
from sms_gateway.sending import Sender
from sms_gateway.signed_form import SignedForms
from sms_gateway.twilio_client import Carrier
from storage.durable.outbox import SqlOutbox
from tests.sms_gateway.conftest import ACCOUNT, TOKEN

BASE = "https://vote.test"
ANSWER_SECONDS = 15


class Watched:
    """The real outbox; one can wait until a status has reached it."""

    def __init__(self, outbox: SqlOutbox) -> None:
        self._outbox = outbox
        self.reached = asyncio.Event()

    async def delivered(self, carrier_id: str, status: str, now: datetime) -> bool:
        known = await self._outbox.delivered(carrier_id, status, now)
        self.reached.set()
        return known


async def test_a_status_that_overtakes_our_own_note_of_the_letter_is_not_lost(
    letters: Any, carrier: Carrier, twilio: Any, clock: Any
) -> None:
    watched = Watched(letters.outbox)
    app = web.Application()
    forms = SignedForms(ACCOUNT, TOKEN, BASE)
    app.add_routes(SmsDoor(None, watched, forms, clock, patience=(0.01,) * 500).routes())  # type: ignore[arg-type]
    async with TestClient(TestServer(app)) as client, asyncio.TaskGroup() as group:

        async def tells(carrier_id: str) -> None:
            form = {"MessageSid": carrier_id, "AccountSid": ACCOUNT, "MessageStatus": "delivered"}
            signature = RequestValidator(TOKEN).compute_signature(BASE + STATUS_PATH, form)
            async with client.post(STATUS_PATH, data=form, headers={"X-Twilio-Signature": signature}) as answer:
                assert answer.status == 200

        async def before_answering(carrier_id: str) -> None:
            group.create_task(tells(carrier_id))
            await watched.reached.wait()
            assert await letters.outbox.counts() == {"sending": 1}

        twilio.before_answering = before_answering
        await letters.put("Дауыс берілді.")
        sender = Sender(letters.outbox, carrier, letters.open, clock, status_callback=BASE + STATUS_PATH)
        assert await sender.run_once(clock.now) == {"sent": 1}
    assert await letters.outbox.counts() == {"delivered": 1}


def test_it_is_waited_for_no_longer_than_the_carrier_waits_for_us() -> None:
    assert sum(PATIENCE) < ANSWER_SECONDS / 2
