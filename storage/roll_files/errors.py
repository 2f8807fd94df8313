"""Why a roll file cannot be used: a closed list. The sentence is for the organiser and names the mend."""

from typing import Final, Literal, get_args

Code = Literal[
    "cannot_read",
    "empty_file",
    "not_a_table",
    "old_xls",
    "password",
    "damaged_xlsx",
    "unknown_encoding",
    "damaged_text",
    "stray_quote",
    "no_heading",
    "two_headings",
    "twin_headings",
    "unknown_column",
    "map_not_found",
    "unknown_region",
    "no_room",
]

CODES: Final = frozenset(get_args(Code))

SENTENCES: Final[dict[Code, str]] = {
    "cannot_read": "The file {file} cannot be read ({why}): check the path and the permissions.",
    "empty_file": "The file {file} has nothing in it: it needs a row of headings and a row for each member.",
    "not_a_table": "The file {file} is neither CSV nor XLSX: save the list as “CSV UTF-8” or as an Excel"
    " workbook (.xlsx).",
    "old_xls": "The file {file} is in the old Excel format (.xls): open it and save it as .xlsx.",
    "password": "The file {file} is protected by a password: save a copy of it without one.",
    "damaged_xlsx": "The workbook {file} is damaged or cut short: open it in a spreadsheet program and save it"
    " again as .xlsx.",
    "unknown_encoding": "The letters in {file} are in an unknown encoding: save it as “CSV UTF-8”.",
    "damaged_text": "Line {line} of {file} is damaged (bytes that are not UTF-8): mend that line or save the"
    " file again as “CSV UTF-8”.",
    "stray_quote": "Row {row} of {file} has a quotation mark that is out of place or never closed:"
    " remove it or double it.",
    "no_heading": 'No heading for {column} in {file}: name it with --map {column}="…".'
    " Headings found in row {row}: {found}.",
    "two_headings": "Two headings in {file} could be {column}, {first} and {second}: choose one with"
    " --map {column}={first}.",
    "twin_headings": "Two columns of {file} are headed {heading}: rename one of them in the file.",
    "unknown_column": "--map knows no column {column}: it is one of {known}.",
    "map_not_found": "--map says {column}={heading}, but {file} has no such heading."
    " Headings found in row {row}: {found}.",
    "unknown_region": "{region} is not a country code for phone numbers: set DEFAULT_REGION to two letters such as KZ.",
    "no_room": "There is no room on the disk for the working copy of the roll ({why}): free some space or"
    " set SQLITE_TMPDIR to a folder with room.",
}


class RollFileError(Exception):
    """The file cannot be used at all. `code` is stable; `sentence` is one clear sentence with the mend."""

    def __init__(self, code: Code, **named: object) -> None:
        self.code: Code = code
        self.sentence: str = SENTENCES[code].format(**named)
        super().__init__(self.sentence)
