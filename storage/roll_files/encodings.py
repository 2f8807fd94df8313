"""What a file is, told by its bytes and never by its name; and how its letters are written."""

import codecs
import re
from pathlib import Path
from typing import BinaryIO, Final

from storage.roll_files.errors import RollFileError

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK: Final = b"PK\x03\x04"
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_STRAYS: Final = 8  # control characters that may have strayed into a list
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<|%PDF)")
_UTF8_CYRILLIC = re.compile(rb"[\xd0-\xd3][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_KAZAKH_Q = re.compile(rb"[\x8d\x9d]")  # Қ and қ of KZ-1048; in cp1251 two letters Macedonian alone has
_RUSSIAN = re.compile(r"[А-Яа-яЁё]")
_OTHER_HIGH = re.compile(r"[^\x00-\x7fА-Яа-яЁё]")
_LOWER_THEN_UPPER = re.compile(r"[а-яё][А-ЯЁ]")
_LOWER_PAIR = re.compile(r"[А-Яа-яё][а-яё]")


def is_workbook(path: Path) -> bool:
    """True for a zip, which XLSX is. RollFileError for an empty file and what is neither zip nor text."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        if sample.startswith(_OLE):
            raise RollFileError("password" if _contains(file, _ENCRYPTED, sample) else "old_xls", file=path.name)
    if not sample:
        raise RollFileError("empty_file", file=path.name)
    if sample.startswith(_WORKBOOK):
        return True
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    strange = len(_NOT_TEXT.findall(sample))
    if (strange > _STRAYS and strange * 100 > len(sample)) or _MARKUP.match(sample):
        raise RollFileError("not_a_table", file=path.name)
    return False


def text_encoding(path: Path) -> str:
    """A codec name: UTF-16 by its mark, UTF-8 by reading it all, else cp1251 or its Kazakh sister KZ-1048."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    damaged = _line_not_utf8(path)
    marked = start.startswith(codecs.BOM_UTF8)
    if damaged is None:
        return "utf-8-sig" if marked else "utf-8"
    if marked or _mostly_utf8(path):
        raise RollFileError("damaged_text", line=damaged, file=path.name)
    return _single_byte_encoding(path)


def _line_not_utf8(path: Path) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            before = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as wrong:
                return lines + chunk.count(b"\n", 0, max(wrong.start - before, 0))
            lines += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines
    return None


def _mostly_utf8(path: Path) -> bool:
    """Cyrillic in UTF-8 is pairs of bytes that hardly ever stand together in cp1251."""
    pairs = high = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            pairs += len(_UTF8_CYRILLIC.findall(chunk, 0, _SAMPLE))
            high += len(_HIGH.findall(chunk, 0, _SAMPLE))
    return pairs * 2 > high * 0.8


def _single_byte_encoding(path: Path) -> str:
    encoding = "cp1251"
    letters = marks = straight = inverted = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\x98" in chunk:  # the one byte cp1251 does not have
                raise RollFileError("unknown_encoding", file=path.name)
            if _KAZAKH_Q.search(chunk):
                encoding = "kz1048"
            text = chunk[:_SAMPLE].decode("cp1251")
            letters += len(_RUSSIAN.findall(text))
            marks += len(_OTHER_HIGH.findall(text))
            straight += len(_LOWER_PAIR.findall(text))
            inverted += len(_LOWER_THEN_UPPER.findall(text))
    if marks > letters or inverted > straight:  # DOS letters read as marks; KOI8 turns the case of every letter
        raise RollFileError("unknown_encoding", file=path.name)
    return encoding


def _contains(file: BinaryIO, wanted: bytes, seen: bytes) -> bool:
    while wanted not in seen:
        chunk = file.read(_CHUNK)
        if not chunk:
            return False
        seen = seen[-len(wanted) :] + chunk
    return True
