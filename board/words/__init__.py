"""The words of the page, in three languages. One term for one thing, as in docs/glossary.md; a figure never gets an
ending, since no text can know how it is read."""

from collections.abc import Mapping

from board.words import en, kk, ru
from election.definition import Language

NAMES: Mapping[Language, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
WORDS: Mapping[Language, Mapping[str, str]] = {"kk": kk.WORDS, "ru": ru.WORDS, "en": en.WORDS}
