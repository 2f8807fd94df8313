"""A load: a closed loop of connections that post what is prepared, as lean as asyncio allows.

An HTTP client library would take more of a core than the server that is measured; this takes about 20 µs a request.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from benchmarks.process import until
from benchmarks.silent_telegram import SilentTelegram
from benchmarks.wire import end_of_message

CONNECTIONS = 100
"""As many as Telegram opens to one bot."""
_QUIET = 0.25
_PATIENCE = 120.0


@dataclass(slots=True)
class Loaded:
    """What came of a load. `seconds` run until the last answer, or the last call of the server to Telegram."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def a_second(self) -> float:
        return len(self.waits) / self.seconds

    def percentile(self, percent: float) -> float:
        """Milliseconds."""
        return sorted(self.waits)[min(int(len(self.waits) * percent / 100), len(self.waits) - 1)] * 1000


def posts(url: str, bodies: Iterator[bytes], headers: Mapping[str, str]) -> list[bytes]:
    """Requests, ready to be written."""
    parts = urlsplit(url)
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n{fields}"
    return [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]


async def load(
    url: str, requests: Sequence[bytes], telegram: SilentTelegram | None = None, connections: int = CONNECTIONS
) -> Loaded:
    """Post them all. Raises RuntimeError where one was not answered with 200."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    loop = asyncio.get_running_loop()
    loaded, waiting = Loaded(), iter(requests)
    lines = [_Line(waiting, loaded, loop.create_future()) for _ in range(connections)]
    for line in lines:
        await loop.create_connection(partial(_itself, line), host, port)
    begun = time.perf_counter()
    for line in lines:
        line.next()
    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(*(line.done for line in lines))
        ended = time.perf_counter()
        if telegram is not None:
            await until(lambda: time.perf_counter() - max(ended, telegram.last_call) > _QUIET)
    loaded.seconds = max(ended, telegram.last_call if telegram else 0.0) - begun
    if loaded.refused:
        raise RuntimeError(f"{loaded.refused} of {len(requests)} were not answered with 200")
    return loaded


def _itself(line: "_Line") -> "_Line":
    return line


class _Line(asyncio.Protocol):
    """One connection: the next request leaves when the answer to the one before is whole."""

    def __init__(self, requests: Iterator[bytes], loaded: Loaded, done: asyncio.Future[None]) -> None:
        self.done = done
        self._requests = requests
        self._loaded = loaded
        self._data = bytearray()
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def next(self) -> None:
        """Send one more, if there is one."""
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if end := end_of_message(self._data):
            self._loaded.waits.append(time.perf_counter() - self._sent)
            self._loaded.refused += not self._data.startswith(b"HTTP/1.1 200")
            del self._data[:end]
            self.next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)
