"""What can be said on the command line is explained there and in the README, and nothing heavy is needed to ask."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from dauys.cli import app
from tests.house.house import ROOT

HEAVY = {"aiogram", "aiohttp", "alembic", "apscheduler", "nacl", "openpyxl", "pydantic", "sqlalchemy", "twilio"}


def _walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _walk(below, (*path, name))


TREE = dict(_walk(typer.main.get_command(app)))
LEAVES = {" ".join(path): command for path, command in TREE.items() if not getattr(command, "commands", {})}
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAID = [line.partition("#")[0] for line in re.findall(r"^dauys .*$", README, re.MULTILINE)]


def test_the_commands_are_these() -> None:
    assert sorted(LEAVES) == [
        "approve",
        "broadcast bulletin",
        "broadcast list",
        "broadcast remind",
        "broadcast send",
        "broadcast show",
        "broadcast stop",
        "bulletin publish",
        "complaint ask",
        "complaint assign",
        "complaint decide",
        "complaint list",
        "complaint show",
        "cost",
        "demo",
        "doctor",
        "election close",
        "election extend",
        "election load",
        "election new",
        "election open",
        "election pause",
        "election resume",
        "election status",
        "export",
        "keys ceremony",
        "keys rehearse",
        "member confirm",
        "member number",
        "member redo",
        "member show",
        "member unlock",
        "member void",
        "paper close",
        "paper confirm",
        "paper count",
        "paper issue",
        "paper merge",
        "paper open",
        "paper returned",
        "paper sheet",
        "paper show",
        "paper spoilt",
        "radar close",
        "radar open",
        "radar show",
        "roll check",
        "roll freeze",
        "roll import",
        "run",
        "strike",
        "tally",
        "turnout",
        "verify",
    ]


def test_every_command_and_every_option_has_a_help_line() -> None:
    assert [path for path, command in TREE.items() if not command.help] == []
    unexplained = [
        (path, parameter.name)
        for path, command in LEAVES.items()
        for parameter in command.params
        if not getattr(parameter, "help", "")
    ]
    assert unexplained == []


def test_the_readme_shows_every_command() -> None:
    assert [path for path in LEAVES if f"dauys {path}" not in README] == []


@pytest.mark.parametrize("line", SAID)
def test_what_the_readme_tells_one_to_type_can_be_typed(line: str) -> None:
    words = shlex.split(line)[1:]
    path = tuple(words[:2]) if tuple(words[:2]) in TREE else tuple(words[:1])
    command = TREE[path]
    assert " ".join(path) in LEAVES
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("-") and word not in known] == []


def test_asking_for_help_brings_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from dauys.__main__ import main\n"
        "sys.argv = ['dauys', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n"
        "    sys.stderr.write(' '.join(sys.modules))\n"
        "    sys.exit(end.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0
    assert "election" in done.stdout
    brought = {name.partition(".")[0] for name in done.stderr.split()}
    assert brought & HEAVY == set()
    assert "dauys" in brought
