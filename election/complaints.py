"""Complaints: what one is, where it can go from where it is, and what may be told of it.

A complaint is *open* until the committee decides it; while a question to the member waits for her answer it is *asked*.
It ends as *upheld*, *rejected* or *no-fault*. Nothing that was written on it changes any more: what follows is added.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from election.broadcasts import Plan
from election.definition import Channel
from election.errors import OperatorRefusal
from election.ports import Act

Kind = Literal["pressed", "voted", "access", "list", "station", "other"]
"""Somebody pressed me; somebody voted for me; I cannot sign in or vote; the list or a candidate; a station or paper;
something else. In the order of the numbers that are typed."""
Outcome = Literal["upheld", "rejected", "no-fault"]
State = Literal["open", "asked", "upheld", "rejected", "no-fault"]
Step = Literal["filed", "asked", "answered", "assigned", "decided"]
"""What an entry on a complaint says."""

KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
WAITING: tuple[State, ...] = ("open", "asked")
DECIDED = "complaint-decided"
"""The act on record of a decision."""

FIRST = 101
"""The number of the first complaint, so that none is taken for the number of a kind."""
LONGEST = 1500
"""Signs of what a member writes at once; a long SMS has no more."""
LONGEST_WORD = 300
"""Signs of what the committee asks, or gives as its reason."""
A_DAY, AN_ELECTION, ADDED = 3, 20, 20
"""So many complaints a member may file by one door, and so often add to one of them. The doors are counted apart: who
forges her number by SMS must not spend what she has in Telegram."""
FEWEST = 10
"""Of fewer members a branch is not named, and of fewer complaints it is not told how many were pressed."""

_REMINDED_BEFORE = timedelta(hours=12)
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", re.IGNORECASE)
_NEXT: Mapping[Step, Mapping[State, State]] = {
    "asked": {"open": "asked", "asked": "asked"},
    "answered": {"open": "open", "asked": "open"},
    "assigned": {"open": "open", "asked": "asked"},
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as the committee may see it: by its number, never by the member. `branch` and `region` are empty
    where so few belong to them that they would tell who she is. `officer`: who looks after it, or empty."""

    number: int
    kind: Kind
    pressed: bool
    state: State
    channel: Channel
    officer: str
    filed_at: datetime
    due_at: datetime
    region: str
    branch: str

    @property
    def waits(self) -> bool:
        """Whether it is to be decided."""
        return self.state in WAITING


