"""`dauys turnout`."""

import asyncio

from dauys import clock, settings
from dauys.terminal import answer, say, table
from dauys.wiring import open_hall
from election.turnout import OTHER_REGIONS, Percent, Turnout, turnout


def show(as_json: bool) -> None:
    """Turnout from the counters beside the votes."""
    options = settings.read()
    now = clock.now().astimezone(settings.timezone(options))

    async def run() -> Turnout:
        async with open_hall(options) as hall:
            record, _ = await hall.election(now)
            return turnout(await hall.store.ledger.turnout(), record.roll_version, now)

    found = asyncio.run(run())
    if as_json:
        answer(found.as_json())
        return
    say(f"At {found.at:%H:%M %d.%m.%Y}, roll version {found.roll_version}:")
    say(f"{found.voted} voted, {_percent(found.percent('electorate'))} of the electorate of {found.electorate}")
    say(f"{found.enrolled} signed in")
    say(", ".join(f"{channel} {count}" for channel, count in found.by_channel.items()))
    rows = [
        (
            "other regions" if row.region == OTHER_REGIONS else row.region or "(no region)",
            row.electorate,
            row.enrolled,
            row.voted,
        )
        for row in found.regions
    ]
    if rows:
        table("", ("region", "electorate", "signed in", "voted"), rows)


def _percent(percent: Percent) -> str:
    return "-" if percent.tenths is None else f"{percent.tenths / 10:.1f} %"
