"""Reading a roll file for a command: its columns, and a bar while it lasts."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from dauys.terminal import notes
from election.errors import OperatorRefusal
from storage.roll_files.report import Report
from storage.roll_files.roll import RollFile
from storage.roll_files.staging import Staging

_COLUMNS = ("member_id", "name", "phone", "region", "branch", "cell", "language")


def read_roll(roll_file: RollFile, staging: Staging) -> Report:
    """All of the file into the staging."""
    with bar("Reading") as moved:
        return staging.load(roll_file, lambda _: moved(*roll_file.size_hint()))


def read_mapping(given: Sequence[str]) -> dict[str, str]:
    """Each `--map COLUMN=HEADING`. Raises OperatorRefusal."""
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
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar where a person is looking, and nothing where not."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, disable=not os.isatty(2), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)