@dataclass(frozen=True, slots=True)
class Entry:
    """Something written on a complaint. `officer` is empty where it was the member, `sealed` where nothing was said or
    it was erased. `note`: the outcome of a decision, to whom it was assigned."""

    at: datetime
    step: Step
    officer: str
    channel: str
    sealed: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """A new complaint. `message` names the message it came by: the same message files it once."""

    member_id: str
    channel: Channel
    kind: Kind
    pressed: bool
    sealed: bytes
    message: bytes
    now: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Addition:
    """What a member adds to a complaint of hers, or answers."""

    member_id: str
    number: int
    channel: Channel
    pressed: bool
    sealed: bytes
    message: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What the committee asks the member. `word` sends her to it."""

    number: int
    officer: str
    sealed: bytes
    word: Plan
    now: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """How a complaint ends, and the act that puts it on record. `word` sends the member to the reason."""

    number: int
    outcome: Outcome
    sealed: bytes
    act: Act
    word: Plan


@dataclass(frozen=True, slots=True)
class Counts:
    """All complaints of the election. `soon` and `late` are among the `open`: due soon, and past their hour."""

    filed: int = 0
    open: int = 0
    upheld: int = 0
    rejected: int = 0
    no_fault: int = 0
    pressed: int = 0
    soon: int = 0
    late: int = 0


class Complaints(Protocol):
    """The durable store as the complaint desk needs it. Same promises as election.ports.Ledger."""

    async def file(self, filing: Filing) -> Complaint:
        """Put a complaint down under the next number. The same `message` again finds the one there is. Raises
        TooManyComplaints."""

    async def add(self, addition: Addition) -> Complaint:
        """What the member adds; a question is answered by it. The same `message` again changes nothing. Raises
        NoSuchComplaint unless it is hers, ComplaintDecided, TooManyComplaints."""

    async def ask(self, question: Question) -> Complaint:
        """Note the question and plan the word, in one transaction. Raises OperatorRefusal: no_such_complaint,
        complaint_decided."""

    async def assign(self, number: int, officer: str, by: str, now: datetime) -> Complaint:
        """From now on this officer looks after it. Raises as `ask`."""

    async def decide(self, decision: Decision) -> Complaint:
        """Note the decision, put it on record as an act with its leaf, and plan the word: one transaction. Raises as
        `ask`."""

    async def complaint(self, number: int) -> Complaint | None:
        """The complaint with this number."""

    async def by_message(self, message: bytes) -> Complaint | None:
        """The complaint that this message filed or added to."""

    async def hers(self, member_id: str) -> Sequence[Complaint]:
        """What this member has filed, the newest first."""

    async def whose(self, number: int) -> str:
        """The member who filed it, for the vote again that is granted her and for what is said to her; empty once it
        is erased. To be told to nobody."""

    async def entries(self, number: int) -> Sequence[Entry]:
        """All that is written on it, in order."""

    async def queue(self, *, decided: bool, most: int, start: int = 0) -> Sequence[Complaint]:
        """So many from place `start` on: those that wait, what is due first first; or those decided, the newest
        first."""

    async def counts(self, now: datetime) -> Counts:
        """All of them counted."""

    async def remind(self, now: datetime) -> int:
        """Note of those that wait that the committee is reminded now: how many are due soon or past their hour and were
        not noted as such before."""

    async def erase(self) -> int:
        """Wipe what was written and who filed it, at the end of all; how many complaints that were. The numbers
        stay."""


def follows(state: State, step: Step, outcome: Outcome | None = None) -> State | None:
    """Where a complaint is after this step; None where it cannot be taken."""
    if step == "decided":
        return outcome if state in WAITING else None
    return _NEXT[step].get(state) if step in _NEXT else None


def remind_at(filed: datetime, due: datetime) -> datetime:
    """When the committee is reminded: twelve hours before the hour, or when a quarter of the time is left."""
    return due - min(_REMINDED_BEFORE, (due - filed) / 4)


def place_told(region: tuple[str, int], branch: tuple[str, int]) -> tuple[str, str]:
    """Region and branch as they may be told, each given with the number of its members."""
    named = region[0] if region[1] >= FEWEST else ""
    return named, branch[0] if named and branch[1] >= FEWEST else ""


def evidence_in(text: str) -> str:
    """The SHA-256 of a file that a member has written into her text, in small letters; empty if there is none."""
    found = _HASH.search(text)
    return found[0].lower() if found else ""


def kind_in(text: str) -> Kind:
    """What a complaint typed at once is about: its first word may be the number of a kind."""
    first = text.split(maxsplit=1)[0].rstrip(".,:;)") if text.split() else ""
    return KINDS[int(first) - 1] if first in {str(number) for number in range(1, len(KINDS) + 1)} else "other"


def says_something(text: str) -> bool:
    """Whether there are words in it."""
    return sum(sign.isalpha() for sign in text) >= 3


def unknown(number: int) -> OperatorRefusal:
    """What an officer is told of a number that no complaint has."""
    return OperatorRefusal("no_such_complaint", f"There is no complaint {number}; see `dauys complaint list`.")


def decided_already(number: int) -> OperatorRefusal:
    """What an officer is told of a complaint that has come to its end."""
    return OperatorRefusal("complaint_decided", f"Complaint {number} is decided already; nothing is added to it.")
