"""`dauys demo`: an election in a box. The outside world is emulated; the program is the real one, in its own process."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from urllib.request import Request, urlopen

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dauys import demo_roll
from dauys.demo_election import election_file
from dauys.demo_roll import Person
from dauys.settings import Settings
from dauys.terminal import console, say
from dauys.wiring import open_hall
from election.errors import OperatorRefusal
from rehearsal.crowd import Member, Outcome, Results, crowd

_TOKEN = "100200:rehearsal-token-of-nobody-at-all"
_AT_ONCE = 24
_STAY_HOME = 0.1
_START_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]


def hold(members: int, once: bool, port: int) -> None:
    """Hold it. Without a terminal, or with `once`, it ends by itself; otherwise the page stays until Ctrl-C."""
    alone = once or not sys.stdin.isatty()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dauys-demo-")))
        Demo(folder, members, port, stack).hold(alone)


class Demo:
    """One election in one folder that is gone afterwards."""

    def __init__(self, folder: Path, members: int, port: int, stack: ExitStack) -> None:
        chance = Random(2026)  # noqa: S311 - a story told the same way each time, not a secret
        self._folder = folder
        self._chance = chance
        self._people = list(demo_roll.invent(members, chance))
        self._page = f"http://127.0.0.1:{_free(port)}"
        self._program = f"http://127.0.0.1:{_free(0)}"
        self._environment = self._settings()
        self._stack = stack

    def hold(self, alone: bool) -> None:
        """From the roll to the result."""
        self._prepare()
        self._begin()
        voters = [p for p in self._people if p.channel != "none" and self._chance.random() > _STAY_HOME]
        say(f"\nTwo handsets are waiting for you at {self._page}: pick a member and vote too.\n")
        results = self._vote(voters)
        say(f"{results.voted} of {len(voters)} simulated members have voted and seen their receipt.")
        for reason, count in results.reasons.most_common():
            say(f"  {count} did not: {reason}")
        if not alone:
            with contextlib.suppress(EOFError):
                input(f"\nYour turn: {self._page}\nPress Enter to close the voting and open the box. ")
        self._close()
        if results.failed:
            raise OperatorRefusal("demo_failed", f"{results.failed} members could not vote; this should not happen.")
        if not alone:
            say(f"\nThe page stays at {self._page} until you press Ctrl-C.")
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()

    def _prepare(self) -> None:
        say("[1] The election file, the roll and the keys")
        (self._folder / "election.toml").write_text(election_file(), encoding="utf-8")
        demo_roll.write(self._people, self._folder / "roll.csv")
        self._dauys("election", "load", "election.toml")
        counts = self._answer("roll", "import", "roll.csv")
        say(
            f"    {counts['members']} members, {counts['can_vote_by_phone']} can vote by phone, "
            f"{counts['no_phone']} without a phone, {counts['landline']} with a fixed line"
        )
        self._dauys("keys", "ceremony", "--out", "shares")
        say("    five trustees hold a share of the key, any three open the box")

    def _begin(self) -> None:
        say("[2] A Telegram and a phone network on loopback, and the program itself")
        cards = [
            {"name": p.name, "phone": p.e164, "language": p.language, "region": p.region}
            for p in self._people
            if p.channel != "none"
        ]
        (self._folder / "people.json").write_text(json.dumps(cards), encoding="utf-8")
        inbound = f"{self._program}/sms/inbound"
        port = self._page.rpartition(":")[2]
        self._start(
            "rehearsal", "--port", port, "--members", "people.json", "--token", _TOKEN, "--inbound-url", inbound
        )
        self._await(self._page + "/bots")
        self._start("dauys", "run")
        self._await(self._program + "/readyz")
        proposed = self._answer("election", "open", "--as", "Aigerim", "--reason", "the hour has come")
        self._dauys("approve", str(proposed["proposal"]), "--as", "Viktor")
        say("    opened: proposed by Aigerim, approved by Viktor")
        self._await_webhook()

    def _vote(self, voters: Sequence[Person]) -> Results:
        say("[3] Voting")
        members = [Member(p.e164, p.channel, p.language) for p in voters]
        columns = (TextColumn("    {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("members who have voted", total=len(members))

            def moved(outcome: Outcome, results: Results) -> None:
                progress.update(task, completed=results.voted + results.failed)

            return asyncio.run(self._crowd(members, moved))

    async def _crowd(self, members: Sequence[Member], moved: object) -> Results:
        watching = asyncio.ensure_future(self._show_turnout())
        try:
            return await crowd(self._page, members, concurrency=_AT_ONCE, rng=self._chance, on_progress=moved)  # type: ignore[arg-type]
        finally:
            watching.cancel()

    async def _show_turnout(self) -> None:
        """The turnout as it moves, from the counters beside the votes, at the top of the page."""
        settings = Settings(
            _env_file=None,
            DATABASE_URL=self._environment["DATABASE_URL"],
            SECRET_KEY_FILE=Path(self._environment["SECRET_KEY_FILE"]),
        )
        async with open_hall(settings) as hall, aiohttp.ClientSession() as session:
            while True:
                regions = await hall.store.ledger.turnout()
                voted = sum(region.telegram + region.sms for region in regions)
                electorate = sum(region.electorate for region in regions)
                async with session.post(self._page + "/state", json=_state(voted, electorate)):
                    pass
                await asyncio.sleep(1)

    def _close(self) -> None:
        say("[4] Close, open the box with three shares, count")
        say(self._output("turnout"))
        proposed = self._answer("election", "close", "--as", "Viktor", "--reason", "the hour has come")
        self._dauys("approve", str(proposed["proposal"]), "--as", "Aigerim")
        shares = [f"--share=shares/share-{number}.json" for number in (1, 3, 4)]
        say(self._output("tally", *shares, "--out", "result"))
        result = json.loads((self._folder / "result" / "result.json").read_text(encoding="utf-8"))
        self._say_on_page("closed", result["reconciles"])
        if not result["reconciles"]:
            raise OperatorRefusal("demo_failed", "The count does not reconcile; this should not happen.")

    def _settings(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in Settings.model_fields},
            "BOT_TOKEN": _TOKEN,
            "TELEGRAM_API_BASE": self._page,
            "WEBHOOK_BASE_URL": self._program,
            "WEBHOOK_SECRET": secrets.token_urlsafe(32),
            "SMS_PROVIDER": "rehearsal",
            "TWILIO_API_BASE": self._page,
            "SMS_PER_SECOND": "1000",
            "DATABASE_URL": f"sqlite:///{self._folder}/dauys.sqlite3",
            "SECRET_KEY_FILE": str(self._folder / "secret-keys.json"),
            "PORT": self._program.rpartition(":")[2],
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", "")))),
            "COLUMNS": str(console.width),
        }

    def _start(self, module: str, *arguments: str) -> None:
        """A process of its own, ended with the demo; what it says goes to a file that is shown if it dies."""
        log = self._stack.enter_context((self._folder / f"{module}.log").open("w+"))
        command = [sys.executable, "-m", module, *arguments]
        self._stack.enter_context(_process(command, self._environment, self._folder, log.fileno()))

    def _output(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "dauys", *arguments],
            env=self._environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise OperatorRefusal("demo_failed", f"dauys {' '.join(arguments[:2])}: {done.stderr.strip()}")
        return done.stdout.rstrip()

    def _dauys(self, *arguments: str) -> None:
        self._output(*arguments)

    def _answer(self, *arguments: str) -> Mapping[str, object]:
        answered: Mapping[str, object] = json.loads(self._output(*arguments, "--json"))
        return answered

    def _await(self, url: str) -> None:
        for _ in range(_START_SECONDS * 10):
            with contextlib.suppress(OSError), urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
            self._stack_alive()
            _pause(0.1)
        raise OperatorRefusal("demo_failed", f"Nothing answers at {url}.")

    def _await_webhook(self) -> None:
        """Until the bot has told Telegram where it listens."""
        for _ in range(_START_SECONDS * 10):
            with urlopen(f"{self._page}/bot{_TOKEN}/getWebhookInfo", timeout=5) as answer:  # noqa: S310 - loopback
                if json.load(answer)["result"]["url"]:
                    return
            _pause(0.1)
        raise OperatorRefusal("demo_failed", "The bot did not set its webhook.")

    def _stack_alive(self) -> None:
        for log in self._folder.glob("*.log"):
            if "fault of the program" in (text := log.read_text(encoding="utf-8")):
                raise OperatorRefusal("demo_failed", text.strip())

    def _say_on_page(self, *_: object) -> None:
        state = {"lines": [{"en": "Voting is closed.", "ru": "Голосование завершено.", "kk": "Дауыс беру аяқталды."}]}
        body = json.dumps(state).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(self._page + "/state", body, headers), timeout=5):  # noqa: S310 - loopback
            pass


def _state(voted: int, electorate: int) -> dict[str, object]:
    return {
        "lines": [
            {
                "en": f"{voted} of {electorate} on the roll have voted",
                "ru": f"Проголосовали {voted} из {electorate} в списке участников",
                "kk": f"Дауыс бергендер: {voted}, тізімде барлығы {electorate}",
            }
        ],
        "share": voted / electorate,
    }


@contextmanager
def _process(command: list[str], environment: dict[str, str], folder: Path, log: int) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 - our own modules
        command, env=environment, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free(port: int) -> int:
    """This port if it is free, else any free one."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pause(seconds: float) -> None:
    import time

    time.sleep(seconds)
