"""Whatever a room says to the journal: secrets, tokens and phones are struck out before it is written."""

import subprocess
import sys

import pytest

from tests.house.house import ROOT

PROGRAM = """
import logging, structlog, sys
from dauys import journal
journal.keep("DEBUG", ["a-webhook-secret", "an-auth-token"])
what = sys.argv[1]
structlog.get_logger("door").info(f"event with {what}", text=what, deep={"of": [what]}, seen=3)
logging.getLogger("library").error("said %s", what)
try:
    raise RuntimeError(what)
except RuntimeError as fault:
    logging.getLogger("library").exception("failed with %s", what)
    structlog.get_logger("door").error("failed", error=fault, exc_info=True)
"""
"""In a process of its own, because a journal, once begun, is the whole process's."""


@pytest.mark.parametrize(
    "secret",
    [
        "a-webhook-secret",
        "an-auth-token",
        "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "+77010001101",
        "87010001101",
        "+7 701 000-11-01",
        "8 (701) 000 11 01",
    ],
)
def test_it_is_struck_out_wherever_it_stands(secret: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"before {secret} after"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 4, done.stderr
    assert secret not in done.stderr
    assert secret[-6:] not in done.stderr
    assert all("before … after" in line for line in lines)
    assert "seen=3" in lines[0]
    assert "Traceback" not in done.stderr
    assert "ERROR" in lines[1]
