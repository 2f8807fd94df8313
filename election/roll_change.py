"""A numbered change of the frozen roll: what it may touch, and what is put on record of it.

Nobody is removed: who is not in the file stays. A member who has voted, is on paper or has withdrawn her ballot keeps
her phone, region and branch: on the phone hangs the vote again, on the others her ballot. A file that says otherwise is
refused, and the rows are named, so that what two persons have seen is what is done, or nothing is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from election.errors import OperatorRefusal
from election.ports import Act, Right

KIND = "roll-change"
MOST_NAMED = 10
_FOLLOWS_THE_VOTE = ("phone", "region", "branch")


class OnRoll(NamedTuple):
    """A row of the roll, its phone by its key."""

    name: str
    phone: bytes | None
    region: str
    branch: str
    cell: str
    language: str
    line: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of the file that may not be, and the fields that would have to stay."""

    row: int
    member_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would change on the roll of this version. Of the rows that may not be, the first few."""

    roll_version: int
    added: int
    changed: int
    refused: Sequence[Refused]


@dataclass(frozen=True, slots=True)
class RollChangeProposal:
    """What is put on record: the file by its hash and place, how it was read, and what it changes."""

    file: str
    sha256: str
    map: Mapping[str, str]
    default_region: str
    added: int
    changed: int

    def packed(self) -> str:
        """As the payload of an act."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, act: Act) -> "RollChangeProposal":
        """What this act proposes."""
        return cls(**json.loads(act.payload))

    @property
    def said(self) -> str:
        """In a few words."""
        return f"{self.added} added, {self.changed} changed"


def must_stay(right: Right, before: OnRoll, after: OnRoll) -> tuple[str, ...]:
    """The fields that this change would have to leave as they are, for a member with this right."""
    if right == "open":
        return ()
    return tuple(field for field in _FOLLOWS_THE_VOTE if getattr(before, field) != getattr(after, field))


def must_be_possible(found: Difference) -> None:
    """Raises OperatorRefusal for a file that changes nothing, or what it may not."""
    if found.refused:
        named = "; ".join(
            f"row {refused.row}, member {refused.member_id}: {' and '.join(refused.fields)}"
            for refused in found.refused[:MOST_NAMED]
        )
        raise OperatorRefusal(
            "roll_change_refused",
            "Members who have voted keep their phone, region and branch; take these rows out of the file, or give them "
            f"what the roll says: {named}.",
        )
    if not found.added and not found.changed:
        raise OperatorRefusal("roll_unchanged", "The file says nothing that is not on the roll already.")


def must_be_as_proposed(proposal: RollChangeProposal, found: Difference) -> None:
    """Raises OperatorRefusal where the roll has moved on since: other numbers than those on record."""
    if (found.added, found.changed) != (proposal.added, proposal.changed):
        raise OperatorRefusal(
            "roll_moved_on",
            f"Proposed were {proposal.said}; now it would be {found.added} added, {found.changed} changed: "
            "propose it again.",
        )
