"""Serves the board's folder for those who have no web server of their own: files as they are, and nothing else.

What everybody asks for again and again, the files at the top of the folder, is kept in memory and looked at on the
disk with each request, so that thousands of questions a second cost one processor. All else comes from the disk.
"""

import contextlib
import os
import re
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}
"""What a board holds. Anything else in the folder is nobody's business."""

_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
"""No name begins with a dot: no drafts, and no way up."""

_FOR_GOOD = re.compile(r"bulletins/[0-9]+\.json")
_SHORT = "public, max-age=5"
_LONG = "public, max-age=31536000, immutable"
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding"}


def routes(folder: Path) -> list[web.AbstractRouteDef]:
    """`GET /` is index.html, everything else is the file of that name. The folder is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    window = _Window(folder)
    return [web.get("/{name:.*}", window.show)]


def admit_many() -> None:
    """Let this process hold as many connections as the machine allows it."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # where there are no such limits, there is no need
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file in memory, as it was at that size and hour."""

    seen: tuple[int, int, int]
    body: bytes
    etag: str


class _Window:
    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._kept: dict[str, _Kept] = {}

    async def show(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"] or "index.html"
        kind = _TYPES.get(name[name.rfind(".") :])
        if kind is None or not _NAME.fullmatch(name):
            raise web.HTTPNotFound
        headers = {**_HEADERS, "Cache-Control": _LONG if _FOR_GOOD.fullmatch(name) else _SHORT}
        if "/" in name:
            return self._from_disk(name, {**headers, "Content-Type": kind})
        twin = self._fresh(f"{name}.gz") if "gzip" in request.headers.get("Accept-Encoding", "") else None
        kept = twin or self._fresh(name)
        if kept is None:
            raise web.HTTPNotFound
        headers["ETag"] = kept.etag
        # the header is searched, not read: a hash in quotes is in it or is not
        if kept.etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = kind
        if twin is not None:
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=kept.body, headers=headers)

    def _from_disk(self, name: str, headers: dict[str, str]) -> web.StreamResponse:
        folder = Path(self._folder).resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=headers)

    def _fresh(self, name: str) -> _Kept | None:
        """The file as it is now; None if it is not there."""
        path, kept = f"{self._folder}/{name}", self._kept.get(name)
        try:
            status = os.lstat(path)
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if kept is None or kept.seen != seen:
                if not stat.S_ISREG(status.st_mode):
                    return None
                body = Path(path).read_bytes()
                kept = self._kept[name] = _Kept(seen, body, f'"{sha256(body).hexdigest()[:32]}"')
        except OSError:
            self._kept.pop(name, None)
            return None
        return kept
