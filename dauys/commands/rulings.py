"""`dauys strike` and `dauys election extend`."""

import asyncio

from dauys import clock, settings
from dauys.commands.election import said_act
from dauys.wiring import open_hall
from election.deeds import hours, rulings
from election.ports import Act
from election.rulings import find
from election.standing import Standing


def strike(candidate: str, contest: str, lift: bool, who: str, reason: str, as_json: bool) -> None:
    """Propose a ruling on a candidate."""

    async def run() -> Act:
        async with open_hall(settings.read()) as hall:
            _, definition = await hall.election(clock.now())
            about = rulings.ruling(*find(definition, candidate, contest))
            kind = "unstrike" if lift else "strike"
            return await hall.commission.propose(kind, who, reason, clock.now(), about)

    said_act(asyncio.run(run()), as_json)


def extend(until: str, who: str, reason: str, as_json: bool) -> None:
    """Propose a later hour of closing."""

    async def run() -> Act:
        async with open_hall(settings.read()) as hall:
            record, definition = await hall.election(clock.now())
            about = hours.extension(definition, hours.typed_hour(until, Standing(record, definition)))
            return await hall.commission.propose("extend", who, reason, clock.now(), about)

    said_act(asyncio.run(run()), as_json)
