"""Elections in which candidates are struck off and given back at any moment, held on a real store beside a notebook.

Members vote, vote again where they may, and withdraw; the commission rules; bulletins come out, and each refuses to be
made of figures that do not add up. In the end every vote counted is one that the notebook has, and no other.
"""

import asyncio
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from dauys import publishing
from dauys.wiring import Hall, open_hall
from election import tally
from election.deeds.rulings import ruling
from election.definition import Contest, Definition
from election.election_file import parse
from election.errors import OperatorRefusal, Refusal
from election.rulings import find, struck
from election.station import Station
from storage.fleeting.file_twin import FileTwin
from tests.ballots import contest, election
from tests.voters import START, Hand, booth, member
from vault.ceremony import ElectionKey, join
from vault.sealing import Opener

NAMES = ["Серик", "Айгүл", "Виктор", "Дана", "Ержан"]
FILE = election(
    contest("chair", NAMES[:3]),
    contest("council", NAMES, choose=3, only='regions = ["Алматы"]'),
    contest("audit", NAMES[:2], blank=False, only='regions = ["Астана"]'),
    policy='redo_limit = 1\nredo_wait = "2h"',
)
REGIONS = {f"m{number:06d}": "Алматы" if number % 2 else "Астана" for number in range(1, 9)}
LIMIT, WAIT = 1, timedelta(hours=2)
STEPS = 20
LOOKED_AT = 10
"""In every so manieth election bulletins come out and the store is inspected: each looks over every table."""


@dataclass
class Line:
    """One member as the notebook has her. `seen`: how many rulings on her ballot there had been when she last cast;
    `by_ruling`: her votes again that a ruling gave her."""

    marks: dict[str, tuple[str, ...]] | None = None
    casts: int = 0
    seen: int = 0
    by_ruling: int = 0
    wait: datetime = START
    void: bool = False


@dataclass
class Notebook:
    """What must come of each act."""

    definition: Definition
    lines: dict[str, Line] = field(default_factory=lambda: {who: Line() for who in REGIONS})
    out: set[tuple[str, str]] = field(default_factory=set)
    rulings: Counter[str] = field(default_factory=Counter)

    def style(self, who: str) -> tuple[Contest, ...]:
        return self.definition.style(REGIONS[who], "")

    def on_her_ballot(self, who: str) -> int:
        return sum(self.rulings[each.id] for each in self.style(who))

    def may_cast(self, who: str, now: datetime) -> bool:
        line = self.lines[who]
        if not line.casts or self.on_her_ballot(who) > line.seen:
            return True
        return line.casts - 1 - line.by_ruling < LIMIT and now >= line.wait

    def casts(self, who: str, marks: dict[str, tuple[str, ...]], now: datetime) -> None:
        line = self.lines[who]
        line.by_ruling += line.casts > 0 and self.on_her_ballot(who) > line.seen
        line.casts, line.marks, line.seen = line.casts + 1, marks, self.on_her_ballot(who)
        end = now + WAIT
        line.wait = end + (datetime.min - end.replace(tzinfo=None)) % timedelta(minutes=1)

    def names_struck(self, marks: dict[str, tuple[str, ...]]) -> bool:
        return any((where, who) in self.out for where, chosen in marks.items() for who in chosen)

    def counted(self) -> dict[str, tuple[int, int, int, Counter[str]]]:
        """By contest: cast, blank, void, and the votes."""
        found = {}
        standing = [line.marks for line in self.lines.values() if line.marks is not None and not line.void]
        for each in self.definition.contests:
            chosen = [marks[each.id] for marks in standing if each.id in marks]
            left = [[who for who in marks if (each.id, who) not in self.out] for marks in chosen]
            void = sum(bool(marks) and not kept for marks, kept in zip(chosen, left, strict=True))
            blank = sum(not marks for marks in chosen)
            found[each.id] = (len(chosen), blank, void, Counter(who for kept in left for who in kept))
        return found


