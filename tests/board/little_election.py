"""A little election kept in a notebook: what the store would count, in plain Python, and its bulletins and bundle."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from board.bundle import Contents, write_bundle
from board.folder import publish_board
from election import receipt, tally
from election.ballot import encode
from election.books import Books, RollChange
from election.bulletin import make
from election.bulletin_result import published
from election.bulletin_rules import PublicKeys
from election.complaints import Counts
from election.definition import Commission, Definition, Officer
from election.leaf import KINDS, Kind, Leaf, act_digest, ballot_digest
from election.log import Frontier
from election.paper import PaperStation
from election.ports import Act, ElectionRecord, RegionTurnout, Stage
from election.rulings import Ruling, struck
from tests.election.elections import contest, words
from vault.signing import SigningKey

KEY = SigningKey(b"k" * 32)
ANOTHER_KEY = SigningKey(b"x" * 32)
MORNING = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
DEFINITION = Definition(
    id="club-2026",
    title=words("Club"),
    contests=(contest("chair", 3), contest("council", 4, choose=2, regions=frozenset({"Almaty", "Astana"}))),
    commission=Commission(officers=(Officer("Aigerim", "organiser", "+77010000001"),)),
    digest="d" * 64,
)
REGIONS = {"Almaty": 300, "Astana": 200, "Oral": 120, "Aral": 8, "Abai": 7}
BRANCHES = ("north", "south")


class LittleElection:
    """Members vote by number. All is drawn from the seed."""

    def __init__(
        self,
        seed: int = 0,
        definition: Definition = DEFINITION,
        regions: dict[str, int] | None = None,
        key: SigningKey = KEY,
    ) -> None:
        self.random = random.Random(seed)
        self.definition = definition
        self.key = KEY
        self.now = MORNING
        self.stage: Stage = "open"
        self.regions = [name for name, size in (regions or REGIONS).items() for _ in range(size)]
        self.roll = sorted(self.random.randbytes(32) for _ in self.regions)
        self.voted: dict[int, tuple[str, bytes]] = {}
        self.paper: set[int] = set()
        self.void: set[int] = set()
        self.paper_over = 0
        self.station = PaperStation("Station 1", members=len(self.regions))
        self.leaves: list[Leaf] = []
        self.waiting: list[Leaf] = []
        self.frontier = Frontier()
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.hours: Counter[tuple[datetime, str]] = Counter()
        self.acts: list[Act] = []
        self.complaints = Counts()
        self.rulings: list[Ruling] = []
        self.extended_to: datetime | None = None
        self.roll_changes: list[RollChange] = []
        self.cut = False
        self.bulletins: list[bytes] = []
        self.result: bytes | None = None

    def cast(self, member: int, channel: str = "telegram", reason: str = "again", code: str = "") -> None:
        """A vote, or a vote again. `code`: its receipt, else any."""
        digest = ballot_digest(self.random.randbytes(48))
        self._leaf("cast", receipt.digest(code or receipt.from_bytes(self.random.randbytes(7))))
        self._leaf("ballot", digest)
        if member not in self.voted:
            self._first(channel)
        else:
            self._leaf("redo", self.voted[member][1])
            self.reasons[self.branch(member), reason] += 1
        self.voted[member] = (channel, digest)

    def hand_out_paper(self, member: int) -> None:
        """The member takes a paper ballot, and her vote by phone, if any, stands aside."""
        before = self.voted.pop(member, None)
        self._leaf("paper", before[1] if before else self.random.randbytes(32))
        self.paper_over += before is not None
        if before is None:
            self._first("paper")
        self.paper.add(member)
        self.station = replace(self.station, issued=self.station.issued + 1)

    def withdraw(self, member: int) -> None:
        """After the close: the member's ballot is taken out."""
        self._leaf("void", self.voted.pop(member)[1])
        self.void.add(member)

    def act(self, kind: str, stage: Stage | None = None) -> None:
        """An act of the commission is done."""
        self.acts.append(Act(len(self.acts) + 1, self.now, kind, "{}", "due", "Aigerim", "Daniyar", "done"))
        self._leaf("action", act_digest(self.acts[-1]))
        self.stage = stage or self.stage

    def rule(self, kind: str, contest: str, candidate: str) -> None:
        """A candidate is struck off, or given the place back."""
        self.act(kind)
        self.rulings.append(Ruling(contest, candidate, kind == "strike", self.acts[-1].number, self.now))

    def extend(self, until: datetime) -> None:
        """The hour of closing is moved."""
        self.act("extend")
        self.extended_to = until

    def complain(self, filed: int, rejected: int = 0, pressed: int = 0) -> None:
        """So many complain, and so many complaints are rejected."""
        before = self.complaints
        for _ in range(rejected):
            self.act("complaint-decided")
        self.complaints = replace(
            before,
            filed=before.filed + filed,
            open=before.open + filed - rejected,
            rejected=before.rejected + rejected,
            pressed=before.pressed + pressed,
        )

    def change_roll(self) -> None:
        """A member comes onto the roll."""
        self.act("roll")
        self.regions.append("Almaty")
        self.roll = sorted([*self.roll, self.random.randbytes(32)])
        number = len(self.roll_changes) + 1
        self.roll_changes.append(RollChange(number, number + 1, self.now, "added", self.acts[-1].number))

    def publish(self, *, final: bool = False) -> bytes:
        """The next bulletin, two hours later."""
        self.now += timedelta(hours=2)
        if final or sum(leaf.kind == "cast" for leaf in self.waiting) >= 10:
            self.place()
        digest = hashlib.sha256(self.result).hexdigest() if self.result and final else ""
        made = make(
            self.books(), self.definition, self.keys(), self.now, self.key.sign, final=final, result_digest=digest
        )
        self.bulletins.append(made)
        return made

    def place(self, number: int | None = None) -> None:
        """Put waiting leaves into the log, shuffled."""
        self.random.shuffle(self.waiting)
        placed = self.waiting[:number]
        del self.waiting[:number]
        for leaf in placed:
            self.frontier.append(leaf.hash)
        self.leaves += placed

    def count(self) -> None:
        """The cut and the count."""
        self.cut = True
        ballots = [self._marks(member) for member in sorted(self.voted)]
        self.result = published(
            self.definition, tally.count(self.definition, ballots, struck(self.rulings)), self.key.sign
        )
        self.stage = "counted"

    def books(self) -> Books:
        """What the store would hand over."""
        placed = Counter(leaf.kind for leaf in self.leaves)
        waiting = Counter(leaf.kind for leaf in self.waiting)
        return Books(
            record=ElectionRecord(
                definition="",
                digest=self.definition.digest,
                stage=self.stage,
                public_key=b"p" * 32,
                roll_version=1 + len(self.roll_changes),
                roll_frozen_at=MORNING,
                roll_digest=hashlib.sha256(b"".join(row.hex().encode() + b"\n" for row in self.roll)).hexdigest(),
                opened_at=MORNING,
                closed_at=None,
                extended_to=self.extended_to,
                rulings=tuple(self.rulings),
            ),
            regions=[self._region(name) for name in sorted(set(self.regions))],
            placed={kind: placed[kind] for kind in KINDS},
            waiting={kind: waiting[kind] for kind in KINDS},
            frontier=self.frontier.packed(),
            standing=0 if self.cut else len(self.voted) + self.paper_over,
            urn=len(self.voted) if self.cut else 0,
            paper_over=self.paper_over,
            reasons=dict(self.reasons),
            hours=dict(self.hours),
            roll_changes=tuple(self.roll_changes),
            acts=tuple(self.acts),
            last=self.bulletins[-1] if self.bulletins else None,
            stations=[self.station],
            complaints=self.complaints,
        )

    def keys(self) -> PublicKeys:
        """The public keys."""
        return PublicKeys(b"p" * 32, 3, [bytes([number]) * 32 for number in range(5)], self.key.public_key)

    def contents(self) -> Contents:
        """What is published."""

        async def leaves(start: int, end: int) -> Sequence[Leaf]:
            return self.leaves[start : min(end, start + 1000)]

        return Contents(
            definition=self.definition,
            bulletins=tuple(self.bulletins),
            leaves=leaves,
            roll=iter(self.roll),
            keys=self.keys(),
            result=self.result,
            sign=self.key.sign,
        )

    def write(self, folder: Path) -> Path:
        """The bundle in a folder."""
        asyncio.run(write_bundle(folder, self.contents()))
        return folder

    def write_board(self, folder: Path) -> Path:
        """The board's folder."""
        asyncio.run(publish_board(folder, self.contents()))
        return folder

    def branch(self, member: int) -> str:
        """The member's branch."""
        return BRANCHES[member % len(BRANCHES)]

    def _first(self, channel: str) -> None:
        self.hours[self.now.replace(minute=0, second=0), channel] += 1

    def _leaf(self, kind: Kind, digest: bytes) -> None:
        self.waiting.append(Leaf(kind, digest))

    def _region(self, name: str) -> RegionTurnout:
        members = [member for member, region in enumerate(self.regions) if region == name]
        channels = Counter(self.voted[member][0] for member in members if member in self.voted)
        return RegionTurnout(
            region=name,
            electorate=len(members),
            enrolled=sum(member % 10 != 9 for member in members),
            telegram=channels["telegram"],
            sms=channels["sms"],
            paper=sum(member in self.paper for member in members),
            paper_roll=sum(member % 10 == 9 for member in members),
            void=sum(member in self.void for member in members),
        )

    def _marks(self, member: int) -> bytes:
        style = self.definition.style(self.regions[member], self.branch(member))
        return encode(
            self.definition,
            {
                each.id: tuple(
                    candidate.id
                    for candidate in self.random.sample(each.candidates, self.random.randint(0, each.choose))
                )
                for each in style
            },
        )


def a_whole_election(seed: int = 0, *, counted: bool = True, late: int = 0) -> LittleElection:
    """An election with all that can happen in one, to its last bulletin. `late`: so many votes more after the third."""
    little = LittleElection(seed)
    little.act("open")
    little.publish()
    members = [member for member in range(len(little.regions)) if member % 10 != 9]
    little.random.shuffle(members)
    for member in members[:200]:
        little.cast(member, little.random.choice(["telegram", "sms"]))
    for member in members[:20]:
        little.cast(member, "sms", little.random.choice(["again", "not-me"]))
    little.publish()
    for member in members[200:207]:
        little.cast(member)
    little.publish()
    little.change_roll()
    little.complain(4, rejected=1)
    for member in (*members[15:25], 9, 19, 29):
        little.hand_out_paper(member)
    for member in members[207 : 260 + late]:
        little.cast(member, "sms")
    little.cast(members[30], "telegram", "not-me")
    little.publish()
    little.act("close", "closed")
    little.complain(2, rejected=3)
    for member in members[40:44]:
        little.withdraw(member)
    little.publish()
    if counted:
        little.count()
        little.publish(final=True)
    return little
