"""Whoever tampers with a bundle is found: on the way, with another key, or with the right one."""

import json
import random
from collections.abc import Callable

import pytest

from tests.board.tampering import FORMS, WAYS, Tampered, Workbench, signed_anew


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench(tmp_path_factory.mktemp("bench"))


def test_a_true_bundle_is_in_order_and_so_are_other_stories_by_themselves(bench: Workbench) -> None:
    for files in (bench.true, *bench.other, signed_anew(bench.true)):
        report = bench.report(Tampered("nothing", files))
        assert report.ok, [check for check in report.checks if not check.ok]


def test_what_an_observer_has_kept_is_found_again_in_a_true_bundle(bench: Workbench) -> None:
    for name in bench.true:
        if name.startswith("bulletins/"):
            assert bench.report(Tampered("nothing", bench.true, bench.true[name])).ok


@pytest.mark.parametrize("way", dict.fromkeys(WAYS), ids=lambda way: way.__name__)
def test_each_way_of_tampering_is_found_ten_times(
    bench: Workbench, way: Callable[[Workbench, random.Random], Tampered | None]
) -> None:
    generator, found = random.Random(way.__name__), 0
    while found < 10:
        tampered = way(bench, generator)
        if tampered is not None and tampered.files != bench.true:
            assert not bench.report(tampered).ok, tampered.kind
            found += 1


@pytest.mark.parametrize("name", ["manifest.json", "rules.json", "keys.json", "bulletins/4.json", "result.json"])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_values_in_another_form_are_found(bench: Workbench, name: str, form: str) -> None:
    other = FORMS[form](bench.true[name], json.loads(bench.true[name]))
    assert other != bench.true[name]
    assert not bench.report(Tampered(form, {**bench.true, name: other})).ok


def test_any_byte_of_any_file_may_be_changed_and_the_file_is_named(bench: Workbench) -> None:
    generator = random.Random(4)
    for name, data in bench.true.items():
        for place in {0, len(data) - 1, *(generator.randrange(len(data)) for _ in range(3))} if data else ():
            other = data[:place] + bytes([data[place] ^ 1 << generator.randrange(8)]) + data[place + 1 :]
            report = bench.report(Tampered("a byte", {**bench.true, name: other}))
            assert name in " ".join(check.detail for check in report.checks if not check.ok), (name, place)


def test_a_hundred_and_fifty_random_tamperings_are_all_found(bench: Workbench) -> None:
    generator = random.Random(150)
    for _ in range(150):
        tampered = bench.tampered(generator)
        assert not bench.report(tampered).ok, tampered.kind
