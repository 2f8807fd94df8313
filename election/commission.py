"""The commission's acts: proposed by one person, done by another, recorded either way (design, section 6)."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from election.deeds.deed import DECIDING, About, Deed, about_of, must_be_approvable, payload, proposal_digest
from election.definition import Commission as Rules
from election.definition import Definition, Officer, Role
from election.election_file import parse
from election.errors import OperatorRefusal
from election.ports import Act, ElectionRecord, Ledger, Office
from election.roll_change import KIND as ROLL_CHANGE
from election.roll_change import RollChangeProposal
from election.standing import Standing

PROPOSAL_LIFE = timedelta(minutes=30)
THE_TIMETABLE = "the timetable"
THE_OPERATOR = "the operator"
REHEARSED = "keys-rehearsed"
PUBLISHED = "publish-result"
Apply = Callable[[Act], Awaitable[Act]]
parsed = lru_cache(maxsize=2)(parse)
"""The election of a file's text; the file stays the same while officers work."""
_NOTHING: About = MappingProxyType({})


def may_decide(rules: Rules) -> list[Officer]:
    """Those whose word counts: organisers and members of the committee."""
    return [officer for officer in rules.officers if officer.role in DECIDING]


def rehearsed(acts: Sequence[Act], public_key: bytes) -> bool:
    """Whether a test ballot of this key was opened; one of a key before it does not count."""
    return any(act.kind == REHEARSED and json.loads(act.payload)["public_key"] == public_key.hex() for act in acts)


