"""The command line, as an operator meets it: in a folder of its own, with nothing of the machine's environment.

By default a command runs in this process, by the same `main`, which spares the half second in which Python and the
libraries start; and typer, which reads all commands at each start, reads them once. An election's whole life goes
through processes of their own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog
from typer.main import get_command

from dauys import cli
from dauys.__main__ import main

ROOT = Path(__file__).parents[2]
ORGANISER, COMMITTEE = "Organiser One", "Committee One"


@cache
def _app() -> Callable[..., Any]:
    return get_command(cli.app)


@dataclass(frozen=True)
class Said:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that standard output is."""
        assert self.code == 0, self.err
        assert self.err == ""
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The one sentence with which it was refused."""
        assert self.code == 1, (self.code, self.out, self.err)
        assert self.out == ""
        assert self.err.endswith("\n")
        sentence = self.err.removesuffix("\n")
        assert "\n" not in sentence, sentence
        assert "Traceback" not in sentence
        assert "fault of the program" not in sentence
        return sentence


@dataclass(frozen=True)
class CommandLine:
    """`dauys` in a folder."""

    folder: Path
    own_process: bool = False

    def __call__(self, *words: str | Path, **settings: str) -> Said:
        environment = {
            **{name: value for name, value in os.environ.items() if name in {"PATH", "SYSTEMROOT"}},
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{self.folder}/store.sqlite3",
            "SECRET_KEY_FILE": str(self.folder / "keys.json"),
            **settings,
        }
        given = list(map(str, words))
        return self._apart(given, environment) if self.own_process else self._here(given, environment)

    def _apart(self, words: list[str], environment: dict[str, str]) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "dauys", *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def _here(self, words: list[str], environment: dict[str, str]) -> Said:
        out, err, code = StringIO(), StringIO(), 0
        with (
            chdir(self.folder),
            patch.dict(os.environ, environment, clear=True),
            patch.object(sys, "argv", ["dauys", *words]),
            patch.object(cli, "app", _app()),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            finally:
                structlog.reset_defaults()  # `run` has begun a journal, which would be that of later tests
        return Said(code, out.getvalue(), err.getvalue())

    def write(self, name: str, content: str | bytes) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def succeeds(self, *words: str | Path, **settings: str) -> str:
        """What a command said that has to succeed."""
        done = self(*words, **settings)
        assert done.code == 0, done.err
        return done.out

    def decided(self, act: str) -> None:
        """An act of the commission, by two persons."""
        proposed = self("election", act, "--as", ORGANISER, "--reason", "in a test", "--json").json
        self.succeeds("approve", str(proposed["proposal"]), "--as", COMMITTEE)
