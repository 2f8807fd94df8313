"""`python -m benchmarks`: measure, show how far it is, write docs/benchmarks.md."""

import asyncio
import importlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.bench import Bench
from benchmarks.machine import machine
from benchmarks.report import put_in, section
from benchmarks.row import Found, NotRunError, Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
ROWS = {
    "casts": "casts",
    "conversations": "conversations",
    "group-commit": "group_commit",
    "scale-out": "scale_out",
    "growth": "growth",
    "roll-and-count": "roll_and_count",
    "verify": "verify",
    "publishing": "publishing",
    "board": "board",
    "broadcast": "broadcast",
    "day-one": "day_one",
    "calls": "calls",
    "cold-start": "cold_start",
}

ON_DISK = "/var/tmp"
"""Where /tmp is memory a commit costs nothing."""

Only = Annotated[list[str] | None, typer.Option("--only", help=f"One row of: {', '.join(ROWS)}.")]
Pairs = Annotated[int, typer.Option("--pairs", min=1, help="How often each variant is measured.")]
People = Annotated[int, typer.Option("--people", min=0, help="How many come on day one; 0: 10,000.")]
Quick = Annotated[bool, typer.Option("--quick", help="Small amounts, to see that it works; nothing is written.")]


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(only: Only = None, pairs: Pairs = 5, quick: Quick = False, people: People = 0) -> None:
    """Measure every row, or only some, and write docs/benchmarks.md."""
    names = [name for given in only or [] for name in given.split(",")] or list(ROWS)
    if unknown := [name for name in names if name not in ROWS]:
        raise typer.BadParameter(f"{', '.join(unknown)}: choose of {', '.join(ROWS)}", param_hint="--only")
    for name in names:
        row: Row = importlib.import_module(f"benchmarks.rows.{ROWS[name]}").ROW
        with tempfile.TemporaryDirectory(prefix="dauys-bench-", dir=ON_DISK) as folder, _bar(row.name) as show:
            found = asyncio.run(_measured(row, Bench(Path(folder), pairs, quick, show, people)))
        written = section(row, found, date.today(), machine(), pairs)
        Console(soft_wrap=True, highlight=False).print(written, markup=False)
        if not quick:
            put_in(PAGE, {name: written}, list(ROWS))


async def _measured(row: Row, bench: Bench) -> Found | str:
    try:
        return await row.measure(bench)
    except NotRunError as reason:
        return str(reason)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error where a person is looking, and nothing where not."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, refresh_per_second=2) as progress:
        task = progress.add_task(name, total=None)
        yield lambda what, done, of: progress.update(
            task, description=f"{name} {what}", completed=done, total=of or None
        )


if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
