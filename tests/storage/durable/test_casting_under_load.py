"""One member, one vote, whoever races whom, and whatever dies: on every store."""

import asyncio
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from subprocess import PIPE, Popen

from election.errors import AlreadyVoted, Closed
from election.ports import BoxCount
from storage.durable.store import DurableStore, open_store
from tests.storage.durable.polling import NOW, SEAL_KEY, polling_opens, pseudonym, total, vote


def caster(url: str, first: int, last: int, waiting: int, times: int = 1) -> Popen[bytes]:
    """A process that stands ready to cast the votes of these members, so many of each."""
    words = [url, *map(str, (first, last, waiting, times))]
    process = Popen([sys.executable, "-m", "tests.storage.durable.caster", *words], stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def go(process: Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()


def acknowledged(process: Popen[bytes]) -> list[int]:
    assert process.stdout is not None
    lines = process.stdout.read().split(b"\n")[:-1]  # the last one may have been cut short
    process.wait(30)
    return [int(line) for line in lines]


async def outcomes(casts: Sequence[object]) -> list[BaseException | None]:
    return list(await asyncio.gather(*casts, return_exceptions=True))  # type: ignore[call-overload]


MANY = 12_000


async def test_of_200_votes_of_one_member_at_once_exactly_one_counts(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=20)
    for number in range(20):
        attempts = [vote(number, "sms" if n % 3 else "telegram") for n in range(200)]
        if number % 2:  # the right alone has to hold, without the index behind it
            attempts = [replace(sent, pseudonym=secrets.token_bytes(16)) for sent in attempts]
        answers = await outcomes([(store, other)[n % 2].ledger.cast(sent) for n, sent in enumerate(attempts)])
        assert answers.count(None) == 1
        assert sum(isinstance(answer, AlreadyVoted) for answer in answers) == 199
    assert await store.office.box() == BoxCount(20, 20, 0)
    assert await total(store, "telegram") + await total(store, "sms") == 20
    assert await store.outbox.counts() == {"waiting": 20}


async def test_two_processes_that_race_for_the_same_members_count_each_once(url: str, store: DurableStore) -> None:
    await polling_opens(store, members=600)
    with caster(url, 0, 600, 16) as one, caster(url, 0, 600, 16) as two:
        go(one)
        go(two)
        first, second = await asyncio.gather(*(asyncio.to_thread(acknowledged, racer) for racer in (one, two)))
    assert sorted(first + second) == list(range(600))
    assert await store.office.box() == BoxCount(600, 600, 0)
    assert await total(store, "telegram") == 600


async def test_of_200_votes_of_one_member_over_two_processes_exactly_one_counts(url: str, store: DurableStore) -> None:
    await polling_opens(store, members=5)
    with caster(url, 0, 5, 100, times=100) as one, caster(url, 0, 5, 100, times=100) as two:
        go(one)
        go(two)
        first, second = await asyncio.gather(*(asyncio.to_thread(acknowledged, racer) for racer in (one, two)))
    assert sorted(first + second) == list(range(5))
    assert await store.office.box() == BoxCount(5, 5, 0)


async def test_a_close_lets_in_every_vote_before_it_and_none_after_it(
    url: str, store: DurableStore, other: DurableStore
) -> None:
    await polling_opens(store, members=MANY)
    numbers, accepted = iter(range(MANY)), []

    async def cast_until_closed(where: DurableStore) -> None:
        for number in numbers:
            try:
                await where.ledger.cast(vote(number))
            except Closed:
                return
            accepted.append(number)

    async with open_store(url, SEAL_KEY) as commission, asyncio.TaskGroup() as voting:
        for n in range(40):
            voting.create_task(cast_until_closed((store, other)[n % 2]))
        while len(accepted) < 200:
            await asyncio.sleep(0)
        assert await commission.office.move(["open"], "closed", NOW)
        at_the_close = await commission.office.box()
    assert 200 <= len(accepted) < MANY
    assert at_the_close == await store.office.box() == BoxCount(len(accepted), len(accepted), 0)
    assert await total(store, "telegram") == len(accepted)


async def test_a_close_in_the_middle_lets_no_late_vote_in(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=400)
    early = [asyncio.ensure_future(store.ledger.cast(vote(number))) for number in range(200)]
    closing = asyncio.ensure_future(other.office.move(["open"], "closed", NOW))
    late = [asyncio.ensure_future(store.ledger.cast(vote(number))) for number in range(200, 400)]
    answers = await outcomes([*early, *late])
    assert await closing
    assert all(answer is None or isinstance(answer, Closed) for answer in answers)
    accepted = answers.count(None)
    assert await store.office.box() == BoxCount(accepted, accepted, 0)
    assert await outcomes([store.ledger.cast(vote(n)) for n in range(400)]) != [None] * 400
    assert await store.office.cut(pseudonym) == accepted
    assert await store.outbox.counts() == ({"waiting": accepted} if accepted else {})


async def test_no_acknowledged_vote_is_lost_when_the_process_is_killed(url: str, store: DurableStore) -> None:
    await polling_opens(store, members=20_000)
    with caster(url, 0, 20_000, 64) as process:
        assert process.stdout is not None
        go(process)
        told = [int(process.stdout.readline()) for _ in range(500)]
        process.kill()
        told += acknowledged(process)
    assert process.returncode == -9
    assert 500 <= len(told) < 20_000
    for number in told:
        found = await store.ledger.member(f"m{number:05d}")
        assert found is not None
        assert found.right == "voted"
        assert await store.books.bulletin_of(vote(number).receipt_digest) == 0
    box = await store.office.box()
    assert box.voted == box.standing >= len(told)
    assert await total(store, "telegram") == box.voted
    assert (await store.outbox.counts())["waiting"] == box.voted
