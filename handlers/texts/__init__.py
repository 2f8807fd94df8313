"""The words, in three languages. Fluent files beside this module; nothing else in the program holds a sentence
for a member."""

from functools import cache
from importlib import resources

from fluent.runtime import FluentBundle, FluentResource

from handlers.speech import Language

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")


class Texts:
    """All texts, read once at start. A key or an argument that is missing is a fault of ours and raises at once."""

    def __init__(self) -> None:
        self._bundles = {language: _bundle(language) for language in LANGUAGES}
        self._fixed: dict[tuple[Language, str], str] = {}

    def said(self, language: Language, key: str, **arguments: str | int) -> str:
        """The text of this key in this language."""
        if arguments:
            return self._formatted(language, key, arguments)
        text = self._fixed.get((language, key))
        if text is None:
            text = self._fixed[language, key] = self._formatted(language, key, arguments)
        return text

    def _formatted(self, language: Language, key: str, arguments: dict[str, str | int]) -> str:
        bundle = self._bundles[language]
        message = bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        text, errors = bundle.format_pattern(message.value, arguments)
        if errors:
            raise ValueError(f"text {key} in {language}: {errors[0]}")
        return str(text)

    def keys(self, language: Language) -> set[str]:
        """All keys there are in this language."""
        return set(self._bundles[language]._messages)


@cache
def _bundle(language: Language) -> FluentBundle:
    # isolating marks are invisible signs around each argument: they would cost segments and confuse copying
    bundle = FluentBundle([language], use_isolating=False)
    for source in sources(language):
        bundle.add_resource(FluentResource(source))
    return bundle


def sources(language: Language) -> list[str]:
    """What the files of this language say: `en.ftl` for everybody's texts, `<subject>.en.ftl` for one subject's."""
    general = f"{language}.ftl"
    files = [
        file
        for file in resources.files(__package__).iterdir()
        if file.name == general or file.name.endswith(f".{general}")
    ]
    files.sort(key=lambda file: (file.name != general, file.name))
    return [file.read_text(encoding="utf-8") for file in files]
