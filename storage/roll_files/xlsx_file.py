"""An Excel workbook as rows of cells, read as a stream by openpyxl."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from storage.roll_files.errors import RollFileError
from storage.roll_files.headings import SAMPLE_ROWS, Row, recognised

_SEARCHED: Final = 200  # a title page may have empty rows before the headings
_BATCH: Final = 500


class XlsxFile:
    """Rows of the sheet with the headings, numbered as the sheet numbers them. Numbers are written as a
    person sees them: no “.0”, and with the zeros in front that a format of zeros shows."""

    kind = "xlsx"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path, mapping: Mapping[str, str]) -> None:
        self._path = path
        self._total = 0
        self._row = 0
        self._refuse_other_archives()
        self.sheet, self._top = self._find_sheet(mapping)

    def top(self) -> list[Row]:
        """The first rows that are not empty, enough to find the headings among them."""
        return self._top

    def rows(self) -> Iterator[Row]:
        """All rows from the first; each call opens the workbook anew."""
        with self._path.open("rb") as file:
            book = self._guarded(lambda: _open_workbook(file))
            try:
                sheet = book[self.sheet]
                self._total = sheet.max_row or 0
                for number, cells in self._sheet_rows(sheet):
                    self._row = number
                    yield number, cells
            finally:
                book.close()

    def done(self) -> tuple[int, int]:
        """Rows read so far by the newest reading, and rows in all (0 where the workbook does not say)."""
        return (min(self._row, self._total) if self._total else self._row), self._total

    def _refuse_other_archives(self) -> None:
        try:
            with ZipFile(self._path) as archive:
                names = archive.namelist()
        except BadZipFile as wrong:
            raise RollFileError("damaged_xlsx", file=self._path.name) from wrong
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise RollFileError("not_a_table", file=self._path.name)

    def _find_sheet(self, mapping: Mapping[str, str]) -> tuple[str, list[Row]]:
        with self._path.open("rb") as file:
            book = self._guarded(lambda: _open_workbook(file))
            try:
                tops = []
                for sheet in book.worksheets:
                    rows = islice(self._sheet_rows(sheet), _SEARCHED)
                    top = list(islice(((number, cells) for number, cells in rows if any(cells)), SAMPLE_ROWS))
                    known = max((recognised(cells, mapping) for _, cells in top), default=-1)
                    tops.append((known, sheet.title, top))
            finally:
                book.close()
        if not tops:
            raise RollFileError("empty_file", file=self._path.name)
        _, title, top = max(tops, key=lambda found: found[0])  # the first of equals
        return title, top

    def _sheet_rows(self, sheet: Any) -> Iterator[Row]:
        sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
        rows = iter(sheet.iter_rows())
        number = 0
        while batch := self._guarded(lambda: [_texts(row) for row in islice(rows, _BATCH)]):
            for cells in batch:
                number += 1
                yield number, cells

    def _guarded(self, step: Any) -> Any:
        """openpyxl raises whatever its XML trips over, and warns about styles that are nothing to us."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return step()
            except Exception as wrong:
                raise RollFileError("damaged_xlsx", file=self._path.name) from wrong


def _open_workbook(file: Any) -> Any:
    import openpyxl  # here, since a CSV has no need of its half second and its memory

    return openpyxl.load_workbook(file, read_only=True, data_only=True)


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        zeros = cell.number_format
        return str(value).zfill(len(zeros)) if zeros.strip("0") == "" else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