class Polls:
    """One after another all elections are held here: the database gets back the rows that it had at the opening."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.hand = Hand()
        self._opened = AsyncExitStack()

    async def opens(self) -> None:
        roll = [member(number, region=region) for number, region in enumerate(REGIONS.values(), 1)]
        async with booth(self._folder, file=FILE, roll=roll) as made:
            for who in REGIONS:
                await made.hall.store.ledger.enrol(who, "telegram", who)
            record = await made.hall.store.ledger.election()
            assert record is not None
            assert record.public_key is not None
            threshold, commitments = await made.hall.store.office.commitments()
            key = ElectionKey("primaries", record.public_key, threshold, tuple(commitments))
            self._opener = Opener(join(made.shares[:threshold], key))
            self._settings = made.settings
        path = self._folder / "dauys.sqlite3"
        with closing(sqlite3.connect(path)) as file:
            tables = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            self._rows = {table: file.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}
        self.hall: Hall = await self._opened.enter_async_context(open_hall(self._settings))
        fleeting = self._opened.enter_context(FileTwin(self._folder / "fleeting.sqlite3"))
        self._file = self._opened.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        store = self.hall.store
        self.station = Station(store.ledger, fleeting, self.hall.strongroom, self.hall.standing, store.books)

    async def shuts(self) -> None:
        await self._opened.aclose()

    async def begins(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        for table, rows in self._rows.items():
            self._file.execute(f"DELETE FROM {table}")
            if rows:
                self._file.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        self._file.execute("COMMIT")
        self.hand.at = self.hand.at + timedelta(days=1)  # a reading of the election before is old by then

    async def opened(self) -> list[bytes]:
        """The cut, and every ballot of the urn."""
        strongroom = self.hall.strongroom
        await self.hall.store.office.cut(lambda who: strongroom.pseudonym("primaries", who))
        return [self._opener.open(sealed) for sealed in await self.hall.store.office.urn()]


class Run:
    """One election, drawn from a seed."""

    def __init__(self, polls: Polls, seed: int) -> None:
        self._polls = polls
        self._chance = Random(seed)
        self._looked_at = seed % LOOKED_AT == 0
        self._book = Notebook(parse(FILE))
        self.heard: Counter[str] = Counter()

    async def whole(self) -> Counter[str]:
        """From the opening to the count; how often what was heard."""
        await self._polls.begins()
        for _ in range(STEPS):
            self._polls.hand.moves(minutes=self._chance.choice((1, 20, 70)))
            act = self._chance.choices((self._casts, self._rules, self._publishes), (12, 4, self._looked_at))[0]
            await act()
        await self._polls.hall.commission.propose("close", "", "the hour", self._polls.hand())
        self._polls.hand.moves(minutes=1)
        for _ in range(5):
            await self._chance.choice((self._withdraws, self._rules))()
        await self._count()
        return self.heard

    async def _casts(self) -> None:
        """Whoever it is, with whatever marks: it is taken if the notebook says so, else refused."""
        who, now = self._chance.choice(list(REGIONS)), self._polls.hand()
        marks = {
            each.id: tuple(
                one.id
                for one in self._chance.sample(
                    each.candidates, self._chance.randint(0 if each.blank else 1, each.choose)
                )
            )
            for each in self._book.style(who)
        }
        may = self._book.may_cast(who, now) and not self._book.names_struck(marks)
        again = self._book.lines[who].casts > 0
        try:
            number = (await self._polls.station.may_redo(who, now)).number if again else 0
            voter = await self._polls.station.may_vote(who, now, number)
            await self._polls.station.cast(voter, "telegram", marks, "not you? {}".format, now)
        except Refusal as refusal:
            taken, what = False, refusal.code
        else:
            taken, what = True, "cast again" if again else "cast"
        assert taken == may, (who, marks, what)
        self.heard[what] += 1
        if not taken:
            return
        self._book.casts(who, marks, now)

    async def _rules(self) -> None:
        where = self._chance.choice(self._book.definition.contests)
        who = self._chance.choice(where.candidates)
        out = {candidate for place, candidate in self._book.out if place == where.id}
        kind = "unstrike" if who.id in out else "strike"
        may = kind == "unstrike" or len(out) + 1 < len(where.candidates)
        self._polls.hand.moves(seconds=2)
        about = ruling(*find(self._book.definition, who.id, where.id))
        try:
            await self._polls.hall.commission.propose(kind, "", "a ruling", self._polls.hand(), about)
        except OperatorRefusal as refusal:
            made, what = False, refusal.code
        else:
            made, what = True, kind
        assert made == may, what
        self.heard[what] += 1
        if not made:
            return
        self._book.rulings[where.id] += 1
        self._book.out ^= {(where.id, who.id)}
        self._polls.hand.moves(seconds=2)

    async def _withdraws(self) -> None:
        who = self._chance.choice(list(REGIONS))
        try:
            voter = await self._polls.station.may_withdraw(who, self._polls.hand())
            await self._polls.station.withdraw(voter, self._polls.hand())
        except Refusal:
            return
        self._book.lines[who].void = True
        self.heard["withdrawn"] += 1

    async def _publishes(self) -> None:
        await publishing.publish(self._polls.hall, self._polls.hand())

    async def _count(self) -> None:
        store = self._polls.hall.store
        ballots = await self._polls.opened()
        record = await store.ledger.election()
        assert record is not None
        out = struck(record.rulings)
        assert {(where, who) for where, candidates in out.items() for who in candidates} == self._book.out
        result = tally.count(self._book.definition, ballots, out)
        books = await store.books.books()
        leaves = Counter(books.placed) + Counter(books.waiting)
        assert (
            tally.reconcile(result, leaves["cast"], books.urn, superseded=leaves["redo"], withdrawn=leaves["void"])
            == []
        )
        due = self._book.counted()
        for found in result.contests:
            votes = Counter({line.candidate.id: line.votes for line in found.results})
            assert (found.cast, found.blank, found.void, +votes) == due[found.id], found.id
            ranked = {line.candidate.id: line.rank for line in found.results}
            assert {who for who, rank in ranked.items() if rank is None} == out.get(found.id, frozenset())
        if self._looked_at:
            await self._publishes()
            assert await store.books.inspect() == []


@contextmanager
def polls() -> Iterator[tuple[Polls, Any]]:
    """A place open for elections, in memory if the machine has files there."""
    in_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=in_memory) as folder, asyncio.Runner() as runner:
        place = Polls(Path(folder))
        runner.run(place.opens())
        try:
            yield place, runner.run
        finally:
            runner.run(place.shuts())


def hold(seeds: range) -> Counter[str]:
    """An election for each seed; how often what was heard."""
    heard: Counter[str] = Counter()
    with polls() as (place, run):
        for seed in seeds:
            heard += run(Run(place, seed).whole())
    return heard


MUST_BE_HEARD = {"cast", "cast again", "strike", "unstrike"}
MUST_BE_HEARD |= {"struck_off", "no_more_redos", "redo_too_soon", "last_candidate", "withdrawn"}
