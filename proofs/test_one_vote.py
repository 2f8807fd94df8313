"""Longer proofs that one member has one vote."""

from pathlib import Path

from tests.handlers.hammering import hammer_both_doors


async def test_two_hundred_attempts_at_both_doors_a_hundred_times(tmp_path: Path) -> None:
    await hammer_both_doors(tmp_path, rounds=100, attempts=200)
