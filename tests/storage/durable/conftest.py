"""The stores that the contract is proved on. A new store is one more word in `STORES` and a way to make it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.durable.store import DurableStore, open_store

STORES = ["sqlite"]


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store can be made."""
    return f"sqlite:///{tmp_path / 'var' / 'dauys.sqlite3'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[DurableStore]:
    async with open_store(url) as opened:
        yield opened


@pytest.fixture
async def other(url: str, store: DurableStore) -> AsyncIterator[DurableStore]:
    """The same store opened once more, as another process would."""
    async with open_store(url) as opened:
        yield opened
