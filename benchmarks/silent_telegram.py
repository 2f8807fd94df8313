"""A Bot API that says yes to everything and does nothing, so that the far end costs next to nothing."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.wire import end_of_message

_BODY = b'{"ok":true,"result":true}'
_YES = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)


class SilentTelegram:
    """How often it was called, and when last."""

    def __init__(self) -> None:
        self.url = ""
        self.calls = 0
        self.last_call = 0.0

    def called(self) -> None:
        self.calls += 1
        self.last_call = time.perf_counter()


@asynccontextmanager
async def silent_telegram() -> AsyncIterator[SilentTelegram]:
    """It answers, on loopback, until the block ends."""
    telegram = SilentTelegram()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Call(telegram), "127.0.0.1", 0)
    async with server:
        telegram.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield telegram
        server.close()


class _Call(asyncio.Protocol):
    def __init__(self, telegram: SilentTelegram) -> None:
        self._telegram = telegram
        self._data = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._data += data
        while end := end_of_message(self._data):
            del self._data[:end]
            self._telegram.called()
            self._transport.write(_YES)
