"""A town for tests: the outside world in a box, and the real program in a process of its own, met by HTTP only.

Commands run in this process, by the same `main`, which spares the second in which another one starts.
"""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TypeVar

import aiohttp

from rehearsal import server
from rehearsal.box import Box
from rehearsal.chats import Message
from tests.dauys.command_line import CommandLine

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "777000:token-of-a-test-town"
PATIENCE = 40.0

T = TypeVar("T")


async def eventually(look: Callable[[], T], what: str = "", instead: Callable[[], object] = lambda: "") -> T:
    """What `look` returns once it is true; fails after a while, telling what there was `instead`."""
    until = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < until, f"it never happened: {what}; instead: {instead()!r}"
        await asyncio.sleep(0.02)
    return found


class Program:
    """The program under test: its folder, its command line, its running processes by name."""

    def __init__(self, folder: Path, box: Box, *, webhook: bool, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "run.log"
        self._dauys = CommandLine(folder)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": box.url,
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": box.carrier.account.sid,
            "TWILIO_AUTH_TOKEN": box.carrier.account.token,
            "TWILIO_FROM": box.carrier.account.number,
            "TWILIO_API_BASE": box.url,
            "WEBHOOK_BASE_URL": self.url if webhook else "",
            "WEBHOOK_SECRET": "a-secret-of-this-test-town" if webhook else "",
            "SMS_PER_SECOND": "1000",
            "PORT": str(self.port),
            "LOG_LEVEL": "DEBUG",
            "DATABASE_URL": "",  # where they are by default
            "SECRET_KEY_FILE": "",
            **settings,
        }

    def says(self, *arguments: str, fails: bool = False) -> str:
        """Run a command; what it printed. Its exit code must be what was expected."""
        with ThreadPoolExecutor(1) as thread:  # it has an event loop of its own
            said = thread.submit(self._dauys, *arguments, **self.environment).result()
        assert said.code == int(fails), said.err
        assert "Traceback" not in said.err
        return said.err if fails else said.out

    def answers(self, *arguments: str) -> dict[str, object]:
        """The JSON object that a command prints."""
        found: dict[str, object] = json.loads(self.says(*arguments, "--json"))
        return found

    async def starts(
        self, name: str = "all", *, role: str = "all", port: int = 0, settings: Mapping[str, str] | None = None
    ) -> None:
        """Start a process, with settings of its own, and wait until it is ready; where it shares its port, until one
        of those who share it is."""
        port = port or self.port
        command = [sys.executable, "-m", "dauys", "run", "--role", role]
        environment = {**self.environment, **(settings or {}), "PORT": str(port)}
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, env=environment, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._processes[name] = process
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
            until = time.monotonic() + 60
            while True:
                assert process.poll() is None, self.log.read_text()
                assert time.monotonic() < until, "the program does not answer"
                try:
                    async with session.get(f"http://127.0.0.1:{port}/readyz") as ready:
                        if ready.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.03)

    async def stops(self, sign: int = signal.SIGTERM, name: str = "all") -> None:
        """End a process and wait until it has gone; at SIGTERM it leaves in good order within ten seconds."""
        process = self._processes.pop(name)
        process.send_signal(sign)
        code = await asyncio.to_thread(process.wait, 10)
        assert sign == signal.SIGKILL or code == 0, self.log.read_text()

    def runs(self, name: str) -> bool:
        """Whether the process of this name has been started and has not ended."""
        return name in self._processes and self._processes[name].poll() is None

    def named(self, pid: int) -> str:
        """The name of the process with this number; empty if it is none of ours, or gone."""
        return next((name for name, process in self._processes.items() if process.pid == pid), "")

    async def is_gone(self) -> None:
        for name in list(self._processes):
            await self.stops(signal.SIGKILL, name)


class TelegramUser:
    """Somebody with Telegram and a phone that gets SMS."""

    def __init__(self, box: Box, phone: str) -> None:
        self._box = box
        self.phone = phone
        self.hand = box.hand(phone, TOKEN)

    @property
    def last(self) -> Message | None:
        """The newest message of the bot."""
        own = [m for m in self.hand.chat.messages.values() if m.from_bot]
        return own[-1] if own else None

    def text(self) -> str:
        return str(self.last.content.get("text", "")) if self.last else ""

    def buttons(self) -> list[str]:
        rows = (self.last.markup or {}).get("inline_keyboard", []) if self.last else []
        return [button["text"] for row in rows for button in row]

    async def sees(self, words: str) -> None:
        await eventually(lambda: words in self.text(), f"{self.phone} sees {words!r}", self.text)

    async def presses(self, label: str) -> None:
        await eventually(lambda: label in self.buttons(), f"a button {label}", self.buttons)
        assert self.last is not None
        self.hand.presses(self.last.id, label)

    def sms(self) -> list[str]:
        return [sms.body for sms in self._box.carrier.thread(self.phone) if sms.to == self.phone]

    async def code(self, letters_before: int = 0) -> str:
        found = await eventually(
            lambda: [c for body in self.sms()[letters_before:] for c in re.findall(r"(?<!\d)\d{6}(?!\d)", body)],
            "a code by SMS",
        )
        return found[-1]

    async def signs_in(self) -> None:
        self.hand.says("/start")
        await eventually(lambda: self.hand.chat.keyboard, "the contact button")
        before = len(self.sms())
        self.hand.shares_contact()
        self.hand.says(await self.code(before))


class Phone:
    """Somebody with a plain phone."""

    def __init__(self, box: Box, phone: str) -> None:
        self._box = box
        self.phone = phone

    def inbox(self) -> list[str]:
        return [sms.body for sms in self._box.carrier.thread(self.phone) if sms.to == self.phone]

    async def says(self, text: str) -> str:
        """Send, and the answer."""
        before = len(self.inbox())
        self._box.carrier.send_from(self.phone, text)
        await eventually(lambda: len(self.inbox()) > before, f"an answer to {text!r}")
        return self.inbox()[-1]


@asynccontextmanager
async def town(
    folder: Path,
    election: str,
    roll: str,
    people: list[str],
    *,
    webhook: bool = True,
    settings: Mapping[str, str] | None = None,
    served: bool = True,
) -> AsyncIterator[tuple[Program, Box]]:
    """A loaded and opened election, `served` by one process; the carrier brings SMS to it."""
    records = [{"name": f"P{phone[-2:]}", "phone": phone, "language": "ru"} for phone in people]
    async with server.running(
        clock=time.time, rng=Random(7), people=records, tokens=[TOKEN], carrier_delay=0.01
    ) as box:
        program = Program(folder, box, webhook=webhook, settings=settings or {})
        box.carrier.account.inbound_url = program.url + "/sms/inbound"
        (folder / "election.toml").write_text(election, encoding="utf-8")
        (folder / "roll.csv").write_text(roll, encoding="utf-8")
        program.says("election", "load", "election.toml")
        program.says("roll", "import", "roll.csv")
        program.says("keys", "ceremony", "--trustees", "5", "--threshold", "3", "--out", "shares")
        program.says("election", "open")
        try:
            if served:
                await program.starts()
            yield program, box
        finally:
            await program.is_gone()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
