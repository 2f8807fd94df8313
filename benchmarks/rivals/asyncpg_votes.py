"""A commit a vote on PostgreSQL: two inserts in a transaction, over a pool of connections that voters share."""

import asyncio
import json
import secrets
import sys
from functools import partial

import asyncpg

from benchmarks.workers.closed_loop import closed_loop

TABLES = """
CREATE TABLE IF NOT EXISTS voted (member bigint PRIMARY KEY);
CREATE TABLE IF NOT EXISTS ballot (key bytea PRIMARY KEY, sealed bytea NOT NULL);
"""


async def measured(url: str, first: int, count: int, waiters: int, connections: int) -> dict[str, float]:
    dsn = url.replace("+asyncpg", "")
    async with asyncpg.create_pool(dsn, min_size=connections, max_size=connections) as pool:
        await pool.execute(TABLES)

        async def vote(member: int) -> None:
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("INSERT INTO voted VALUES ($1)", member)
                await connection.execute(
                    "INSERT INTO ballot VALUES ($1, $2)", secrets.token_bytes(16), secrets.token_bytes(80)
                )

        return await closed_loop([partial(vote, number) for number in range(first, first + count)], waiters)


if __name__ == "__main__":
    place, *numbers = sys.argv[1:]
    print(json.dumps(asyncio.run(measured(place, *map(int, numbers)))))
