"""A case of the radar as a picture: the place against what was due, and against branches of its size.

matplotlib is imported when the first one is drawn, as in board/chart.py.
"""

from collections import Counter
from datetime import tzinfo
from io import BytesIO
from typing import TYPE_CHECKING, Any

from election.radar.peers import STEP, Picture
from election.radar.rhythm import SLOT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _SOFT, _HERE, _DUE, _PAGE = "#1b1f24", "#565f69", "#0a7f8c", "#b98a2e", "#f6f4ef"
_WIDTH, _HEIGHT, _DPI = 1200, 900, 100


def drawn(seen: Picture, title: str, where: str, zone: tzinfo) -> bytes:
    """A PNG. Above: the votes of the place in each ten minutes, and those due by the rhythm of all. Below: how many
    branches of about its size had how many votes in the time of the case, and the place among them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH / _DPI, _HEIGHT / _DPI), dpi=_DPI, facecolor=_PAGE, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{title}\n{where}", color=_INK, fontsize=16, parse_math=False)
    above, below = figure.subplots(2, 1)
    _course(above, seen, zone)
    _peers(below, seen)
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _course(axes: "Axes", seen: Picture, zone: tzinfo) -> None:
    begins = seen.begins.timestamp()
    hours = [step * STEP * SLOT / 3_600 for step in range(len(seen.here))]
    width = STEP * SLOT / 3_600
    axes.bar(hours, seen.here, width=width, align="edge", color=_HERE, label="votes here, in ten minutes")
    axes.step(hours, seen.due, where="post", color=_DUE, linewidth=2, label="due by the rhythm of all")
    first, last = ((moment.timestamp() - begins) / 3_600 for moment in (seen.began, seen.ended))
    axes.axvspan(first, last, color=_INK, alpha=0.08, label="the case")
    axes.set_xlabel(f"hours after {seen.begins.astimezone(zone):%d.%m %H:%M}")
    _plain(axes)
    axes.legend(frameon=False)


def _peers(axes: "Axes", seen: Picture) -> None:
    from matplotlib.ticker import MaxNLocator

    counts = Counter(seen.peers)
    axes.bar(
        list(counts), list(counts.values()), color=_SOFT, width=0.8, label=f"{len(seen.peers)} branches of its size"
    )
    axes.axvline(seen.votes, color=_HERE, linewidth=3, label=f"here: {seen.votes}")
    axes.set_xlabel("votes in the time of the case")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("branches")
    _plain(axes)
    axes.legend(frameon=False)


def _plain(axes: Any) -> None:
    axes.set_facecolor(_PAGE)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
