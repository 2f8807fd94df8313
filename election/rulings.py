"""Candidates struck off while the voting runs, and given back on appeal until the cut.

Marks for a candidate who is struck off count for nothing; her number on the ballot stays hers. Whoever had cast before
a ruling on her ballot may vote once more after it, whatever the rules say of votes again: `newest` on her ballot is
then above what her last vote has noted.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from election.definition import Candidate, Contest, Definition
from election.errors import OperatorRefusal

Kind = Literal["strike", "unstrike"]
KINDS: tuple[Kind, Kind] = ("strike", "unstrike")
"""The acts that are rulings."""
Struck: TypeAlias = Mapping[str, frozenset[str]]
"""The candidates who are struck off, by contest."""
KIND_OF: Mapping[bool, Kind] = {True: "strike", False: "unstrike"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """The commission's word on one candidate: struck off, or not any more. `act` is the number of its record."""

    contest: str
    candidate: str
    struck: bool
    act: int
    at: datetime


def struck(rulings: Iterable[Ruling]) -> Struck:
    """Who is struck off now, by contest; only contests in which somebody is."""
    found: dict[str, frozenset[str]] = {}
    for ruling in rulings:
        before = found.get(ruling.contest, frozenset())
        found[ruling.contest] = before | {ruling.candidate} if ruling.struck else before - {ruling.candidate}
    return {contest: candidates for contest, candidates in found.items() if candidates}


def newest(rulings: Iterable[Ruling], style: Iterable[Contest]) -> int:
    """The number of the newest ruling on a ballot of this style, 0 without one. They are numbered from 1 as they were
    made, for acts are numbered as they were proposed."""
    contests = {contest.id for contest in style}
    return max((number for number, ruling in enumerate(rulings, 1) if ruling.contest in contests), default=0)


def packed(rulings: Iterable[Ruling]) -> str:
    """As they are kept."""
    rows = [
        [each.contest, each.candidate, each.struck, each.act, each.at.astimezone(UTC).isoformat()] for each in rulings
    ]
    return json.dumps(rows, ensure_ascii=False)


def unpacked(kept: str) -> tuple[Ruling, ...]:
    """As they were kept."""
    return tuple(
        Ruling(contest, candidate, out, act, datetime.fromisoformat(at))
        for contest, candidate, out, act, at in json.loads(kept)
    )


def find(definition: Definition, candidate: str, contest: str = "") -> tuple[Contest, Candidate]:
    """The candidate of this id, and where she stands. Raises OperatorRefusal `no_candidate`, or `which_contest` where
    the id is that of several."""
    found = [
        (where, who)
        for where in definition.contests
        if contest in ("", where.id)
        for who in where.candidates
        if who.id == candidate
    ]
    if not found:
        where = f" in contest {contest}" if contest else ""
        raise OperatorRefusal("no_candidate", f"There is no candidate {candidate}{where}; the ids are in the file.")
    if len(found) > 1:
        named = ", ".join(where.id for where, _ in found)
        raise OperatorRefusal("which_contest", f"{candidate} stands in several contests; add --contest: {named}.")
    return found[0]


def must_be_possible(kind: str, contest: Contest, candidate: str, rulings: Sequence[Ruling]) -> None:
    """Raise OperatorRefusal `struck_already`, `not_struck`, or `last_candidate`: a contest in which nobody can be
    chosen is no contest, and must be ended otherwise."""
    out = struck(rulings).get(contest.id, frozenset())
    if kind == "unstrike":
        if candidate not in out:
            raise OperatorRefusal("not_struck", f"Candidate {candidate} is not struck off in contest {contest.id}.")
        return
    if candidate in out:
        raise OperatorRefusal("struck_already", f"Candidate {candidate} is struck off in contest {contest.id} already.")
    if len(contest.candidates) - len(out) < 2:
        raise OperatorRefusal(
            "last_candidate",
            f"Candidate {candidate} is the last one in contest {contest.id}: with nobody left it cannot be voted in.",
        )
