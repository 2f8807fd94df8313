"""Nobody alone does anything that needs two: every kind of guarded act there is, tried in every way, at every door.

Ten thousand such attempts are made by `make prove`.
"""

from pathlib import Path
from random import Random

import pytest

from election.roll_change import KIND as ROLL_CHANGE
from tests.commission.attempts import DOORS, RULES, attempt, on_the_command_line, scene, two_persons_can

STAGES = ("draft", "paused", "open")


@pytest.mark.parametrize("stage", STAGES)
async def test_nobody_alone_does_anything(tmp_path: Path, stage: str) -> None:
    async with scene(tmp_path, stage) as made:
        chance = Random(stage)
        for kind in made.abouts:
            for way in (*RULES, *DOORS):
                await attempt(made, kind, way, chance)
        for kind in (chance.choice([*made.abouts]), ROLL_CHANGE):
            if kind in made.abouts:
                await attempt(made, kind, on_the_command_line, chance)


async def test_two_persons_do_each_of_them_and_none_is_forgotten(tmp_path: Path) -> None:
    kinds: set[str] = set()
    for stage in STAGES:
        (tmp_path / stage).mkdir()
        async with scene(tmp_path / stage, stage) as made:
            kinds |= made.abouts.keys()
            await two_persons_can(made)
            every = made.rules.commission.deeds.keys() | {ROLL_CHANGE}
    assert kinds == every, "a new kind of guarded act needs its particulars in tests/commission/attempts.py"
