"""What a page shows, and how a figure, a share and a time are said in each language."""

from collections.abc import Mapping, Sequence
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
    SHA-256 (hex) of the bulletin's bytes; `result` is None before the count; `earlier`: the bulletins before this one,
    the first first; `live`: whether the page lies on a board, with newer bulletins, shards of receipts and, if there
    are `pictures`, charts beside it."""

    bulletin: Mapping[str, Any]
    digest: str
    public_key: bytes
    timezone: str
    bundle: str
    result: Mapping[str, Any] | None = None
    earlier: Sequence[Mapping[str, Any]] = ()
    live: bool = False
    pictures: bool = False


class Teller:
    """Says things in one language."""

    def __init__(self, shown: Shown, language: Language) -> None:
        self.shown = shown
        self.language = language
        self.told = shown.bulletin
        self._zone = ZoneInfo(shown.timezone)

    def says(self, key: str, **values: object) -> str:
        """The words, with figures grouped, as HTML text."""
        return escape(self.plain(key, **values))

    def plain(self, key: str, **values: object) -> str:
        """The same as it is read."""
        told = {name: self.number(value) if type(value) is int else str(value) for name, value in values.items()}
        return WORDS[self.language][key].format(**told)

    def number(self, value: int) -> str:
        """A figure in groups of three."""
        return f"{value:,}" if self.language == "en" else f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")

    def change(self, by: int) -> str:
        """A figure that was added or taken away, with its sign."""
        sign = "+" if by > 0 else "\N{MINUS SIGN}" if by < 0 else ""
        return sign + self.number(abs(by))

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
        return f"{self._local(text):%d.%m.%Y, %H:%M}"

    def hour(self, text: str) -> str:
        """The same, short."""
        return f"{self._local(text):%d.%m, %H:%M}"

    def span(self, start: str, end: str) -> str:
        """From one time to another, the day once if it is the same."""
        begun, ended = self._local(start), self._local(end)
        short = "%H:%M" if begun.date() == ended.date() else "%d.%m, %H:%M"
        return f"{begun:%d.%m, %H:%M}\N{EN DASH}{ended.strftime(short)}"

    def _local(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self._zone)
