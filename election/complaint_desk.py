"""The complaint desk: members file and answer, the committee asks and decides. Whose one is, it tells nobody."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from election.broadcasts import a_word
from election.commission import THE_OPERATOR, Commission
from election.complaints import (
    DECIDED,
    LONGEST_WORD,
    Addition,
    Complaint,
    Complaints,
    Counts,
    Decision,
    Filing,
    Kind,
    Outcome,
    Question,
    Step,
    decided_already,
    evidence_in,
    says_something,
    unknown,
)
from election.deeds.deed import About, payload
from election.definition import Channel, Definition, Officer, Words
from election.errors import NoElection, NoSuchComplaint, OperatorRefusal
from election.ports import Act
from election.standing import StandingReader

REDO = "redo"
"""The guarded act by which a member may vote once more."""


class Safe(Protocol):
    """What the desk needs of the vault."""

    def seal_complaint(self, text: str) -> bytes:
        """What was written on a complaint, as it is kept."""

    def open_complaint(self, sealed: bytes) -> str:
        """The same as it was written; empty where nothing is kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry that can be read. `evidence`: the SHA-256 of a file that stands in the text, or empty."""

    at: datetime
    step: Step
    officer: str
    channel: str
    text: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A complaint that was decided, and the proposal of a vote again, if that was part of it."""

    complaint: Complaint
    proposal: Act | None


