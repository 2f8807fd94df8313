"""A station's list to print: A4 pages, a line for each member with a box to tick.

matplotlib is imported when the first page is drawn.
"""

from collections.abc import Sequence
from io import BytesIO

from election.paper_sheet import Row

LINES = 34
"""On a page."""
_A4 = (8.27, 11.69)
_TOP, _STEP = 0.9, 0.0248


def drawn(station: str, rows: Sequence[Row]) -> bytes:
    """The list as PDF."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    book = BytesIO()
    pages = [rows[first : first + LINES] for first in range(0, len(rows), LINES)] or [rows]
    with PdfPages(book, metadata={"Creator": "dauys", "Producer": None, "CreationDate": None}) as pdf:
        for number, page in enumerate(pages, 1):
            figure = Figure(figsize=_A4)
            figure.text(0.07, 0.955, station, size=13, weight="bold")
            figure.text(0.93, 0.955, f"{number} / {len(pages)}", size=10, ha="right")
            figure.text(0.07, 0.93, "☐ берілді · выдано · given", size=8, color="#555555")
            for place, row in enumerate(page):
                height = _TOP - place * _STEP
                figure.text(0.07, height, "☐", size=14, va="center")
                figure.text(0.12, height, row.member_id, size=9, va="center", family="monospace")
                figure.text(0.36, height, row.name, size=9, va="center")
                figure.text(0.93, height, row.hash, size=7, va="center", ha="right", family="monospace")
            pdf.savefig(figure)
    return book.getvalue()
