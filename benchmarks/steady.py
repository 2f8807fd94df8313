"""A steady load: requests posted at an even pace, however slowly they are answered, as people come.

A wait runs from the moment at which a request was due, so that one slow answer does not hide what waits behind it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from benchmarks.load import CONNECTIONS, Loaded
from benchmarks.wire import end_of_message

_PATIENCE = 120.0


async def steady(url: str, requests: Sequence[bytes], a_second: float, connections: int = CONNECTIONS) -> Loaded:
    """Post them all. Raises RuntimeError where one was not answered with 200."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    post = _Post(len(requests), loop.create_future())
    for _ in range(connections):
        line = _Line(post)
        await loop.create_connection(partial(_itself, line), parts.hostname or "", parts.port or 80)
        post.idle.append(line)
    begun = time.perf_counter()
    for number, request in enumerate(requests):
        due = begun + number / a_second
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        post.send(request, due)
    async with asyncio.timeout(_PATIENCE):
        await post.done
    post.loaded.seconds = time.perf_counter() - begun
    for line in post.idle:
        line.close()
    if post.loaded.refused:
        raise RuntimeError(f"{post.loaded.refused} of {len(requests)} were not answered with 200")
    return post.loaded


class _Post:
    """Lines that are idle, requests that are due."""

    def __init__(self, count: int, done: asyncio.Future[None]) -> None:
        self.loaded = Loaded()
        self.idle: deque[_Line] = deque()
        self.done = done
        self._due: deque[tuple[bytes, float]] = deque()
        self._count = count

    def send(self, request: bytes, due: float) -> None:
        if self.idle:
            self.idle.popleft().send(request, due)
        else:
            self._due.append((request, due))

    def answered(self, line: "_Line", wait: float, *, well: bool) -> None:
        self.loaded.waits.append(wait)
        self.loaded.refused += not well
        if self._due:
            line.send(*self._due.popleft())
        else:
            self.idle.append(line)
        if len(self.loaded.waits) == self._count:
            self.done.set_result(None)


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, post: _Post) -> None:
        self._post = post
        self._data = bytearray()
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def send(self, request: bytes, due: float) -> None:
        self._due = due
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._data += data
        if end := end_of_message(self._data):
            well = self._data.startswith(b"HTTP/1.1 200")
            del self._data[:end]
            self._post.answered(self, time.perf_counter() - self._due, well=well)


def _itself(line: _Line) -> _Line:
    return line
