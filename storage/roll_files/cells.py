"""What is left of a cell's text once everything a person cannot see is gone."""

import unicodedata

_SPACE_FOR = frozenset("\t\n\r\x0b\x0c\x85")


def clean(text: str) -> str:
    """Visible text in NFC: no control, bidi or zero-width characters; single plain spaces, inside only."""
    if not text.isprintable():
        text = "".join(_visible(character) for character in text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()) if " " in text else text


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character in _SPACE_FOR or unicodedata.category(character).startswith("Z"):
        return " "
    return ""
