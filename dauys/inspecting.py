"""The inspection of the whole store in a process of its own, run by `python -m dauys.inspecting`.

It takes a processor for as long as the roll is large: beside it bulletins, broadcasts and, where one process is all,
votes must go on as if nothing were.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import structlog

from election.damage import Damage, StoreDamaged
from storage.durable.store import open_store

if TYPE_CHECKING:
    from dauys.wiring import Hall

_NICER = 5
"""Where processors are scarce, votes go first."""
_log = structlog.get_logger("dauys")


async def must_be_whole(hall: Hall) -> None:
    """As Hall.must_be_whole, from another process; from this one where there can be none. Left in the middle, it ends
    the other."""
    found = await _found_apart(hall)
    if found is None:
        await hall.must_be_whole()
    elif found:
        raise StoreDamaged(found)


async def _found_apart(hall: Hall) -> list[Damage] | None:
    """What the other process has found; None where it could not look."""
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__),
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is meant for us
        )
    except OSError as fault:
        _log.warning("inspection_not_apart", fault=type(fault).__name__)
        return None
    given = {"store": hall.settings.database_url, "seal_key": hall.strongroom.seal_key.hex()}
    try:
        told, _ = await process.communicate(json.dumps(given).encode())
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        _log.warning("inspection_not_apart", code=process.returncode)
        return None
    return [Damage(**each) for each in json.loads(told)]


async def _look(store: str, seal_key: bytes) -> list[Damage]:
    async with open_store(store, seal_key) as opened:
        return list(await opened.books.inspect())


def main() -> None:
    """Inspect the store that standard input names; what is found, as JSON. Secrets come by a pipe, as no one sees
    them there."""
    with contextlib.suppress(OSError):
        os.nice(_NICER)
    given = json.load(sys.stdin)
    found = asyncio.run(_look(given["store"], bytes.fromhex(given["seal_key"])))
    sys.stdout.write(json.dumps([asdict(each) for each in found]))


if __name__ == "__main__":
    main()
