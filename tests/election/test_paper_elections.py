"""Thirty elections by phone and on paper; proofs/test_paper.py holds a thousand."""

import tempfile
from pathlib import Path

from tests.paper_elections import Polls, Run

RUNS, STEPS = 30, 14


async def test_thirty_elections_by_phone_and_on_paper_reconcile(tmp_path: Path) -> None:
    in_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=in_memory) as folder:
        async with Polls(Path(folder)) as polls:
            for seed in range(RUNS):
                seen = await Run(polls, seed, STEPS).whole(tmp_path / str(seed) if seed % 15 == 0 else None)
                assert seen["reconciled"] == 1
