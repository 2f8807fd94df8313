"""What a store of fleeting things promises (election.ports.Fleeting), on every store."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from election.ports import Fleeting, Limit, Try
from storage.fleeting.file_twin import FileTwin
from storage.fleeting.redis_store import RedisStore

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
    await fleeting.hold("e", b"one", 60, NOW)
    for key in "abcde":
        await fleeting.drop(key)
    assert await fleeting.get("a", NOW) is None
    assert await fleeting.once("b", 60, NOW)
    assert await fleeting.take_try("c", NOW) is None
    assert await fleeting.spend("d", [Limit(1, 60)], NOW) == 0
    assert await fleeting.count("e", 0, 60, NOW) == 0
    assert not await fleeting.hold("e", b"another", 60, NOW)  # this one is its holder's


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


async def test_a_purge_takes_nothing_that_is_not_over(fleeting: FileTwin | RedisStore) -> None:
    for seconds, name in ((10, "short"), (60, "long")):
        await fleeting.put(f"value {name}", b"value", seconds, NOW)
        await fleeting.put_secret(f"secret {name}", b"value", 5, seconds, NOW)
        await fleeting.spend(f"window {name}", [Limit(1, seconds)], NOW)
        await fleeting.count(f"counter {name}", 1, seconds, NOW)
        await fleeting.hold(f"hold {name}", b"one", seconds, NOW)
    await fleeting.purge(after(10))
    assert await fleeting.get("value short", after(10)) is None
    assert await fleeting.get("value long", after(10)) == b"value"
    assert await fleeting.take_try("secret long", after(10)) == Try(b"value", 4)
    assert await fleeting.spend("window long", [Limit(1, 60)], after(10)) == 50
    assert await fleeting.count("counter long", 0, 60, after(10)) == 1
    assert not await fleeting.hold("hold long", b"another", 60, after(10))


@pytest.mark.parametrize("count", [1, 3])
async def test_a_window_slides(fleeting: Fleeting, count: int) -> None:
    allowed = [await fleeting.spend("key", [Limit(count, 10)], after(second)) == 0 for second in range(100)]
    for start in range(90):
        assert sum(allowed[start : start + 10]) == count


async def test_a_wait_is_exact_to_the_microsecond(fleeting: Fleeting) -> None:
    assert await fleeting.spend("key", [Limit(1, 60)], after(0.000_001)) == 0
    assert await fleeting.spend("key", [Limit(1, 60)], after(60)) == 0.000_001
    assert await fleeting.spend("key", [Limit(1, 60)], after(60.000_001)) == 0
    await fleeting.put("key", b"value", 60, after(0.000_001))
    assert await fleeting.get("key", after(60)) == b"value"
    assert await fleeting.get("key", after(60.000_001)) is None


async def test_a_clock_that_is_behind_finds_what_was_spent_ahead_of_it(fleeting: Fleeting, other: Fleeting) -> None:
    assert await fleeting.spend("key", [Limit(1, 60)], after(2)) == 0
    assert await other.spend("key", [Limit(1, 60)], NOW) == 62


async def test_one_holds_a_key_and_the_others_do_not(fleeting: Fleeting, other: Fleeting) -> None:
    answers = await asyncio.gather(
        *((fleeting, other)[n % 2].hold("key", b"holder %d" % n, 30, NOW) for n in range(50))
    )
    assert sum(answers) == 1
    assert await fleeting.hold("another key", b"holder", 30, NOW)


async def test_a_key_let_go_may_be_held_by_another(fleeting: Fleeting, other: Fleeting) -> None:
    assert await fleeting.hold("key", b"one", 30, NOW)
    assert not await other.release("key", b"another")
    assert not await other.hold("key", b"another", 30, NOW)
    assert await fleeting.release("key", b"one")
    assert await other.hold("key", b"another", 30, NOW)


async def test_a_hold_ends_with_its_time_and_its_holder_learns_that_another_came(
    fleeting: Fleeting, other: Fleeting
) -> None:
    assert await fleeting.hold("key", b"one", 30, NOW)
    assert not await other.hold("key", b"another", 30, after(29.9))
    assert await other.hold("key", b"another", 30, after(30))
    assert not await fleeting.release("key", b"one")
    assert not await fleeting.hold("key", b"one", 30, after(31))
    assert await other.release("key", b"another")


async def test_a_late_holder_whom_nobody_followed_was_alone(fleeting: Fleeting) -> None:
    assert await fleeting.hold("key", b"one", 30, NOW)
    assert await fleeting.release("key", b"one")
    assert not await fleeting.release("key", b"one")


async def test_the_same_holder_holds_longer_by_asking_again(fleeting: Fleeting, other: Fleeting) -> None:
    assert await fleeting.hold("key", b"one", 30, NOW)
    assert await fleeting.hold("key", b"one", 30, after(20))
    assert not await other.hold("key", b"another", 30, after(49.9))


@pytest.mark.parametrize(
    "key",
    ["", " ", "a b", "{tag}", "1796119200000000 x", "\r\nFLUSHALL\r\n", "\x00\x01", "ә" * 1000, "k" * 1_000_000],
    ids=["empty", "space", "words", "tag", "time", "command", "binary", "Kazakh", "long"],
)
async def test_any_text_is_a_key(fleeting: Fleeting, key: str) -> None:
    await fleeting.put(key, b"value", 60, NOW)
    assert await fleeting.get(key, NOW) == b"value"
    await fleeting.drop(key)
    assert await fleeting.once(key, 60, NOW)
    assert not await fleeting.once(key, 60, NOW)
    assert await fleeting.spend(key, [Limit(1, 60)], NOW) == 0
    assert await fleeting.count(key, 2, 60, NOW) == 2
    await fleeting.put_secret(key, b"secret", 5, 60, NOW)
    assert await fleeting.consume(key, b"secret")
    assert await fleeting.hold(key, b"one", 60, NOW)
    assert await fleeting.get(key + " ", NOW) is None


@pytest.mark.parametrize(
    "value",
    [b"", b" ", b"0", b"\x00\xff\r\n$3\r\n", bytes(range(256)), b"\xd0" * 1_000_000],
    ids=["empty", "space", "nought", "protocol", "all bytes", "long"],
)
async def test_any_bytes_are_a_value(fleeting: Fleeting, value: bytes) -> None:
    await fleeting.put("key", value, 60, NOW)
    assert await fleeting.get("key", NOW) == value
    await fleeting.put_secret("key", value, 5, 60, NOW)
    assert await fleeting.take_try("key", NOW) == Try(value, 4)
    assert not await fleeting.consume("key", value + b"0")
    assert await fleeting.consume("key", value)
    assert await fleeting.hold("key", value, 60, NOW)
    assert await fleeting.release("key", value)


async def test_a_mark_is_an_empty_value(fleeting: Fleeting) -> None:
    await fleeting.put("kept", b"value", 60, NOW)
    assert not await fleeting.once("kept", 60, NOW)
    assert await fleeting.once("key", 60, NOW)
    assert await fleeting.get("key", NOW) == b""


async def test_a_counter_may_go_down(fleeting: Fleeting) -> None:
    assert await fleeting.count("key", -2, 60, NOW) == -2
    assert await fleeting.count("key", 5, 60, NOW) == 3
    assert await fleeting.count("key", -3, 60, NOW) == 0
