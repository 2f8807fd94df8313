"""Work that goes on after a request was answered: pushes, deliveries, callbacks."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Self

log = logging.getLogger(__name__)


class Errands:
    """A task group that outlives requests. A failed errand is logged; leaving the block cancels the rest."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        """Start an errand; it is not waited for."""
        task = self._group.create_task(self._guarded(errand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, errand: Coroutine[Any, Any, None]) -> None:
        try:
            await errand
        except Exception as error:
            # The text of the error may hold what somebody wrote: only its kind is logged.
            log.error("errand failed: %s", type(error).__name__)
