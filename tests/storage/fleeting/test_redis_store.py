"""The Redis behind the store: it goes away, comes back empty, refuses; and many processes ask it at once."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import redis
from redis.crc import key_slot

from election.errors import OperatorRefusal, StoreUnavailable
from election.ports import Limit, Try
from storage.fleeting.redis_store import RedisStore
from tests import servers

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
EVERY_CALL: list[Callable[[RedisStore], Awaitable[object]]] = [
    lambda store: store.get("key", NOW),
    lambda store: store.put("key", b"value", 60, NOW),
    lambda store: store.drop("key"),
    lambda store: store.once("key", 60, NOW),
    lambda store: store.spend("key", [Limit(1, 60)], NOW),
    lambda store: store.count("key", 1, 60, NOW),
    lambda store: store.put_secret("key", b"value", 5, 60, NOW),
    lambda store: store.take_try("key", NOW),
    lambda store: store.consume("key", b"value"),
    lambda store: store.hold("key", b"one", 60, NOW),
    lambda store: store.release("key", b"one"),
]
TAKER = """
import asyncio, sys
from datetime import datetime
from election.ports import Limit
from storage.fleeting.redis_store import RedisStore

async def take():
    async with RedisStore(sys.argv[1]) as store:
        now = datetime.fromisoformat(sys.argv[2])
        await store.count("started", 1, 60, now)
        while await store.count("started", 0, 60, now) < 3:
            pass
        tries = await asyncio.gather(*(store.take_try("key", now) for _ in range(50)))
        waits = await asyncio.gather(*(store.spend("key", [Limit(7, 60), Limit(9, 600)], now) for _ in range(50)))
        print(sum(one is not None for one in tries), waits.count(0))

