"""Elections in which members vote by phone and on paper, before and after, on line and off line, while candidates are
struck off and given back: held on a real store, beside heaps of real papers.

Each station has a box. A paper lies in it when somebody was really given one and has put it in, whatever the program
made of it. In the end clerks count the boxes, and every vote in the result is a paper of theirs or a ballot by phone
that stands. Where a member was given papers at two stations there is one too many: that must be told, by name, and
nothing else may.
"""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from board.verify import verify
from dauys import publishing
from dauys.wiring import Hall, open_hall
from election import tally
from election.bulletin_result import published
from election.deeds.paper import opening
from election.deeds.rulings import ruling
from election.definition import Contest
from election.election_file import parse
from election.errors import OperatorRefusal, Refusal
from election.paper import CLOSE, OPEN, wrong_accounts
from election.paper_count import ContestCount, PaperCount, joined
from election.paper_sheet import HEADINGS
from election.rulings import struck
from election.station import Station
from storage.fleeting.file_twin import FileTwin
from tests.ballots import contest, election
from tests.voters import Hand, booth, member
from vault.ceremony import ElectionKey, join
from vault.sealing import Opener
from vault.signing import verify as signature_ok

NAMES = ["Серик", "Айгүл", "Виктор", "Дана"]
CLERKS = ("Clerk One", "Clerk Two")
FILE = election(
    contest("chair", NAMES[:3]),
    contest("council", NAMES, choose=2, only='regions = ["Алматы", "Астана"]'),
    contest("audit", NAMES[:2], blank=False, only='regions = ["Орал"]'),
    policy='redo_limit = "unlimited"\nredo_wait = "1m"',
).replace(
    "two_person = false",
    "two_person = true\n"
    + "\n".join(
        f'[[commission.member]]\nname = "{name}"\nrole = "{role}"\nphone = "+7701999000{place}"'
        for place, (name, role) in enumerate(
            (*((who, "clerk") for who in CLERKS), ("A", "organiser"), ("B", "committee"))
        )
    ),
)
REGIONS = [("Алматы", "Астана", "Орал")[number % 3] for number in range(24)]
STATIONS = {"Everybody": (), "Almaty": ("Алматы",), "Astana and Oral": ("Астана", "Орал")}
STEPS = 45
Marks = dict[str, tuple[str, ...]]


