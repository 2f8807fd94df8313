"""The stores that the contract of fleeting things is proved on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.fleeting.file_twin import FileTwin

STORES = ["file"]


@pytest.fixture(params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], FileTwin]]:
    """Opens the same store, each time as another process would."""
    made: list[FileTwin] = []

    def open_again() -> FileTwin:
        made.append(FileTwin(tmp_path / "var" / "fleeting.sqlite3"))
        return made[-1]

    yield open_again
    for twin in made:
        twin.close()


@pytest.fixture
def fleeting(opened: Callable[[], FileTwin]) -> FileTwin:
    return opened()


@pytest.fixture
def other(opened: Callable[[], FileTwin], fleeting: FileTwin) -> FileTwin:
    return opened()
