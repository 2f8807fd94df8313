"""A CSV file as rows of cells, read as a stream."""

import csv
import io
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Final

from storage.roll_files.encodings import text_encoding
from storage.roll_files.errors import RollFileError
from storage.roll_files.headings import SAMPLE_ROWS, Row, recognised

_DELIMITERS: Final = (",", ";", "\t", "|")


class CsvFile:
    """Rows are numbered as a spreadsheet shows them: the first is 1, an empty line counts, a line break in
    quotes does not. `delimiter` is the one under which most headings are recognised."""

    kind = "csv"

    def __init__(self, path: Path, mapping: Mapping[str, str]) -> None:
        self._path = path
        self.encoding = text_encoding(path)
        self._total = path.stat().st_size
        self._raw: io.FileIO | None = None
        self.delimiter = self._find_delimiter(mapping)

    def top(self) -> list[Row]:
        """The first rows, enough to find the headings among them."""
        return self._sample(self.delimiter) or list(islice(self.rows(), SAMPLE_ROWS))

    def rows(self) -> Generator[Row, None, None]:
        """All rows from the first; each call reads the file anew."""
        return self._read(self.delimiter, strict=True)

    def done(self) -> tuple[int, int]:
        """Bytes read so far by the newest reading, and bytes in all."""
        raw = self._raw
        if raw is None:
            return 0, self._total
        return (self._total if raw.closed else min(raw.tell(), self._total)), self._total

    def _read(self, delimiter: str, *, strict: bool) -> Generator[Row, None, None]:
        number = 0
        with self._path.open("rb", buffering=0) as raw:
            self._raw = raw
            text = io.TextIOWrapper(io.BufferedReader(raw), encoding=self.encoding, newline="")
            try:
                for number, cells in enumerate(csv.reader(text, delimiter=delimiter, strict=strict), start=1):
                    if number > 1 or not _names_its_delimiter(cells, delimiter):
                        yield number, cells
            except csv.Error as wrong:
                raise RollFileError("stray_quote", row=number + 1, file=self._path.name) from wrong
            except UnicodeDecodeError as wrong:
                raise RollFileError("unknown_encoding", file=self._path.name) from wrong

    def _sample(self, delimiter: str) -> list[Row]:
        found: list[Row] = []
        with (
            closing(self._read(delimiter, strict=False)) as reading,
            suppress(RollFileError),
        ):  # a stray quote, perhaps by a wrong delimiter: the real reading will say
            found += islice((row for row in reading if any(row[1])), SAMPLE_ROWS)
        self._raw = None
        return found

    def _find_delimiter(self, mapping: Mapping[str, str]) -> str:
        def fit(delimiter: str) -> tuple[int, int]:
            rows = [cells for _, cells in self._sample(delimiter)]
            known = max((recognised(cells, mapping) for cells in rows), default=0)
            return known, max((len(cells) for cells in rows[:1]), default=0)

        return max(_DELIMITERS, key=fit)


def _names_its_delimiter(cells: Sequence[str], delimiter: str) -> bool:
    """Excel's first line “sep=;”, which is no row of the list."""
    return delimiter.join(cells).casefold().startswith("sep=") and len("".join(cells)) <= len("sep=;")
