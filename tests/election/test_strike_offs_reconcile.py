"""Candidates are struck off and given back at any moment: totals reconcile, and every vote counted is one cast."""

from tests.strike_offs import MUST_BE_HEARD, hold


def test_whatever_is_ruled_and_whoever_votes_again_the_count_is_that_of_the_notebook() -> None:
    assert MUST_BE_HEARD - hold(range(50)).keys() == set()
