"""People with the board's page open: connections that are held, on each of which the page asks now and then whether
there is anything new. As lean as asyncio allows.

It prints a JSON object when all are there, and one more at each line it is told, and ends when it is told no more.
"""

import asyncio
import json
import resource
import sys
import time
from functools import partial

from benchmarks.wire import end_of_message

_AT_ONCE = 200
_ARRIVING = 30.0
"""Seconds between two questions of one page until all are there: a server lets go who asks nothing for long."""


class Crowd:
    """All of them. `every`: seconds between two questions of one page."""

    def __init__(self, port: int, source: str) -> None:
        self.every = _ARRIVING
        self.answered = 0
        self.skipped = 0  # since the answer to the question before was not there yet
        self.lost = 0
        self.waits: list[float] = []
        self._port = port
        self._source = source
        self._pages: list[_Page] = []

    async def arrives(self, count: int) -> None:
        waiting = iter(range(count))

        async def one_after_another() -> None:
            for _ in waiting:
                page = _Page(self)
                make = asyncio.get_running_loop().create_connection
                await make(partial(_itself, page), "127.0.0.1", self._port, local_addr=(self._source, 0))
                self._pages.append(page)

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(one_after_another())

    def asks(self, every: float) -> None:
        """From now on so often, evenly spread."""
        self.every = every
        for place, page in enumerate(self._pages):
            page.asks_in(every * place / len(self._pages))

    def told(self) -> dict[str, float]:
        """What there was since the last time."""
        waits, self.waits = sorted(self.waits), []
        found = {
            "held": len(self._pages) - self.lost,
            "answered": self.answered,
            "skipped": self.skipped,
            "at": time.perf_counter(),
            "p50": waits[len(waits) // 2] * 1000 if waits else 0.0,
            "p99": waits[len(waits) * 99 // 100] * 1000 if waits else 0.0,
        }
        self.answered = self.skipped = 0
        return found


class _Page(asyncio.Protocol):
    """One open page. It has seen the newest bulletin, and asks whether that is still so."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._data = bytearray()
        self._seen = b""
        self._asked = 0.0  # 0: nothing is under way
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.ask()

    def asks_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.ask)

    def ask(self) -> None:
        if self._transport.is_closing():
            return
        self.asks_in(self._crowd.every)
        if self._asked:
            self._crowd.skipped += 1
            return
        self._asked = time.perf_counter()
        match = b"If-None-Match: %b\r\n" % self._seen if self._seen else b""
        self._transport.write(b"GET /latest.json HTTP/1.1\r\nHost: 127.0.0.1\r\n%b\r\n" % match)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if end := end_of_message(self._data):
            if not self._seen and (place := self._data.find(b"ETag: ")) >= 0:
                self._seen = bytes(self._data[place + 6 :].split(b"\r\n", 1)[0])
            del self._data[:end]
            self._crowd.waits.append(time.perf_counter() - self._asked)
            self._crowd.answered += 1
            self._asked = 0.0

    def connection_lost(self, error: Exception | None) -> None:
        self._crowd.lost += 1
        if self._timer is not None:
            self._timer.cancel()


def _itself(page: _Page) -> _Page:
    return page


async def main(port: int, source: str, count: int, every: float) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = Crowd(port, source)
    await crowd.arrives(count)
    crowd.asks(every)
    print(json.dumps(crowd.told()), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(crowd.told()), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