asyncio.run(take())
"""


async def test_a_server_that_comes_back_empty_is_used_again(own_valkey: servers.Valkey) -> None:
    async with RedisStore(own_valkey.url) as store:
        await asyncio.gather(*(store.put(f"key {n}", b"value", 60, NOW) for n in range(50)))
        await store.once("key", 60, NOW)
        await asyncio.to_thread(own_valkey.restart)
        found = await asyncio.gather(*(store.get(f"key {n}", NOW) for n in range(50)))
        assert found == [None] * 50
        assert await store.once("key", 60, NOW)
        assert not await store.once("key", 60, NOW)


@pytest.mark.parametrize("call", range(len(EVERY_CALL)))
async def test_without_a_server_every_call_says_so_and_with_one_again_it_works(
    own_valkey: servers.Valkey, call: int
) -> None:
    async with RedisStore(own_valkey.url) as store:
        await EVERY_CALL[call](store)
        own_valkey.stop()
        with pytest.raises(StoreUnavailable):
            await EVERY_CALL[call](store)
        own_valkey.start()
        await EVERY_CALL[call](store)


async def test_what_was_under_way_when_the_server_fell_ends_as_unavailable(own_valkey: servers.Valkey) -> None:
    async def put_until_it_falls(store: RedisStore, number: int) -> None:
        while True:
            await store.put(f"key {number}", b"value", 60, NOW)

    async with RedisStore(own_valkey.url) as store:
        workers = [asyncio.ensure_future(put_until_it_falls(store, number)) for number in range(40)]
        while await store.get("key 39", NOW) is None:
            pass
        await asyncio.to_thread(own_valkey.stop)
        ended = await asyncio.gather(*workers, return_exceptions=True)
        assert {type(error) for error in ended} == {StoreUnavailable}
        own_valkey.start()
        await store.put("key", b"value", 60, NOW)


async def test_a_flushed_server_has_forgotten_and_goes_on(own_valkey: servers.Valkey) -> None:
    async with RedisStore(own_valkey.url) as store:
        await store.put_secret("code", b"secret", 5, 60, NOW)
        await store.hold("key", b"one", 60, NOW)
        own_valkey.flush()
        assert await store.take_try("code", NOW) is None
        assert not await store.release("key", b"one")
        await store.put_secret("code", b"newer", 5, 60, NOW)
        assert await store.take_try("code", NOW) == Try(b"newer", 4)


async def test_forgotten_scripts_are_told_again(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        for call in EVERY_CALL:
            await call(store)
        with redis.Redis.from_url(redis_url) as client:
            client.script_flush()
        assert sum(await asyncio.gather(*(store.once("fresh", 60, NOW) for _ in range(50)))) == 1
        for call in EVERY_CALL:
            await call(store)


async def test_a_server_that_never_answers_is_unavailable_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.fleeting.redis_store._ANSWER", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with RedisStore(f"redis://127.0.0.1:{silent.getsockname()[1]}") as store:
            with pytest.raises(StoreUnavailable):
                await store.get("key", NOW)


async def test_a_copy_that_cannot_be_written_to_is_unavailable_until_it_is_the_primary(
    own_valkey: servers.Valkey,
) -> None:
    with redis.Redis.from_url(own_valkey.url) as client:
        async with RedisStore(own_valkey.url) as store:
            await store.put("key", b"value", 60, NOW)
            client.replicaof("127.0.0.1", "1")
            for call in EVERY_CALL[1:3]:
                with pytest.raises(StoreUnavailable):
                    await call(store)
            with pytest.raises(OperatorRefusal, match="takes no writes"):
                await store.must_answer()
            client.replicaof("NO", "ONE")
            assert await store.get("key", NOW) == b"value"
            await store.put("key", b"newer", 60, NOW)


async def test_the_address_may_carry_a_password_and_a_database() -> None:
    with servers.valkey("--requirepass", "p@ss/word") as server:
        place = f"127.0.0.1:{server.port}"
        async with RedisStore(f"redis://:p%40ss%2Fword@{place}/3") as store:
            await store.must_answer()
            await store.put("key", b"value", 60, NOW)
        async with RedisStore(f"redis://:p%40ss%2Fword@{place}/2") as elsewhere:
            assert await elsewhere.get("key", NOW) is None
        for login in ("", ":wrong@"):
            async with RedisStore(f"redis://{login}{place}/3") as stranger:
                with pytest.raises(StoreUnavailable):
                    await stranger.get("key", NOW)
                with pytest.raises(OperatorRefusal, match="does not let us in"):
                    await stranger.must_answer()


async def test_an_operator_is_told_that_nothing_answers(own_valkey: servers.Valkey) -> None:
    async with RedisStore(own_valkey.url) as store:
        await store.must_answer()
        own_valkey.stop()
        with pytest.raises(OperatorRefusal, match="No Redis answers"):
            await store.must_answer()


@pytest.mark.parametrize(
    "url", ["", "http://h", "redis://:se/cret@h", "redis://h:secret", "redis://[::1", "redis://h?secret=1", "h:6379"]
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(OperatorRefusal) as refused:
        RedisStore(url)
    assert "REDIS_URL" in refused.value.sentence
    assert "cret" not in str(refused.value)


async def test_an_address_cannot_make_text_of_our_bytes(redis_url: str) -> None:
    async with RedisStore(f"{redis_url}?decode_responses=true") as store:
        await store.put("key", b"\xff", 60, NOW)
        assert await store.get("key", NOW) == b"\xff"


async def test_three_processes_take_five_tries_and_spend_seven_between_them(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        await store.put_secret("key", b"secret", 5, 60, NOW)
    command = [sys.executable, "-c", TAKER, redis_url, NOW.isoformat()]
    takers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    taken = [[int(word) for word in taker.communicate(timeout=60)[0].split()] for taker in takers]
    assert [sum(column) for column in zip(*taken, strict=True)] == [5, 7]


async def test_five_hundred_callers_at_once_each_get_their_own_answer(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        await asyncio.gather(*(store.put(f"key {n}", b"%d" % n, 60, NOW) for n in range(500)))
        found = await asyncio.gather(*(store.get(f"key {n}", NOW) for n in range(500)))
    assert found == [b"%d" % n for n in range(500)]


async def test_callers_that_give_up_mix_up_nobody_elses_answers(own_valkey: servers.Valkey) -> None:
    async def get(store: RedisStore, number: int) -> bytes | None:
        return await store.get(f"key {number}", NOW)

    async with RedisStore(own_valkey.url) as store:
        await asyncio.gather(*(store.put(f"key {n}", b"%d" % n, 60, NOW) for n in range(100)))
        for given_up in range(100):
            askers = [asyncio.ensure_future(get(store, number)) for number in range(100)]
            for _ in range(given_up % 7):
                await asyncio.sleep(0)
            askers[given_up].cancel()
            askers[0].cancel()  # the one that sends for all
            answers = await asyncio.gather(*askers, return_exceptions=True)
            for number, answer in enumerate(answers):
                assert answer == b"%d" % number or isinstance(answer, asyncio.CancelledError | StoreUnavailable)
            assert await get(store, given_up) == b"%d" % given_up


async def test_what_was_given_up_before_it_was_sent_is_never_done(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        first = asyncio.ensure_future(store.get("key", NOW))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(store.hold("key", b"one", 60, NOW))
        await asyncio.sleep(0)
        second.cancel()
        await first
        assert await store.hold("key", b"another", 60, NOW)


async def test_a_key_that_cannot_be_written_spoils_no_other_callers_answer(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        answers = await asyncio.gather(
            *(store.put(key, b"value", 60, NOW) for key in ("one", "\ud800", "two")), return_exceptions=True
        )
    assert [type(answer) for answer in answers] == [type(None), UnicodeEncodeError, type(None)]


async def test_redis_sweeps_everything_some_time_after_it_is_over(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        await store.put("key", b"value", 100, NOW)
        await store.put_secret("key", b"value", 5, 100, NOW)
        await store.spend("key", [Limit(1, 10), Limit(2, 100)], NOW)
        await store.count("key", 1, 100, NOW)
        await store.hold("key", b"one", 100, NOW)
        await store.once("mark", 100, NOW)
        with redis.Redis.from_url(redis_url) as client:
            lives = [client.ttl(key) for key in client.keys("dauys:*")]
        assert len(lives) == 6
        assert min(lives) > 100
        assert max(lives) <= 200


async def test_a_window_keeps_no_more_than_its_limits_can_see(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        for second in range(60):
            assert await store.spend("key", [Limit(5, 5)], NOW + timedelta(seconds=second)) == 0
    with redis.Redis.from_url(redis_url) as client:
        assert client.zcard("dauys:spent:{key}") == 5


async def test_what_is_dropped_together_lies_in_one_slot_of_a_cluster(redis_url: str) -> None:
    async with RedisStore(redis_url) as store:
        await store.put("code:telegram:1", b"value", 60, NOW)
        await store.put_secret("code:telegram:1", b"value", 5, 60, NOW)
        await store.spend("code:telegram:1", [Limit(1, 60)], NOW)
        await store.count("code:telegram:1", 1, 60, NOW)
        with redis.Redis.from_url(redis_url) as client:
            kept = client.keys("dauys:*")
            assert len(kept) == 4
            assert len({key_slot(key) for key in kept}) == 1
            await store.drop("code:telegram:1")
            assert client.keys("dauys:*") == []


async def test_a_closed_store_leaves_no_connection(own_valkey: servers.Valkey) -> None:
    with redis.Redis.from_url(own_valkey.url) as client:
        async with RedisStore(own_valkey.url) as store:
            await asyncio.gather(*(store.get("key", NOW) for _ in range(50)))
            assert len(client.client_list()) > 1
        await store.close()
        while len(client.client_list()) > 1:
            pass
