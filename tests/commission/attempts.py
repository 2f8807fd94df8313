"""One person tries to do alone what needs two: every kind of guarded act, in every way, at every door.

A scene is an election in which an act of each kind could be done, were there two persons: its particulars are true, and
`two_persons_can` does them in the end. What an attempt changes is seen by a dump of every table but the acts'.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from dauys.wiring import Hall
from election.deeds import hours, paper, rulings
from election.deeds.deed import About, proposal_digest
from election.errors import OperatorRefusal
from election.ports import Act
from election.radar.case import Finding
from election.roll_change import KIND as ROLL_CHANGE
from election.roll_change import RollChangeProposal
from handlers.staff import staff
from storage.durable.roll_change import Phones
from tests.commission.council import CLERK, COMMISSION, COMMITTEE, ORGANISER, decides, election
from tests.dauys.command_line import CommandLine
from tests.voters import Booth, Voter, member

FILE = COMMISSION.replace('timezone = "Asia/Almaty"', 'timezone = "Asia/Almaty"\ncloses = 2026-12-20T20:00:00+05:00')
ROLL = [*(member(number, branch="b") for number in range(1, 8)), member(8, branch="b", phone="+77010000007")]
NEWCOMER = [member(40)]
LATE = timedelta(minutes=30)
STAGES = {"draft": ("open",), "paused": ("resume",)}
"""Kinds that are possible in these stages only; all others are, while it is open."""
IN_THE_END = ("pause", "close")
"""What ends a scene comes last when two persons do everything."""


@dataclass
class Scene:
    """An election, somebody's hand in its database, and the particulars of an act of each kind."""

    hall: Booth
    abouts: Mapping[str, About]
    hand: sqlite3.Connection
    dauys: CommandLine
    officers: Mapping[str, Voter]
    tried: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def rules(self) -> Hall:
        return self.hall.hall

    def dump(self) -> list[tuple[str, list[object]]]:
        """Every row of every table but the acts'."""
        names = [
            name
            for (name,) in self.hand.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if name != "act" and not name.startswith("sqlite_")
        ]
        return [(name, self.hand.execute(f"SELECT * FROM {name}").fetchall()) for name in names]

    def may(self, kind: str) -> tuple[str, str]:
        """Somebody who may propose an act of this kind, and another who may."""
        if kind.startswith("paper-"):
            return CLERK, "Dina"
        return (COMMITTEE, "Bolat") if kind == "open-names" else (COMMITTEE, ORGANISER)

    def may_not(self, kind: str) -> Sequence[str]:
        """Those whose role is for other things, and names that nobody has."""
        clerks = [] if kind.startswith("paper-") else [CLERK]
        return [*clerks, "Observer One", "Operator One", "Nobody", "", COMMITTEE.lower(), f"{ORGANISER} "]

    async def proposed(self, kind: str, by: str) -> Act:
        now = self.hall.hand()
        if kind == ROLL_CHANGE:
            change = RollChangeProposal("/late.csv", "ab" * 32, {}, "KZ", len(NEWCOMER), 0)
            return await self.rules.commission.propose_roll_change(change, self.apply, by, "forgotten", now)
        return await self.rules.commission.propose(kind, by, "decision 17", now, self.abouts[kind])

    async def approve(self, act: Act, by: str, digest: str = "", late: timedelta = timedelta(0)) -> Act:
        commission, now = self.rules.commission, self.hall.hand() + late
        if act.kind == ROLL_CHANGE:
            return await commission.approve_roll_change(act.number, lambda act: self.apply(act, late), by, now)
        return await commission.approve(act.number, by, now, digest)

    async def apply(self, act: Act, late: timedelta = timedelta(0)) -> Act:
        """Do the change of the roll, as `dauys approve` does."""
        keys, changes = self.rules.strongroom, self.rules.store.roll_changes
        found = await changes.difference([NEWCOMER], keys.phone_key, lambda _: None)
        phones = Phones(keys.phone_key, keys.seal_phone, keys.roll_salt)
        return await changes.apply(act, found, [NEWCOMER], phones, self.hall.hand() + late)

    def alter(self, act: Act, **to: str | bytes) -> Callable[[], object]:
        """Write into the row of an act, past the program; how to put it back."""
        row = self.hand.execute("SELECT * FROM act WHERE number = ?", (act.number,)).fetchone()
        columns = ", ".join(f"{name} = ?" for name in to)
        self.hand.execute(f"UPDATE act SET {columns} WHERE number = ?", (*to.values(), act.number))
        marks = ", ".join("?" * len(row))
        return lambda: self.hand.execute(f"REPLACE INTO act VALUES ({marks})", row)

    async def presses(self, who: str, number: int, digest: str) -> None:
        """Approve in the chat, by a button made up for it."""
        voter = self.officers[who]
        record, session = await self.rules.store.ledger.election(), await self.hall.session(voter)
        assert record is not None
        await voter.taps(f"{record.digest[:4]}.{session.stamp:x}.{staff('prp', number, digest)}")


