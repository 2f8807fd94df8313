"""What a page shows, and how a figure, a share and a time are said in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from board.words import WORDS
from election.definition import Language


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows. `bundle`: where the bundle is from the page, empty or ending with a slash; `digest`: the
    SHA-256 (hex) of the bulletin's bytes; `result` is None before the count."""

    bulletin: Mapping[str, Any]
    digest: str
    public_key: bytes
    timezone: str
    bundle: str
    result: Mapping[str, Any] | None = None


class Teller:
    """Says things in one language."""

    def __init__(self, shown: Shown, language: Language) -> None:
        self.shown = shown
        self.language = language
        self.told = shown.bulletin
        self._zone = ZoneInfo(shown.timezone)

    def says(self, key: str, **values: object) -> str:
        """The words, with figures grouped, as HTML text."""
        told = {name: self.number(value) if type(value) is int else str(value) for name, value in values.items()}
        return escape(WORDS[self.language][key].format(**told))

    def number(self, value: int) -> str:
        """A figure in groups of three."""
        return f"{value:,}" if self.language == "en" else f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")

    def percent(self, part: int, whole: int) -> str:
        """A share to a tenth of a per cent; only nobody is 0 and only everybody is 100."""
        if whole == 0:
            return "–"
        tenths = (2000 * part + whole) // (2 * whole)
        if 0 < part < whole:
            tenths = min(max(tenths, 1), 999)
        point = "." if self.language == "en" else ","
        return f"{tenths // 10}{point}{tenths % 10}\N{NO-BREAK SPACE}%"

    def moment(self, text: str) -> str:
        """A time of the bulletin, in the time of the election."""
        return f"{datetime.fromisoformat(text).astimezone(self._zone):%d.%m.%Y, %H:%M}"
