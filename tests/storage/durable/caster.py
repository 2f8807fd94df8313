"""A process that casts votes: `caster.py URL FIRST LAST WAITING`. It says each number once its vote is acknowledged."""

import asyncio
import sys
from collections.abc import Iterator

from election.errors import AlreadyVoted
from storage.durable.store import DurableStore, open_store
from tests.storage.durable.polling import vote


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


async def main(url: str, first: str, last: str, waiting: str) -> None:
    numbers = iter(range(int(first), int(last)))
    async with open_store(url) as store:
        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(cast_some(store, numbers) for _ in range(int(waiting))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
