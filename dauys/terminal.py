"""Saying things on the terminal: plain lines, tables, a bar, or one JSON object."""

import json
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

console = Console(highlight=False, soft_wrap=True)
notes = Console(stderr=True, highlight=False)
"""For what must not mix with the answer: progress, and remarks beside a JSON object."""


def say(line: str = "") -> None:
    """One line, as it is."""
    console.print(line, markup=False)


def answer(found: Mapping[str, object]) -> None:
    """One JSON object on standard output, and nothing else there."""
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; columns after the first that hold numbers are set to the right."""
    shown = Table(title=title or None, title_justify="left", header_style="bold")
    for place, heading in enumerate(headings):
        numeric = bool(rows) and all(isinstance(row[place], int) for row in rows)
        shown.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*[f"{cell:,}".replace(",", " ") if isinstance(cell, int) else str(cell) for cell in row])
    console.print(shown)
