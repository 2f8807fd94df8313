"""The three languages say the same things, the code asks for what is there, and nothing lies about unused."""

import ast
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, MessageReference, VariableReference
from fluent.syntax.visitor import Visitor

import handlers
from handlers.speech import Language
from handlers.texts import LANGUAGES, Texts, sources
from tests.texts.budgets import LONGEST

ROOM = Path(handlers.__file__).parent
DOORS = ("sms", "chat")
FIXED = {"text": 0, "say": 0, "here": 0, "said": 1}
"""Ways to ask for a text, and where the key stands."""


class References(Visitor):
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: MessageReference) -> None:
        self.messages.add(node.id.name)


def read(language: Language) -> dict[str, References]:
    """What each text of a language refers to, in the order of the file."""
    found: dict[str, References] = {}
    for entry in (entry for source in sources(language) for entry in FluentParser().parse(source).body):
        assert not isinstance(entry, Junk), entry.content
        if isinstance(entry, Message):
            assert entry.id.name not in found, f"{entry.id.name} stands twice"
            found[entry.id.name] = References()
            found[entry.id.name].visit(entry)
    return found


FILES = {language: read(language) for language in LANGUAGES}
TREES = [ast.parse(file.read_text(encoding="utf-8")) for file in sorted(ROOM.rglob("*.py"))]
NODES = [node for tree in TREES for node in ast.walk(tree)]
_RULES = [
    file.read_text(encoding="utf-8")
    for room in ("election", "storage", "dauys")
    for file in (ROOM.parent / room).rglob("*.py")
]
WORDS = {node.value for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_three_languages_have_the_same_texts_in_the_same_order() -> None:
    assert list(FILES["kk"]) == list(FILES["ru"]) == list(FILES["en"])


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_text_takes_the_same_arguments_in_every_language(language: Language) -> None:
    differing = {
        key: (refers.variables, FILES["en"][key].variables)
        for key, refers in FILES[language].items()
        if refers.variables != FILES["en"][key].variables
    }
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_said(language: Language) -> None:
    texts = Texts()
    for key in FILES[language]:
        said = texts.said(language, key, **LONGEST)
        assert said.strip() == said != ""
        assert "{" not in said


def test_every_text_is_used() -> None:
    """By its key, by its key with a door's ending, by an f-string's beginning and a word, or inside another text."""
    beginnings = {
        node.values[0].value
        for node in NODES
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    used = WORDS | {f"{word}-{door}" for word in WORDS for door in DOORS}
    used |= {f"{beginning}{word}" for beginning in beginnings for word in WORDS}
    used |= {
        key
        for key in FILES["en"]
        if key.startswith(("refused-", "deed-")) and any(_code(key) in source for source in _RULES)
    }
    used |= {name for refers in FILES["en"].values() for name in refers.messages}
    assert FILES["en"].keys() - used == set()


def _code(key: str) -> str:
    """How the code of this refusal, or this kind of act, is written in the rules or the store."""
    if key.startswith("deed-"):
        return '"{}"'.format(key.removeprefix("deed-"))
    return '"{}"'.format(key.removeprefix("refused-").replace("-", "_"))


def test_every_text_asked_for_is_there_and_gets_its_arguments() -> None:
    asked = list(asked_for())
    assert len(asked) > 50, "the calls are not recognised any more"
    for key, given in asked:
        assert key in FILES["en"], f"{key} is asked for and is not there"
        assert FILES["en"][key].variables <= given, f"{key} does not get all its arguments"


def test_every_refusal_has_a_text() -> None:
    from handlers.refusals import _PLAIN

    there = FILES["en"].keys()
    assert {
        key for key in _PLAIN.values() if key not in there and not {f"{key}-{door}" for door in DOORS} <= there
    } == (set())


def asked_for() -> list[tuple[str, set[str]]]:
    """Every key written out in a call, with the names of the arguments beside it."""
    found = []
    for node in NODES:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FIXED):
            continue
        place = FIXED[node.func.attr]
        given = {keyword.arg for keyword in node.keywords if keyword.arg}
        if len(node.args) <= place:
            continue
        endings = [f"-{door}" for door in DOORS] if node.func.attr == "here" else [""]
        found += [(key + ending, given) for key in _keys(node.args[place]) for ending in endings]
    return found


def _keys(written: ast.expr) -> list[str]:
    """The keys an expression may give: a word, or either branch of a choice."""
    if isinstance(written, ast.Constant) and isinstance(written.value, str):
        return [written.value]
    if isinstance(written, ast.IfExp):
        return _keys(written.body) + _keys(written.orelse)
    return []
