"""The SMS door and the sender of letters, put together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from dauys import clock
from dauys.metrics import Counted
from dauys.pacing import SharedBuckets
from dauys.settings import Settings
from dauys.wiring import Hall
from sms_gateway.inbound import STATUS_PATH, SmsDoor
from sms_gateway.pace import Pace
from sms_gateway.sending import OutboxItem, Sender
from sms_gateway.signed_form import SignedForms
from sms_gateway.twilio_client import Carrier


def sms_routes(settings: Settings, hall: Hall, desk: Counted) -> list[web.AbstractRouteDef]:
    """What the carrier posts to us."""
    forms = SignedForms(settings.account_sid, settings.auth_token, settings.base_url)
    return list(SmsDoor(desk, hall.store.outbox, forms, clock.now).routes())


@asynccontextmanager
async def sending(settings: Settings, hall: Hall, buckets: SharedBuckets) -> AsyncIterator[Callable[[], str]]:
    """Send what is in the outbox, at a pace that all processes share; yields a check that says what is wrong, or
    nothing. Ends with what is under way."""
    async with _carrier(settings) as carrier:
        sender = _sender(settings, hall, carrier, buckets)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(sender.run(stop))
            try:
                yield lambda: "" if sender.healthy else "carrier: our account or sender is refused"
            finally:
                stop.set()
                sender.nudge()


def _carrier(settings: Settings) -> Carrier:
    service = settings.TWILIO_MESSAGING_SERVICE_SID
    return Carrier(
        settings.account_sid,
        settings.auth_token,
        sender="" if service else settings.sender,
        messaging_service_sid=service,
        api_base=settings.carrier_base,
    )


def _sender(settings: Settings, hall: Hall, carrier: Carrier, buckets: SharedBuckets) -> Sender:
    def open_letter(item: OutboxItem) -> tuple[str, str]:
        return hall.strongroom.open_letter(item.sealed_phone, item.sealed_body)

    return Sender(
        hall.store.outbox,
        carrier,
        open_letter,
        clock.now,
        status_callback=f"{settings.base_url}{STATUS_PATH}" if settings.base_url else "",
        pace=Pace(settings.SMS_PER_SECOND, buckets, f"sms:{settings.TWILIO_MESSAGING_SERVICE_SID or settings.sender}"),
    )
