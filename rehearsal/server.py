"""The box as an HTTP server on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from rehearsal.bot_api import BotApi
from rehearsal.box import Box, open_box
from rehearsal.call import MAX_UPLOAD
from rehearsal.carrier_api import CarrierApi
from rehearsal.controls import Controls
from rehearsal.handsets import Handsets

PAGE = Path(__file__).parent / "page"
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'"


def make_app(box: Box) -> web.Application:
    """The application that serves a box: Bot API, carrier, handsets, controls and the page."""
    app = web.Application(client_max_size=MAX_UPLOAD)
    app.add_routes(BotApi(box.telegram).routes())
    app.add_routes(CarrierApi(box.carrier).routes())
    app.add_routes(Handsets(box).routes())
    app.add_routes(Controls(box).routes())
    app.add_routes([web.get("/", _page), web.get("/page/{name}", _page)])

    async def send_everybody_home(_: web.Application) -> None:
        box.scoreboard.close()
        for bot in box.telegram.bots.values():
            bot.queue.interrupt()

    app.on_shutdown.append(send_everybody_home)
    return app


@asynccontextmanager
async def serving(box: Box, host: str, port: int) -> AsyncIterator[str]:
    """Serve a box on `host` and `port` (0: any free one) until the block ends; yields its URL."""
    runner = web.AppRunner(make_app(box), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
        bound = runner.addresses[0][1]
        box.url = f"http://{host}:{bound}"
        yield box.url
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(*, host: str = "127.0.0.1", port: int = 0, **options: Any) -> AsyncIterator[Box]:
    """Open a box and serve it: `box.url`, `box.token`, `box.hand(person)`, `box.carrier`, `box.faults` …

    `options` are those of `rehearsal.box.open_box`.
    """
    async with open_box(**options) as box, serving(box, host, port):
        yield box


async def _page(request: web.Request) -> web.StreamResponse:
    file = PAGE / request.match_info.get("name", "index.html")
    if file.parent != PAGE or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers={"Cache-Control": "no-cache", "Content-Security-Policy": POLICY})
