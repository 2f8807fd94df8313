"""The running program: every part in one process, or each role in processes of its own."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from aiohttp import web

from dauys import clock, listening, metrics
from dauys.pacing import SharedBuckets
from dauys.roles import Role
from dauys.settings import Settings
from dauys.wiring import Hall, make_desk, open_fleeting, open_hall
from handlers.doors import Doors


def serve(settings: Settings, role: Role) -> None:
    """See listening."""
    listening.serve(_begin, settings, role)


async def _begin(stack: AsyncExitStack, settings: Settings, role: Role) -> None:
    """Begin the parts of this role in the order in which they are needed; they are left in the opposite order."""
    hall = await stack.enter_async_context(open_hall(settings))
    fleeting = await stack.enter_async_context(open_fleeting(settings))
    buckets, doors = SharedBuckets(fleeting, clock.now), Doors()
    checks: list[Callable[[], str]] = []
    if role in (Role.ALL, Role.SENDER):
        from dauys import carrying

        checks.append(await stack.enter_async_context(carrying.sending(settings, hall, buckets)))
    routes: list[web.AbstractRouteDef] = []
    desk = metrics.Counted(make_desk(hall, fleeting, clock.now, doors))
    if role in (Role.ALL, Role.SMS):
        from dauys import carrying

        routes += carrying.sms_routes(settings, hall, desk)
    telegram = None
    if role in (Role.ALL, Role.BOT) or (role is Role.CLOCK and settings.tokens):
        from dauys import telegram as door

        hears = role is not Role.CLOCK
        telegram = await stack.enter_async_context(door.telegram_door(settings, desk, doors, buckets, hears=hears))
        routes += telegram.routes() if hears else []
    if role in (Role.ALL, Role.CLOCK):
        from dauys.clockwork import clockwork

        await stack.enter_async_context(clockwork(settings, hall, fleeting, telegram))
    shared = role in (Role.BOT, Role.SMS)
    await stack.enter_async_context(listening.listening(settings, routes, _readiness(hall, checks), shared=shared))
    stack.enter_context(metrics.shown(settings.METRICS_PORT))
    if telegram is not None:
        await telegram.open()


def _readiness(hall: Hall, checks: list[Callable[[], str]]) -> listening.Handler:
    async def ready(_: web.Request) -> web.StreamResponse:
        problems = [problem for check in checks if (problem := check())]
        try:
            await hall.store.ledger.election()
        except Exception as fault:  # whatever it is, the store does not answer
            problems.append(f"store: {type(fault).__name__}")
        return web.json_response({"ok": not problems, "problems": problems}, status=503 if problems else 200)

    return ready
