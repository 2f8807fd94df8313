"""The stores that the contract of fleeting things is proved on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage.fleeting.file_twin import FileTwin
from storage.fleeting.redis_store import RedisStore

STORES = ["file", "redis"]


@pytest.fixture(params=STORES)
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], FileTwin | RedisStore]]:
    """Opens the same store, each time as another process would."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    async with AsyncExitStack() as made:

        def open_again() -> FileTwin | RedisStore:
            if url:
                store = RedisStore(url)
                made.push_async_callback(store.close)
                return store
            return made.enter_context(FileTwin(tmp_path / "var" / "fleeting.sqlite3"))

        yield open_again


@pytest.fixture
def fleeting(opened: Callable[[], FileTwin | RedisStore]) -> FileTwin | RedisStore:
    return opened()


@pytest.fixture
def other(opened: Callable[[], FileTwin | RedisStore], fleeting: FileTwin | RedisStore) -> FileTwin | RedisStore:
    return opened()
