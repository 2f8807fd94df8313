import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from election.ports import RegionTurnout
from election.turnout import HourRow, by_hour, merged, percent, turnout

MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
AT = datetime(2026, 12, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))


def region(name: str, voted: int, electorate: int = 100) -> RegionTurnout:
    return RegionTurnout(name, electorate, voted + 1, voted - voted // 3, voted // 3, 0)


def rows(*regions: RegionTurnout) -> list[tuple[str, int]]:
    return [(row.region, row.voted) for row in merged(regions)]


def test_regions_of_ten_voters_and_more_are_shown_by_name() -> None:
    assert rows(region("Б", 10), region("А", 50)) == [("А", 50), ("Б", 10)]


def test_regions_under_ten_are_shown_as_one() -> None:
    assert rows(region("А", 50), region("Б", 9), region("В", 0), region("Г", 4)) == [("А", 50), ("*", 13)]


def test_a_row_of_others_under_ten_takes_in_the_smallest_named_one() -> None:
    assert rows(region("А", 50), region("Б", 12), region("В", 20), region("Г", 4)) == [
        ("А", 50),
        ("В", 20),
        ("*", 16),
    ]


def test_nothing_but_small_regions_is_one_row() -> None:
    assert rows(region("А", 2), region("Б", 3)) == [("*", 5)]
    assert rows(region("А", 0)) == [("*", 0)]
    assert rows() == []


def test_a_region_named_like_the_others_is_among_them() -> None:
    assert rows(region("*", 30), region("А", 5), region("Б", 11)) == [("Б", 11), ("*", 35)]


@given(st.lists(st.integers(0, 30), max_size=20))
def test_no_row_is_under_ten_unless_alone_and_nobody_is_lost(voted: list[int]) -> None:
    regions = [region(f"R{n}", count, electorate=1000 + n) for n, count in enumerate(voted)]
    shown = merged(regions)
    assert len(shown) == 1 or all(row.voted >= 10 for row in shown)
    assert sum(row.voted for row in shown) == sum(voted)
    assert sum(row.electorate for row in shown) == sum(known.electorate for known in regions)
    assert sum(row.enrolled for row in shown) == sum(known.enrolled for known in regions)
    assert len({row.region for row in shown}) == len(shown)


def hours(*votes: int, channel: str = "telegram") -> dict[tuple[datetime, str], int]:
    """So many votes in the hours from midnight on; none where nobody voted."""
    return {(MIDNIGHT + n * HOUR, channel): count for n, count in enumerate(votes) if count}


def shown(rows: tuple[HourRow, ...]) -> list[tuple[int, int, int]]:
    """From which hour, to which, how many."""
    return [((row.start - MIDNIGHT) // HOUR, (row.end - MIDNIGHT) // HOUR, row.voted) for row in rows]


def test_hours_of_ten_votes_and_more_are_shown_each() -> None:
    assert shown(by_hour(hours(10, 50, 0, 11))) == [(0, 1, 10), (1, 2, 50), (3, 4, 11)]


def test_an_hour_under_ten_stands_with_the_next_ones_until_they_are_ten() -> None:
    assert shown(by_hour(hours(9, 0, 0, 1, 30, 4, 5, 2))) == [(0, 4, 10), (4, 5, 30), (5, 8, 11)]


def test_the_last_hours_that_are_not_ten_stand_with_those_before_them() -> None:
    assert shown(by_hour(hours(20, 30, 4, 5))) == [(0, 1, 20), (1, 4, 39)]


def test_fewer_than_ten_in_all_are_one_row_and_nobody_is_none() -> None:
    assert shown(by_hour(hours(3, 0, 4))) == [(0, 3, 7)]
    assert by_hour({}) == by_hour({(MIDNIGHT, "sms"): 0}) == ()


def test_the_channels_of_a_row_are_told_apart() -> None:
    (row,) = by_hour(hours(5, 2) | hours(0, 4, channel="sms") | hours(0, 1, channel="paper"))
    assert row.by_channel == {"telegram": 7, "sms": 4, "paper": 1}


@given(st.lists(st.integers(0, 30), max_size=30), st.lists(st.integers(0, 12), max_size=30))
def test_no_row_of_hours_is_under_ten_unless_alone_and_no_vote_is_lost(telegram: list[int], sms: list[int]) -> None:
    rows = by_hour(hours(*telegram) | hours(*sms, channel="sms"))
    assert len(rows) <= 1 or all(row.voted >= 10 for row in rows)
    assert sum(row.by_channel["telegram"] for row in rows) == sum(telegram)
    assert sum(row.by_channel["sms"] for row in rows) == sum(sms)
    assert all(before.end <= after.start for before, after in pairwise(rows))


@given(st.lists(st.integers(0, 15), max_size=20), st.lists(st.integers(0, 15), max_size=9))
def test_rows_that_have_others_behind_them_stay_as_they_are(early: list[int], late: list[int]) -> None:
    before, after = by_hour(hours(*early)), by_hour(hours(*early, *late))
    assert all(now == then for now, then in zip(after, before[:-1], strict=False))


def test_the_json_has_the_shape_of_the_command_line() -> None:
    counts = turnout([RegionTurnout("Алматы", 200, 60, 30, 15, 5), RegionTurnout("Астана", 100, 3, 1, 1, 0)], 4, AT)
    assert json.loads(json.dumps(counts.as_json())) == {
        "at": "2026-12-01T12:00:00+05:00",
        "roll_version": 4,
        "electorate": 300,
        "enrolled": 63,
        "voted": 52,
        "by_channel": {"telegram": 31, "sms": 16, "paper": 5},
        "by_region": [{"region": "*", "electorate": 300, "enrolled": 63, "voted": 52}],
    }


def test_a_percentage_names_what_it_is_of() -> None:
    counts = turnout([RegionTurnout("Алматы", 300, 60, 20, 6, 0)], 1, AT)
    of_all, of_enrolled = counts.percent("electorate"), counts.percent("enrolled")
    assert (of_all.part, of_all.whole, of_all.of, of_all.tenths) == (26, 300, "electorate", 87)
    assert (of_enrolled.part, of_enrolled.whole, of_enrolled.of, of_enrolled.tenths) == (26, 60, "enrolled", 433)


@pytest.mark.parametrize(
    ("part", "whole", "tenths"),
    [(0, 0, None), (0, 9, 0), (9, 9, 1000), (1, 1_000_000, 1), (999_999, 1_000_000, 999), (1, 2000, 1), (1, 8, 125)],
)  # fmt: skip
def test_only_nobody_is_nought_and_only_everybody_is_a_hundred(part: int, whole: int, tenths: int | None) -> None:
    assert percent(part, whole, "electorate").tenths == tenths
