"""Which column of a file is which: headings in Kazakh, Russian and English, and the user's own --map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from storage.roll_files.cells import clean
from storage.roll_files.errors import RollFileError
from storage.roll_files.known_headings import KNOWN

COLUMNS: Final[tuple[str, ...]] = ("member_id", "name", "phone", "region", "branch", "cell", "language")
REQUIRED: Final[tuple[str, ...]] = ("member_id", "phone")
_NAME_PARTS: Final = ("surname", "given", "patronymic")
SAMPLE_ROWS: Final = 20  # rows from the top among which the headings are looked for

Row = tuple[int, Sequence[str]]
"""A row's number and its cells."""

# Kazakh letters become the Russian ones typed where a keyboard lacks them; Latin twins become Cyrillic.
_TO_PLAIN_CYRILLIC: Final = str.maketrans("ёәғқңөұүһіiaceopxykmthb", "еагкноуухииасеорхукмтнв")


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each column stands: `places[column]` are cell indexes (a name may be spread over three)."""

    row: int
    places: dict[str, tuple[int, ...]]
    titles: dict[str, str]


def find_headings(top: Sequence[Row], mapping: Mapping[str, str], file: str) -> Headings:
    """The headings among the first rows of a file. RollFileError says what is amiss."""
    for column in mapping:
        if column not in COLUMNS:
            raise RollFileError("unknown_column", column=column, known=", ".join(COLUMNS))
    rows = [(number, [clean(cell) for cell in cells]) for number, cells in top]
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if not rows:
        raise RollFileError("empty_file", file=file)
    number, cells = max(rows, key=lambda row: recognised(row[1], mapping))  # the first of equals
    return _settle(number, cells, mapping, file)


def recognised(cells: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many of our columns this row would give as a row of headings."""
    mapped = {fold(heading): column for column, heading in mapping.items()}
    return len({mapped.get(fold(cell)) or _column_of().get(fold(cell)) for cell in cells} - {None})


def fold(heading: str) -> str:
    """A heading without case, spaces, punctuation, ё, or the letters a keyboard may lack."""
    heading = clean(heading).replace("№", "номер").replace("#", "номер").casefold()
    if any("а" <= letter <= "ӿ" for letter in heading):
        heading = heading.translate(_TO_PLAIN_CYRILLIC)
    return "".join(letter for letter in heading if letter.isalnum())


@cache
def _column_of() -> dict[str, str]:
    return {fold(heading): column for column, headings in KNOWN.items() for heading in headings.split(";")}


def _settle(number: int, cells: list[str], mapping: Mapping[str, str], file: str) -> Headings:
    found = ", ".join(_quoted(cell) for cell in cells if cell)
    places: dict[str, tuple[int, ...]] = {}
    for column, heading in mapping.items():
        fitting = [index for index, cell in enumerate(cells) if cell and fold(cell) == fold(heading)]
        if not fitting:
            raise RollFileError(
                "map_not_found", column=column, heading=_quoted(heading), file=file, row=number, found=found
            )
        if len(fitting) > 1:
            raise RollFileError("twin_headings", heading=_quoted(heading), file=file)
        places[column] = (fitting[0],)
    taken = {index for indexes in places.values() for index in indexes}
    for index, cell in enumerate(cells):
        column_here = _column_of().get(fold(cell))
        if column_here is None or column_here in mapping or index in taken:
            continue
        if column_here in places:
            raise _two_headings(column_here, cells[places[column_here][0]], cell, file)
        places[column_here] = (index,)
    for column in REQUIRED:
        if column not in places:
            raise RollFileError("no_heading", column=column, file=file, row=number, found=found)
    spread = [index for part in _NAME_PARTS for index in places.pop(part, ())]
    if spread:
        places.setdefault("name", tuple(spread))
    titles = {column: " + ".join(cells[index] for index in places[column]) for column in COLUMNS if column in places}
    return Headings(number, places, titles)


def _two_headings(column: str, first: str, second: str, file: str) -> RollFileError:
    if fold(first) == fold(second):  # --map could not tell them apart either
        return RollFileError("twin_headings", heading=_quoted(first), file=file)
    return RollFileError("two_headings", file=file, column=column, first=_quoted(first), second=_quoted(second))


def _quoted(heading: str) -> str:
    """In quotation marks, not too long, and with no phone in it, should the file have no headings at all."""
    hidden = "".join("…" if letter.isdigit() else letter for letter in heading)
    shown = hidden if sum(letter.isdigit() for letter in heading) > 4 else heading
    return f'"{shown[:60]}"'
