"""A nation of 500,000 votes in 5,000 branches, with fifty harvests and with none: what the radar finds, by detector.

It looks every ten minutes, as the clock does, and keeps its cases in a real store.
"""
# ruff: noqa: S101, S311, TID251

import random
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from pathlib import Path

from election.radar.case import Case
from election.radar.watch import News, Watch
from storage.durable.store import open_store
from tests.election.radar_nation import HOURS, OPENED, Day, Harvest, day

BRANCHES, VOTES, HARVESTS, QUIET_DAYS = 5_000, 500_000, 50, 4
SEAL_KEY = b"the key of the seals of this proof"
DETECTORS = ("burst", "beat")


async def _cases(made: Day, folder: Path, name: str) -> tuple[Sequence[Case], float]:
    """The cases of a day, and the longest look in seconds of a processor."""
    watch, longest = Watch(random.Random(99)), 0.0
    async with open_store(f"sqlite:///{folder / name}.db", SEAL_KEY) as store:
        for now, slot in made.slices(10):
            news = made.rows[bisect_left(made.rows, (watch.settled,)) : bisect_left(made.rows, (slot,))]
            since = time.process_time()
            found = watch.look(News(news, made.members, {}, [], {}), OPENED, now)
            longest = max(longest, time.process_time() - since)
            await store.radar.keep(found, now)
        return await store.radar.cases(), longest


def _is_about(case: Case, harvest: Harvest) -> bool:
    same = (case.region, case.branch) == harvest.place
    return same and case.began <= harvest.ended and case.ended >= harvest.began


async def test_harvests_are_found_and_honest_branches_left_alone(tmp_path: Path, shows: Callable[[str], None]) -> None:
    quiet: dict[str, list[int]] = {detector: [] for detector in DETECTORS}
    longest = 0.0
    for number in range(QUIET_DAYS):
        cases, took = await _cases(day(BRANCHES, VOTES, 0, random.Random(number)), tmp_path, f"quiet{number}")
        longest = max(longest, took)
        for detector in DETECTORS:
            quiet[detector].append(sum(case.detector == detector for case in cases))
    made = day(BRANCHES, VOTES, HARVESTS, random.Random(1_000))
    cases, took = await _cases(made, tmp_path, "harvested")
    shows(
        f"{sum(row[3] for row in made.rows)} votes in {BRANCHES} branches, {HOURS} h; "
        f"longest look {max(longest, took):.1f} s of a processor"
    )
    shows(
        f"{'':10}{'found of 50':>12}{'even':>9}{'uneven':>9}{'<60':>9}{'60-150':>9}{'>150':>9}"
        f"{'false':>7}{'false a quiet day':>19}"
    )
    for detector in (*DETECTORS, "either"):
        told = [case for case in cases if detector in (case.detector, "either")]
        met = [harvest for harvest in made.harvests if any(_is_about(case, harvest) for case in told)]
        false = sum(not any(_is_about(case, harvest) for harvest in made.harvests) for case in told)
        calm = [sum(days) for days in zip(*quiet.values(), strict=True)] if detector == "either" else quiet[detector]
        parts = (
            [each for each in made.harvests if each.even],
            [each for each in made.harvests if not each.even],
            [each for each in made.harvests if each.size < 60],
            [each for each in made.harvests if 60 <= each.size <= 150],
            [each for each in made.harvests if each.size > 150],
        )
        cells = "".join(f"{f'{sum(each in met for each in part)}/{len(part)}':>9}" for part in parts)
        shows(f"{detector:10}{len(met):>12}{cells}{false:>7}{sum(calm) / QUIET_DAYS:>19.2f}")
        if detector == "either":
            assert len(met) >= 25
            assert sum(calm) / QUIET_DAYS <= 2
