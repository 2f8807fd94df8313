"""`dauys bulletin publish` and `dauys export`."""

import asyncio
import json
from pathlib import Path

from dauys import clock, publishing, settings
from dauys.terminal import answer, say
from dauys.wiring import open_hall


def publish(as_json: bool) -> None:
    """Make the next bulletin and put it on the board. Refused, with the reasons, where it does not reconcile
    or the store is damaged."""
    options = settings.read()

    async def run() -> bytes:
        async with open_hall(options) as hall:
            now = clock.now()
            made = await publishing.publish(hall, now)
            await publishing.put_on_board(hall, now, options.BOARD_DIR, publishing.kept_result(options.BOARD_DIR))
            return made

    made = json.loads(asyncio.run(run()))
    if as_json:
        answer(made)
        return
    log, base = made["log"], f"{made['electorate']} on the roll (version {made['roll_version']})"
    say(f"Bulletin {made['number']}: {made['voted']} of {base} have voted.")
    say(f"The log has {log['size']} leaves, head {log['root']}.")
    say(f"On the board: {options.BOARD_DIR}")


def export(folder: Path, as_json: bool) -> None:
    """Write the public bundle into a folder."""
    options = settings.read()

    async def run() -> str:
        async with open_hall(options) as hall:
            result = publishing.kept_result(options.BOARD_DIR)
            await publishing.export(hall, clock.now(), folder, result)
            return hall.strongroom.signing.public_key.hex()

    key = asyncio.run(run())
    if as_json:
        answer({"folder": str(folder), "public_key": key})
    else:
        say(f"Written: {folder}. Verify it with: dauys verify {folder} --key {key}")
