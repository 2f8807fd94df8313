"""How the house is built: no lumber rooms, no long modules without a reason, no `assert` that `-O` would take away."""

import ast
from pathlib import Path

from tests.house.house import ROOMS, ROOT, modules, named

LUMBER = {"utils", "util", "common", "helpers", "helper", "misc", "base"}
LONG = 250


def test_every_room_is_there() -> None:
    assert [room for room in ROOMS if not (ROOT / room / "__init__.py").exists()] == []


def test_no_module_is_a_lumber_room() -> None:
    assert [named(path) for path in modules() if LUMBER & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_every_module_says_what_it_is() -> None:
    assert [named(path) for path in modules() if _tree(path).body and not _docstring(path)] == []


def test_a_module_of_over_250_lines_says_why_it_is_one_file() -> None:
    long = [path for path in modules() if len(path.read_text(encoding="utf-8").splitlines()) > LONG]
    assert [named(path) for path in long if "one file" not in _docstring(path)] == []


def test_nothing_is_asserted_outside_the_tests() -> None:
    asserted = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Assert)
    ]
    assert asserted == []


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstring(path: Path) -> str:
    return ast.get_docstring(_tree(path)) or ""
