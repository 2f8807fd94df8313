"""Ten thousand attempts of one person at what needs two, and none that has an effect."""
# ruff: noqa: S101, S311

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251 - the same ten thousand each time

from tests.commission.attempts import DOORS, RULES, attempt, on_the_command_line, scene, two_persons_can

ATTEMPTS = {"draft": 600, "paused": 600, "open": 8_600}
BY_COMMANDS = 200
"""Of the open stage: a command takes longest."""


async def test_ten_thousand_attempts_by_one_person_alone_have_no_effect(
    tmp_path: Path, shows: Callable[[str], None]
) -> None:
    tried: Counter[tuple[str, str]] = Counter()
    for stage, number in ATTEMPTS.items():
        (tmp_path / stage).mkdir()
        async with scene(tmp_path / stage, stage) as made:
            chance, kinds = Random(stage), sorted(made.abouts)
            for _ in range(number):
                await attempt(made, chance.choice(kinds), chance.choice((*RULES, *DOORS)), chance)
            for _ in range(BY_COMMANDS if stage == "open" else 0):
                await attempt(made, chance.choice(kinds), on_the_command_line, chance)
            await two_persons_can(made)
            tried += made.tried
    kinds_tried, ways = {kind for kind, _ in tried}, {way for _, way in tried}
    shows(
        f"one person alone: {tried.total()} attempts at {len(kinds_tried)} kinds of guarded acts in {len(ways)} ways, "
        "none with an effect; two persons then did each"
    )
    assert tried.total() == sum(ATTEMPTS.values()) + BY_COMMANDS == 10_000
