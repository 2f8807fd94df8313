"""Work that goes on after the update that caused it was dealt with: answers on their way, menus, polling."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Self

import structlog

log = structlog.get_logger("bot")


class Errands:
    """One task group for them all, so that none is forgotten. An errand that fails is logged and ends alone."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """What is still on its way is cancelled; call `finish` before, to let it arrive."""
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)

    def run(self, errand: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Start an errand."""
        task = self._group.create_task(self._alone(errand))
        self._tasks.add(task)

        def back(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            errand.close()  # one cancelled before it began

        task.add_done_callback(back)
        return task

    async def finish(self, seconds: float) -> None:
        """Wait until all have come back, and what they sent out as well; at most so long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._tasks and (left := deadline - loop.time()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left)

    async def _alone(self, errand: Coroutine[Any, Any, object]) -> None:
        try:
            await errand
        except Exception as fault:
            log.error("errand_failed", **place_of(fault))


def place_of(fault: BaseException) -> dict[str, object]:
    """A fault for the log: its kind and the line it came from, never its words, which may quote a message."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace is not None else "?"
    return {"error": type(fault).__name__, "where": where}
