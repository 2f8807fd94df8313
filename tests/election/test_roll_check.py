"""Phones in a row and branches that grew, by numbers alone."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from election.roll_check import FEWEST_IN_A_ROW, NEAR, Growth, Run, growth, runs

CENTRE, SOUTH = ("Алматы", "Центр"), ("Алматы", "Юг")


def test_five_in_a_row_are_a_run_and_four_are_none() -> None:
    assert list(runs([10, 11, 12, 13])) == []
    assert list(runs([10, 11, 12, 13, 14])) == [Run(10, 14, 5)]


def test_one_number_may_be_missing_between_two_but_not_two() -> None:
    assert list(runs([10, 12, 14, 16, 18])) == [Run(10, 18, 5)]
    assert list(runs([10, 11, 12, 15, 16])) == []
    assert list(runs([1, 2, 3, 4, 5, 8, 9, 10, 11, 12])) == [Run(1, 5, 5), Run(8, 12, 5)]


def test_a_phone_of_several_members_counts_once() -> None:
    assert list(runs([7, 7, 7, 7, 8, 9, 9])) == []
    assert list(runs([7, 7, 8, 9, 10, 11, 11])) == [Run(7, 11, 5)]


@given(st.sets(st.integers(0, 60)))
def test_runs_are_what_looking_at_every_stretch_finds(phones: set[int]) -> None:
    ordered = sorted(phones)
    found = list(runs(ordered))
    for run in found:
        inside = [phone for phone in ordered if run.first <= phone <= run.last]
        assert (inside[0], inside[-1], len(inside)) == (run.first, run.last, run.phones)
        assert all(after - before <= NEAR for before, after in pairwise(inside))
        assert not phones & {run.first - 1, run.first - NEAR, run.last + 1, run.last + NEAR}
    for place in range(len(ordered) - FEWEST_IN_A_ROW + 1):
        some = ordered[place : place + FEWEST_IN_A_ROW]
        near = all(after - before <= NEAR for before, after in pairwise(some))
        assert near == any(run.first <= some[0] and some[-1] <= run.last for run in found)


def test_a_branch_is_named_from_ten_members_and_a_tenth_on() -> None:
    assert growth({1: {CENTRE: 100}}) == []
    assert growth({1: {CENTRE: 100}, 2: {CENTRE: 109}}) == []
    assert growth({1: {CENTRE: 100}, 2: {CENTRE: 110}}) == [Growth(CENTRE, 110, 100, 100)]
    assert growth({1: {CENTRE: 101}, 2: {CENTRE: 111}}) == []
    assert growth({1: {CENTRE: 100, SOUTH: 5}, 2: {CENTRE: 90, SOUTH: 14}}) == []


def test_what_grows_little_by_little_is_seen_against_the_first_version() -> None:
    sizes = {number: {CENTRE: 100 + 4 * number, SOUTH: 500} for number in range(1, 6)}
    assert growth(sizes) == [Growth(CENTRE, 120, 116, 104)]


def test_those_that_grew_most_come_first() -> None:
    sizes = {3: {CENTRE: 10, SOUTH: 10}, 4: {CENTRE: 20, SOUTH: 60}}
    assert [grown.branch for grown in growth(sizes)] == [SOUTH, CENTRE]
