"""The stage of the demo: a folder, two processes and the real command line."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from dauys.settings import Settings
from dauys.terminal import console
from election.errors import OperatorRefusal

TOKEN = "100200:rehearsal-token-of-nobody-at-all"  # noqa: S105 - a name in a play, no secret
_START_SECONDS = 60
_STOP_SECONDS = 15
_CODE = Path(__file__).resolve().parents[2]


class Stage:
    """Holds the processes until the block ends. `page` is that with the two handsets, `board` what observers see."""

    def __init__(self, folder: Path, port: int, database_url: str = "", redis_url: str = "") -> None:
        self.folder = folder
        self.page = f"http://127.0.0.1:{_free(port)}"
        self.program = f"http://127.0.0.1:{_free(0)}"
        self.board = f"http://127.0.0.1:{_free(port + 1 if port else 0)}"
        self._environment = self._variables(database_url or f"sqlite:///{folder}/dauys.sqlite3", redis_url)
        self._processes = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.close()

    @property
    def settings(self) -> Settings:
        """The settings under which the program runs."""
        return Settings(_env_file=None, **{k: v for k, v in self._environment.items() if k in Settings.model_fields})  # type: ignore[arg-type]

    def raise_the_world(self) -> None:
        """Start the emulated Telegram and carrier with the people of `people.json`."""
        port, inbound = self.page.rpartition(":")[2], f"{self.program}/sms/inbound"
        options = ("--members", "people.json", "--token", TOKEN, "--inbound-url", inbound)
        self._start("rehearsal", "--port", port, *options)
        self._await("the rehearsal", lambda: _answers(f"{self.page}/bots"))

    def raise_the_program(self) -> None:
        """Start the real program and wait until it is ready and Telegram knows its address."""
        self._start("dauys", "run")
        self._await("the program", lambda: _answers(f"{self.program}/readyz"))
        self._await("its webhook", self._has_webhook)

    def raise_the_board(self) -> None:
        """Start the process that shows the board, beside the program."""
        self._start("dauys", "run", "--role", "board", PORT=self.board.rpartition(":")[2])
        self._await("the board", lambda: _answers(f"{self.board}/readyz"))

    def says(self, *arguments: str) -> str:
        """Run a command of the real command line; what it printed."""
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "dauys", *arguments],
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise OperatorRefusal("demo_failed", f"dauys {' '.join(arguments[:2])}: {done.stderr.strip()}")
        return done.stdout.rstrip()

    def answers(self, *arguments: str) -> Mapping[str, object]:
        """The JSON object that a command prints."""
        answered: Mapping[str, object] = json.loads(self.says(*arguments, "--json"))
        return answered

    def _variables(self, database_url: str, redis_url: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in Settings.model_fields}
        return {
            **inherited,
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": self.page,
            "WEBHOOK_BASE_URL": self.program,
            "WEBHOOK_SECRET": secrets.token_urlsafe(32),
            "SMS_PROVIDER": "rehearsal",
            "TWILIO_API_BASE": self.page,
            "SMS_PER_SECOND": "1000",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY_FILE": str(self.folder / "secret-keys.json"),
            "BOARD_DIR": str(self.folder / "board"),
            "PORT": self.program.rpartition(":")[2],
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(_CODE), os.environ.get("PYTHONPATH", "")))),
            "COLUMNS": str(console.width),
        }

    def _start(self, module: str, *arguments: str, **settings: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._processes.enter_context(self._process("-".join((module, *settings)), command, settings))

    @contextmanager
    def _process(self, name: str, command: list[str], settings: Mapping[str, str]) -> Iterator[None]:
        """A process of its own, ended with the stage. Ctrl-C reaches the demo only, which ends it in good order."""
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - our own modules
                command,
                env={**self._environment, **settings},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(_STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _await(self, what: str, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + _START_SECONDS
        while not ready():
            if time.monotonic() > until:
                said = " ".join(log.read_text(encoding="utf-8")[-300:] for log in self.folder.glob("*.log"))
                raise OperatorRefusal("demo_failed", f"{what.capitalize()} does not answer. {said.strip()}")
            time.sleep(0.1)

    def _has_webhook(self) -> bool:
        with urlopen(f"{self.page}/bot{TOKEN}/getWebhookInfo", timeout=5) as answer:  # noqa: S310 - loopback
            return bool(json.load(answer)["result"]["url"])


def _answers(url: str) -> bool:
    with contextlib.suppress(URLError, OSError), urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
        return bool(answer.status == 200)
    return False


def _free(port: int) -> int:
    """This port if it is free, else any free one."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