Way = Callable[[Scene, str, Random], Awaitable[object]]


async def herself(scene: Scene, kind: str, chance: Random) -> object:
    by, _ = scene.may(kind)
    act = await scene.proposed(kind, by)
    return await scene.approve(act, by, chance.choice(["", proposal_digest(act)]))


async def nobody_in_particular(scene: Scene, kind: str, chance: Random) -> object:
    act = await scene.proposed(kind, scene.may(kind)[0])
    return await scene.approve(act, chance.choice(scene.may_not(kind)), proposal_digest(act))


async def proposed_by_who_may_not(scene: Scene, kind: str, chance: Random) -> object:
    return await scene.proposed(kind, chance.choice(scene.may_not(kind)))


async def too_late(scene: Scene, kind: str, chance: Random) -> object:
    by, other = scene.may(kind)
    act = await scene.proposed(kind, by)
    return await scene.approve(act, other, proposal_digest(act), LATE + timedelta(seconds=chance.randrange(9_999)))


async def once_more(scene: Scene, kind: str, chance: Random) -> object:
    """An act that is done already, of this kind where there is one; before the opening there is none."""
    acts = [act for act in await scene.rules.store.office.acts("done") if act.kind in scene.rules.commission.deeds]
    if not acts:
        return None
    done = chance.choice([act for act in acts if act.kind == kind] or acts)
    return await scene.approve(done, scene.may(done.kind)[1], chance.choice(["", proposal_digest(done)]))


async def another_was_read(scene: Scene, kind: str, chance: Random) -> object:
    by, other = scene.may(kind)
    act = await scene.proposed(kind, by)
    read = replace(act, **{chance.choice(["reason", "payload", "proposer", "kind"]): "another"})
    if kind == ROLL_CHANGE:  # approved where its file is, by the file's own hash
        return await scene.approve(act, by)
    return await scene.approve(act, other, proposal_digest(read))


async def altered_in_the_store(scene: Scene, kind: str, chance: Random) -> object:
    """She writes into the database: another reason, other particulars, another proposer than herself, more time."""
    by, other = scene.may(kind)
    act = await scene.proposed(kind, by)
    column = chance.choice(["reason", "payload", "proposer", "kind", "expires_at", "state", "seal"])
    to = {
        "reason": "another",
        "payload": f"{act.payload} ",
        "proposer": other,
        "kind": "close" if kind != "close" else "void",
        "expires_at": "4102444800000000",
        "state": "done",
        "seal": b"",
    }[column]
    undo = scene.alter(act, **{column: to})
    try:
        late = LATE if column == "expires_at" else timedelta(0)
        approver = by if column == "proposer" else other
        return await scene.approve(act, approver, chance.choice(["", proposal_digest(act)]), late)
    finally:
        undo()


async def straight_into_the_store(scene: Scene, kind: str, chance: Random) -> object:
    """Past the rules: the store itself holds the two apart."""
    by, _ = scene.may(kind)
    act = await scene.proposed(kind, by)
    return await scene.rules.store.office.enact(replace(act, approver=by), {}, scene.hall.hand())


async def in_the_chat(scene: Scene, kind: str, chance: Random) -> object:
    """Her own proposal, by a button of the screen on which others approve; or by one who may not."""
    by, other = scene.may(kind)
    act = await scene.proposed(kind, by)
    who = chance.choice([by, "Observer One", "Operator One", "a member", *({CLERK, other} - {by, other})])
    await scene.presses(who, act.number, proposal_digest(act))
    return None


async def in_the_chat_after_a_change(scene: Scene, kind: str, chance: Random) -> object:
    """Another reads a proposal, and it is altered before she presses."""
    by, other = scene.may(kind)
    act = await scene.proposed(kind, by)
    undo = scene.alter(act, reason=f"another {chance.random()}")
    try:
        await scene.presses(other, act.number, proposal_digest(act))
    finally:
        undo()
    return None


async def on_the_command_line(scene: Scene, kind: str, chance: Random) -> object:
    by, _ = scene.may(kind)
    act = await scene.proposed(kind, by)
    name = chance.choice([by, *scene.may_not(kind)])
    done = await asyncio.to_thread(scene.dauys, "approve", str(act.number), "--as", name)
    assert done.refusal
    return None


RULES: Sequence[Way] = (
    herself,
    nobody_in_particular,
    proposed_by_who_may_not,
    too_late,
    once_more,
    another_was_read,
    altered_in_the_store,
    straight_into_the_store,
)
DOORS: Sequence[Way] = (in_the_chat, in_the_chat_after_a_change)


