"""What a store of fleeting things promises (election.ports.Fleeting), on every store."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from election.ports import Fleeting, Limit, Try
from storage.fleeting.file_twin import FileTwin

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def test_a_value_is_kept_until_its_time_is_over(fleeting: Fleeting) -> None:
    assert await fleeting.get("key", NOW) is None
    await fleeting.put("key", b"one", 60, NOW)
    await fleeting.put("key", b"\x00two", 10, NOW)
    assert await fleeting.get("key", after(9.9)) == b"\x00two"
    assert await fleeting.get("key", after(10)) is None


async def test_what_one_process_keeps_another_reads(fleeting: Fleeting, other: Fleeting) -> None:
    await fleeting.put("key", b"value", 60, NOW)
    assert await other.get("key", NOW) == b"value"
    await other.drop("key")
    assert await fleeting.get("key", NOW) is None


async def test_a_dropped_key_is_new_again_in_every_way(fleeting: Fleeting) -> None:
    await fleeting.drop("unknown")
    await fleeting.put("a", b"value", 60, NOW)
    await fleeting.once("b", 60, NOW)
    await fleeting.put_secret("c", b"value", 5, 60, NOW)
    await fleeting.spend("d", [Limit(1, 60)], NOW)
    await fleeting.count("e", 3, 60, NOW)
    for key in "abcde":
        await fleeting.drop(key)
    assert await fleeting.get("a", NOW) is None
    assert await fleeting.once("b", 60, NOW)
    assert await fleeting.take_try("c", NOW) is None
    assert await fleeting.spend("d", [Limit(1, 60)], NOW) == 0
    assert await fleeting.count("e", 0, 60, NOW) == 0


async def test_a_key_is_met_once_within_its_time(fleeting: Fleeting, other: Fleeting) -> None:
    assert [await where.once("key", 10, NOW) for where in (fleeting, other, fleeting)] == [True, False, False]
    assert not await fleeting.once("key", 10, after(9.9))
    assert await other.once("key", 10, after(10))
    assert not await fleeting.once("key", 10, after(19.9))


async def test_of_many_who_meet_a_key_at_once_one_is_first(fleeting: Fleeting, other: Fleeting) -> None:
    answers = await asyncio.gather(*((fleeting, other)[n % 2].once("key", 60, NOW) for n in range(50)))
    assert sum(answers) == 1


async def test_every_limit_must_allow_and_the_wait_is_that_of_the_strictest(fleeting: Fleeting) -> None:
    limits = [Limit(1, 60), Limit(3, 3600)]
    assert await fleeting.spend("key", limits, NOW) == 0
    assert await fleeting.spend("key", limits, after(15)) == 45
    assert await fleeting.spend("key", limits, after(60)) == 0
    assert await fleeting.spend("key", limits, after(120)) == 0
    assert await fleeting.spend("key", limits, after(180)) == 3420
    assert await fleeting.spend("other", limits, after(180)) == 0
    assert await fleeting.spend("key", limits, after(3600)) == 0


async def test_what_is_refused_is_not_counted(fleeting: Fleeting) -> None:
    limits = [Limit(2, 10)]
    for second in (0, 1, 2, 3, 9.9):
        await fleeting.spend("key", limits, after(second))
    assert await fleeting.spend("key", limits, after(10)) == 0
    assert await fleeting.spend("key", limits, after(11)) == 0


async def test_no_more_is_spent_than_allowed_when_many_spend_at_once(fleeting: Fleeting, other: Fleeting) -> None:
    waits = await asyncio.gather(*((fleeting, other)[n % 2].spend("key", [Limit(6, 60)], NOW) for n in range(50)))
    assert waits.count(0) == 6


async def test_a_counter_lives_from_its_first_step_and_a_look_is_no_step(fleeting: Fleeting, other: Fleeting) -> None:
    assert await fleeting.count("key", 0, 60, NOW) == 0
    assert await fleeting.count("key", 2, 60, NOW) == 2
    assert await other.count("key", 3, 60, after(59)) == 5
    assert await fleeting.count("key", 0, 60, after(59.9)) == 5
    assert await fleeting.count("key", 0, 60, after(60)) == 0
    assert await fleeting.count("key", 1, 60, after(60)) == 1
    assert await fleeting.count("key", 0, 60, after(119)) == 1


async def test_a_secret_takes_so_many_tries_however_many_try_at_once(fleeting: Fleeting, other: Fleeting) -> None:
    await fleeting.put_secret("key", b"secret", 5, 60, NOW)
    tries = await asyncio.gather(*((fleeting, other)[n % 2].take_try("key", NOW) for n in range(50)))
    taken = [one for one in tries if one is not None]
    assert sorted(taken, key=lambda one: one.tries_left) == [Try(b"secret", left) for left in range(5)]


async def test_a_secret_ends_with_its_time_and_gives_way_to_a_newer_one(fleeting: Fleeting) -> None:
    await fleeting.put_secret("key", b"old", 1, 60, NOW)
    assert await fleeting.take_try("key", NOW) == Try(b"old", 0)
    await fleeting.put_secret("key", b"new", 5, 60, NOW)
    assert await fleeting.take_try("key", after(59)) == Try(b"new", 4)
    assert await fleeting.take_try("key", after(60)) is None
    assert not await fleeting.consume("key", b"old")


async def test_a_secret_is_consumed_by_one_caller(fleeting: Fleeting, other: Fleeting) -> None:
    await fleeting.put_secret("key", b"secret", 5, 60, NOW)
    assert not await fleeting.consume("key", b"other")
    answers = await asyncio.gather(*((fleeting, other)[n % 2].consume("key", b"secret") for n in range(50)))
    assert sum(answers) == 1
    assert await fleeting.take_try("key", NOW) is None


async def test_a_value_a_mark_a_secret_and_a_counter_may_have_one_name(fleeting: Fleeting) -> None:
    await fleeting.put_secret("key", b"secret", 5, 60, NOW)
    await fleeting.count("key", 7, 60, NOW)
    assert await fleeting.spend("key", [Limit(1, 60)], NOW) == 0
    assert await fleeting.get("key", NOW) is None
    await fleeting.put("key", b"value", 60, NOW)
    assert await fleeting.take_try("key", NOW) == Try(b"secret", 4)
    assert await fleeting.count("key", 0, 60, NOW) == 7


async def test_a_purge_takes_what_is_over_and_nothing_else(fleeting: FileTwin) -> None:
    for seconds, name in ((10, "short"), (60, "long")):
        await fleeting.put(f"value {name}", b"value", seconds, NOW)
        await fleeting.put_secret(f"secret {name}", b"value", 5, seconds, NOW)
        await fleeting.spend(f"window {name}", [Limit(1, seconds)], NOW)
        await fleeting.count(f"counter {name}", 1, seconds, NOW)
    assert await fleeting.purge(after(10)) == 4
    assert await fleeting.get("value long", after(10)) == b"value"
    assert await fleeting.take_try("secret long", after(10)) == Try(b"value", 4)
    assert await fleeting.spend("window long", [Limit(1, 60)], after(10)) == 50
    assert await fleeting.count("counter long", 0, 60, after(10)) == 1


@pytest.mark.parametrize("count", [1, 3])
async def test_a_window_slides(fleeting: Fleeting, count: int) -> None:
    allowed = [await fleeting.spend("key", [Limit(count, 10)], after(second)) == 0 for second in range(100)]
    for start in range(90):
        assert sum(allowed[start : start + 10]) == count
