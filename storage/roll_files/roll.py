"""A roll file as one stream of rows, whatever it was written with."""

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from storage.roll_files.cells import clean
from storage.roll_files.csv_file import CsvFile
from storage.roll_files.encodings import is_workbook
from storage.roll_files.errors import RollFileError
from storage.roll_files.headings import Headings, find_headings
from storage.roll_files.languages import language_code
from storage.roll_files.phones import Phone, PhoneReader
from storage.roll_files.xlsx_file import XlsxFile

_NO_SUCH_CELL = -1  # where every row is padded with an empty cell


class RollRow(NamedTuple):
    """One row with anything in it. `number` is the row's number in a spreadsheet: the first row is 1.

    Texts are clean (`cells.clean`) and empty where the file says nothing; `language` is kk, ru, en or "".
    `member_id` may be empty: such a row names no member.
    """

    number: int
    member_id: str
    name: str
    phone: Phone
    region: str
    branch: str
    cell: str
    language: str


class RollFile:
    """An open roll file. Iterating reads it from the start, as a stream, as often as wanted."""

    def __init__(self, path: Path, table: CsvFile | XlsxFile, headings: Headings, phones: PhoneReader) -> None:
        self.path = path
        self.kind = table.kind  # csv or xlsx
        self.encoding = table.encoding  # a codec name; empty for xlsx
        self.delimiter = table.delimiter  # empty for xlsx
        self.sheet = table.sheet if isinstance(table, XlsxFile) else ""
        self.heading_row = headings.row
        self.headings = headings.titles  # our column -> the heading it was found under
        self._places = headings.places
        self._table = table
        self._phones = phones

    def size_hint(self) -> tuple[int, int]:
        """How far the newest reading is and how far it goes, in bytes or rows; (n, 0): the end is unknown."""
        return self._table.done()

    def __iter__(self) -> Iterator[RollRow]:
        try:
            yield from self._rows()
        except OSError as wrong:
            raise _cannot_read(self.path, wrong) from wrong

    def _rows(self) -> Iterator[RollRow]:
        read_phone = self._phones.read
        clean_again = functools.lru_cache(maxsize=4096)(clean)  # regions and branches come back row after row
        language_of = functools.lru_cache(maxsize=256)(lambda text: language_code(clean(text)))
        member_at, phone_at, region_at, branch_at, cell_at, language_at = (
            self._places.get(column, (_NO_SUCH_CELL,))[0]
            for column in ("member_id", "phone", "region", "branch", "cell", "language")
        )
        names_at = self._places.get("name", ())
        padding = [""] * (1 + max(index for indexes in self._places.values() for index in indexes))
        for number, found in self._table.rows():
            if number <= self.heading_row:
                continue
            cells = [*found, *padding]
            member_id = clean(cells[member_at])
            if not member_id and not any(map(clean, found)):
                continue
            yield RollRow(
                number,
                member_id,
                clean(" ".join([cells[index] for index in names_at])),
                read_phone(cells[phone_at]),
                clean_again(cells[region_at]),
                clean_again(cells[branch_at]),
                clean_again(cells[cell_at]),
                language_of(cells[language_at]),
            )


def open_roll(path: str | Path, *, mapping: Mapping[str, str] | None, default_region: str) -> RollFile:
    """Look a roll file over, without reading its rows: what it is, how it is written, where its columns are.

    `mapping` is the user's own say, column -> heading, and goes before what we recognise; `default_region` is
    the country ("KZ") of numbers written without one. RollFileError where the file cannot be used.
    """
    path, mapping = Path(path), mapping or {}
    phones = PhoneReader(default_region)
    try:
        table = XlsxFile(path, mapping) if is_workbook(path) else CsvFile(path, mapping)
        return RollFile(path, table, find_headings(table.top(), mapping, path.name), phones)
    except OSError as wrong:
        raise _cannot_read(path, wrong) from wrong


def _cannot_read(path: Path, wrong: OSError) -> RollFileError:
    return RollFileError("cannot_read", file=path, why=wrong.strerror or str(wrong))
