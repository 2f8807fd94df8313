"""`dauys roll …`."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from dauys import clock, settings
from dauys.terminal import answer, notes, say, table
from dauys.wiring import open_hall
from election.errors import OperatorRefusal
from storage.durable.roll import ImportSummary
from storage.roll_files.report import Report
from storage.roll_files.roll import RollFile, open_roll
from storage.roll_files.staging import StagedMember, Staging

_COLUMNS = ("member_id", "name", "phone", "region", "branch", "cell", "language")
_SHOWN_ROWS = 20
_WORDS = {
    "rows": "rows read",
    "members": "members",
    "can_vote_by_phone": "can vote by phone",
    "no_phone": "without a phone",
    "invalid_phone": "phone cannot be read",
    "landline": "fixed line, takes no SMS",
    "shared_phone_members": "held back: phone shared with another member",
    "repeated_member_id_rows": "rows that repeat a member (the last one counts)",
    "no_member_id": "rows without a member id",
    "several_numbers": "several numbers in one cell (the first mobile was taken)",
}


def take_in(file: Path, dry_run: bool, mapping: Sequence[str], report: Path | None, as_json: bool) -> None:
    """Read the file, report, and unless it is a dry run take the members in."""
    options = settings.read()
    roll_file = open_roll(file, mapping=_mapping(mapping), default_region=options.DEFAULT_REGION)
    with Staging() as staging:
        with _bar("Reading") as moved:
            found = staging.load(roll_file, lambda _: _move_on(roll_file, moved))
        if report is not None:
            found.write_report(report)
        summary = None
        if not dry_run:
            with _bar("Taking in") as moved:
                summary = asyncio.run(_into_the_store(options, staging, lambda done: moved(done, found.members)))
        if as_json:
            found.write_json(sys.stdout)
        else:
            _show(file, found, summary, report)


def freeze(as_json: bool) -> None:
    """Fix the roll."""

    async def run() -> dict[str, object]:
        async with open_hall(settings.read()) as hall:
            await hall.election(clock.now())
            record = await hall.store.office.freeze_roll(hall.strongroom.roll_salt, clock.now())
            return {"roll_version": record.roll_version, "roll_hash": record.roll_digest}

    frozen = asyncio.run(run())
    if as_json:
        answer(frozen)
    else:
        say(f"The roll is frozen: version {frozen['roll_version']}, hash {frozen['roll_hash']}.")


async def _into_the_store(
    options: settings.Settings, staging: Staging, on_members: Callable[[int], None]
) -> ImportSummary:
    chunks: Iterator[list[StagedMember]] = staging.members()
    async with open_hall(options) as hall:
        strongroom = hall.strongroom
        return await hall.store.roll.import_roll(chunks, strongroom.phone_key, strongroom.seal_phone, on_members)


def _move_on(roll_file: RollFile, moved: Callable[[int, int], None]) -> None:
    read, size = roll_file.size_hint()
    moved(read, size)


def _mapping(given: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for pair in given:
        column, equals, heading = pair.partition("=")
        if not equals or column.strip() not in _COLUMNS:
            raise OperatorRefusal(
                "bad_map",
                f'--map {pair!r} is not understood; write COLUMN="HEADING" with one of: {", ".join(_COLUMNS)}.',
            )
        mapping[column.strip()] = heading.strip().strip('"')
    return mapping


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar where a person is looking, and nothing where not."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, disable=not os.isatty(2), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


def _show(file: Path, found: Report, summary: ImportSummary | None, report: Path | None) -> None:
    counts = found.counts()
    rows = [(_WORDS[name], count) for name, count in counts.items()]
    table(f"{file.name}", ("", "count"), rows)
    for reason in ("no_phone", "invalid_phone", "landline", "shared_phone_members", "repeated_member_id_rows"):
        if counts[reason]:
            numbers = list(found.row_numbers(reason, _SHOWN_ROWS))
            more = f" and {counts[reason] - len(numbers)} more" if counts[reason] > len(numbers) else ""
            say(f"{_WORDS[reason]}: rows {', '.join(map(str, numbers))}{more}")
    if summary is None:
        say("Dry run: nothing was changed.")
        return
    say(
        f"The roll is at version {summary.roll_version}: {summary.members} members, {summary.added} of them new, "
        f"{summary.can_vote_by_phone} can vote by phone."
    )
    if summary.absent:
        say(f"{summary.absent} members on the roll are not in this file; they were kept.")
    if report is not None:
        say(f"The whole report is in {report}.")
