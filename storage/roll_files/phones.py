"""A phone cell, as people type it, to E.164 and to what can be done with it.

Validity and kind are phonenumbers' word. Mobiles of Kazakhstan and Russia, nearly the whole of a roll, take a
short way: the same metadata patterns without the parser, many times faster, proven by test to agree.
A letter typed among digits (an O for a zero) is never guessed at: such a cell is invalid.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from storage.roll_files.cells import clean
from storage.roll_files.errors import RollFileError

Kind = Literal["mobile", "none", "invalid", "landline"]


class Phone(NamedTuple):
    """`landline` is any valid number that is no mobile (fixed, toll-free, VoIP): it cannot receive a code.

    `e164` is set for `mobile` and `landline`. `several`: this is the first of two mobiles or more.
    """

    e164: str | None
    kind: Kind
    several: bool = False


NO_PHONE: Final = Phone(None, "none")
INVALID: Final = Phone(None, "invalid")

_SEPARATORS: Final = {ord(character): None for character in " ()-‐‑‒–—"}
_ABSENT = re.compile(  # words of a cell that says there is no number
    r"нет|без|не|б|н|отсутству\w+|указан\w*|име\w+|неизвест\w+|жоқ|жок|белгісіз|көрсетілмеген|no|not|none|null|nil|nan|na"
    r"|n|a|without|unknown|missing|absent|given|тел|телефон\w*|моб\w*|сотов\w+|номер\w*|нөмір\w*|ұялы|phone|mobile|number"
)
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"[;,/|\\&]|(?<=\d)\s*(?=\+)|\s(?:и|или|және|немесе|and|or)\s")
_LABEL = re.compile(
    r"(?<![^\W\d_])(?:(?:тел|моб|сот|раб|дом|ұялы|уялы|жұмыс|үй|whats|ватсап|вацап|tel|phone|mob|cell|home|work)"
    r"[^\W\d_]*|[тмсрдб](?![^\W\d_]))[.:]*"
)
_EXTENSION = re.compile(r"[\s(#]*(?:доб|внутр|вн|ішкі|ext|#)[^\W\d_]*[.:\s#]*\d{1,6}\W*$")
_LETTER_AMONG_DIGITS = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")
_WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)e\+?(\d{1,2})")
_MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class PhoneReader:
    """Reads cells of a roll whose numbers without a country belong to `default_region` ("KZ")."""

    def __init__(self, default_region: str) -> None:
        """RollFileError `unknown_region` where phonenumbers knows no such region."""
        self._region = default_region.strip().upper()
        if self._region not in phonenumbers.SUPPORTED_REGIONS:
            raise RollFileError("unknown_region", region=repr(default_region))
        self._country = str(phonenumbers.country_code_for_region(self._region))
        self._short_way = re.compile(rf"(?:\+?7|8)?({_mobiles_of_seven()})", re.ASCII) if self._country == "7" else None

    def read(self, text: str) -> Phone:
        """The phone in a cell. Of several mobiles the first is taken, and the row is noted (`several`)."""
        if self._short_way is not None:
            found = self._short_way.fullmatch(text.translate(_SEPARATORS))
            if found is not None:
                return Phone("+7" + found[1], "mobile")
        return self._read_with_care(text)

    def _read_with_care(self, text: str) -> Phone:
        text = clean(text.replace("\n", ";"))
        text = _ascii_digits(unicodedata.normalize("NFKC", text)).casefold()
        if not any(character in "123456789" for character in text):
            return NO_PHONE if _says_there_is_none(text) else INVALID
        text = _number_spelled_out(text)
        parts = [self._one_number(part) for part in _PARTS.split(text) if part.strip()]
        if len(parts) > 1:
            parts.append(self._one_number(text))
        parts += self._two_run_together(text)
        mobiles = list(dict.fromkeys(part.e164 for part in parts if part.kind == "mobile"))
        if mobiles:
            return Phone(mobiles[0], "mobile", several=len(mobiles) > 1)
        return next((part for part in parts if part.kind == "landline"), INVALID)

    def _one_number(self, text: str) -> Phone:
        text = _EXTENSION.sub("", _LABEL.sub(" ", text))
        if _LETTER_AMONG_DIGITS.search(text):
            return INVALID
        bare = _WORD.sub(" ", text).replace("_", " ").strip()
        return next((phone for way in self._ways_to_read(bare) if (phone := self._judge(way))), INVALID)

    def _ways_to_read(self, text: str) -> Iterator[str]:
        """As it stands; then what people mean by 7916…, 00996… and +8701…, no numbers as they stand."""
        yield text
        digits = "".join(character for character in text if character.isdigit())
        if "+" not in text and digits.startswith(self._country):
            yield "+" + digits
        elif "+" not in text and digits.startswith("00"):
            yield "+" + digits[2:]
        elif self._country == "7" and len(digits) == 11 and digits.startswith("8"):
            yield "+7" + digits[1:]

    def _two_run_together(self, text: str) -> list[Phone]:
        """“8 701 000 00 01 8 702 000 00 02”: cut only where both halves are mobiles."""
        digits = "".join(character for character in text if character.isdigit())
        if not 20 <= len(digits) <= 22 or _WORD.search(text):
            return []
        for cut in (11, 10):
            halves = [self.read(digits[:cut]), self.read(digits[cut:])]
            if all(half.kind == "mobile" for half in halves):
                return halves
        return []

    def _judge(self, text: str) -> Phone | None:
        try:
            number = phonenumbers.parse(text, self._region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number):
            return None
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return Phone(e164, "mobile" if phonenumbers.number_type(number) in _MOBILE_TYPES else "landline")


def _mobiles_of_seven() -> str:
    """phonenumbers' own patterns of the ten national digits of a mobile in the two countries behind +7."""
    patterns: list[str] = []
    for region in ("KZ", "RU"):
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata and metadata.mobile and metadata.mobile.national_number_pattern:
            patterns.append(metadata.mobile.national_number_pattern)
    return "|".join(patterns)


def _ascii_digits(text: str) -> str:
    """Arabic and other digits as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _says_there_is_none(text: str) -> bool:
    """An empty cell, dashes, zeros, or words that say so; other words are a cell filled in wrongly."""
    return all(_ABSENT.fullmatch(word) for word in _WORD.findall(text))


def _number_spelled_out(text: str) -> str:
    """A spreadsheet's 77010000001.0 and 7.7010000001e+10 as digits; a rounded 7.701e+10 has lost some."""
    if whole := _WHOLE_FLOAT.fullmatch(text):
        return whole[1]
    if short := _SCIENTIFIC.fullmatch(text):
        exact = len(short[2].rstrip("0")) <= int(short[3]) <= len(short[2])
        return str(int(Decimal(f"{short[1]}.{short[2]}e{short[3]}"))) if exact else ""
    return text
