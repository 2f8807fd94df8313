"""A polling place to hold against `tests.votes_model`: the real station over real files, and one clock moved by hand.

An election begins anew in a moment, as if nobody had voted yet: the database gets back the rows that it had when the
voting was opened. With its pages every connection would read the schema again, and prepare every statement.
"""

import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

from dauys import publishing
from dauys.wiring import Hall, fleeting_path, open_hall
from election import ballot, tally
from election.definition import Channel
from election.election_file import parse
from election.ports import Cast, Ledger, Stage, Withdrawal
from election.station import Station, Voter
from storage.fleeting.file_twin import FileTwin
from tests.voters import START, Hand, booth, member
from vault.ceremony import ElectionKey, join
from vault.sealing import Opener

MEMBERS = ("m000001", "m000002")
ON_PAPER = "m000003"
"""No code reaches her."""
REGIONS = {"m000001": "Алматы", "m000002": "Астана", "m000003": "Астана"}
_ROLL = [member(1), member(2, region="Астана"), member(3, region="Астана", status="landline")]
_LEFT = (
    "SELECT region, sum(telegram), sum(sms), sum(paper), sum(void) FROM branch_count GROUP BY region",
    "SELECT kind, count(*) FROM leaf GROUP BY kind",
    'SELECT member_id, "right", casts, granted FROM voter ORDER BY member_id',
    "SELECT pseudonym, sealed_ballot FROM envelope",
)


class Left(NamedTuple):
    """What stands in the database after the close, read without any of our code; envelopes are opened."""

    turnout: dict[str, tuple[int, ...]]
    leaves: dict[str, int]
    rights: dict[str, tuple[str, int, int]]
    box: dict[str, str]


class Door:
    """The ledger itself. It keeps each member's last vote as it came, so that it can come once more."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.came: dict[str, Cast] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def cast(self, cast: Cast) -> None:
        self.came[cast.member_id] = cast
        await self._ledger.cast(cast)


class Place:
    """One after another all elections of one file are held here. To be opened first, and shut in the end."""

    def __init__(self, folder: Path, file: str) -> None:
        self._folder = folder
        self.definition = parse(file)
        self._election_file = file
        self.hand = Hand()
        self._rows: dict[str, list[tuple[Any, ...]]] = {}  # of each table
        self._opened = AsyncExitStack()
        self.voters: dict[str, Voter] = {}

    async def opens(self) -> None:
        async with booth(self._folder, file=self._election_file, roll=_ROLL) as made:
            store, strongroom = made.hall.store, made.hall.strongroom
            for who in MEMBERS:
                await store.ledger.enrol(who, "telegram", who)
            record = await store.ledger.election()
            assert record is not None
            assert record.public_key is not None
            threshold, commitments = await store.office.commitments()
            key = ElectionKey(self.definition.id, record.public_key, threshold, tuple(commitments))
            self._opener = Opener(join(made.shares[:threshold], key))
            self._owners = {strongroom.pseudonym(self.definition.id, who): who for who in MEMBERS}
            self._settings = made.settings
        self._path = self._folder / "dauys.sqlite3"
        with closing(sqlite3.connect(self._path)) as file:
            tables = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            self._rows = {table: file.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}
        await self._unlocks()

    async def shuts(self) -> None:
        """Close every file."""
        await self._opened.aclose()

    async def _unlocks(self) -> None:
        self.hall: Hall = await self._opened.enter_async_context(open_hall(self._settings))
        self.fleeting = self._opened.enter_context(FileTwin(fleeting_path(self._settings)))
        self._file = self._opened.enter_context(closing(sqlite3.connect(self._path, isolation_level=None)))
        store = self.hall.store
        self.door = Door(store.ledger)
        self.station = Station(self.door, self.fleeting, self.hall.strongroom, self.hall.standing, store.books)

    async def begins(self) -> None:
        """The voting has just been opened, and nobody has come yet."""
        self._file.execute("BEGIN IMMEDIATE")
        for table, rows in self._rows.items():
            self._file.execute(f"DELETE FROM {table}")
            if rows:
                self._file.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        self._file.execute("COMMIT")
        self.hand.at = START
        self.door.came.clear()
        self.voters.clear()
        for who in MEMBERS:
            await self.fleeting.drop(f"notice:{who}")

    async def restarts(self) -> None:
        """Every file is closed and opened; nothing else is brought along."""
        came = self.door.came
        await self.shuts()
        await self._unlocks()
        self.door.came = came

    async def let_in(self, who: str, *, again: bool) -> int:
        """As the conversation does it: asked for, and looked at once more before the ballot; the vote's number."""
        now = self.hand()
        number = (await self.station.may_redo(who, now)).number if again else 0
        self.voters[who] = await self.station.may_vote(who, now, number)
        return self.voters[who].number

    async def puts_in(self, who: str, channel: Channel, choice: str) -> None:
        """Of a member who was let in, now or earlier."""
        marks = {self.definition.contests[0].id: (choice,) if choice else ()}
        await self.station.cast(self.voters[who], channel, marks, "not you? {}".format, self.hand())

    async def comes_once_more(self, who: str) -> None:
        """Her last vote as it was, down to the sealed ballot."""
        await self.door.cast(self.door.came[who])

    async def disowns(self, who: str, digits: str, casts: int) -> int:
        if digits:
            told = self.hall.strongroom.notice_digits(self.definition.id, who, casts)
            digits = told if digits == "right" else f"{(int(told) - 999) % 9000 + 1000}"
        return (await self.station.disown(who, digits, self.hand())).number

    async def may_withdraw(self, who: str) -> int:
        self.voters[who] = await self.station.may_withdraw(who, self.hand())
        return self.voters[who].member.casts

    async def withdraws(self, who: str) -> None:
        await self.station.withdraw(self.voters[who], self.hand())

    async def takes_paper(self, who: str, number: int) -> None:
        strongroom = self.hall.strongroom
        pseudonym = strongroom.pseudonym(self.definition.id, who)
        await self.door.hand_out_paper(
            Withdrawal(who, pseudonym, number, strongroom.token(16), strongroom.token(32), self.hand())
        )

    async def moves(self, expected: Stage, stage: Stage) -> None:
        await self.hall.store.office.move([expected], stage, self.hand())

    async def publishes(self) -> None:
        """A bulletin, which refuses to be made of figures that do not add up."""
        await publishing.publish(self.hall, self.hand())

    def left(self) -> Left:
        turnout, leaves, rights, box = (self._file.execute(look).fetchall() for look in _LEFT)
        return Left(
            {region: tuple(counts) for region, *counts in turnout},
            dict(leaves),
            {who: tuple(rest) for who, *rest in rights},
            {self._owners[name]: self._choice(self._opener.open(sealed)) for name, sealed in box},
        )

    async def counts(self) -> dict[str, int]:
        """The cut and the count: votes by candidate, blank ones under an empty name."""
        office, strongroom = self.hall.store.office, self.hall.strongroom
        await office.cut(lambda who: strongroom.pseudonym(self.definition.id, who))
        result = tally.count(self.definition, [self._opener.open(sealed) for sealed in await office.urn()])
        (contest,) = result.contests
        assert contest.cast == result.cast == result.counted
        return {"": contest.blank} | {line.candidate.id: line.votes for line in contest.results}

    def _choice(self, plain: bytes) -> str:
        (chosen,) = ballot.decode(self.definition, plain).values()
        return "".join(chosen)
