import random
import time
from collections.abc import AsyncIterator

import pytest

from rehearsal.box import Box
from rehearsal.server import running

PEOPLE = [
    {"name": "Серикова Айгерим", "phone": "+77010000001", "language": "kk", "region": "Алматы"},
    {"name": "Петров Иван", "phone": "+77010000002", "language": "ru", "region": "Астана"},
    {"name": "Jones Ann", "phone": "+77010000003", "language": "en", "region": "Астана"},
]


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    async with running(clock=time.time, rng=random.Random(7), people=PEOPLE, carrier_delay=0.01) as box:
        yield box
