"""In which line of a TOML file each key and each table stands; tomllib does not tell.

Only for a text that tomllib has read without an error: then strings, brackets and commas show the way.
The TOML grammar is https://toml.io/en/v1.0.0.
"""

import re
import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]
"""Where something stands: keys, and numbers from 0 for the items of lists and of [[tables]]."""

_GAP = re.compile(r"(?:[ \t\n\r]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")


class LineFinder:
    """The lines of one text, from 1."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._line_starts = [0] + [end.end() for end in re.finditer("\n", self._text)]
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        """How many [[tables]] of this name there have been."""
        self._at = 0
        self._read_file()

    def line(self, path: Path) -> int:
        """The line of this key or table; of the nearest thing it stands in, if it is not in the file."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read_file(self) -> None:
        table: Path = ()
        self._skip_gap()
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._read_header()
            else:
                self._read_pair(table)
            self._skip_gap()

    def _read_header(self) -> Path:
        start, brackets = self._at, 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *parents, name = self._read_key()
        self._at = self._text.index("]" * brackets, self._at) + brackets
        path: Path = ()
        for parent in parents:
            path = self._newest((*path, parent))
            self._note(path, start)
        path = (*path, name)
        if brackets == 2:
            self._tables[path] = self._tables.get(path, 0) + 1
        self._note(path, start)
        self._note(self._newest(path), start)
        return self._newest(path)

    def _newest(self, path: Path) -> Path:
        """The newest [[table]] of this name, if it is one."""
        return (*path, self._tables[path] - 1) if path in self._tables else path

    def _read_pair(self, table: Path) -> None:
        start = self._at
        path = table
        for part in self._read_key():
            path = (*path, part)
            self._note(path, start)
        self._at = self._text.index("=", self._at) + 1
        self._skip_gap()
        self._read_value(path)

    def _read_key(self) -> list[str]:
        parts = []
        while True:
            self._skip_gap()
            if quoted := _STRING.match(self._text, self._at):
                parts.append(_unquoted(quoted.group()))
                self._at = quoted.end()
            elif bare := _BARE_KEY.match(self._text, self._at):
                parts.append(bare.group())
                self._at = bare.end()
            dot = _DOT.match(self._text, self._at)
            if not dot:
                return parts
            self._at = dot.end()

    def _read_value(self, path: Path) -> None:
        if self._text.startswith("[", self._at):
            self._read_list(path)
        elif self._text.startswith("{", self._at):
            self._read_inline_table(path)
        else:
            value = _STRING.match(self._text, self._at) or _PLAIN_VALUE.match(self._text, self._at)
            self._at = value.end() if value else len(self._text)

    def _read_list(self, path: Path) -> None:
        item = 0
        while not self._closes("]"):
            self._note((*path, item), self._at)
            self._read_value((*path, item))
            item += 1

    def _read_inline_table(self, path: Path) -> None:
        while not self._closes("}"):
            self._read_pair(path)

    def _closes(self, bracket: str) -> bool:
        """Step over the opening bracket or a comma. Whether the list or inline table ends here; then over its end."""
        self._skip_gap()
        if not self._text.startswith(bracket, self._at):
            self._at += 1
            self._skip_gap()
        if self._text.startswith(bracket, self._at):
            self._at += 1
            return True
        return False

    def _skip_gap(self) -> None:
        gap = _GAP.match(self._text, self._at)
        self._at = gap.end() if gap else self._at

    def _note(self, path: Path, at: int) -> None:
        self._lines.setdefault(path, bisect_right(self._line_starts, at))


def _unquoted(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 0")))
