"""How long broadcasts take, what they cost, which way they go; and what is new in a bulletin."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from election.broadcasts import (
    Broadcast,
    Counts,
    Leg,
    Plan,
    Progress,
    seconds_for,
    seconds_left,
    segments_for,
)  # fmt: skip
from election.bulletin_news import news
from handlers import notices
from handlers.texts import Texts

NOW = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
ALMATY = ZoneInfo("Asia/Almaty")
PLAN = Plan("message", ("channels", "telegram", "sms"), NOW, NOW, "Aigerim", channels=("@a",))


def told(number: int, hour: int, **voted: int) -> dict[str, Any]:
    """A bulletin of these regions, of a hundred members each."""
    rows = [{"region": name, "electorate": 1000, "enrolled": 1000, "voted": votes} for name, votes in voted.items()]
    return {
        "number": number, "at": f"2026-12-01T{hour:02}:00:00+00:00", "final": False, "roll_version": 3,
        "electorate": 1000 * len(voted), "voted": sum(voted.values()), "by_region": rows,
        "log": {"size": 20, "root": "ab" * 32},
    }  # fmt: skip


def test_a_broadcast_takes_as_long_as_its_messages_at_the_pace() -> None:
    assert (seconds_for(835_000, 30) / 3600).__round__(1) == 7.7
    assert seconds_for(0, 30) == 0


def test_what_is_left_goes_by_the_speed_that_was_shown() -> None:
    planned = Broadcast(1, PLAN, "planned", Progress(), Counts(expected=300))
    assert seconds_left(planned, NOW, 30) == 10
    going = Broadcast(1, PLAN, "going", Progress(), Counts(300, sent=90, blocked=10), began_at=NOW)
    assert seconds_left(going, NOW + timedelta(seconds=20), 30) == 40
    assert seconds_left(Broadcast(1, PLAN, "stopped", Progress(), Counts(300)), NOW, 30) == 0


def test_sms_cost_by_language() -> None:
    assert segments_for({"kk": 10, "ru": 5, "en": 2}, {"kk": 2, "ru": 2, "en": 1}) == 32


def test_one_that_overtakes_goes_round_from_where_the_other_was() -> None:
    turned = Plan("bulletin", ("telegram", "channels"), NOW, NOW, "x", start="5003")
    assert turned.legs == (Leg("channels"), Leg("telegram", "5003"), Leg("telegram", "", "5003"))
    assert [leg.way for leg in PLAN.legs] == ["channels", "telegram", "sms"]


def test_the_regions_that_grew_most_and_least_are_told_and_none_twice() -> None:
    before = told(1, 5, A=100, B=100, C=100, D=100, E=100)
    found = news(told(2, 7, A=150, B=140, C=130, D=120, E=110), before)
    assert [each.region for each in found.up] == ["A", "B", "C"]
    assert [each.region for each in found.down] == ["E", "D"]
    assert (found.up[0].tenths, found.up[0].grown) == (150, 50)
    assert (found.gained, found.voted, found.electorate, found.tenths) == (150, 650, 5000, 130)


def test_a_region_that_was_merged_before_is_not_compared() -> None:
    found = news(told(2, 7, A=150, B=140), told(1, 5, A=100, **{"*": 4}))
    assert [each.region for each in found.up] == ["A"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_bulletin_tells_when_how_many_of_whom_and_where_to_check(language: Any) -> None:
    found = news(told(2, 7, Алматы=150, Астана=120), told(1, 5, Алматы=100, Астана=110))
    text = notices.bulletin_in_chat(Texts(), language, found, ALMATY, "https://turnout.example.org/")
    percent = "13.5" if language == "en" else "13,5"
    for word in (
        "12:00",
        "10:00",
        "270",
        "of 2,000" if language == "en" else "2",
        percent,
        "60",
        "Алматы",
        "https://turnout",
        "/check",
        "/stop",
        "abab",
    ):
        assert word in text, word


def test_in_a_channel_it_fits_under_a_picture_in_three_languages() -> None:
    names = [f"Область с длинным названием {n}" for n in range(8)]
    first, second = ({name: 100 + n * k for n, name in enumerate(names)} for k in (0, 9))
    found = news(told(12, 7, **second), told(11, 5, **first))
    text = notices.bulletin_in_channel(Texts(), found, ALMATY, "https://turnout.example.org/")
    assert len(text) <= 1024
    assert "▲" in text
    assert "▼" in text


def test_the_first_bulletin_has_nothing_to_compare_with() -> None:
    found = news(told(1, 7, A=15), None)
    assert (found.since, found.gained) == (None, 15)
    assert "+" not in notices.bulletin_by_sms(Texts(), "ru", found, ALMATY)
