"""The running program: every part in one process, or each role in processes of its own."""

import asyncio
import gc
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web

from board import window
from dauys import clock, journal, metrics
from dauys.pacing import SharedBuckets
from dauys.roles import Role
from dauys.settings import Settings
from dauys.wiring import Fleeting, Hall, make_desk, open_fleeting, open_hall
from election.errors import OperatorRefusal
from handlers.doors import Doors
from scheduler.hours import Hours
from scheduler.lead import Led
from scheduler.purge import Purge
from scheduler.timetable import Timetable

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = structlog.get_logger("dauys")


def serve(settings: Settings, role: Role) -> None:
    """Serve until SIGTERM or Ctrl-C; what is begun is finished. Raises OperatorRefusal when it cannot begin."""
    hidden = (
        *settings.tokens,
        settings.WEBHOOK_SECRET.get_secret_value(),
        settings.auth_token,
        settings.DATABASE_URL,
        settings.REDIS_URL,
    )
    journal.keep(settings.LOG_LEVEL, hidden)
    asyncio.run(_serve(settings, role))


async def _serve(settings: Settings, role: Role) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as stack:
        await (_show_board if role is Role.BOARD else _begin)(stack, settings, role)
        gc.freeze()  # what was imported stays: looking through it again and again would hold up votes
        _log.info("serving", role=role, host=settings.HOST, port=settings.PORT)
        await stop.wait()
        _log.info("stopping", role=role)


async def _show_board(stack: AsyncExitStack, settings: Settings, role: Role) -> None:
    """The board opens neither the database nor Redis: watching cannot touch voting."""
    await stack.enter_async_context(_listening(settings, window.routes(settings.BOARD_DIR), _healthy))
    stack.enter_context(metrics.shown(settings.METRICS_PORT))


async def _begin(stack: AsyncExitStack, settings: Settings, role: Role) -> None:
    """Begin the parts of this role in the order in which they are needed; they are left in the opposite order."""
    hall = await stack.enter_async_context(open_hall(settings))
    fleeting = await stack.enter_async_context(open_fleeting(settings))
    buckets, doors = SharedBuckets(fleeting, clock.now), Doors()
    checks: list[Callable[[], str]] = []
    if role in (Role.ALL, Role.CLOCK):
        await stack.enter_async_context(_timetable(hall, fleeting))
    if role in (Role.ALL, Role.SENDER):
        from dauys import carrying

        checks.append(await stack.enter_async_context(carrying.sending(settings, hall, buckets)))
    routes: list[web.AbstractRouteDef] = []
    desk = metrics.Counted(make_desk(hall, fleeting, clock.now, doors))
    if role in (Role.ALL, Role.SMS):
        from dauys import carrying

        routes += carrying.sms_routes(settings, hall, desk)
    telegram = None
    if role in (Role.ALL, Role.BOT):
        from dauys import telegram as door

        telegram = await stack.enter_async_context(door.telegram_door(settings, desk, doors, buckets))
        routes += telegram.routes()
    shared = role in (Role.BOT, Role.SMS)
    await stack.enter_async_context(_listening(settings, routes, _readiness(hall, checks), shared=shared))
    stack.enter_context(metrics.shown(settings.METRICS_PORT))
    if telegram is not None:
        await telegram.open()


@asynccontextmanager
async def _timetable(hall: Hall, fleeting: Fleeting) -> AsyncIterator[None]:
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    timetable = Timetable(clock.now)
    timetable.every(1, "hours", Led(Hours(hall.standing, hall.commission), hall.store.leases, holder))
    timetable.every(60, "purge", Purge(fleeting.purge))
    async with timetable:
        yield
    await hall.store.leases.release("clock", holder)


@asynccontextmanager
async def _listening(
    settings: Settings, routes: list[web.AbstractRouteDef], ready: Handler, *, shared: bool = False
) -> AsyncIterator[None]:
    """Answer on HOST and PORT. `shared`: several processes of one machine may listen there, and the kernel divides the
    connections among them (Linux)."""
    app = web.Application()
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", ready)
    app.add_routes(routes)
    # a stopping process finishes what it has been asked and closes the idle connections
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.HOST, settings.PORT, reuse_port=shared)
        try:
            await site.start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            sentence = f"Cannot listen on {settings.HOST}:{settings.PORT} ({why}); choose another HOST or PORT."
            raise OperatorRefusal("port_taken", sentence) from None
        yield
    finally:
        await runner.cleanup()


async def _healthy(_: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True})


def _readiness(hall: Hall, checks: list[Callable[[], str]]) -> Handler:
    async def ready(_: web.Request) -> web.StreamResponse:
        problems = [problem for check in checks if (problem := check())]
        try:
            await hall.store.ledger.election()
        except Exception as fault:  # whatever it is, the store does not answer
            problems.append(f"store: {type(fault).__name__}")
        return web.json_response({"ok": not problems, "problems": problems}, status=503 if problems else 200)

    return ready
