"""`dauys roll …`."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dauys import clock, settings
from dauys.commands import roll_change
from dauys.commands.roll_reading import bar, read_mapping, read_roll
from dauys.terminal import answer, say, table
from dauys.wiring import open_hall
from storage.durable.roll import ImportSummary
from storage.roll_files.report import Report
from storage.roll_files.roll import open_roll
from storage.roll_files.staging import StagedMember, Staging

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


@dataclass(frozen=True, slots=True)
class Given:
    """A roll file, and each `--map` as it was typed."""

    file: Path
    mapping: Sequence[str]


def take_in(given: Given, dry_run: bool, report: Path | None, who: str, reason: str, as_json: bool) -> None:
    """Read the file, report, and unless it is a dry run take the members in; or, once the roll is frozen, propose
    the change of it."""
    options = settings.read()
    mapping = read_mapping(given.mapping)
    if not dry_run and asyncio.run(_frozen(options)):
        act = asyncio.run(roll_change.propose(options, given.file.resolve(), mapping, who, reason))
        roll_change.say_proposed(act, as_json)
        return
    with Staging() as staging:
        found = read_roll(open_roll(given.file, mapping=mapping, default_region=options.DEFAULT_REGION), staging)
        if report is not None:
            found.write_report(report)
        summary = None
        if not dry_run:
            with bar("Taking in") as moved:
                summary = asyncio.run(_into_the_store(options, staging, lambda done: moved(done, found.members)))
        if as_json:
            found.write_json(sys.stdout)
        else:
            _show(given.file, found, summary, report)


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


async def _frozen(options: settings.Settings) -> bool:
    async with open_hall(options) as hall:
        record = await hall.store.ledger.election()
        return record is not None and record.roll_frozen_at is not None


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
