"""The program in pieces, each a process of its own, and the servers it stands on."""

import asyncio
import re
import signal
import time

import aiohttp

from proofs import ledger
from tests.outside.town import Program, free_port
from tests.servers import Postgres, Valkey

_PATIENCE = 120.0  # seconds for a process to serve, or for another clock to lead
_HEARD = re.compile(r"^dauys_messages_total\{.*\} ([0-9.e+]+)$", re.MULTILINE)


class Staff:
    """Who serves the members. `heard` counts the messages that each process had heard when it was last asked."""

    def __init__(self, program: Program, postgres: Postgres, valkey: Valkey, database: str) -> None:
        """`database`: its address as psql takes it."""
        self.program = program
        self.postgres = postgres
        self.valkey = valkey
        self.database = database
        self.heard: dict[str, int] = {}
        self.sms_port = free_port()
        self._metrics: dict[str, int] = {}

    async def starts(self, name: str) -> None:
        """Start `bot 1`, `clock 2` and the like; it serves when this returns.

        Bots share one port, and so do the SMS doors: only the port of its metrics is a process's own.
        """
        role = name.partition(" ")[0]
        port = {"bot": self.program.port, "sms": self.sms_port}.get(role) or free_port()
        self._metrics[name] = free_port()
        settings = {"METRICS_PORT": str(self._metrics[name])}
        if role in ("sms", "sender"):
            settings["WEBHOOK_BASE_URL"] = self.sms_url
        await self.program.starts(name, role=role, port=port, settings=settings)
        until = time.monotonic() + _PATIENCE
        while not await self._is_asked(name):
            if not self.program.runs(name):
                raise RuntimeError(f"{name} has ended: {self.program.log.read_text(encoding='utf-8')[-2000:]}")
            if time.monotonic() > until:
                raise TimeoutError(f"{name} does not serve")
            await asyncio.sleep(0.1)

    async def stops(self, name: str) -> None:
        """By SIGTERM: it finishes what it has begun."""
        await self.program.stops(name=name)

    async def is_killed(self, name: str) -> None:
        """By SIGKILL."""
        await self.program.stops(signal.SIGKILL, name)

    async def another_leads(self, than: str = "") -> str:
        """The name of the leading clock, as soon as it is not this one."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            process = await asyncio.to_thread(ledger.leader, self.database)
            name = self.program.named(process)
            if name and name != than:
                return name
            await asyncio.sleep(0.2)
        raise TimeoutError("no clock leads")

    async def are_counted(self) -> None:
        """Ask all who still serve what they have heard."""
        for name in self._metrics:
            await self._is_asked(name)

    @property
    def sms_url(self) -> str:
        """Where the carrier reaches us."""
        return f"http://127.0.0.1:{self.sms_port}"

    async def _is_asked(self, name: str) -> bool:
        """Whether it answers; then what it has heard is noted."""
        async with aiohttp.ClientSession() as session:
            try:
                async with session.get(f"http://127.0.0.1:{self._metrics[name]}/metrics") as answer:
                    found = _HEARD.findall(await answer.text())
            except aiohttp.ClientError:
                return False
        self.heard[name] = sum(int(float(count)) for count in found)
        return True
