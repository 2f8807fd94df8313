"""`dauys paper …`: a clerk at a paper station, by commands."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import typer

from dauys import clock, settings
from dauys.commands.election import said_act
from dauys.terminal import answer, notes, say, table
from dauys.wiring import Hall, open_hall
from election.deeds.paper import opening
from election.errors import OperatorRefusal
from election.paper import CLOSE, OPEN, Merge, PaperPerson, PaperStation
from election.paper_sheet import write_rows
from election.paper_work import PaperWork, must_be_free
from election.ports import Act

_T = TypeVar("_T")
_ASKED = {
    "issue": "Is it the name on her document? Once she has the ballot, only paper counts for her.",
    "spoilt": "Take the spoilt ballot, mark it as spoilt and put it away. Hand out the new one?",
    "returned": "Who hands her ballot back unused cannot vote any more. Take it back?",
}
_SAID = {"issue": "has a paper ballot", "spoilt": "has a new ballot", "returned": "has handed her ballot back"}


def open_station(
    name: str, regions: Sequence[str], branches: Sequence[str], who: str, reason: str, as_json: bool
) -> None:
    """Propose to open it."""

    async def propose(hall: Hall) -> Act:
        return await hall.commission.propose(OPEN, who, reason, clock.now(), opening(name, regions, branches))

    said_act(_run(propose), as_json)


def close_station(name: str, cast: int, who: str, reason: str, as_json: bool) -> None:
    """Propose to close it with the figures as they stand."""

    async def propose(hall: Hall) -> Act:
        account = await hall.paper.closing(name, cast)
        if not account.adds_up:
            notes.print(
                f"It does not add up: {account.issued} handed out, but {account.cast} in the box, {account.spoilt} "
                f"spoilt and {account.returned} returned. Closed like this, the next bulletin names the station."
            )
        return await hall.commission.propose(CLOSE, who, reason, clock.now(), account.as_about())

    said_act(_run(propose), as_json)


def with_member(what: str, station: str, member: str, who: str, yes: bool, as_json: bool) -> None:
    """Hand out, exchange or take back, once the clerk has seen the masked name."""

    async def do(hall: Hall) -> PaperPerson:
        paper = hall.paper
        person = await paper.look_up(station, member)
        if what == "issue":
            must_be_free(person)
        if not yes and not as_json:
            say(f"{person.masked_name}, {person.branch or person.region}, number {person.id}")
            if not await asyncio.to_thread(typer.confirm, _ASKED[what]):
                raise typer.Exit(1)
        return await _done(paper, what, station, person, who)

    person = _run(do)
    if as_json:
        answer({"station": station, "member": person.id, "done": what})
    else:
        say(f"Member {person.id} {_SAID[what]}.")


def sheet(station: str, out: Path, as_json: bool) -> None:
    """The list as CSV, or as PDF to print."""
    rows = _run(lambda hall: hall.paper.sheet(station))
    if out.suffix.lower() == ".pdf":
        from dauys.commands.paper_pdf import drawn

        out.write_bytes(drawn(station, rows))
    elif out.suffix.lower() == ".csv":
        out.write_bytes(write_rows(rows))
    else:
        raise OperatorRefusal("file_kind", f"{out} is neither .csv nor .pdf; name it so that it is one of them.")
    if as_json:
        answer({"station": station, "rows": len(rows), "file": str(out)})
    else:
        say(f"{out}: {len(rows)} members. Tick whom you give a ballot; then: dauys paper merge “{station}” FILE.csv")


def merge(station: str, file: Path, who: str, as_json: bool) -> None:
    """Take the ticked rows in."""
    data = file.read_bytes()
    merged = _run(lambda hall: hall.paper.merge(station, data, who, clock.now()))
    if as_json:
        answer({"station": station, **_told(merged)})
        return
    say(f"Ticked: {merged.ticked}. On paper by it: {merged.handed_out}. Known before: {merged.known}.")
    for kind, number in merged.conflicts.items():
        if number:
            named = ", ".join(merged.named.get(kind, ()))
            say(f"Conflict {kind}: {number}" + (f" ({named})" if named else ""))
    say(f"On record: {merged.act}.")


def show(name: str, as_json: bool) -> None:
    """One station, or all."""

    async def look(hall: Hall) -> Sequence[PaperStation]:
        return [await hall.paper.station(name)] if name else await hall.paper.stations()

    async def looked(hall: Hall) -> list[dict[str, object]]:
        return [_shown(each) | {"count": await _count(hall, each)} for each in await look(hall)]

    found = _run(looked)
    if as_json:
        answer({"stations": found})
        return
    headings = ("station", "state", "serves", "members", "issued", "in the box", "spoilt", "returned", "count")
    keys = ("station", "state", "serves", "members", "issued", "cast", "spoilt", "returned", "count")
    table("", headings, [[row[key] for key in keys] for row in found])


async def _done(paper: PaperWork, what: str, station: str, person: PaperPerson, who: str) -> PaperPerson:
    if what == "issue":
        return await paper.hand_out(station, person.id, who, clock.now())
    if what == "spoilt":
        return await paper.exchange(station, person.id, who, person.ballots)
    return await paper.give_back(station, person.id, who)


async def _count(hall: Hall, station: PaperStation) -> str:
    entries = await hall.paper.entries(station.name)
    if any(entry.stands for entry in entries):
        return "stands"
    return f"{len(entries)} entered" if entries else "none"


def _shown(station: PaperStation) -> dict[str, object]:
    serves = ["; ".join(names) for names in (station.regions, station.branches) if names]
    return {
        "station": station.name,
        "state": "open" if station.is_open else "closed",
        "serves": " / ".join(serves) or "the whole roll",
        "members": station.members,
        "issued": station.issued,
        "cast": station.cast,
        "spoilt": station.spoilt,
        "returned": station.returned,
    }


def _told(merged: Merge) -> dict[str, object]:
    return {
        "ticked": merged.ticked,
        "handed_out": merged.handed_out,
        "known": merged.known,
        "conflicts": dict(merged.conflicts),
        "named": {kind: list(ids) for kind, ids in merged.named.items()},
        "act": merged.act,
    }


def _run(work: Callable[[Hall], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        async with open_hall(settings.read()) as hall:
            return await work(hall)

    return asyncio.run(run())
