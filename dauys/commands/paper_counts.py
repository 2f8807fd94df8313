"""`dauys paper count` and `confirm`: what lay in a station's box, from a file."""

import asyncio
import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dauys import clock, settings
from dauys.terminal import answer, say
from dauys.wiring import open_hall
from election.definition import Contest
from election.errors import OperatorRefusal
from election.paper_count import ContestCount, PaperCount
from election.paper_work import Counted

HEADINGS = ("contest", "item", "name", "number")
_SUMS = {"*ballots": "ballots that hold this contest", "*blank": "left blank", "*void": "void"}


def write_form(station: str, file: Path, as_json: bool) -> None:
    """A form to fill in: a line for each figure."""
    contests = asyncio.run(_contests(station))
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for contest in contests:
        names = {candidate.id: candidate.name.said("ru") for candidate in contest.candidates}
        writer.writerows((contest.id, item, name, "") for item, name in (_SUMS | names).items())
    file.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    if as_json:
        answer({"station": station, "contests": len(contests), "file": str(file)})
    else:
        say(f"{file} is written: fill in the numbers, each clerk her own file.")


def enter(station: str, file: Path, who: str, as_json: bool, *, confirms: bool = False) -> None:
    """A clerk's count."""
    figures = _figures(file)

    async def run() -> Counted:
        async with open_hall(settings.read()) as hall:
            definition, _, held = await hall.paper.held(station)
            contests = [contest for contest in definition.contests if contest.id in held]
            count = PaperCount(station, tuple(_of_contest(contest, figures, file) for contest in contests))
            return await hall.paper.count(count, who, clock.now(), confirms=confirms)

    done = asyncio.run(run())
    if as_json:
        differs = [{"contest": contest, "item": item} for contest, item in done.differs]
        answer({"station": station, "stands": done.stands, "differs": differs})
    elif done.stands:
        say("Two clerks have counted the same: the count stands.")
    elif done.differs:
        say("Another clerk has counted otherwise, so nothing stands. Count these again, both of you:")
        for contest, item in done.differs:
            say(f"{contest}: {item.removeprefix('*')}")
    else:
        say("The count is kept. It stands once another clerk has counted the same: dauys paper confirm")


async def _contests(station: str) -> list[Contest]:
    async with open_hall(settings.read()) as hall:
        definition, _, held = await hall.paper.held(station)
        return [contest for contest in definition.contests if contest.id in held]


def _figures(file: Path) -> Mapping[tuple[str, str], int]:
    text = file.read_text(encoding="utf-8-sig")
    heading = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=max(";,\t", key=heading.count))
    try:
        return {(row["contest"].strip(), row["item"].strip()): int(row["number"]) for row in rows}
    except (KeyError, ValueError, TypeError, AttributeError):
        raise OperatorRefusal(
            "count_unreadable",
            f"{file} has not a whole number in each row, or other columns than {', '.join(HEADINGS)}; "
            "`dauys paper count STATION FILE --form` writes an empty one.",
        ) from None


def _of_contest(contest: Contest, figures: Mapping[tuple[str, str], int], file: Path) -> ContestCount:
    items = [*_SUMS, *(candidate.id for candidate in contest.candidates)]
    missing = [item for item in items if (contest.id, item) not in figures]
    if missing:
        raise OperatorRefusal("count_unreadable", f"{file} has no line {missing[0]} of the contest {contest.id}.")
    ballots, blank, void, *votes = (figures[contest.id, item] for item in items)
    return ContestCount(contest.id, ballots, blank, void, dict(zip(items[len(_SUMS) :], votes, strict=True)))
