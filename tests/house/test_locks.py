"""The locks: every package pinned and hashed, the tests' lock a superset of the program's, nothing of one machine."""

import re
import tomllib

import pytest

from tests.house.house import ROOT

LOCKS = ("run", "test")


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    return {_plain(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_its_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())
    assert packages
    for package in packages:
        assert re.match(r"[\w.-]+==[\w.]+( ; [^\n\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n|$))+", package), package
    assert "://" not in text
    assert "--index-url" not in text


def test_the_tests_run_with_the_versions_that_the_program_runs_with() -> None:
    assert _pins("run").items() <= _pins("test").items()


def test_everything_the_program_declares_is_locked_and_so_is_what_installs_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    names = {_plain(re.match(r"[\w.-]+", each)[0]) for each in asked}
    assert names - _pins("run").keys() == set()
