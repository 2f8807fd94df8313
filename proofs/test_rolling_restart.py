"""Bots restarted one by one while members vote: nobody is left without an answer, and the count is whole."""
# ruff: noqa: S101, S311, TID251

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from rehearsal.crowd import Member, crowd
from tests import servers
from tests.outside.test_roles import PHONES, ROLL
from tests.outside.town import free_port, town
from tests.voters import FILE


@pytest.fixture
def stores() -> Iterator[dict[str, str]]:
    """A PostgreSQL and a Valkey of its own."""
    with servers.postgres_url() as server, servers.redis_url() as redis, servers.postgres_database(server) as postgres:
        yield {"DATABASE_URL": postgres, "REDIS_URL": redis}


async def test_bots_are_restarted_one_by_one_while_members_vote(tmp_path: Path, stores: dict[str, str]) -> None:
    async with town(tmp_path, FILE, ROLL, PHONES, settings=stores, served=False) as (program, box):
        async with asyncio.TaskGroup() as group:
            group.create_task(program.starts("bot 1", role="bot"))
            group.create_task(program.starts("bot 2", role="bot"))
            group.create_task(program.starts("sender", role="sender", port=free_port()))
        members = [Member(phone, "telegram", "ru") for phone in PHONES]
        half = asyncio.Event()

        def on_progress(_: object, results: object) -> None:
            if results.voted >= 15:  # type: ignore[attr-defined]
                half.set()

        async with asyncio.TaskGroup() as group:
            voting = group.create_task(crowd(box.url, members, 6, on_progress, rng=Random(5), patience=30.0))
            await half.wait()
            for name in ("bot 1", "bot 2"):
                await program.stops(name=name)
                await program.starts(name, role="bot")
        results = voting.result()
        assert (results.voted, results.failed) == (len(PHONES), 0), results.reasons
        assert program.answers("turnout")["voted"] == len(PHONES)
        program.says("election", "close")
        shares = [f"--share=shares/share-{n}.json" for n in (1, 2, 3)]
        result = program.answers("tally", *shares, "--out", "result")
        assert result["reconciles"] is True
        assert result["totals"]["counted"] == len(PHONES)  # type: ignore[index]
