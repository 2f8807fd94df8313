"""A process that answers on HOST and PORT until it is told to stop. Here nothing is known of a store or a door."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web

from dauys import journal
from dauys.addresses import secrets_of
from dauys.roles import Role
from dauys.settings import Settings
from election.errors import OperatorRefusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Begin = Callable[[AsyncExitStack, Settings, Role], Awaitable[None]]

_WAITING = 4096
"""Connections that may wait to be taken; the machine may allow fewer."""

_log = structlog.get_logger("dauys")


def serve(begin: Begin, settings: Settings, role: Role) -> None:
    """Serve until SIGTERM or Ctrl-C; what is begun is finished. Raises OperatorRefusal when it cannot begin."""
    hidden = (
        *settings.tokens,
        settings.WEBHOOK_SECRET.get_secret_value(),
        settings.auth_token,
        *secrets_of(settings.database_url),
        *secrets_of(settings.redis_url),
    )
    journal.keep(settings.LOG_LEVEL, hidden)
    asyncio.run(_serve(begin, settings, role))


async def _serve(begin: Begin, settings: Settings, role: Role) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as stack:
        await begin(stack, settings, role)
        gc.enable()
        gc.freeze()  # what was imported stays: looking through it again and again would hold up votes
        _log.info("serving", role=role, host=settings.HOST, port=settings.PORT)
        await stop.wait()
        _log.info("stopping", role=role)


@asynccontextmanager
async def listening(
    settings: Settings,
    routes: list[web.AbstractRouteDef],
    ready: Handler,
    *,
    shared: bool = False,
    idle_seconds: float = 3600,
) -> AsyncIterator[None]:
    """Answer on HOST and PORT. `shared`: several processes of one machine may listen there, and the kernel divides the
    connections among them (Linux). `idle_seconds`: how long a connection may stay that asks for nothing."""
    app = web.Application()
    app.router.add_get("/healthz", healthy)
    app.router.add_get("/readyz", ready)
    app.add_routes(routes)
    # a stopping process finishes what it has been asked and closes the idle connections
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=5, keepalive_timeout=idle_seconds
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.HOST, settings.PORT, reuse_port=shared, backlog=_WAITING)
        try:
            await site.start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            sentence = f"Cannot listen on {settings.HOST}:{settings.PORT} ({why}); choose another HOST or PORT."
            raise OperatorRefusal("port_taken", sentence) from None
        yield
    finally:
        await runner.cleanup()


async def healthy(_: web.Request) -> web.StreamResponse:
    """The process is there."""
    return web.json_response({"ok": True})
