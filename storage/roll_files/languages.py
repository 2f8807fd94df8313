"""The language column, as people fill it in, to kk, ru or en."""

from typing import Final

_BEGINNINGS: Final = {
    "kk": ("қаз", "каз", "kaz", "qaz", "kk", "kz", "кк", "мемлекет", "государств"),
    "ru": ("рус", "орыс", "rus", "ru", "ру"),
    "en": ("англ", "ағыл", "агыл", "eng", "en"),
}
_SINGLE_LETTERS: Final = {"қ": "kk", "к": "kk", "k": "kk", "р": "ru", "r": "ru", "а": "en", "e": "en"}


def language_code(text: str) -> str:
    """`kk`, `ru` or `en`; an empty string where the cell is empty or says something else."""
    word = text.casefold().lstrip("\"'«“„([ ")
    letter = word.strip(".)")
    if letter in _SINGLE_LETTERS:
        return _SINGLE_LETTERS[letter]
    return next((code for code, words in _BEGINNINGS.items() if word.startswith(words)), "")
