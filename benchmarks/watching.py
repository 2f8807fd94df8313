"""The board shown by its own role, and a crowd that watches it: in processes of their own, on a core of their own."""

import asyncio
import json
import os
import resource
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Running, answers, free_port, processor_of, python, serving, surroundings

_SPARE = 2_000
"""Files that a process holds besides connections, and room for connections that are not spread evenly."""
_LINE = 1 << 16


def most_connections() -> int:
    """How many one process may hold here."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] - _SPARE


@dataclass(frozen=True, slots=True)
class Watched:
    """What a crowd did in a while: connections held, questions answered a second, and how long an answer took, in
    ms; and the processor time it took for that, as a share of a core."""

    held: int
    a_second: float
    p99: float
    load: float


@asynccontextmanager
async def board_shown(folder: Path, connections: int, log: Path, core: int) -> AsyncIterator[tuple[int, list[Running]]]:
    """The board of this folder on one port, by as many processes as it takes to hold so many connections."""
    port = free_port()
    environment = {"BOARD_DIR": str(folder), "PORT": str(port), "LOG_LEVEL": "WARNING"}
    command, ready = python("dauys", "run", "--role", "board"), f"http://127.0.0.1:{port}/healthz"
    async with AsyncExitStack() as stack:
        servers = []
        for number in range(-(-connections // most_connections())):
            one = serving(
                command,
                lambda: answers(ready),
                log=log / f"board-{number}.log",
                core=core,
                environment=environment,
                folder=log,
            )
            servers.append(await stack.enter_async_context(one))
        yield port, servers


class Crowd:
    """Watchers in processes of their own."""

    def __init__(self, holders: Sequence[asyncio.subprocess.Process], told: Sequence[dict[str, float]]) -> None:
        self._holders = holders
        self._last = told
        self._busy = self._processor()

    async def looked(self) -> Watched:
        """What it did since it was last asked."""
        told = await asyncio.gather(*(_asked(each) for each in self._holders))
        seconds = [now["at"] - before["at"] for now, before in zip(told, self._last, strict=True)]
        busy, self._busy, self._last = self._busy, self._processor(), told
        return Watched(
            held=int(sum(each["held"] for each in told)),
            a_second=sum(each["answered"] / took for each, took in zip(told, seconds, strict=True)),
            p99=max(each["p99"] for each in told),
            load=(self._busy - busy) / max(seconds),
        )

    def _processor(self) -> float:
        return processor_of(*(each.pid for each in self._holders))


@asynccontextmanager
async def crowd(port: int, connections: int, a_second: float, core: int) -> AsyncIterator[Crowd]:
    """So many pages open, which ask so often in all; from when they are all there until the block ends."""
    number = -(-connections // most_connections())
    share = -(-connections // number)
    holders = []
    try:
        for place in range(number):
            # a port of its own address for each: one address has fewer than thirty thousand to go out by
            words = (port, f"127.0.0.{place + 2}", share, connections / a_second)
            holder = await asyncio.create_subprocess_exec(
                *python("benchmarks.workers.watchers", *words),
                env=surroundings(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LINE,
            )
            os.sched_setaffinity(holder.pid, {core})
            holders.append(holder)
        yield Crowd(holders, [await _heard(each) for each in holders])
    finally:
        for each in holders:
            if each.returncode is None:
                each.kill()
        await asyncio.gather(*(each.wait() for each in holders))


async def _asked(holder: asyncio.subprocess.Process) -> dict[str, float]:
    if holder.stdin is None:
        raise RuntimeError("a process without pipes")
    holder.stdin.write(b"and?\n")
    return await _heard(holder)


async def _heard(holder: asyncio.subprocess.Process) -> dict[str, float]:
    if holder.stdout is None:
        raise RuntimeError("a process without pipes")
    line = await holder.stdout.readline()
    if not line:
        raise RuntimeError("the watchers have gone; is the board there?")
    found: dict[str, float] = json.loads(line)
    return found
