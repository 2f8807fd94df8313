"""Counters for the operator: how much, how long, never who and what. Served on loopback."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Histogram, start_http_server

from election.errors import OperatorRefusal
from handlers.desk import Desk
from handlers.speech import Incoming, Menu, Reply

_heard = Counter("dauys_messages_total", "Messages heard, by door", ["channel"])
_failed = Counter("dauys_messages_failed_total", "Messages that could not be answered and will come again", ["channel"])
_broadcast = Counter("dauys_broadcast_messages_total", "Messages of broadcasts, by what became of them", ["fate"])
_took = Histogram(
    "dauys_answer_seconds",
    "Time from a message to its answer",
    ["channel"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)


class Counted:
    """The desk, with its work counted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counters: dict[str, tuple[Counter, Counter, Histogram]] = {}

    async def hear(self, incoming: Incoming) -> Sequence[Reply]:
        """See Desk."""
        heard, failed, took = self._of(incoming.address.channel)
        heard.inc()
        begun = perf_counter()
        try:
            return await self._desk.hear(incoming)
        except Exception:
            failed.inc()
            raise
        finally:
            took.observe(perf_counter() - begun)

    async def answered(self, incoming: Incoming) -> None:
        """See Desk."""
        await self._desk.answered(incoming)

    def menus(self) -> Sequence[Menu]:
        """See Desk."""
        return self._desk.menus()

    def _of(self, channel: str) -> tuple[Counter, Counter, Histogram]:
        """Looked up once a channel: the library's own way to a label costs as much as the counting."""
        counters = self._counters.get(channel)
        if counters is None:
            counters = _heard.labels(channel), _failed.labels(channel), _took.labels(channel)
            self._counters[channel] = counters
        return counters


def count_broadcast(fate: str) -> None:
    """One message of a broadcast was sent, or its chat is closed to us, or whatever else became of it."""
    _broadcast.labels(fate).inc()


@contextmanager
def shown(port: int) -> Iterator[None]:
    """Serve /metrics on this port of loopback; with port 0 not at all."""
    if not port:
        yield
        return
    try:
        server, thread = start_http_server(port, addr="127.0.0.1")
    except OSError as error:
        sentence = f"METRICS_PORT: cannot listen on {port} ({error.strerror}); choose another port."
        raise OperatorRefusal("port_taken", sentence) from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