class Polls:
    """One after another all elections are held here: the database gets back the rows that it had at the opening."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hand = Hand()
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> "Polls":
        roll = [member(number, region=region) for number, region in enumerate(REGIONS)]
        async with booth(self.folder, file=FILE, roll=roll, opened=False) as made:
            await _decide(made.hall, "open", {}, made.hand)
            for person in roll:
                await made.hall.store.ledger.enrol(person.member_id, "telegram", person.member_id)
            self.ids = [person.member_id for person in roll]
            record = await made.hall.store.ledger.election()
            assert record is not None
            assert record.public_key is not None
            threshold, commitments = await made.hall.store.office.commitments()
            key = ElectionKey("primaries", record.public_key, threshold, tuple(commitments))
            self.opener = Opener(join(made.shares[:threshold], key))
            self._settings = made.settings
        path = self.folder / "dauys.sqlite3"
        with closing(sqlite3.connect(path)) as file:
            tables = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            self._rows = {table: file.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}
        self.hall: Hall = await self._opened.enter_async_context(open_hall(self._settings))
        fleeting = self._opened.enter_context(FileTwin(self.folder / "fleeting.sqlite3"))
        self._file = self._opened.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        store = self.hall.store
        self.station = Station(store.ledger, fleeting, self.hall.strongroom, self.hall.standing, store.books)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    def begins(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        for table, rows in self._rows.items():
            self._file.execute(f"DELETE FROM {table}")
            if rows:
                self._file.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        self._file.execute("COMMIT")
        self.hand.moves(days=1)  # a reading of the election before is old by then


async def _decide(hall: Hall, kind: str, about: dict[str, str | int], hand: Hand, pair: Sequence[str] = "AB") -> None:
    """By two persons."""
    act = await hall.commission.propose(kind, pair[0], "a reason", hand(), about)
    await hall.commission.approve(act.number, pair[1], hand())
    hand.moves(seconds=2)


@dataclass
class Box:
    """A station as it really is: the papers in its box, those put away, and the rows ticked on its list."""

    papers: list[Marks] = field(default_factory=list)
    spoilt: int = 0
    returned: int = 0
    ticked: list[list[str]] = field(default_factory=list)
    is_open: bool = True
    too_many: int = 0
    sheet: dict[str, list[str]] = field(default_factory=dict)


class Run:
    """One election, drawn from a seed."""

    def __init__(self, polls: Polls, seed: int, steps: int = STEPS) -> None:
        self._steps = steps
        self._polls, self._hall = polls, polls.hall
        self._chance = Random(seed)
        self._definition = parse(FILE)
        self._boxes: dict[str, Box] = {}
        self._by_phone: dict[str, Marks] = {}
        self._on_paper: dict[str, str] = {}
        self._out: set[tuple[str, str]] = set()
        self._named: set[str] = set()
        self.seen: Counter[str] = Counter()

    async def whole(self, bundle: Path | None = None) -> Counter[str]:
        """From the opening to the result; what was seen, how often. `bundle`: where the whole is verified."""
        self._polls.begins()
        await self._opens()
        for _ in range(self._steps):
            self._polls.hand.moves(minutes=2)
            ways = (self._votes, self._takes_paper, self._offline, self._merges, self._rules, self._publishes)
            weights = (12, 8, 6, 2, 2, 1)
            await self._chance.choices((*ways, self._spoils, self._returns, self._opens), (*weights, 2, 1, 1))[0]()
        await _decide(self._hall, "close", {}, self._polls.hand)
        for name in self._boxes:
            await self._closes(name)
        await self._publishes()
        for name in self._boxes:
            await self._counts(name)
        await self._result(bundle)
        return self.seen

    def _marks(self, who: str) -> Marks:
        style = self._definition.style(REGIONS[self._polls.ids.index(who)], "")
        return {each.id: self._chosen(each) for each in style}

    def _chosen(self, each: Contest) -> tuple[str, ...]:
        free = [one.id for one in each.candidates if (each.id, one.id) not in self._out]
        number = self._chance.randint(0 if each.blank else 1, min(each.choose, len(free)))
        return tuple(self._chance.sample(free, number))

    async def _votes(self) -> None:
        """First or again, by phone; who is on paper is refused."""
        who, now = self._chance.choice(self._polls.ids), self._polls.hand()
        marks = self._marks(who)
        try:
            number = (await self._polls.station.may_redo(who, now)).number
            voter = await self._polls.station.may_vote(who, now, number)
            await self._polls.station.cast(voter, self._chance.choice(("telegram", "sms")), marks, "{}".format, now)
        except Refusal as refusal:
            code = refusal.code
        else:
            code = ""
        assert bool(code) is (who in self._on_paper), code
        if code:
            self.seen["refused, on paper"] += 1
            return
        self.seen["voted again" if who in self._by_phone else "voted"] += 1
        self._by_phone[who] = marks

    async def _opens(self) -> None:
        """A station that is not there yet."""
        left = [name for name in STATIONS if name not in self._boxes]
        if left:
            name = self._chance.choice(left)
            await _decide(self._hall, OPEN, dict(opening(name, STATIONS[name], ())), self._polls.hand, CLERKS)
            self._boxes[name] = Box()

    async def _takes_paper(self) -> None:
        who, name = self._chance.choice(self._polls.ids), self._chance.choice(list(self._boxes))
        if any(who == row[0] for row in self._boxes[name].ticked):
            return  # a clerk looks at her list first
        served = not STATIONS[name] or REGIONS[self._polls.ids.index(who)] in STATIONS[name]
        try:
            await self._hall.paper.hand_out(name, who, CLERKS[0], self._polls.hand())
        except OperatorRefusal as refusal:
            code = refusal.code
        else:
            code = ""
        assert bool(code) is (who in self._on_paper or not served), code
        if code:
            self.seen[f"refused, {code}"] += 1
            return
        self.seen["paper after a vote" if who in self._by_phone else "paper"] += 1
        self._on_paper[who] = name
        self._boxes[name].papers.append(self._marks(who))

    async def _spoils(self) -> None:
        """Somebody who is on paper here spoils a ballot before it goes into the box."""
        who = self._chance.choice([*self._on_paper] or self._polls.ids)
        name = self._on_paper.get(who, next(iter(self._boxes)))
        try:
            await self._hall.paper.exchange(name, who, CLERKS[1])
        except OperatorRefusal:
            return  # on paper nowhere, or her ballot is handed back
        self._boxes[name].spoilt += 1
        self.seen["spoilt"] += 1

    async def _returns(self) -> None:
        """Somebody takes a ballot and hands it back."""
        before = dict(self._on_paper)
        await self._takes_paper()
        for who in self._on_paper.keys() - before.keys():
            box = self._boxes[self._on_paper[who]]
            box.papers.pop()
            await self._hall.paper.give_back(self._on_paper[who], who, CLERKS[0])
            box.returned += 1
            self.seen["returned"] += 1

    async def _offline(self) -> None:
        """A list is printed, or somebody on a printed list is given a ballot, which nobody else hears of."""
        name = self._chance.choice(list(self._boxes))
        box = self._boxes[name]
        if not box.sheet:
            rows = await self._hall.paper.sheet(name)
            box.sheet = {row.member_id: [row.member_id, row.name, "x", row.hash] for row in rows}
            return
        given = {row[0] for row in box.ticked}
        here = [who for who in box.sheet if who not in given and self._on_paper.get(who) != name]
        if here:
            who = self._chance.choice(here)
            box.ticked.append(box.sheet[who])
            box.papers.append(self._marks(who))
            self.seen["off line"] += 1

    async def _merges(self) -> None:
        await self._merge(self._chance.choice(list(self._boxes)))

    async def _merge(self, name: str) -> None:
        """All that is ticked so far, and now and then the same once more."""
        box = self._boxes[name]
        if not box.ticked:
            return
        data = "\n".join(";".join(row) for row in [list(HEADINGS), *box.ticked]).encode()
        merged = await self._hall.paper.merge(name, data, CLERKS[0], self._polls.hand())
        after_phone, elsewhere = 0, 0
        for who, *_ in box.ticked:
            where = self._on_paper.setdefault(who, name)
            elsewhere += where != name
            after_phone += where == name and who in self._by_phone
        assert merged.conflicts["elsewhere"] == elsewhere
        assert merged.conflicts["voted"] <= after_phone
        box.too_many = elsewhere
        self.seen.update({f"conflict {kind}": number for kind, number in merged.conflicts.items() if number})
        if self._chance.random() < 0.3:
            assert await self._hall.paper.merge(name, data, CLERKS[1], self._polls.hand()) == merged
            self.seen["merged twice"] += 1

    async def _rules(self) -> None:
        each = self._chance.choice(self._definition.contests)
        who = self._chance.choice(each.candidates)
        kind = "unstrike" if (each.id, who.id) in self._out else "strike"
        out = sum(where == each.id for where, _ in self._out)
        if kind == "strike" and out + 2 > len(each.candidates):
            return
        await _decide(self._hall, kind, dict(ruling(each, who)), self._polls.hand)
        self._out ^= {(each.id, who.id)}
        self.seen[kind] += 1

    async def _publishes(self) -> None:
        await publishing.publish(self._hall, self._polls.hand())

    async def _closes(self, name: str) -> None:
        """The list comes in late, and the station closes with what really lies in its box."""
        await self._merge(name)
        box = self._boxes[name]
        account = await self._hall.paper.closing(name, len(box.papers))
        assert (account.spoilt, account.returned, account.difference) == (box.spoilt, box.returned, box.too_many)
        await _decide(self._hall, CLOSE, dict(account.as_about()), self._polls.hand, CLERKS)
        if not account.adds_up:
            self._named.add(name)
            self.seen["does not add up"] += 1

    async def _counts(self, name: str) -> None:
        """Two clerks count; now and then one of them is mistaken, and both count again."""
        _, _, held = await self._hall.paper.held(name)
        contests = [each for each in self._definition.contests if each.id in held]
        papers = self._boxes[name].papers
        count = PaperCount(name, tuple(self._counted(each, papers) for each in contests))
        mistaken = PaperCount(name, tuple(self._counted(each, papers, off=1) for each in contests))
        if mistaken != count and self._chance.random() < 0.3:
            assert not (await self._hall.paper.count(mistaken, CLERKS[0], self._polls.hand())).stands
            done = await self._hall.paper.count(count, CLERKS[1], self._polls.hand())
            assert not done.stands
            assert done.differs
            self.seen["counted otherwise"] += 1
        else:
            assert not (await self._hall.paper.count(count, CLERKS[1], self._polls.hand())).stands
        assert (await self._hall.paper.count(count, CLERKS[0], self._polls.hand(), confirms=True)).stands

    def _counted(self, each: Contest, papers: Sequence[Marks], off: int = 0) -> ContestCount:
        """What lies there of a contest. Where several may be chosen, a paper for nobody but struck off is void; `off`:
        so many valid ones are taken for void."""
        held = [marks[each.id] for marks in papers if each.id in marks]
        out = {who for where, who in self._out if where == each.id}
        blank = sum(not marks for marks in held)
        valid = [marks for marks in held if marks and (each.choose == 1 or set(marks) - out)]
        valid = valid[min(off, len(valid)) :]
        votes = Counter(who for marks in valid for who in marks)
        return ContestCount(
            each.id,
            len(held),
            blank,
            len(held) - blank - len(valid),
            {one.id: votes[one.id] for one in each.candidates},
        )

    async def _result(self, bundle: Path | None) -> None:
        store, strongroom, hand = self._hall.store, self._hall.strongroom, self._polls.hand
        counts = await self._hall.paper.counts()
        await store.office.cut(lambda who: strongroom.pseudonym("primaries", who))
        record = await store.ledger.election()
        assert record is not None
        urn = [self._polls.opener.open(sealed) for sealed in await store.office.urn()]
        by_phone = tally.count(self._definition, urn, struck(record.rulings))
        cast = sum(each.cast for each in await self._hall.paper.stations())
        result = joined(by_phone, self._definition, counts, cast)
        await store.office.move(("closed",), "counted", hand())
        signed = published(self._definition, result, strongroom.signing.sign)
        body = await publishing.publish(self._hall, hand(), final=True, result_digest=_digest(signed))
        self._must_be_the_votes(result)
        books = await store.books.books()
        problems = tally.reconcile(
            result,
            books.placed["cast"],
            books.urn,
            superseded=books.placed["redo"],
            withdrawn=books.placed["void"],
            paper=books.paper_over,
        )
        assert problems == []
        assert len(wrong_accounts(books.stations)) == len(self._named)
        told = json.loads(body)
        assert {each["station"] for each in told["incidents"] if each["what"] == "paper"} == self._named
        assert told["paper"]["excess"] == sum(box.too_many for box in self._boxes.values())
        assert (told["paper"]["missing"], told["paper"]["out"]) == (0, 0)
        self.seen["reconciled"] += 1
        if bundle is not None:
            await publishing.export(self._hall, hand(), bundle, signed)
            report = verify(bundle, strongroom.signing.public_key, signature_ok)
            assert report.ok, [(each.name, each.detail) for each in report.checks if not each.ok]
            self.seen["verified"] += 1

    def _must_be_the_votes(self, result: tally.Result) -> None:
        """Each vote in the result is a paper in a box, or a ballot by phone of somebody who is not on paper."""
        standing = [marks for who, marks in self._by_phone.items() if who not in self._on_paper]
        papers = [marks for box in self._boxes.values() for marks in box.papers]
        assert (result.cast, result.paper) == (len(standing), len(papers))
        for each in result.contests:
            held = [marks[each.id] for marks in (*standing, *papers) if each.id in marks]
            left = [[who for who in marks if (each.id, who) not in self._out] for marks in held]
            blank, void = sum(not m for m in held), sum(bool(m) and not k for m, k in zip(held, left, strict=True))
            assert (each.cast, each.blank, each.void) == (len(held), blank, void), each
            votes = Counter(who for marks in left for who in marks)
            assert {line.candidate.id: line.votes for line in each.results if line.votes} == votes


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def everything() -> set[str]:
    """What must be seen in a thousand elections."""
    refused = {"refused, on paper", "refused, on_paper", "refused, not_of_station"}
    taken = {"voted", "voted again", "paper", "paper after a vote", "off line", "spoilt", "returned"}
    merged = {"conflict elsewhere", "conflict voted", "merged twice", "does not add up", "counted otherwise"}
    return refused | taken | merged | {"strike", "unstrike", "reconciled", "verified"}
