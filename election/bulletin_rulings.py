"""The hour of closing and the strike-offs in a bulletin, and where they do not reconcile with the acts on record."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from election.books import Books
from election.bulletin_rules import in_languages
from election.definition import Definition
from election.rulings import KINDS, Ruling, struck


def closing(closes: datetime | None) -> str:
    """The hour of closing in force; empty where there is none."""
    return closes.astimezone(UTC).isoformat(timespec="seconds") if closes else ""


def told(definition: Definition, rulings: Sequence[Ruling]) -> Sequence[Mapping[str, Any]]:
    """Every candidate on whom there was a ruling, in the order of the file, and whether she is struck off now."""
    now, named = struck(rulings), {(ruling.contest, ruling.candidate) for ruling in rulings}
    return [
        {
            "contest": contest.id,
            "title": in_languages(contest.title),
            "candidate": candidate.id,
            "name": in_languages(candidate.name),
            "in_force": candidate.id in now.get(contest.id, ()),
        }
        for contest in definition.contests
        for candidate in contest.candidates
        if (contest.id, candidate.id) in named
    ]


def problems(books: Books, bulletin: Mapping[str, Any], previous: Mapping[str, Any] | None) -> Iterator[str]:
    """Everything that does not reconcile, a sentence each."""
    acts = Counter(act.kind for act in books.acts)
    yield from _rulings(books, bulletin, acts)
    extended = books.record.extended_to
    if (extended is None) != (acts["extend"] == 0) or (extended and closing(extended) != bulletin["closes"]):
        yield f"The hour of closing is {bulletin['closes'] or 'not set'}, but {acts['extend']} acts have moved it."
    if previous is not None and "closes" in previous:
        yield from _closing_since(bulletin, previous)


def _rulings(books: Books, bulletin: Mapping[str, Any], acts: Mapping[str, int]) -> Iterator[str]:
    made = [act.number for act in books.acts if act.kind in KINDS]
    if sorted(ruling.act for ruling in books.record.rulings) != made:
        yield f"{len(books.record.rulings)} rulings on candidates are in force, but {len(made)} are on record."
    out = sum(row["in_force"] for row in bulletin["struck"])
    if out != acts.get("strike", 0) - acts.get("unstrike", 0):
        yield (
            f"{out} candidates are struck off, but {acts.get('strike', 0)} were by acts on record, of which"
            f" {acts.get('unstrike', 0)} were given back."
        )


def _closing_since(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    now, before = (sum(incident["what"] == "extend" for incident in each["incidents"]) for each in (bulletin, previous))
    moved = bulletin["closes"] != previous["closes"] and previous["stage"] != "draft"
    if moved and (bulletin["closes"] < previous["closes"] or now == before):
        yield f"The hour of closing was {previous['closes']} and is {bulletin['closes']}."
