"""One kind of guarded act, and what the record of one says."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from election.definition import Definition, Role
from election.errors import OperatorRefusal
from election.ports import Act, ElectionRecord, Extra

About: TypeAlias = Mapping[str, str | int]
"""The particulars of an act: kept in its payload, and what its text is told with."""
Check = Callable[[About, ElectionRecord, Definition, datetime], Awaitable[None]]
Prepare = Callable[[About, Definition, datetime], Awaitable[Extra]]

DECIDING: frozenset[Role] = frozenset({"organiser", "committee"})


@dataclass(frozen=True, slots=True)
class Deed:
    """When an act of this kind is possible, and who may propose and approve it.

    `check` raises OperatorRefusal while it is impossible; it is asked at the proposal and again at the approval.
    `prepare` makes ready what the effect needs and no record may hold; it is called just before the effect, once
    everything else is in order, and repeats harmlessly. What is done is the store's: storage/durable/deeds.
    """

    check: Check
    roles: frozenset[Role] = DECIDING
    prepare: Prepare | None = None


def payload(election: str, about: About) -> str:
    """The particulars as the record of an act keeps them."""
    return json.dumps({"election": election, **about}, ensure_ascii=False)


def about_of(act: Act) -> About:
    """The particulars of an act on record."""
    return {name: value for name, value in json.loads(act.payload).items() if name != "election"}


def proposal_digest(act: Act) -> str:
    """Sixteen hex digits over what is proposed, why and by whom: who approves names what she has seen."""
    told = [act.number, act.kind, act.payload, act.reason, act.proposer]
    return hashlib.sha256(b"dauys proposal\0" + json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def must_be_approvable(act: Act, approver: str, now: datetime) -> None:
    """Raise OperatorRefusal `act_not_pending`, `same_person` or `act_too_old`."""
    if act.state != "pending":
        raise OperatorRefusal("act_not_pending", f"Proposal {act.number} is {act.state} already.")
    if act.proposer == approver:
        raise OperatorRefusal(
            "same_person", f"Proposal {act.number} needs the word of somebody else than its proposer."
        )
    if act.expires_at is not None and act.expires_at <= now:
        raise OperatorRefusal("act_too_old", f"Proposal {act.number} was not approved in time: propose it again.")
