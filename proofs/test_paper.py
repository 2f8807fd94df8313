"""A thousand elections by phone and on paper, with votes again, strike-offs, lists merged late and members who are
given papers at two stations: every total is that of the papers and the ballots, and what is too many is told by name.
"""
# ruff: noqa: S101

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.paper_elections import Polls, Run, everything

RUNS = 1_000


async def test_a_thousand_elections_by_phone_and_on_paper_reconcile(
    tmp_path: Path, shows: Callable[[str], None]
) -> None:
    seen: Counter[str] = Counter()
    async with Polls(tmp_path) as polls:
        for seed in range(RUNS):
            seen += await Run(polls, seed).whole(tmp_path / str(seed) if seed % 20 == 0 else None)
    figures = ", ".join(f"{what} {number}" for what, number in sorted(seen.items()))
    shows(f"paper: {RUNS} elections: {figures}")
    assert seen["reconciled"] == RUNS
    assert everything() - seen.keys() == set()
