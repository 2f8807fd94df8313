"""One clock of several: a job that runs only in the process that holds the lease."""

from datetime import datetime
from typing import Protocol

import structlog

_log = structlog.get_logger("scheduler")

LEASE_SECONDS = 15
"""How long a leader that is gone is waited for; another takes over well within half a minute."""


class Lease(Protocol):
    """Who leads. The store decides, so two never lead at once."""

    async def lead(self, role: str, holder: str, seconds: int, now: datetime) -> bool:
        """Take or renew the lease; whether this holder has it."""


class Job(Protocol):
    """A job of the timetable."""

    async def run(self, now: datetime) -> dict[str, int]:
        """Do what is due and count it."""


class Leader:
    """This process as one that leads or does not."""

    def __init__(self, lease: Lease, holder: str) -> None:
        self._lease = lease
        self._holder = holder
        self._led = False

    async def leads(self, now: datetime) -> bool:
        """Whether it leads, from now on for a while."""
        leads = await self._lease.lead("clock", self._holder, LEASE_SECONDS, now)
        if leads and not self._led:
            _log.info("clock_leads", holder=self._holder)
        self._led = leads
        return leads


class Led:
    """A job of the one clock. Where another process leads, its run does nothing."""

    def __init__(self, job: Job, leader: Leader) -> None:
        self._job = job
        self._leader = leader

    async def run(self, now: datetime) -> dict[str, int]:
        """The job's counts; none where another leads."""
        return await self._job.run(now) if await self._leader.leads(now) else {}
