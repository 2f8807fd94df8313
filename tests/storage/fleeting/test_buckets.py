"""The pace that all processes share (election.ports.Fleeting.take and keep_still), on every store."""

import asyncio
import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis

from election.ports import Fleeting, Grant
from storage.fleeting.file_twin import FileTwin
from storage.fleeting.redis_store import RedisStore

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def test_a_burst_and_then_an_even_pace(fleeting: Fleeting) -> None:
    assert await fleeting.take("bot", 4, 3, 1, NOW) == Grant(1, 0)
    assert await fleeting.take("bot", 4, 3, 9, NOW) == Grant(2, 0.25)
    assert await fleeting.take("bot", 4, 3, 1, after(0.2)) == Grant(0, 0.05)
    assert await fleeting.take("bot", 4, 3, 1, after(0.25)) == Grant(1, 0.25)
    assert await fleeting.take("bot", 4, 3, 9, after(0.75)) == Grant(2, 0.25)
    assert await fleeting.take("bot", 4, 3, 9, after(500)) == Grant(3, 0.25), "a rest gives one burst and no more"
    assert await fleeting.take("another bot", 4, 3, 0, after(500)) == Grant(0, 0)


async def test_two_processes_together_keep_to_one_pace(fleeting: Fleeting, other: Fleeting) -> None:
    taken = 0
    for tick in range(1000):
        grant = await (fleeting, other)[tick % 2].take("bot", 30, 5, 1, after(tick / 200))
        taken += grant.taken
    assert 5 * 30 <= taken <= 5 * 30 + 5


async def test_no_more_is_given_than_there_is_when_many_take_at_once(fleeting: Fleeting, other: Fleeting) -> None:
    grants = await asyncio.gather(*((fleeting, other)[n % 2].take("bot", 30, 5, 1, NOW) for n in range(50)))
    assert sum(grant.taken for grant in grants) == 5


async def test_of_those_who_wait_the_one_with_the_greater_burst_goes_first(fleeting: Fleeting) -> None:
    urgent, patient = [], []
    for tick in range(400):
        patient.append((await fleeting.take("bot", 10, 1, 1, after(tick / 40))).taken)
        if tick >= 200:
            urgent.append((await fleeting.take("bot", 10, 3, 1, after(tick / 40))).taken)
    assert sum(patient[:200]) == 50
    assert sum(urgent) >= 50, "the whole pace is theirs"
    assert sum(patient[201:]) == 0


async def test_what_is_owed_is_charged_whether_it_fits_or_not_and_can_be_given_back(fleeting: Fleeting) -> None:
    assert await fleeting.take("sms", 10, 10, 10, NOW) == Grant(10, 0.1)
    assert await fleeting.take("sms", 10, 10, 0, NOW, owed=5) == Grant(0, 0.6)
    assert await fleeting.take("sms", 10, 10, 0, NOW, owed=-8) == Grant(0, 0)
    assert await fleeting.take("sms", 10, 10, 9, NOW) == Grant(3, 0.1)
    assert await fleeting.take("sms", 10, 10, 0, after(9), owed=-50) == Grant(0, 0)
    assert (await fleeting.take("sms", 10, 10, 99, after(9))).taken == 10, "nothing is given back that was not taken"


async def test_no_debt_is_longer_than_ten_minutes(fleeting: Fleeting) -> None:
    assert await fleeting.take("sms", 1, 1, 0, NOW, owed=100_000) == Grant(0, 600)
    assert (await fleeting.take("sms", 1, 1, 1, after(600))).taken == 1
    assert await fleeting.take("sms", 1, 1, 1, after(-3600)) == Grant(0, 600), "a clock that was set back"


async def test_while_anybody_has_to_keep_still_nobody_takes_anything(fleeting: Fleeting, other: Fleeting) -> None:
    await fleeting.keep_still("bot", 7.5, NOW)
    await fleeting.keep_still("bot", 1, NOW)
    assert await other.take("bot", 30, 5, 1, NOW) == Grant(0, 7.5, 7.5)
    assert await other.take("bot", 30, 5, 1, after(7)) == Grant(0, 0.5, 0.5)
    assert await other.take("bot", 30, 5, 1, after(7.5)) == Grant(1, 0, 0)
    assert await other.take("another bot", 30, 5, 1, NOW) == Grant(1, 0)


async def test_that_everybody_kept_still_is_told_for_ten_minutes(fleeting: Fleeting, other: Fleeting) -> None:
    await fleeting.keep_still("bot", 5, NOW)
    assert (await other.take("bot", 30, 5, 0, after(65))).still == -60
    assert (await other.take("bot", 30, 5, 0, after(604.999))).still == -599.999
    assert (await other.take("bot", 30, 5, 0, after(605))).still == -math.inf


async def test_a_bucket_is_not_dropped_and_no_purge_takes_it_while_it_matters(fleeting: FileTwin | RedisStore) -> None:
    await fleeting.take("bot", 1, 1, 1, NOW)
    await fleeting.keep_still("bot", 30, NOW)
    await fleeting.drop("bot")
    await fleeting.purge(after(600))
    assert (await fleeting.take("bot", 1, 1, 0, after(600))).still == -570


async def test_both_stores_give_the_same_whatever_is_asked(tmp_path: Path, redis_url: str) -> None:
    rng, now = random.Random(11), NOW
    with FileTwin(tmp_path / "file") as twin:
        async with RedisStore(redis_url) as store:
            for _ in range(600):
                now += timedelta(
                    microseconds=rng.choice((0, 1, 33_334, 100_000, 5_000_000)) * rng.choice((1, 1, -1, 7))
                )
                if rng.random() < 0.05:
                    pause = rng.choice((0.1, 3, 40.000001))
                    await asyncio.gather(*(each.keep_still("bot", pause, now) for each in (twin, store)))
                burst, most, owed = rng.randint(1, 6), rng.randint(0, 4), rng.choice((0, 0, 0, 3, -2))
                one, two = [await each.take("bot", 30, burst, most, now, owed=owed) for each in (twin, store)]
                assert one == two


async def test_redis_sweeps_a_bucket_some_time_after_it_is_over(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        await store.take("a", 1, 5, 5, NOW)
        await store.keep_still("b", 100, NOW)
        await store.take("b", 1, 5, 5, NOW)
        await store.keep_still("c", 100, NOW)
        with redis.Redis.from_url(redis_url) as client:
            lives = [client.ttl(f"dauys:bucket:{name}") for name in "abc"]
    assert 600 < lives[0] <= 670
    assert all(700 < life <= 770 for life in lives[1:])
