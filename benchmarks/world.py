"""The outside world for a measurement: the rehearsal's Telegram and carrier, without a pace limit, calls counted."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random

from aiohttp import web

from benchmarks.election import phone
from rehearsal.box import Box, open_box
from rehearsal.server import make_app

_TOO_MANY = 429
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class World:
    """`calls`: the Bot API's methods that were called over HTTP, so not those in a webhook's answer. Of these `refused`
    were answered 429, and `sent` are the moments of messages that were taken."""

    box: Box
    calls: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    sent: list[float] = field(default_factory=list)


@asynccontextmanager
async def world(members: Iterable[int], tokens: Iterable[str]) -> AsyncIterator[World]:
    """It works on loopback until the block ends."""
    people = [{"phone": phone(number), "name": f"P{number}", "language": "en"} for number in members]
    async with open_box(clock=time.time, rng=Random(1), people=people, tokens=tokens, carrier_delay=0.001) as box:
        found = World(box)
        app = make_app(box)
        app.middlewares.append(web.middleware(partial(_counted, found)))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
            box.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield found
        finally:
            await runner.cleanup()


async def _counted(world: World, request: web.Request, handler: _Handler) -> web.StreamResponse:
    method = request.match_info.get("method", "")
    if method:
        world.calls[method] += 1
    answer = await handler(request)
    if method and answer.status == _TOO_MANY:
        world.refused += 1
    elif method == "sendMessage":
        world.sent.append(time.perf_counter())
    return answer