class Commission:
    """Everything that needs two persons. Every act is a numbered record, whoever did it."""

    def __init__(self, ledger: Ledger, office: Office, deeds: Mapping[str, Deed]) -> None:
        """`deeds`: every kind of guarded act there is."""
        self._ledger = ledger
        self._office = office
        self._deeds = deeds

    @property
    def deeds(self) -> Mapping[str, Deed]:
        """Every kind of guarded act but the change of the roll, which needs its file."""
        return self._deeds

    async def propose(self, kind: str, by: str, reason: str, now: datetime, about: About = _NOTHING) -> Act:
        """Propose an act; it is done at once where the rules ask for one person only. Raises OperatorRefusal."""
        record, definition = await self._election()
        deed = self._deed(kind)
        who = named(definition, by, deed.roles)
        await deed.check(about, record, definition, now)
        if not definition.commission.two_person:
            return await self._at_once(kind, about, definition, who, reason, now)
        return await self._recorded(_pending(kind, payload(definition.id, about), reason, who, now))

    async def approve(self, number: int, by: str, now: datetime, digest: str = "") -> Act:
        """The second person's word: the act is done. `digest` is that of the proposal she has seen; empty where she
        has not been shown one.

        Raises OperatorRefusal for the proposer herself, for an act that is not pending, is older than thirty minutes
        or another than she has seen, and for one that has become impossible; then nothing has changed.
        """
        _, definition = await self._election()
        act = await self._proposed(number)
        deed = self._deed(act.kind)
        who = named(definition, by, deed.roles)
        must_be_approvable(act, who, now)
        if digest and digest != proposal_digest(act):
            raise OperatorRefusal("proposal_altered", f"Proposal {number} is not the one you have seen; look again.")
        return await self._enacted(deed, replace(act, approver=who), definition, now)

    async def waiting(self, now: datetime) -> Sequence[Act]:
        """The proposals that can still be approved."""
        pending = await self._office.acts("pending")
        return [act for act in pending if act.expires_at is None or now < act.expires_at]

    async def propose_roll_change(
        self, change: RollChangeProposal, apply: Apply, by: str, reason: str, now: datetime
    ) -> Act:
        """Propose a change of the frozen roll; where one person is enough, `apply` does it at once. Raises
        OperatorRefusal, also where no reason is given: it is the first thing an observer asks for."""
        record, definition = await self._election()
        who = named(definition, by, DECIDING)
        _roll_must_be_open_to_change(record)
        if not reason.strip():
            raise OperatorRefusal("no_reason", "The roll is frozen; say with --reason why it is to be changed.")
        if not definition.commission.two_person:
            return await apply(Act(0, now, ROLL_CHANGE, change.packed(), reason, who, who, "done"))
        return await self._recorded(_pending(ROLL_CHANGE, change.packed(), reason, who, now))

    async def approve_roll_change(self, number: int, apply: Apply, by: str, now: datetime) -> Act:
        """The second person's word on it. `apply` does the act it is given, with its record, in one transaction.
        Raises as `approve`."""
        record, definition = await self._election()
        who = named(definition, by, DECIDING)
        act = await self._proposed(number)
        if act.state == "pending":
            _roll_must_be_open_to_change(record)
        return await apply(replace(act, approver=who))

    async def note_rehearsal(self, public_key: bytes, trustees: Sequence[int], now: datetime) -> Act:
        """The box of this key was opened for a test by these trustees: on record, and so in the log."""
        told = json.dumps({"public_key": public_key.hex(), "trustees": list(trustees)})
        return await self._recorded(Act(0, now, REHEARSED, told, "", THE_OPERATOR, THE_OPERATOR, "done"))

    async def note_publication(self, result_digest: str, trustees: Sequence[int], now: datetime) -> None:
        """The result with this hash is published, at the word of the trustees whose shares opened the box: on record
        once, and so in the log."""
        told = json.dumps({"result": result_digest, "trustees": list(trustees)})
        if any((act.kind, act.payload) == (PUBLISHED, told) for act in await self._office.acts("done")):
            return
        named = [f"trustee {number}" for number in trustees]
        await self._recorded(Act(0, now, PUBLISHED, told, "", named[0], ", ".join(named[1:]) or named[0], "done"))

    async def by_the_timetable(self, kind: str, now: datetime) -> bool:
        """Open or close because the hour has come; whether anything was done. Repeats harmlessly."""
        record, definition = await self._election()
        standing = Standing(record, definition)
        if kind == "close" and not standing.is_past(now):  # it was extended a moment ago
            return False
        reason = f"due at {(definition.opens if kind == 'open' else standing.closes)}"
        try:
            await self._at_once(kind, _NOTHING, definition, THE_TIMETABLE, reason, now)
        except OperatorRefusal:
            return False
        return True

    async def _at_once(
        self, kind: str, about: About, definition: Definition, who: str, reason: str, now: datetime
    ) -> Act:
        act = Act(0, now, kind, payload(definition.id, about), reason, who, who, "done")
        return await self._enacted(self._deed(kind), act, definition, now)

    async def _enacted(self, deed: Deed, act: Act, definition: Definition, now: datetime) -> Act:
        record, _ = await self._election()
        about = about_of(act)
        await deed.check(about, record, definition, now)
        extra = await deed.prepare(about, definition, now) if deed.prepare else {}
        return await self._office.enact(act, extra, now)

    async def _recorded(self, act: Act) -> Act:
        return replace(act, number=await self._office.propose(act))

    def _deed(self, kind: str) -> Deed:
        deed = self._deeds.get(kind)
        if deed is None:
            raise OperatorRefusal(
                "other_command", f"An act “{kind}” is approved where its file is: on the command line."
            )
        return deed

    async def _proposed(self, number: int) -> Act:
        act = await self._office.act(number)
        if act is None:
            raise OperatorRefusal("no_such_proposal", f"There is no proposal {number}; see `dauys election status`.")
        return act

    async def _election(self) -> tuple[ElectionRecord, Definition]:
        record = await self._ledger.election()
        if record is None or not record.definition:
            raise OperatorRefusal("no_election", "No election is loaded; write one with `dauys election new`.")
        return record, parsed(record.definition)


def named(definition: Definition, by: str, roles: Collection[Role]) -> str:
    """The name on record. Raises OperatorRefusal `not_an_officer` for who is not one of these roles."""
    commission = definition.commission
    officers = [officer for officer in commission.officers if officer.role in roles]
    if not by and not commission.two_person:
        return officers[0].name if officers else THE_OPERATOR
    if any(officer.name == by for officer in officers):
        return by
    names = ", ".join(officer.name for officer in officers) or "nobody: name them in [[commission.member]]"
    given = f"{by} is not one who may decide" if by else "who decides is not said"
    raise OperatorRefusal("not_an_officer", f"{given[0].upper()}{given[1:]}; add --as with one of: {names}.")


def _pending(kind: str, told: str, reason: str, proposer: str, now: datetime) -> Act:
    return Act(0, now, kind, told, reason, proposer, "", "pending", now + PROPOSAL_LIFE)


def _roll_must_be_open_to_change(record: ElectionRecord) -> None:
    if record.stage not in ("draft", "open", "paused"):
        raise OperatorRefusal("wrong_stage", f"The election is {record.stage}; its roll cannot change now.")
    if record.roll_frozen_at is None:
        raise OperatorRefusal("roll_not_frozen", "The roll is not frozen; `dauys roll import FILE` takes it in.")