class ComplaintDesk:
    """One desk for every chat and the command line; it keeps nothing itself."""

    def __init__(self, complaints: Complaints, safe: Safe, standing: StandingReader, commission: Commission) -> None:
        self._complaints = complaints
        self._safe = safe
        self._standing = standing
        self._commission = commission

    async def file(
        self, member_id: str, channel: Channel, kind: Kind, text: str, message: str, now: datetime, *, pressed: bool
    ) -> Complaint:
        """A member complains. Raises TooManyComplaints. The same `message` again files nothing new."""
        policy = (await self._standing.now_standing(now)).definition.policy
        filing = Filing(
            member_id=member_id,
            channel=channel,
            kind=kind,
            pressed=pressed or kind == "pressed",
            sealed=self._safe.seal_complaint(text),
            message=_named(channel, message),
            now=now,
            due_at=now + policy.complaint_deadline,
        )
        return await self._complaints.file(filing)

    async def add(
        self, member_id: str, number: int, channel: Channel, text: str, message: str, now: datetime, *, pressed: bool
    ) -> Complaint:
        """She answers a question on her complaint, or adds to it. Raises NoSuchComplaint, ComplaintDecided or
        TooManyComplaints."""
        sealed = self._safe.seal_complaint(text)
        return await self._complaints.add(
            Addition(member_id, number, channel, pressed, sealed, _named(channel, message), now)
        )

    async def by_message(self, channel: Channel, message: str) -> Complaint | None:
        """The complaint that this message filed or added to."""
        return await self._complaints.by_message(_named(channel, message))

    async def hers(self, member_id: str) -> Sequence[Complaint]:
        """What this member has filed, the newest first."""
        return await self._complaints.hers(member_id)

    async def to_her(self, member_id: str, number: int) -> tuple[Complaint, Line | None]:
        """A complaint of hers, and what the committee last said to her about it. Raises NoSuchComplaint."""
        found = next((each for each in await self.hers(member_id) if each.number == number), None)
        if found is None:
            raise NoSuchComplaint
        said = [line for line in await self._lines(number) if line.step in ("asked", "decided")]
        return found, said[-1] if said else None

    async def queue(self, *, decided: bool = False, most: int = 1000, start: int = 0) -> Sequence[Complaint]:
        """Those that wait, what is due first first; or those decided, the newest first."""
        return await self._complaints.queue(decided=decided, most=most, start=start)

    async def counts(self, now: datetime) -> Counts:
        """All of them counted."""
        return await self._complaints.counts(now)

    async def read(self, number: int) -> tuple[Complaint, Sequence[Line]]:
        """A complaint and all that is written on it. Raises OperatorRefusal `no_such_complaint`."""
        found = await self._complaints.complaint(number)
        if found is None:
            raise unknown(number)
        return found, await self._lines(number)

    async def ask(self, number: int, text: str, by: str, words: Words, now: datetime) -> Complaint:
        """The committee asks the member; `words` send her to the question. Raises OperatorRefusal: not_an_officer,
        no_words, no_such_complaint, complaint_decided."""
        who = _named_officer(await self._definition(now), by)
        text = _written(text)
        word = a_word(await self._who_waits(number), words, who, now)
        return await self._complaints.ask(Question(number, who, self._safe.seal_complaint(text), word, now))

    async def assign(self, number: int, to: str, by: str, now: datetime) -> Complaint:
        """This member of the committee looks after it. Raises OperatorRefusal as `ask`."""
        definition = await self._definition(now)
        who, officer = _named_officer(definition, by), _named_officer(definition, to)
        return await self._complaints.assign(number, officer, who, now)

    async def decide(
        self, number: int, outcome: Outcome, reason: str, by: str, words: Words, now: datetime, *, again: bool = False
    ) -> Ruling:
        """The complaint ends so, and the member is sent to the reason by `words`. `again`: a vote again is proposed for
        her, which another person has to approve. Raises OperatorRefusal as `ask`, and as the proposal does."""
        definition = await self._definition(now)
        who, reason = _named_officer(definition, by), _written(reason)
        member = await self._who_waits(number)
        proposal = await self._propose_redo(number, member, who, outcome, now) if again else None
        about = {
            "complaint": number,
            "outcome": outcome,
            "reason_sha256": hashlib.sha256(reason.encode()).hexdigest(),
            "proposal": proposal.number if proposal else 0,
        }
        act = Act(0, now, DECIDED, payload(definition.id, about), "", who, who, "done")
        decided = await self._complaints.decide(
            Decision(number, outcome, self._safe.seal_complaint(reason), act, a_word(member, words, who, now))
        )
        return Ruling(decided, proposal)

    def may_grant(self) -> bool:
        """Whether there is a way to grant a vote again."""
        return REDO in self._commission.deeds

    async def _propose_redo(self, number: int, member: str, who: str, outcome: Outcome, now: datetime) -> Act:
        if outcome != "upheld":
            raise OperatorRefusal("again_not_upheld", "A vote again goes with a complaint that is upheld only.")
        about: About = {"member": member, "ticket": number}
        return await self._commission.propose(REDO, who, f"complaint {number}", now, about)

    async def _who_waits(self, number: int) -> str:
        """The member, for a word to her alone: never nobody, for that would be everybody."""
        found, _ = await self.read(number)
        member = await self._complaints.whose(number)
        if not found.waits or not member:
            raise decided_already(number)
        return member

    async def _lines(self, number: int) -> Sequence[Line]:
        found = []
        for entry in await self._complaints.entries(number):
            text = self._safe.open_complaint(entry.sealed)
            evidence = evidence_in(text) if not entry.officer else ""
            found.append(Line(entry.at, entry.step, entry.officer, entry.channel, text, evidence, entry.note))
        return found

    async def _definition(self, now: datetime) -> Definition:
        try:
            return (await self._standing.now_standing(now)).definition
        except NoElection:
            raise OperatorRefusal(
                "no_election", "No election is loaded; write one with `dauys election new`."
            ) from None


def committee(definition: Definition) -> Sequence[Officer]:
    """Who decides complaints."""
    return [officer for officer in definition.commission.officers if officer.role == "committee"]


def _named_officer(definition: Definition, by: str) -> str:
    """The name on record. Raises OperatorRefusal `not_an_officer`."""
    names = [officer.name for officer in committee(definition)]
    if by in names:
        return by
    if not by and not definition.commission.two_person:
        return names[0] if names else THE_OPERATOR
    listed = ", ".join(names) or "nobody: name them in [[commission.member]]"
    raise OperatorRefusal("not_an_officer", f"Complaints are for the committee; say who, one of: {listed}.")


def _written(text: str) -> str:
    text = " ".join(text.split())
    if not says_something(text) or len(text) > LONGEST_WORD:
        raise OperatorRefusal("no_words", f"Write a question or a reason in words, {LONGEST_WORD} signs at most.")
    return text


def _named(channel: Channel, message: str) -> bytes:
    return hashlib.sha256(f"complaint:{channel}:{message}".encode()).digest()[:16]
