"""The page `docs/benchmarks.md`: a section a row, and a run of one row changes only its own."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.row import Comparison, Found, Row

_HEAD = """# Benchmarks

Written by `make bench`; nothing here is typed by hand. `make bench ONLY=casts` measures one section again.

Every ratio is ours divided by the other's, measured side by side in one run, in turn: the median of the pairs, and
the least and the greatest. Absolute figures are the medians of the same runs; they belong to the machine named below
them, where other work may have been going on, and they move by a third from run to run. Trust the ratios.
"""


def section(row: Row, found: Found | str, day: date, machine: str, pairs: int) -> str:
    """One row's section; `found` is a sentence where it was not run."""
    if isinstance(found, str):
        body = f"Not run: {found}"
    else:
        body = "\n".join([*_table(found.comparisons), *(f"\n{remark}" for remark in found.remarks)])
    measured = f"{day.isoformat()}, {pairs} pairs. {machine}."
    return f"## {row.name}: {row.title}\n\n{row.reading}\n\n{body}\n\n{measured}\n"


def put_in(page: Path, sections: dict[str, str], order: Sequence[str]) -> None:
    """Write these sections into the page, in this order, and leave the others as they are."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    kept = {part.partition(":")[0]: f"## {part.rstrip()}\n" for part in text.split("\n## ")[1:]}
    kept |= sections
    page.write_text("\n".join([_HEAD, *(kept[name] for name in order if name in kept)]), encoding="utf-8")


def _table(comparisons: Sequence[Comparison]) -> list[str]:
    lines = ["| compared | ratio | spread | ours | other | aim | met |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for each in comparisons:
        spread = f"{_figure(min(each.ratios))}–{_figure(max(each.ratios))}"
        ours, other = (f"{_figure(median(values))} {each.unit}" for values in (each.ours, each.other))
        met = "" if each.aim is None else "yes" if each.aim.is_met(each.ratio) else "**no**"
        cells = (each.what, f"**{_figure(each.ratio)}**", spread, ours, other, each.aim or "", met)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def _figure(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
