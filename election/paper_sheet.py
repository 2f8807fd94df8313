"""The list of a station that works off line: a row for each member, a box to tick, and a hash by which a ticked row is
known when the list comes back."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from election.errors import OperatorRefusal

HEADINGS = ("number", "name", "given", "row")
_NOT_TICKED = frozenset({"", "0", "-", "no", "нет", "жоқ"})


@dataclass(frozen=True, slots=True)
class Row:
    """A member on the list, her name masked, and the hash of her row."""

    member_id: str
    name: str
    hash: str


def row_hash(salt: bytes, member_id: str) -> str:
    """By which a row is known again. Nobody makes one without the member's secret salt. A letter stands first, so that
    no spreadsheet takes it for a number."""
    return "r" + hashlib.sha256(b"dauys paper row\0" + salt + member_id.encode()).hexdigest()[:19]


def write_rows(rows: Sequence[Row]) -> bytes:
    """The list as CSV, with nothing ticked, in the form that spreadsheets open."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    writer.writerows((row.member_id, row.name, "", row.hash) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def read_rows(sheet: bytes) -> list[Row]:
    """The ticked rows: those with any sign under `given`. Raises OperatorRefusal `sheet_unreadable`."""
    text = _text(sheet)
    heading = text.splitlines()[0] if text.strip() else ""
    delimiter = max(";,\t", key=heading.count)
    rows = list(csv.DictReader(StringIO(text, newline=""), delimiter=delimiter))
    missing = [name for name in HEADINGS if name not in {word.strip() for word in heading.split(delimiter)}]
    if missing:
        raise OperatorRefusal(
            "sheet_unreadable",
            f"The sheet has no column {' and '.join(missing)}; `dauys paper sheet` writes one with all of them.",
        )
    return [Row(*(_cell(row, name) for name in ("number", "name", "row"))) for row in rows if _is_ticked(row)]


def _text(sheet: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return sheet.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OperatorRefusal("sheet_unreadable", "The sheet is no text in UTF-8 or Windows-1251; save it as CSV.")


def _is_ticked(row: dict[str, str]) -> bool:
    return _cell(row, "given").casefold() not in _NOT_TICKED


def _cell(row: dict[str, str], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
