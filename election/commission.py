"""The commission's acts: proposed by one person, done by another, recorded either way (design, section 6)."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from election.definition import Commission as Rules
from election.definition import Definition, Officer, Role
from election.election_file import parse
from election.errors import OperatorRefusal
from election.ports import Act, ElectionRecord, Ledger, Office, Stage
from election.roll_change import KIND as ROLL_CHANGE
from election.roll_change import RollChangeProposal

PROPOSAL_LIFE = timedelta(minutes=30)
THE_TIMETABLE = "the timetable"
THE_OPERATOR = "the operator"
REHEARSED = "keys-rehearsed"
Apply = Callable[[Act], Awaitable[Act]]
_MAY_DECIDE: frozenset[Role] = frozenset({"organiser", "committee"})
_FROM: dict[str, tuple[tuple[Stage, ...], Stage]] = {
    "open": (("draft",), "open"),
    "close": (("open", "paused"), "closed"),
}


def may_decide(rules: Rules) -> list[Officer]:
    """Those whose word counts: organisers and members of the committee."""
    return [officer for officer in rules.officers if officer.role in _MAY_DECIDE]


def rehearsed(acts: Sequence[Act], public_key: bytes) -> bool:
    """Whether a test ballot of this key was opened; one of a key before it does not count."""
    return any(act.kind == REHEARSED and json.loads(act.payload)["public_key"] == public_key.hex() for act in acts)


class Commission:
    """What opens and closes the election. Every act is a numbered record, whoever did it."""

    def __init__(
        self, ledger: Ledger, office: Office, prepare_box: Callable[[str], None], roll_salt: Callable[[str], bytes]
    ) -> None:
        """`prepare_box` makes ready what the envelopes of an election need; it is called before each opening.
        `roll_salt` is a member's salt in the hashes of the frozen roll."""
        self._ledger = ledger
        self._office = office
        self._prepare_box = prepare_box
        self._roll_salt = roll_salt

    async def propose(self, kind: str, by: str, reason: str, now: datetime) -> Act:
        """Propose an act; it is done at once where the rules ask for one person only. Raises OperatorRefusal."""
        record, definition = await self._election()
        who = self._named(definition, by)
        await self._must_be_possible(kind, record)
        if not definition.commission.two_person:
            return await self._at_once(kind, definition, who, reason, now)
        return await self._recorded(_pending(kind, json.dumps({"election": definition.id}), reason, who, now))

    async def approve(self, number: int, by: str, now: datetime) -> Act:
        """The second person's word: the act is done. Raises OperatorRefusal for the proposer herself, for an act
        that is not pending or is older than thirty minutes, and for one that has become impossible."""
        record, definition = await self._election()
        who = self._named(definition, by)
        act = await self._proposed(number)
        if act.state == "pending":
            await self._must_be_possible(act.kind, record)
        decided = await self._office.decide(number, who, now)
        await self._do(decided.kind, definition, now)
        return decided

    async def propose_roll_change(
        self, change: RollChangeProposal, apply: Apply, by: str, reason: str, now: datetime
    ) -> Act:
        """Propose a change of the frozen roll; where one person is enough, `apply` does it at once. Raises
        OperatorRefusal, also where no reason is given: it is the first thing an observer asks for."""
        record, definition = await self._election()
        who = self._named(definition, by)
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
        who = self._named(definition, by)
        act = await self._proposed(number)
        if act.state == "pending":
            _roll_must_be_open_to_change(record)
        return await apply(replace(act, approver=who))

    async def note_rehearsal(self, public_key: bytes, trustees: Sequence[int], now: datetime) -> Act:
        """The box of this key was opened for a test by these trustees: on record, and so in the log."""
        payload = json.dumps({"public_key": public_key.hex(), "trustees": list(trustees)})
        return await self._recorded(Act(0, now, REHEARSED, payload, "", THE_OPERATOR, THE_OPERATOR, "done"))

    async def by_the_timetable(self, kind: str, now: datetime) -> bool:
        """Open or close because the hour has come; whether anything was done. Repeats harmlessly."""
        record, definition = await self._election()
        try:
            await self._must_be_possible(kind, record)
        except OperatorRefusal:
            return False
        reason = f"due at {(definition.opens if kind == 'open' else definition.closes)}"
        await self._at_once(kind, definition, THE_TIMETABLE, reason, now)
        return True

    async def _at_once(self, kind: str, definition: Definition, who: str, reason: str, now: datetime) -> Act:
        payload = json.dumps({"election": definition.id})
        act = await self._recorded(Act(0, now, kind, payload, reason, who, who, "done"))
        await self._do(kind, definition, now)
        return act

    async def _recorded(self, act: Act) -> Act:
        """On record first: an act without its effect can be repeated, an effect without its act cannot be explained."""
        return replace(act, number=await self._office.propose(act))

    async def _do(self, kind: str, definition: Definition, now: datetime) -> None:
        expected, stage = _FROM[kind]
        if kind == "open":
            self._prepare_box(definition.id)
            await self._office.freeze_roll(self._roll_salt, now)
        await self._office.move(expected, stage, now)

    async def _proposed(self, number: int) -> Act:
        act = await self._office.act(number)
        if act is None:
            raise OperatorRefusal("no_such_proposal", f"There is no proposal {number}; see `dauys election status`.")
        return act

    async def _election(self) -> tuple[ElectionRecord, Definition]:
        record = await self._ledger.election()
        if record is None or not record.definition:
            raise OperatorRefusal("no_election", "No election is loaded; write one with `dauys election new`.")
        return record, parse(record.definition)

    def _named(self, definition: Definition, by: str) -> str:
        commission = definition.commission
        officers = may_decide(commission)
        if not by and not commission.two_person:
            return officers[0].name if officers else THE_OPERATOR
        if any(officer.name == by for officer in officers):
            return by
        names = ", ".join(officer.name for officer in officers)
        given = f"{by} is not one who may decide" if by else "who decides is not said"
        raise OperatorRefusal("not_an_officer", f"{given[0].upper()}{given[1:]}; add --as with one of: {names}.")

    async def _must_be_possible(self, kind: str, record: ElectionRecord) -> None:
        if kind not in _FROM:
            raise OperatorRefusal(
                "other_command", f"An act “{kind}” is approved where its file is: on the command line."
            )
        expected, _ = _FROM[kind]
        if record.stage not in expected:
            raise OperatorRefusal("wrong_stage", f"The election is {record.stage}, so it cannot {kind} now.")
        if kind != "open":
            return
        if record.public_key is None:
            raise OperatorRefusal("no_keys", "There is no key to seal ballots to; hold `dauys keys ceremony` first.")
        if not await self._office.styles():
            raise OperatorRefusal("no_roll", "The roll is empty; run `dauys roll import FILE` first.")


def _pending(kind: str, payload: str, reason: str, proposer: str, now: datetime) -> Act:
    return Act(0, now, kind, payload, reason, proposer, "", "pending", now + PROPOSAL_LIFE)


def _roll_must_be_open_to_change(record: ElectionRecord) -> None:
    if record.stage not in ("draft", "open", "paused"):
        raise OperatorRefusal("wrong_stage", f"The election is {record.stage}; its roll cannot change now.")
    if record.roll_frozen_at is None:
        raise OperatorRefusal("roll_not_frozen", "The roll is not frozen; `dauys roll import FILE` takes it in.")