async def attempt(scene: Scene, kind: str, way: Way, chance: Random) -> None:
    """One attempt, which has no effect: it is refused, and nothing is other than before."""
    before = scene.dump()
    try:
        done = await way(scene, kind, chance)
    except OperatorRefusal:
        done = None
    assert done is None, f"{kind}, {way.__name__}: done alone"
    assert scene.dump() == before, f"{kind}, {way.__name__}: something has changed"
    scene.hand.execute("DELETE FROM act WHERE state = 'pending'")  # so that they do not heap up
    scene.tried[kind, way.__name__] += 1


async def two_persons_can(scene: Scene) -> None:
    """Every act of the scene is done by two, and seen: it was not for another reason that one could not."""
    kinds = [kind for kind in scene.abouts if kind not in IN_THE_END]
    for kind in [*kinds, *(kind for kind in IN_THE_END if kind in scene.abouts)]:
        by, other = scene.may(kind)
        before = scene.dump()
        act = await scene.proposed(kind, by)
        done = await scene.approve(act, other, proposal_digest(act))
        assert done.state == "done"
        assert scene.dump() != before, kind


@asynccontextmanager
async def scene(folder: Path, stage: str) -> AsyncIterator[Scene]:
    """An election in this stage, and all that can be done in it."""
    async with election(folder, file=FILE, roll=ROLL, opened=False) as hall:
        abouts = await _prepared(hall, stage)
        officers = {}
        for name in (COMMITTEE, ORGANISER, CLERK, "Bolat", "Dina", "Observer One", "Operator One"):
            officers[name] = hall.officer(name)
            await officers[name].signs_in_as_staff()
        officers["a member"] = hall.telegram(4)
        await officers["a member"].signs_in()
        dauys = _Beside(folder)
        with closing(sqlite3.connect(folder / "dauys.sqlite3", isolation_level=None)) as hand:
            yield Scene(hall, abouts, hand, dauys, officers)


class _Beside(CommandLine):
    """The command line over the same files."""

    def __call__(self, *words: str | Path, **settings: str) -> object:  # type: ignore[override]
        url = f"sqlite:///{self.folder}/dauys.sqlite3"
        return super().__call__(*words, **{"DATABASE_URL": url} | settings)


async def _prepared(hall: Booth, stage: str) -> Mapping[str, About]:
    if stage == "draft":
        return {kind: {} for kind in STAGES["draft"]}
    await decides(hall, "open", {})
    hall.hand.moves(seconds=2)
    if stage == "paused":
        await decides(hall, "pause", {})
        return {kind: {} for kind in STAGES["paused"]}
    for number in (1, 2):
        await hall.telegram(number).votes()
    for _ in range(15):
        await hall.hall.store.ledger.record_wrong_code("m000003")
    definition = (await hall.hall.election(hall.hand()))[1]
    (contest,) = definition.contests
    await decides(hall, "strike", rulings.ruling(contest, contest.candidates[1]))
    opening = {name: paper.opening(name, [], []) for name in ("first", "second")}
    await _two_clerks(hall, "paper-open", opening["first"])
    await decides(hall, "redo", await _about(hall, "redo", 2))  # which could be done again, were it not done
    await hall.hall.store.radar.keep(
        [Finding("burst", ("Алматы", "b"), hall.hand(), hall.hand(), {"votes": 20}, 9)], hall.hand()
    )
    (case,) = await hall.hall.store.radar.cases()
    return {
        "pause": {},
        "close": {},
        "extend": hours.extension(definition, definition.closes + timedelta(hours=1)),  # type: ignore[operator]
        "strike": rulings.ruling(contest, contest.candidates[0]),
        "unstrike": rulings.ruling(contest, contest.candidates[1]),
        "paper-open": opening["second"],
        "paper-close": (await hall.hall.paper.closing("first", 0)).as_about(),
        "open-names": {"case": case.number},
        "unlock": await _about(hall, "unlock", 3),
        "number": await _about(hall, "number", 5, new_phone="+77029999934"),
        "confirm": await _about(hall, "confirm", 8),
        "void": await _about(hall, "void", 1),
        "redo": await _about(hall, "redo", 2),
        ROLL_CHANGE: {},
    }


async def _about(hall: Booth, kind: str, number: int, **more: str) -> About:
    repairs = hall.hall.repairs
    return repairs.about(kind, await repairs.card(f"m{number:06d}"), **more)


async def _two_clerks(hall: Booth, kind: str, about: About) -> None:
    act = await hall.hall.commission.propose(kind, CLERK, "in a test", hall.hand(), about)
    await hall.hall.commission.approve(act.number, "Dina", hall.hand())
