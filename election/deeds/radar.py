"""Opening the names behind a case of the radar: the committee's alone, and never after the cut."""

from collections.abc import Mapping
from datetime import datetime

from election.deeds.deed import About, Deed
from election.definition import Definition
from election.errors import OperatorRefusal
from election.ports import ElectionRecord
from election.radar.case import Radar, found_case
from election.radar.desk import OPEN_NAMES

NAMELESS = frozenset({"roll-run", "roll-shared", "roll-growth"})
"""What is behind these stands on the roll: `dauys roll check` shows it."""


def deeds(radar: Radar) -> Mapping[str, Deed]:
    """`about` is {"case": its number}."""

    async def check(about: About, record: ElectionRecord, _: Definition, now: datetime) -> None:
        case = await found_case(radar, int(about["case"]))
        if case.detector in NAMELESS:
            raise OperatorRefusal("names_on_the_roll", "This case is about the roll: `dauys roll check` shows it.")
        if record.stage == "counted":
            raise OperatorRefusal("wrong_stage", "After the count nothing leads from a case to anybody any more.")

    return {OPEN_NAMES: Deed(check, roles=frozenset({"committee"}))}
