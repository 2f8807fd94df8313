"""The chart of a bulletin as a picture for a phone: turnout so far, at each bulletin, and by region.

matplotlib is imported here and in board/peers.py only, when the first picture is drawn. Equal bulletins give equal
bytes with one version of it.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from board.telling import Shown, Teller
from election.definition import Language
from election.turnout import OTHER_REGIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1080, 1350
MOST_ROWS = 20
"""More regions than these would be too small to read: then those with the largest rolls are shown."""

_DPI = 100
_INK, _SOFT, _TROUGH, _PAGE, _VOTED = "#1b1f24", "#565f69", "#e4dfd4", "#f6f4ef", "#0a7f8c"
_LEFT, _RIGHT = 0.065, 0.935
_one_at_a_time = threading.Lock()
"""matplotlib does not promise that two threads may draw."""


def drawn(bulletins: Sequence[bytes], language: Language, timezone: str) -> bytes:
    """The chart of the last of these bulletins (at least one, the first first, as they were signed), a PNG.

    It takes a second or so of a processor: call it in a thread. `timezone` is that of the election.
    """
    told = [json.loads(bulletin) for bulletin in bulletins]
    say = Teller(Shown(told[-1], "", b"", timezone, "", earlier=told[:-1]), language)
    with _one_at_a_time:
        return _drawn(say)


def _drawn(say: Teller) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=_PAGE)
    FigureCanvasAgg(figure)
    rows = _rows(say)
    _head(figure, say)
    regions_high = min(0.03 * len(rows), 0.41 if say.shown.earlier else 0.6)
    if say.shown.earlier:
        _course(figure, say, bottom=0.125 + regions_high, top=0.68)  # what the regions do not need the curve gets
    _regions(figure, say, rows, bottom=0.05, high=regions_high)
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _head(figure: "Figure", say: Teller) -> None:
    told = say.told
    title, turnout = told["title"][say.language], say.percent(told["voted"], told["electorate"])
    _write(figure, _LEFT, 0.955, _short(title, 44), 25, bold=True)
    when = f"{say.plain('bulletin', number=str(told['number']))} · {say.moment(told['at'])}"
    _write(figure, _LEFT, 0.925, when, 18, _SOFT)
    _write(figure, _LEFT, 0.835, turnout, 72, _VOTED, bold=True)
    _write(figure, _LEFT, 0.805, say.plain("base"), 19, _SOFT)
    counts = say.plain("of-roll", electorate=told["electorate"], voted=told["voted"], percent=turnout)
    _write(figure, _LEFT, 0.765, counts, 17.5, bold=True)


def _course(figure: "Figure", say: Teller, bottom: float, top: float) -> None:
    """The share of the roll at each bulletin."""
    every = [*say.shown.earlier, say.told]
    moments = [datetime.fromisoformat(each["at"]).timestamp() for each in every]
    shares = [100 * each["voted"] / each["electorate"] if each["electorate"] else 0.0 for each in every]
    _write(figure, _LEFT, top + 0.032, say.plain("course"), 20, bold=True)
    axes = _bare(figure, bottom, top - bottom)
    highest = _round_above(max(shares))
    axes.set_ylim(0, highest)
    axes.set_xlim(moments[0], max(moments[-1], moments[0] + 1))
    for level in (highest / 2, highest):
        axes.axhline(level, color=_TROUGH, linewidth=1.5, zorder=0, clip_on=False)
        label = f"{level:g}\N{NO-BREAK SPACE}%".replace(".", "." if say.language == "en" else ",")
        axes.annotate(label, (0, level), (0, 4), xycoords=("axes fraction", "data"), textcoords="offset points",
                      color=_SOFT, fontsize=15)  # fmt: skip
    axes.axhline(0, color=_SOFT, linewidth=2, clip_on=False)
    axes.fill_between(moments, shares, color=_VOTED, alpha=0.18, linewidth=0)
    axes.plot(moments, shares, color=_VOTED, linewidth=4, marker="o", markersize=9, clip_on=False)
    _write(figure, _LEFT, bottom - 0.024, say.hour(every[0]["at"]), 16, _SOFT)
    _write(figure, _RIGHT, bottom - 0.024, say.hour(every[-1]["at"]), 16, _SOFT, ha="right")


def _regions(figure: "Figure", say: Teller, rows: Sequence[Mapping[str, Any]], bottom: float, high: float) -> None:
    """A bar for each region out of its own roll, and a line for all of them together."""
    if not rows:
        return
    told = say.told
    _write(figure, _LEFT, bottom + high + 0.012, say.plain("by-region"), 20, bold=True)
    axes = _bare(figure, bottom, high, left=0.42, right=0.81)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for place, row in enumerate(rows):
        share = row["voted"] / row["electorate"] if row["electorate"] else 0.0
        axes.barh(place, 1, height=0.6, color=_TROUGH)
        axes.barh(place, share, height=0.6, color=_VOTED)
        middle = bottom + high * (1 - (place + 0.5) / len(rows))
        size = 17 if len(rows) <= 14 else 15.5
        _write(figure, _LEFT, middle, _short(_name(say, row["region"]), 24), size, va="center")
        percent = say.percent(row["voted"], row["electorate"])
        _write(figure, _RIGHT, middle, percent, size, bold=True, va="center", ha="right")
    axes.axvline(told["voted"] / max(told["electorate"], 1), color=_INK, linewidth=2.5)
    legend = say.plain("region-bars", percent=say.percent(told["voted"], told["electorate"]))
    _write(figure, _LEFT, bottom - 0.025, legend, 15, _SOFT)


def _rows(say: Teller) -> Sequence[Mapping[str, Any]]:
    """The regions to be shown, the highest turnout first, those told together last; none if there is but one."""
    rows = sorted(say.told["by_region"], key=lambda row: -row["electorate"])[:MOST_ROWS]
    if len(rows) < 2:
        return ()
    return sorted(
        rows,
        key=lambda row: (row["region"] == OTHER_REGIONS, -row["voted"] / max(row["electorate"], 1), row["region"]),
    )


def _name(say: Teller, region: str) -> str:
    return say.plain("others") if region == OTHER_REGIONS else region or say.plain("nowhere")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _round_above(percent: float) -> float:
    """The end of a scale that people like to read."""
    return next((end for end in (1, 2, 4, 5, 10, 20, 30, 40, 50, 60, 80) if end > percent * 1.05), 100)


def _bare(figure: "Figure", bottom: float, high: float, left: float = _LEFT, right: float = _RIGHT) -> "Axes":
    axes = figure.add_axes((left, bottom, right - left, high))
    axes.axis("off")
    return axes


def _write(
    figure: "Figure",
    x: float,
    y: float,
    text: str,
    size: float,
    color: str = _INK,
    *,
    bold: bool = False,
    **alignment: Any,
) -> None:
    """Text in the font that comes with matplotlib: it has the letters of Kazakh on every machine."""
    import matplotlib
    from matplotlib.font_manager import FontProperties

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    font = FontProperties(fname=fonts / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size=size)
    # a dollar in a name is a dollar, and no formula
    figure.text(x, y, text, color=color, fontproperties=font, parse_math=False, **alignment)
