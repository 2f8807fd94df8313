"""Which language? Asked at the start only if it cannot be guessed, and whenever somebody wants another."""

from typing import get_args

from handlers.phrases import Phrase
from handlers.speech import Language, Option, Reply
from handlers.visit import Visit

_ORDER: tuple[Language, ...] = ("kk", "ru", "en")
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def guess(hint: str, phrase: Phrase) -> Language | None:
    """The language a person seems to speak: by the word she used, or by her app's setting. The words of the commands
    menu are nobody's language."""
    if phrase.language and (phrase.by_link or not phrase.text.startswith("/")):
        return phrase.language
    spoken = hint.lower()[:2]
    return next((language for language in get_args(Language) if language == spoken), None)


def show(visit: Visit) -> list[Reply]:
    """The three languages, each in its own words."""
    visit.session.enter("language")
    options = tuple(
        Option(number, OWN_NAMES[language], visit.payload(f"l-{language}")) for number, language in enumerate(_ORDER, 1)
    )
    return [visit.incoming.reply(visit.text("choose-language"), options=options)]


async def hear(visit: Visit) -> list[Reply] | None:
    """A button, a number, or the language's own name."""
    chosen = _chosen(visit)
    if chosen is None:
        return [visit.say("awaiting-language")]
    visit.session.language = chosen
    visit.session.enter("code" if visit.session.phone else "")
    if visit.session.member:
        await visit.house.ledger.set_preferences(visit.session.member, language=chosen)
    return None


async def follow_link(visit: Visit) -> None:
    """Somebody came by a link that asks for a language: she is not asked."""
    asked = visit.phrase.language if visit.phrase.by_link else ""
    if not asked or asked == visit.session.language:
        return
    visit.session.language = asked
    if visit.session.member:
        await visit.house.ledger.set_preferences(visit.session.member, language=asked)


def _chosen(visit: Visit) -> Language | None:
    if visit.press.startswith("l-"):
        return next((language for language in _ORDER if visit.press == f"l-{language}"), None)
    numbers = visit.phrase.numbers
    if len(numbers) == 1 and 1 <= numbers[0] <= len(_ORDER):
        return _ORDER[numbers[0] - 1]
    said = visit.phrase.text.casefold()
    return next((language for language in _ORDER if OWN_NAMES[language].casefold() == said), None)
