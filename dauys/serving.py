"""The running program: both doors, the sender of letters and the clock in one process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web

from bot.door import DoorError, PublicAddress, TelegramDoor
from dauys import clock, journal, metrics
from dauys.settings import Settings
from dauys.wiring import Hall, fleeting_path, make_desk, open_hall
from election.errors import OperatorRefusal
from scheduler.hours import Hours
from scheduler.purge import Purge
from scheduler.timetable import Timetable
from sms_gateway.inbound import STATUS_PATH, SmsDoor
from sms_gateway.sending import OutboxItem, Sender
from sms_gateway.signed_form import SignedForms
from sms_gateway.twilio_client import Carrier
from storage.fleeting.file_twin import FileTwin

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = structlog.get_logger("dauys")


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; what is begun is finished. Raises OperatorRefusal when it cannot begin."""
    secrets = (*settings.tokens, settings.WEBHOOK_SECRET.get_secret_value(), settings.auth_token)
    journal.keep(settings.LOG_LEVEL, secrets)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    async with _running(settings):
        _log.info("serving", host=settings.HOST, port=settings.PORT)
        await stop.wait()
        _log.info("stopping")


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[None]:
    """Everything begun, in the order in which it is needed; left in the opposite order."""
    async with AsyncExitStack() as stack:
        hall = await stack.enter_async_context(open_hall(settings))
        fleeting = stack.enter_context(FileTwin(fleeting_path(settings)))
        carrier = await stack.enter_async_context(_carrier(settings))
        sender = _sender(settings, hall, carrier)
        desk = metrics.Counted(make_desk(hall, fleeting, clock.now))
        timetable = Timetable(clock.now)
        timetable.every(1, "hours", Hours(hall.standing, hall.commission))
        timetable.every(60, "purge", Purge(fleeting.purge))
        await stack.enter_async_context(timetable)
        telegram = await stack.enter_async_context(_telegram(settings, desk))
        forms = SignedForms(settings.account_sid, settings.auth_token, settings.base_url)
        routes = [*telegram.routes(), *SmsDoor(desk, hall.store.outbox, forms, clock.now).routes()]
        await stack.enter_async_context(_listening(settings, routes, _readiness(hall, sender)))
        stack.enter_context(metrics.shown(settings.METRICS_PORT))
        await stack.enter_async_context(_sending(sender))
        await telegram.open()
        yield


def _telegram(settings: Settings, desk: metrics.Counted) -> TelegramDoor:
    public = None
    if settings.base_url:
        public = PublicAddress(settings.base_url, settings.WEBHOOK_SECRET.get_secret_value())
    try:
        return TelegramDoor(settings.tokens, desk, api_base=settings.TELEGRAM_API_BASE.rstrip("/"), public=public)
    except DoorError as error:
        raise OperatorRefusal("bad_setting", str(error)) from None


def _carrier(settings: Settings) -> Carrier:
    service = settings.TWILIO_MESSAGING_SERVICE_SID
    return Carrier(
        settings.account_sid,
        settings.auth_token,
        sender="" if service else settings.sender,
        messaging_service_sid=service,
        api_base=settings.carrier_base,
    )


def _sender(settings: Settings, hall: Hall, carrier: Carrier) -> Sender:
    def open_letter(item: OutboxItem) -> tuple[str, str]:
        return hall.strongroom.open_letter(item.sealed_phone, item.sealed_body)

    callback = f"{settings.base_url}{STATUS_PATH}" if settings.base_url else ""
    return Sender(
        hall.store.outbox,
        carrier,
        open_letter,
        clock.now,
        status_callback=callback,
        segments_per_second=settings.SMS_PER_SECOND,
    )


@asynccontextmanager
async def _sending(sender: Sender) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        try:
            yield
        finally:
            stop.set()
            sender.nudge()


@asynccontextmanager
async def _listening(settings: Settings, routes: list[web.RouteDef], ready: Handler) -> AsyncIterator[None]:
    app = web.Application()
    app.add_routes(routes)
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.HOST, settings.PORT)
        try:
            await site.start()
        except OSError as error:
            place = f"{settings.HOST}:{settings.PORT}"
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            sentence = f"Cannot listen on {place} ({why}); choose another HOST or PORT."
            raise OperatorRefusal("port_taken", sentence) from None
        yield
    finally:
        await runner.cleanup()


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _readiness(hall: Hall, sender: Sender) -> Handler:
    async def ready(_: web.Request) -> web.Response:
        problems = []
        try:
            await hall.store.ledger.election()
        except Exception as fault:  # whatever it is, the store does not answer
            problems.append(f"store: {type(fault).__name__}")
        if not sender.healthy:
            problems.append("carrier: our account or sender is refused")
        return web.json_response({"ok": not problems, "problems": problems}, status=503 if problems else 200)

    return ready
