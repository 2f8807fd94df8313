"""Reads what a stranger wrote: small files, canonical JSON, fields of known shape. All else is Broken, in words."""

import json
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

LARGEST_NUMBER = 2**53
"""No count and no size is larger; up to here every program reads a number of JSON alike."""

LARGEST_PAPER = 16 * 2**20
"""The most bytes of a JSON file that are read: memory stays bounded whatever the file is."""

_HEX = frozenset("0123456789abcdef")


class Broken(Exception):
    """Something is not as it must be. The text is a sentence, or the part of one after a file's name."""


class Findings:
    """What a check has found: the first few sentences, and how many there were, so that memory stays bounded."""

    SHOWN = 3

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        """`sentences` may break off with Broken, which is then the last one."""
        self.number = 0
        self._shown: list[str] = []
        try:
            for sentence in sentences:
                self.add(sentence)
        except Broken as broken:
            self.add(str(broken))

    def add(self, sentence: str) -> None:
        """One more."""
        self.number += 1
        if self.number <= self.SHOWN:
            self._shown.append(sentence)

    def __str__(self) -> str:
        more = [f"and {self.number - self.SHOWN} more"] if self.number > self.SHOWN else []
        return "; ".join([*self._shown, *more])


def quoted(hostile: object) -> str:
    """Words of a stranger, short, and with nothing in them that a terminal would obey."""
    text = str(hostile)
    return ascii(text[:60]) + ("…" if len(text) > 60 else "")


def open_file(path: Path) -> int:
    """A descriptor of a regular file; no link is followed, and nothing waits on a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise Broken("is missing") from None
    except (OSError, ValueError):
        raise Broken("cannot be read as a file") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Broken("is not a file")
    return descriptor


def read_small(path: Path) -> bytes:
    """The bytes of a JSON file. Raises Broken."""
    try:
        with os.fdopen(open_file(path), "rb") as file:
            data = file.read(LARGEST_PAPER + 1)
    except OSError:
        raise Broken("cannot be read") from None
    if len(data) > LARGEST_PAPER:
        raise Broken(f"is larger than {LARGEST_PAPER} bytes")
    return data


def canonical(told: Mapping[str, Any]) -> bytes:
    """The one form of these values: keys in order, no spaces, UTF-8, one line feed at the end."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def read_json(data: bytes) -> "Fields":
    """The object in canonical bytes. Raises Broken for any other form of the same object, too: doubled keys, spaces,
    another order, escapes, numbers with a point."""
    try:
        told = json.loads(data, parse_float=_no_fraction, parse_constant=_no_fraction)
        same = isinstance(told, dict) and canonical(told) == data
    except (ValueError, RecursionError):  # a surrogate, a number of thousands of digits, ten thousand brackets
        raise Broken("is not JSON that can be read") from None
    if not same:
        raise Broken("is not in canonical form")
    return Fields(told)


def unsigned(told: Mapping[str, Any]) -> bytes:
    """The bytes that the signature of a paper is over."""
    return canonical({name: value for name, value in told.items() if name != "signature"})


class Fields:
    """A JSON object whose fields are taken out one by one, each once. Every method raises Broken."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        self._left = set(told)

    def text(self, name: str) -> str:
        """A text."""
        value = self._take(name)
        return value if type(value) is str else _wrong(name, "a text")

    def number(self, name: str) -> int:
        """A whole number, 0 or more."""
        value = self._take(name)
        return value if type(value) is int and 0 <= value <= LARGEST_NUMBER else _wrong(name, "a count")

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._take(name)
        return value if type(value) is bool else _wrong(name, "true or false")

    def hash(self, name: str, size: int = 32, *, empty: bool = False) -> str:
        """So many bytes in small hexadecimal letters; with `empty`, possibly none."""
        value = self._take(name)
        if type(value) is str and (is_hex(value, size) or (empty and value == "")):
            return value
        return _wrong(name, f"{size} bytes in hexadecimal")

    def fields(self, name: str) -> "Fields":
        """An object."""
        value = self._take(name)
        return Fields(value) if type(value) is dict else _wrong(name, "an object")

    def rows(self, name: str) -> "Sequence[Fields]":
        """A list of objects."""
        value = self._take(name)
        if type(value) is not list or any(type(row) is not dict for row in value):
            _wrong(name, "a list of objects")
        return [Fields(row) for row in value]

    def texts(self, name: str) -> Sequence[str]:
        """A list of texts."""
        value = self._take(name)
        if type(value) is not list or any(type(text) is not str for text in value):
            _wrong(name, "a list of texts")
        return list(value)

    def counts(self, name: str, names: Sequence[str]) -> Mapping[str, int]:
        """An object of exactly these counts."""
        inner = self.fields(name)
        counts = {each: inner.number(each) for each in names}
        inner.end()
        return counts

    def skip(self, name: str) -> None:
        """A field that must be there and means nothing here."""
        self._take(name)

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self.told

    def end(self) -> None:
        """No field may be left: a figure that nobody checks is not published."""
        if self._left:
            raise Broken(f"has a field {quoted(min(self._left))} that is not known")

    def _take(self, name: str) -> Any:
        if name not in self.told:
            raise Broken(f"has no field “{name}”")
        self._left.discard(name)
        return self.told[name]


def is_hex(text: str, size: int) -> bool:
    """Whether the text is so many bytes in small hexadecimal letters."""
    return len(text) == 2 * size and _HEX.issuperset(text)


def _no_fraction(_: str) -> NoReturn:
    raise ValueError("a number with a point")


def _wrong(name: str, what: str) -> NoReturn:
    raise Broken(f"has a field “{name}” that is not {what}")
