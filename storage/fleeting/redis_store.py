"""Short-lived things in Redis or Valkey, for any number of processes and machines.

What is over is decided by the callers' clock, as in the file twin: each thing carries its `until`. Redis's own clock
only sweeps, some time after. Each check is one script or one command, hence atomic.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from redis.asyncio import ConnectionPool
from redis.exceptions import AuthenticationError, NoPermissionError, ReadOnlyError, RedisError

from election.errors import OperatorRefusal, StoreUnavailable
from election.ports import Grant, Limit, Try
from storage.fleeting import buckets, redis_scripts
from storage.fleeting.moments import SECOND, moment
from storage.fleeting.redis_wire import Wire

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
            pool: ConnectionPool = ConnectionPool.from_url(
                url,
                protocol=2,
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
        self._wire = Wire(pool)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. Harmless when repeated."""
        await self._wire.close()

    async def must_answer(self) -> None:
        """Raise OperatorRefusal with one sentence unless Redis can be reached, lets us in and lets us write."""
        try:
            await self._wire.ask("SET", "dauys:probe", b"", "PX", 1)
        except StoreUnavailable as refused:
            code, sentence = _diagnosis(refused.__cause__)
            raise OperatorRefusal(code, sentence) from None

    async def get(self, key: str, now: datetime) -> bytes | None:
        """See election.ports.Fleeting."""
        kept: bytes | None = await self._wire.ask("GET", _key("kept", key))
        until, _, value = kept.partition(b" ") if kept else (b"0", b"", b"")
        return value if int(until) > moment(now) else None

    async def put(self, key: str, value: bytes, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        dated = b"%d %b" % (moment(now, seconds), value)
        await self._wire.ask("SET", _key("kept", key), dated, "PX", _broom(seconds))

    async def drop(self, key: str) -> None:
        """See election.ports.Fleeting."""
        await self._wire.ask("UNLINK", *(_key(kind, key) for kind in ("kept", "secret", "spent", "counted")))

    async def once(self, key: str, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting. A mark is an empty value."""
        arguments = (moment(now), moment(now, seconds), _broom(seconds))
        return bool(await self._wire.run(redis_scripts.ONCE, _key("kept", key), *arguments))

    async def spend(self, key: str, limits: Sequence[Limit], now: datetime) -> float:
        """See election.ports.Fleeting."""
        broom = _broom(max((limit.seconds for limit in limits), default=0))
        windows = [number for limit in limits for number in (limit.count, limit.seconds * SECOND)]
        wait: int = await self._wire.run(redis_scripts.SPEND, _key("spent", key), moment(now), broom, *windows)
        return wait / SECOND

    async def count(self, key: str, step: int, seconds: int, now: datetime) -> int:
        """See election.ports.Fleeting."""
        arguments = (moment(now), step, moment(now, seconds), _broom(seconds))
        return int(await self._wire.run(redis_scripts.COUNT, _key("counted", key), *arguments))

    async def put_secret(self, key: str, value: bytes, tries: int, seconds: int, now: datetime) -> None:
        """See election.ports.Fleeting."""
        arguments = (value, tries, moment(now, seconds), _broom(seconds))
        await self._wire.run(redis_scripts.PUT_TRIES, _key("secret", key), *arguments)

    async def take_try(self, key: str, now: datetime) -> Try | None:
        """See election.ports.Fleeting."""
        taken = await self._wire.run(redis_scripts.TAKE_TRY, _key("secret", key), moment(now))
        return None if taken is None else Try(taken[0], taken[1])

    async def consume(self, key: str, value: bytes) -> bool:
        """See election.ports.Fleeting."""
        return bool(await self._wire.run(redis_scripts.CONSUME, _key("secret", key), value))

    async def hold(self, key: str, holder: bytes, seconds: int, now: datetime) -> bool:
        """See election.ports.Fleeting."""
        arguments = (holder, moment(now), moment(now, seconds), _broom(seconds))
        return bool(await self._wire.run(redis_scripts.HOLD, _key("held", key), *arguments))

    async def release(self, key: str, holder: bytes) -> bool:
        """See election.ports.Fleeting."""
        return bool(await self._wire.run(redis_scripts.RELEASE, _key("held", key), holder))

    async def take(self, key: str, per_second: float, burst: int, most: int, now: datetime, *, owed: int = 0) -> Grant:
        """See election.ports.Fleeting."""
        each = buckets.spacing(per_second)
        fixed = (buckets.LONGEST_DEBT, buckets.REMEMBERED, _broom(0))
        arguments = (moment(now), each, burst * each, most, owed, *fixed)
        taken, wait, still = await self._wire.run(redis_scripts.TAKE, f"dauys:bucket:{key}", *arguments)
        return Grant(taken, wait / SECOND, -math.inf if still is None else still / SECOND)

    async def keep_still(self, key: str, seconds: float, now: datetime) -> None:
        """See election.ports.Fleeting."""
        broom = _broom(math.ceil(seconds + buckets.REMEMBERED / SECOND))
        await self._wire.run(redis_scripts.KEEP_STILL, f"dauys:bucket:{key}", moment(now, seconds), broom)

    async def purge(self, now: datetime) -> int:
        """Nothing to do: Redis sweeps by itself."""
        return 0


def _key(kind: str, key: str) -> str:
    """What is under one key lies in one slot of a cluster, for the braces: `drop` names four kinds in one command."""
    return f"dauys:{kind}:{{{key}}}"


def _broom(seconds: int) -> int:
    """In how many milliseconds Redis may throw away what is over in so many seconds."""
    return (max(seconds, 0) + _SWEPT) * 1000


def _diagnosis(cause: BaseException | None) -> tuple[str, str]:
    if isinstance(cause, AuthenticationError | NoPermissionError):
        return "redis_refuses", "Redis does not let us in with the user and password of REDIS_URL; correct them."
    if isinstance(cause, ReadOnlyError):
        return "redis_refuses", "The Redis at REDIS_URL is a copy that takes no writes; give its primary's address."
    return "redis_unreachable", "No Redis answers at REDIS_URL; start it or correct the address."
