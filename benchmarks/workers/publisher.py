"""Publishes once when it is told to: a bulletin that says nothing, over whatever leaves wait. Prints the seconds."""

import asyncio
import json
import sys
import time
from pathlib import Path

from benchmarks.election import Place
from dauys.wiring import open_hall


async def main(place: Place) -> None:
    async with open_hall(place.settings) as hall:
        await hall.store.books.bulletins()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        begun = time.perf_counter()
        await hall.store.books.publish(lambda _: b"nothing", at_least=0)
        print(json.dumps({"seconds": time.perf_counter() - begun}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Place(Path(sys.argv[1]), sys.argv[2])))
