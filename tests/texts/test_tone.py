"""How the texts speak: plainly, without shouting, in the glossary's words, and safely about the code."""

import re

import pytest

from election import receipt
from handlers.speech import Language
from handlers.texts import LANGUAGES, Texts, sources
from tests.texts.budgets import CHAT_ONLY, LONGEST

TEXTS = Texts()
SAID = {language: {key: TEXTS.said(language, key, **LONGEST) for key in TEXTS.keys(language)} for language in LANGUAGES}
CODE_TEXTS = {
    "answer-with-code-contest": ("own vote", "nobody"),
    "answer-with-code-review": ("own vote", "nobody"),
    "code-letter": ("own vote", "nobody"),
    "code-sent": ("own vote", "nobody"),
    "again-code": ("own vote", "nobody"),
    "withdraw-ask-sms": ("own vote", "nobody"),
}
MUST_SAY: dict[Language, tuple[str, ...]] = {
    "kk": ("тек өз дауысыңыз", "шкімге айтпаңыз: басшыға да, штабқа да"),
    "ru": ("только для вашего голоса", "икому", ": ни начальнику, ни штабу"),
    "en": ("for your own vote only", "Tell it to nobody: no boss, no campaign"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", CODE_TEXTS)
def test_a_text_with_a_code_says_for_whom_it_is_and_for_whom_not(key: str, language: Language) -> None:
    for words in MUST_SAY[language]:
        assert words in SAID[language][key]


def test_every_text_that_carries_a_code_is_known_as_one() -> None:
    source = "\n".join(sources("en"))
    carrying = {line.partition(" = ")[0] for line in source.splitlines() if "{ $code }" in line}
    assert carrying | {"code-sent", "again-code"} == CODE_TEXTS.keys() | {"staff-code-letter"}  # it opens no vote


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_shouts(language: Language) -> None:
    assert [key for key, text in SAID[language].items() if "!" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_glued_to_what_is_put_in(language: Language) -> None:
    """Endings of Kazakh and Russian hang on the last sound of a number, which no text can know."""
    source = "\n".join(sources(language))
    assert re.findall(r".*\{ \$\w+ \}-?[^\W\d_].*", source) == []
    assert re.findall(r".*[^\W\d_]-?\{ \$\w+ \}.*", source) == []


def test_russian_writes_you_small() -> None:
    inside = re.compile(r"[а-яёa-z0-9,;»)] +В(?:ы|ас|ам|ами|аш\w*)\b")
    assert {key: text for key, text in SAID["ru"].items() if inside.search(text)} == {}


def test_kazakh_writes_you_large() -> None:
    assert {key: text for key, text in SAID["kk"].items() if re.search(r"\bсіз(?:\b|дің|ге|ді)", text)} == {}


def test_no_example_of_an_answer_names_a_candidate_by_her_number() -> None:
    """`{ $code } 2` would send the tired and the unsure to the second name."""
    answers = ("answer-", "awaiting-choice", "awaiting-choices", "choose-", "code-first")
    for said in SAID.values():
        for key, text in said.items():
            if key.startswith(answers) and key not in CHAT_ONLY | {"choose-language"}:
                numbers = set(re.findall(r"\d+", text.replace("88888888", "")))
                assert numbers <= {"1", "18", "100"}, f"{key}: {text}"  # the range and how many, nothing else


def test_the_receipt_given_as_an_example_is_nobodys() -> None:
    for said in SAID.values():
        for example in re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", said["check-how"] + said["check-unreadable"]):
            assert receipt.read(example) is None
