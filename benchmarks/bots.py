"""Two bots for the same members at the same rehearsal: ours and the naive one, each started and asked alike."""

import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.ballots import member_id
from benchmarks.election import TOKEN, Made, phone
from benchmarks.process import Running, python, serving, until
from benchmarks.program import dauys
from benchmarks.world import World

NAIVE_TOKEN = "100300:a-token-of-the-naive-bot"


class Stored(NamedTuple):
    """What a bot's database says of some members: who has a vote, and how many votes there are beyond one each."""

    voted: set[int]
    doubled: int


class Bot(Protocol):
    """A bot under measurement. `presses_before_last`: those between the ballot and the screen whose press is a vote."""

    token: str
    presses_before_last: int

    def served(self, outside: World, core: int) -> AbstractAsyncContextManager[Running]:
        """It answers until the block ends."""

    async def stored(self, numbers: Iterable[int]) -> Stored:
        """What its database says."""

    async def fill(self, first: int, count: int) -> None:
        """Put votes of these members into its database."""


class Ours:
    """Dauys, all its parts in one process."""

    token = TOKEN
    presses_before_last = 1

    def __init__(self, election: Made) -> None:
        self._election = election

    @asynccontextmanager
    async def served(self, outside: World, core: int) -> AsyncIterator[Running]:
        async with dauys(self._election.place, outside.box.url, role="all", core=core) as (_, running):
            push = outside.box.telegram.bot(self.token).push
            await until(lambda: push.hook is not None)
            yield running

    async def stored(self, numbers: Iterable[int]) -> Stored:
        voted = {number for number in numbers if await self._election.has_voted(member_id(number))}
        return Stored(voted, await self._election.doubled())

    async def fill(self, first: int, count: int) -> None:
        await self._election.fill(first, count)


class Naive:
    """The bot of `benchmarks/naive`, by long polling, as its like are run."""

    token = NAIVE_TOKEN
    presses_before_last = 0

    def __init__(self, folder: Path, members: int) -> None:
        self._folder = folder
        self._votes = folder / "votes.sqlite3"
        with closing(sqlite3.connect(self._votes)) as database, database:
            database.execute("CREATE TABLE members (phone TEXT PRIMARY KEY)")
            database.execute("CREATE TABLE votes (phone TEXT, name TEXT)")
            database.executemany("INSERT INTO members VALUES (?)", ((phone(n),) for n in range(1, members + 1)))

    @asynccontextmanager
    async def served(self, outside: World, core: int) -> AsyncIterator[Running]:
        asked = outside.calls["getUpdates"]
        account = outside.box.carrier.account
        environment = {
            "BOT_TOKEN": self.token,
            "TELEGRAM_API_BASE": outside.box.url,
            "TWILIO_API_BASE": outside.box.url,
            "TWILIO_ACCOUNT_SID": account.sid,
            "TWILIO_AUTH_TOKEN": account.token,
            "TWILIO_FROM": account.number,
        }
        async with serving(
            python("benchmarks.naive.bot", self._votes),
            lambda: outside.calls["getUpdates"] > asked,
            log=self._folder / "naive.log",
            core=core,
            environment=environment,
        ) as running:
            yield running

    async def stored(self, numbers: Iterable[int]) -> Stored:
        with closing(sqlite3.connect(self._votes)) as database:
            counts = dict(database.execute("SELECT phone, COUNT(*) FROM votes GROUP BY phone"))
        return Stored({n for n in numbers if phone(n) in counts}, sum(counts.values()) - len(counts))

    async def fill(self, first: int, count: int) -> None:
        rows = ((phone(number), f"Candidate {number % 6 + 1}") for number in range(first, first + count))
        with closing(sqlite3.connect(self._votes)) as database, database:
            database.executemany("INSERT INTO votes VALUES (?, ?)", rows)
