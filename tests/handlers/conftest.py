"""An election of one contest and five members, open."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.voters import Booth, booth


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    async with booth(tmp_path) as made:
        yield made
