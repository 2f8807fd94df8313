"""Short-lived things in Redis or Valkey, for any number of processes and machines.

What is over is decided by the callers' clock, as in the file twin: each thing carries its `until`. Redis's own clock
only sweeps, some time after. Each check is one script or one command, hence atomic.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.commands.core import AsyncScript
from redis.exceptions import AuthenticationError, NoPermissionError, ReadOnlyError, RedisError

from election.errors import OperatorRefusal, StoreUnavailable
from election.ports import Limit, Try
from storage.fleeting import redis_scripts
from storage.fleeting.moments import SECOND, moment

_CONNECTIONS = 32  # more than one process can keep busy
_TURN = 5.0  # seconds to wait for one of them
_CONNECT = 2.0  # seconds
_ANSWER = 5.0  # seconds
_QUIET = 15.0  # seconds after which a connection is tried before it is trusted
_SWEPT = 60  # seconds after its time Redis may throw a thing away: more than clocks differ


class RedisStore:
    """election.ports.Fleeting in Redis 6.2 or later, to be used in one event loop.

    Any method raises StoreUnavailable when Redis cannot be reached, does not answer or refuses. It connects when first
    asked, and again by itself. Nothing is repeated that may have been done already. A limit's count is 1 or more, and
    a key is always spent with the same limits.
    """

    def __init__(self, url: str) -> None:
        """`redis://[[user]:password@]host[:port][/db]`, `rediss://…` for TLS, or `unix://path`.

        Raises OperatorRefusal if it is no such address; the sentence does not repeat it, for it may hold a password.
        """
        try:
            pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
                url,
                protocol=2,
                max_connections=_CONNECTIONS,
                timeout=_TURN,
                socket_connect_timeout=_CONNECT,
                socket_timeout=_ANSWER,
                health_check_interval=_QUIET,
            )
            pool.connection_kwargs["decode_responses"] = False  # whatever the address asks for
            pool.connection_class(**pool.connection_kwargs)  # refuses what it does not know
        except (ValueError, TypeError, RedisError):
            raise OperatorRefusal(
                "bad_setting", "REDIS_URL is no address of a Redis; write one like redis://:password@host:6379/0."
            ) from None
        self._redis = Redis.from_pool(pool)
        register = self._redis.register_script
        self._once = register(redis_scripts.ONCE)
        self._spend = register(redis_scripts.SPEND)
        self._count = register(redis_scripts.COUNT)
        self._put_secret = register(redis_scripts.PUT_TRIES)
        self._take_try = register(redis_scripts.TAKE_TRY)
        self._consume = register(redis_scripts.CONSUME)
        self._hold = register(redis_scripts.HOLD)
        self._release = register(redis_scripts.RELEASE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. Harmless when repeated."""
        await self._redis.aclose()

    async def must_answer(self) -> None:
        """Raise OperatorRefusal with one sentence unless Redis can be reached, lets us in and lets us write."""
        try:
            await self._redis.set("dauys:probe", b"", px=1)
        except (AuthenticationError, NoPermissionError):
            sentence = "Redis does not let us in with the user and password of REDIS_URL; correct them."
            raise OperatorRefusal("redis_refuses", sentence) from None
        except ReadOnlyError:
            sentence = "The Redis at REDIS_URL is a copy that cannot be written to; give the address of its primary."
            raise OperatorRefusal("redis_refuses", sentence) from None
        except (RedisError, OSError):
            sentence = "No Redis answers at REDIS_URL; start it or correct the address."
            raise OperatorRefusal("redis_unreachable", sentence) from None

    async def get(self, key: str, now: datetime) -> bytes | None:
        """See election.ports.Fleeting."""
        async with self._available():
            kept = cast(bytes | None, await self._redis.get(_kept(key)))
        until, _, value = kept.partition(b" ") if kept else (b"0", b"", b"")
        return value if int(until) > moment(now) else None

    async def put(self, key: str, value: bytes, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        async with self._available():
            await self._redis.set(_kept(key), b"%d %b" % (moment(now, seconds), value), px=_broom(seconds))

    async def drop(self, key: str) -> None:
        """See election.ports.Fleeting."""
        async with self._available():
            await self._redis.unlink(_kept(key), _secret(key), _spent(key), _counted(key))

    async def once(self, key: str, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting. A mark is an empty value."""
        arguments = (moment(now), moment(now, seconds), _broom(seconds))
        return bool(await self._run(self._once, _kept(key), *arguments))

    async def spend(self, key: str, limits: Sequence[Limit], now: datetime) -> float:
        """See election.ports.Fleeting."""
        broom = _broom(max((limit.seconds for limit in limits), default=0))
        windows = [number for limit in limits for number in (limit.count, limit.seconds * SECOND)]
        return int(await self._run(self._spend, _spent(key), moment(now), broom, *windows)) / SECOND

    async def count(self, key: str, step: int, seconds: int, now: datetime) -> int:
        """See election.ports.Fleeting."""
        arguments = (moment(now), step, moment(now, seconds), _broom(seconds))
        return int(await self._run(self._count, _counted(key), *arguments))

    async def put_secret(self, key: str, value: bytes, tries: int, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        await self._run(self._put_secret, _secret(key), value, tries, moment(now, seconds), _broom(seconds))

    async def take_try(self, key: str, now: datetime) -> Try | None:
        """See election.ports.Fleeting."""
        taken = await self._run(self._take_try, _secret(key), moment(now))
        return None if taken is None else Try(taken[0], taken[1])

    async def consume(self, key: str, value: bytes) -> bool:
        """See election.ports.Fleeting."""
        return bool(await self._run(self._consume, _secret(key), value))

    async def hold(self, key: str, holder: bytes, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting."""
        arguments = (holder, moment(now), moment(now, seconds), _broom(seconds))
        return bool(await self._run(self._hold, _held(key), *arguments))

    async def release(self, key: str, holder: bytes) -> bool:
        """See election.ports.Fleeting."""
        return bool(await self._run(self._release, _held(key), holder))

    async def purge(self, now: datetime) -> int:
        """Nothing to do: Redis sweeps by itself."""
        return 0

    async def _run(self, script: AsyncScript, key: bytes, *arguments: bytes | int) -> Any:
        async with self._available():
            return await script(keys=[key], args=arguments)

    @asynccontextmanager
    async def _available(self) -> AsyncIterator[None]:
        try:
            yield
        except ReadOnlyError as error:  # the primary is another one now: look its address up again
            await self._redis.connection_pool.disconnect(inuse_connections=False)
            raise StoreUnavailable from error
        except (RedisError, OSError) as error:
            raise StoreUnavailable from error


def _broom(seconds: int) -> int:
    """In how many milliseconds Redis may throw away what is over in so many seconds."""
    return (max(seconds, 0) + _SWEPT) * 1000


def _kept(key: str) -> bytes:
    return b"dauys:kept:" + key.encode()


def _secret(key: str) -> bytes:
    return b"dauys:secret:" + key.encode()


def _spent(key: str) -> bytes:
    return b"dauys:spent:" + key.encode()


def _counted(key: str) -> bytes:
    return b"dauys:counted:" + key.encode()


def _held(key: str) -> bytes:
    return b"dauys:held:" + key.encode()
