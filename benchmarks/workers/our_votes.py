"""Votes into our store, so many waiting at once: how fast, how long each waits, how many share a commit."""

import asyncio
import json
import sys
from functools import partial
from pathlib import Path

import asyncpg

from benchmarks.ballots import casts
from benchmarks.workers.closed_loop import closed_loop
from dauys.strongroom import Strongroom
from storage.durable.store import open_store


async def measured(url: str, seal_key: bytes, first: int, count: int, waiters: int) -> dict[str, float]:
    async with open_store(url, seal_key) as store:
        votes = [partial(store.ledger.cast, cast) for cast in casts(first, count)]
        before = await _commits(url)
        found = await closed_loop(votes, waiters)
        return found | {"votes_a_commit": count / (await _commits(url) - before)}


async def _commits(url: str) -> int:
    """Transactions that have written, so far."""
    if url.startswith("sqlite"):
        # the log's index counts them: 4 bytes from the 8th, in this machine's order (sqlite.org/walformat.html)
        index = await asyncio.to_thread(Path(url.partition(":///")[2] + "-shm").read_bytes)
        return int.from_bytes(index[8:12], sys.byteorder)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return int(await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
    finally:
        await connection.close()


if __name__ == "__main__":
    store, key_file, *numbers = sys.argv[1:]
    seal_key = Strongroom(Path(key_file)).seal_key
    print(json.dumps(asyncio.run(measured(store, seal_key, *map(int, numbers)))))
