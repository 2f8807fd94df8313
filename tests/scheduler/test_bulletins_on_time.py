"""Bulletins at their hours: each once, a missed one once, and none because somebody set the clock."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from dauys import publishing
from dauys.wiring import Hall
from election.bulletin import BulletinRefused
from scheduler.bulletins import Bulletins
from scheduler.steady import Steady
from tests.scheduler.clocks import Clocks
from tests.voters import FILE, Booth, booth

TIMED = FILE.replace("[commission]", '[bulletins]\nat = ["09:00", "12:00", "15:00"]\n[commission]')
# 04:00, 07:00 and 10:00 UTC


@dataclass
class Press:
    """Makes real bulletins; what is shown and announced is written down."""

    hall: Hall
    shown: list[datetime] = field(default_factory=list)
    announced: list[int] = field(default_factory=list)
    refusing: Callable[[], bool] = lambda: False

    async def publish(self, now: datetime) -> bytes:
        if self.refusing():
            raise BulletinRefused(["The sums differ."])
        return await publishing.publish(self.hall, now)

    async def show(self, now: datetime) -> None:
        self.shown.append(now)

    async def announce(self, number: int, now: datetime) -> None:
        self.announced.append(number)


@asynccontextmanager
async def day(folder: Path) -> AsyncIterator[tuple[Booth, Press, Clocks]]:
    """A day that begins at eight in the morning with the opening."""
    async with booth(folder, file=TIMED, opened=False) as hall:
        clocks = Clocks()
        hall.hand.at = clocks.wall
        await hall.opens()
        clocks.run(seconds=5)
        yield hall, Press(hall.hall), clocks


def job(hall: Booth, press: Press, clocks: Clocks) -> Bulletins:
    return Bulletins(hall.hall.standing, hall.hall.store.books, press, Steady(clocks.monotonic))


async def made(hall: Booth) -> list[str]:
    """When bulletins were made, in hours and minutes of UTC."""
    return [json.loads(body)["at"][11:16] for body in await hall.hall.store.books.bulletins()]


async def test_each_hour_brings_one_bulletin_shown_and_announced(tmp_path: Path) -> None:
    async with day(tmp_path) as (hall, press, clocks):
        bulletins = job(hall, press, clocks)
        for _ in range(60 * 8):
            await bulletins.run(clocks.run(minutes=1))
        assert await made(hall) == ["04:00", "07:00", "10:00"]
        assert press.announced == [1, 2, 3]
        assert len(press.shown) == 3


async def test_hours_missed_are_caught_up_by_one_bulletin(tmp_path: Path) -> None:
    async with day(tmp_path) as (hall, press, clocks):
        clocks.run(hours=8)
        for _ in range(3):
            await job(hall, press, clocks).run(clocks.run(minutes=1))  # as after restarts
        assert await made(hall) == ["11:01"]
        assert set(press.announced) == {1}


async def test_before_the_opening_there_is_none(tmp_path: Path) -> None:
    async with booth(tmp_path, file=TIMED, opened=False) as hall:
        clocks = Clocks()
        bulletins = job(hall, Press(hall.hall), clocks)
        for _ in range(30):
            await bulletins.run(clocks.run(minutes=30))
        assert await made(hall) == []


async def test_after_the_close_one_more_and_after_the_last_none(tmp_path: Path) -> None:
    async with day(tmp_path) as (hall, press, clocks):
        bulletins = job(hall, press, clocks)
        await bulletins.run(clocks.run(hours=1))
        hall.hand.at = clocks.run(hours=1)
        await hall.closes()
        for _ in range(24):
            await bulletins.run(clocks.run(hours=1))
        assert await made(hall) == ["04:00", "07:00"]


async def test_a_clock_that_jumps_makes_no_bulletin_twice(tmp_path: Path) -> None:
    async with day(tmp_path) as (hall, press, clocks):
        bulletins = job(hall, press, clocks)
        await bulletins.run(clocks.run(minutes=59))
        await bulletins.run(clocks.jump(hours=1))
        assert await made(hall) == [], "not believed at once"
        await bulletins.run(clocks.run(minutes=11))
        assert len(await made(hall)) == 1, "believed after a while"
        await bulletins.run(clocks.jump(hours=-1))
        for _ in range(60):
            await bulletins.run(clocks.run(minutes=1))
        assert len(await made(hall)) == 1, "nine o'clock comes a second time"
        for _ in range(130):
            await bulletins.run(clocks.run(minutes=1))
        assert len(await made(hall)) == 2


async def test_a_refused_bulletin_is_told_once_and_made_when_it_can_be(tmp_path: Path) -> None:
    async with day(tmp_path) as (hall, press, clocks):
        bulletins = job(hall, press, clocks)
        press.refusing = lambda: True
        with structlog.testing.capture_logs() as logs:
            refused = [(await bulletins.run(clocks.run(minutes=65 if n == 0 else 1)))["refused"] for n in range(5)]
        assert refused == [1] * 5
        assert [line["reasons"] for line in logs if line["event"] == "bulletin_refused"] == [["The sums differ."]]
        press.refusing = lambda: False
        assert (await bulletins.run(clocks.run(minutes=1)))["published"] == 1
        assert press.announced == [1]


async def test_a_bulletin_made_by_hand_between_the_hours_is_not_sent_out(tmp_path: Path) -> None:
    async with day(tmp_path) as (hall, press, clocks):
        bulletins = job(hall, press, clocks)
        await publishing.publish(hall.hall, clocks.run(minutes=10))
        await bulletins.run(clocks.run(minutes=1))
        assert (press.announced, len(press.shown)) == ([], 1)
        await bulletins.run(clocks.run(minutes=60))
        assert press.announced == [2]
