"""Ten thousand ways to tamper with a bundle, and none that is not found."""
# ruff: noqa: S101, S311

from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251 - the same ten thousand each time

from tests.board.tampering import Workbench

ATTEMPTS = 10_000


def test_ten_thousand_tamperings_with_a_bundle_are_all_found(tmp_path: Path, shows: Callable[[str], None]) -> None:
    bench, generator, missed = Workbench(tmp_path), Random(ATTEMPTS), []
    for _ in range(ATTEMPTS):
        tampered = bench.tampered(generator)
        if bench.report(tampered).ok:
            missed.append(tampered.kind)
    shows(f"tampering with a bundle: {ATTEMPTS - len(missed)} of {ATTEMPTS} found")
    assert missed == []
