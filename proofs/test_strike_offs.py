"""A thousand elections with strike-offs and appeals at any moment, on a real store: the totals reconcile in all."""
# ruff: noqa: S101

from collections.abc import Callable

from tests.strike_offs import MUST_BE_HEARD, hold

ELECTIONS = 1_000


def test_a_thousand_elections_reconcile(shows: Callable[[str], None]) -> None:
    heard = hold(range(ELECTIONS))
    told = ", ".join(f"{what} {number}" for what, number in sorted(heard.items()))
    shows(f"strike-offs: {ELECTIONS} elections, all reconcile ({told})")
    assert MUST_BE_HEARD - heard.keys() == set()
