"""The only file that knows APScheduler: it is a clock in memory and holds nothing that could be lost."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

_log = structlog.get_logger("scheduler")


class Job(Protocol):
    """Something looked at again and again."""

    async def run(self, now: datetime) -> dict[str, int]:
        """Do what is due and count it."""


class Timetable:
    """Runs each job every so many seconds, one run of a job at a time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Add a job."""
        self._scheduler.add_job(
            self._guarded(name, job),
            "interval",
            seconds=seconds,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    async def __aenter__(self) -> "Timetable":
        self._scheduler.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._scheduler.shutdown(wait=False)

    def _guarded(self, name: str, job: Job) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            try:
                counts = await job.run(self._clock())
            except Exception as fault:  # one failing job must not stop the clock; the next look may succeed
                _log.error("job_failed", job=name, fault=type(fault).__name__)
                return
            if any(counts.values()):
                _log.info("job_done", job=name, **counts)

        return run
