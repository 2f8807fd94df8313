"""The board's folder: the page, `latest.json`, the bulletins, the charts, the receipts' lists, and the bundle.

Every file takes the place of the old one at once, and the page comes last: it speaks of nothing that is not there yet.
Broken off in the middle, the folder still shows an older state, and the next time it is brought up to the newest.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from board.bundle import Contents, draw_page, write_bundle
from board.placing import place, sweep
from board.shards import write_shards
from election.definition import LANGUAGES, Language

BUNDLE = "bundle"
Draw = Callable[[Language], bytes]
"""The chart of the newest bulletin, a PNG."""


async def publish_board(folder: Path, contents: Contents, draw: Draw | None = None) -> None:
    """Bring the board's folder up to the newest bulletin. Repeats harmlessly. Raises as `write_bundle`.

    Without `draw` there are no charts. With it they are drawn once a bulletin: `chart-kk.png`, `chart-ru.png`,
    `chart-en.png`, and `chart.png`, which is the first of them.
    """
    await write_bundle(folder / BUNDLE, contents)
    await asyncio.to_thread(_write, folder, contents, draw)


def _write(folder: Path, contents: Contents, draw: Draw | None) -> None:
    sweep(folder)
    (folder / "bulletins").mkdir(exist_ok=True)
    sweep(folder / "bulletins")
    for number, bulletin in enumerate(contents.bulletins, 1):
        place(folder / "bulletins" / f"{number}.json", bulletin, packed=True)
    write_shards(folder / "receipts", folder / BUNDLE / "log")
    newest = contents.bulletins[-1]
    if draw is not None and not _drawn_for(folder, newest):
        _place_charts(folder, {language: draw(language) for language in LANGUAGES})
    place(folder / "latest.json", newest, packed=True)
    place(folder / "index.html", draw_page(contents, f"{BUNDLE}/", live=True, pictures=draw is not None), packed=True)


def _drawn_for(folder: Path, newest: bytes) -> bool:
    """The charts are placed before `latest.json`, so they are of that bulletin."""
    latest = folder / "latest.json"
    there = all((folder / f"chart-{language}.png").is_file() for language in LANGUAGES)
    return there and latest.is_file() and latest.read_bytes() == newest


def _place_charts(folder: Path, charts: Mapping[Language, bytes]) -> None:
    for language, chart in charts.items():
        place(folder / f"chart-{language}.png", chart)
    place(folder / "chart.png", charts[LANGUAGES[0]])
