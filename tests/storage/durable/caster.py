"""A process that casts votes: `caster.py URL FIRST LAST WAITING [TIMES]`, so many times for each number.

It says a number once a vote of that number is acknowledged.
"""

import asyncio
import sys
from collections.abc import Iterator

from election.errors import AlreadyVoted
from storage.durable.store import DurableStore, open_store
from tests.storage.durable.polling import SEAL_KEY, vote


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def cast_some(store: DurableStore, numbers: Iterator[int]) -> None:
    for number in numbers:
        try:
            await store.ledger.cast(vote(number))
        except AlreadyVoted:
            continue
        say(number)


async def main(url: str, first: str, last: str, waiting: str, times: str = "1") -> None:
    numbers = iter([number for number in range(int(first), int(last)) for _ in range(int(times))])
    async with open_store(url, SEAL_KEY) as store:
        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(cast_some(store, numbers) for _ in range(int(waiting))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
