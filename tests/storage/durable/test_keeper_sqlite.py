"""The keeper of a SQLite store where the disk fails."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from election.errors import StoreUnavailable
from storage.durable.keeper_sqlite import SqliteKeeper
from storage.durable.upgrade import bring_up_to_date
from tests.storage.durable.polling import SEAL_KEY
from tests.storage.durable.test_keeper import one_batch, put, rows

BALLOT = b"unspeakable"


@pytest.fixture
async def keeper(tmp_path: Path) -> AsyncIterator[SqliteKeeper]:
    async with SqliteKeeper(bring_up_to_date(f"sqlite:///{tmp_path / 'kept.db'}", SEAL_KEY), SEAL_KEY) as opened:
        yield opened


async def test_what_is_asked_for_in_one_turn_of_the_loop_shares_a_commit(keeper: SqliteKeeper) -> None:
    together: list[int] = []

    def note_how_many(_: Connection, items: Sequence[int]) -> Sequence[int]:
        together.append(len(items))
        return items

    await asyncio.gather(*(keeper.write_together(note_how_many, number) for number in range(50)))
    assert together == [50]


async def test_when_the_disk_is_full_the_whole_batch_is_told_so_and_nothing_is_kept(
    keeper: SqliteKeeper, caplog: pytest.LogCaptureFixture
) -> None:
    def fill(connection: Connection) -> int:
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.execute(
            text("INSERT INTO leaf (key, kind, digest) VALUES (:digest, 'cast', :digest)"), {"digest": BALLOT * 100_000}
        )
        return 0

    async with one_batch(keeper):
        waiting = asyncio.gather(keeper.write(put(1)), keeper.write(fill), keeper.write(put(2)), return_exceptions=True)
    answers = await waiting
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
    assert await rows(keeper) == 0
    assert "unspeakable" not in caplog.text
    assert "store_write_failed" in caplog.text
    await keeper.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1000000") and 0)
    assert await keeper.write(put(3)) == 3
