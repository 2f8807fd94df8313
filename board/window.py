"""Serves the board's folder for those who have no web server of their own: files as they are, with ETag."""

from pathlib import Path

from aiohttp import web

_MAX_AGE = 5
"""Seconds a copy may be shown before it is asked for again; the question is answered by ETag."""


def routes(folder: Path) -> list[web.AbstractRouteDef]:
    """`GET /` is index.html, everything else is the file of that name. The folder is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)

    async def home(_: web.Request) -> web.StreamResponse:
        page = folder / "index.html"
        if not page.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(page, headers={"Cache-Control": f"public, max-age={_MAX_AGE}"})

    return [web.get("/", home), web.static("/", folder, append_version=False)]
