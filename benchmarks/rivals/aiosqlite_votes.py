"""A commit a vote on aiosqlite: two inserts and a commit on one connection, which one voter has at a time.

It promises no more of the disk than we do: write-ahead log, a commit waits for the disk.
"""

import asyncio
import json
import sys
from functools import partial

import aiosqlite

from benchmarks.workers.closed_loop import closed_loop

TABLES = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS voted (member INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS ballot (key BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
"""


async def measured(path: str, first: int, count: int, waiters: int) -> dict[str, float]:
    one_at_a_time = asyncio.Lock()
    async with aiosqlite.connect(path) as database:
        await database.executescript(TABLES)
        await database.execute("PRAGMA synchronous=FULL")

        async def vote(member: int) -> None:
            async with one_at_a_time:
                await database.execute("INSERT INTO voted VALUES (?)", (member,))
                await database.execute("INSERT INTO ballot VALUES (randomblob(16), randomblob(80))")
                await database.commit()

        return await closed_loop([partial(vote, number) for number in range(first, first + count)], waiters)


if __name__ == "__main__":
    place, *numbers = sys.argv[1:]
    print(json.dumps(asyncio.run(measured(place, *map(int, numbers)))))
