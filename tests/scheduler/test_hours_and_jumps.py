"""Opening and closing by the clock, also when somebody sets it wrongly."""

from datetime import UTC, datetime
from pathlib import Path

from election.deeds import hours as closing
from election.election_file import parse
from scheduler.hours import Hours
from scheduler.steady import Steady
from tests.scheduler.clocks import Clocks
from tests.voters import FILE, Booth, booth

HOURS = FILE.replace(
    'timezone = "Asia/Almaty"',
    'timezone = "Asia/Almaty"\nopens = 2026-12-01T09:00:00+05:00\ncloses = 2026-12-01T20:00:00+05:00',
)  # 04:00 and 15:00 UTC


async def stage(hall: Booth) -> str:
    record = await hall.hall.store.ledger.election()
    assert record is not None
    return record.stage


def watch(hall: Booth, clocks: Clocks) -> Hours:
    return Hours(hall.hall.standing, hall.hall.commission, Steady(clocks.monotonic))


async def test_it_opens_and_closes_once_at_its_hours(tmp_path: Path) -> None:
    async with booth(tmp_path, file=HOURS, opened=False) as hall:
        clocks = Clocks()
        hours = watch(hall, clocks)
        done = [await hours.run(clocks.wall)]
        for minutes in (59, 1, 1, 60 * 10 + 58, 1, 1):
            done.append(await hours.run(clocks.run(minutes=minutes)))
        assert [(each["opened"], each["closed"]) for each in done] == [
            (0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0)
        ]  # fmt: skip


async def test_a_clock_set_an_hour_ahead_and_back_opens_and_closes_nothing(tmp_path: Path) -> None:
    async with booth(tmp_path, file=HOURS, opened=False) as hall:
        clocks = Clocks()
        hours = watch(hall, clocks)
        await hours.run(clocks.run(minutes=30))
        await hours.run(clocks.jump(hours=1))
        await hours.run(clocks.run(minutes=5))
        assert await stage(hall) == "draft"
        await hours.run(clocks.jump(hours=-1))
        await hours.run(clocks.run(minutes=20))
        assert await stage(hall) == "draft"
        assert (await hours.run(clocks.run(minutes=6)))["opened"] == 1
        await hours.run(clocks.run(hours=10, minutes=30))
        await hours.run(clocks.jump(hours=1))
        assert await stage(hall) == "open"
        await hours.run(clocks.jump(hours=-1))
        await hours.run(clocks.jump(hours=-1))
        await hours.run(clocks.run(minutes=30))
        assert await stage(hall) == "open"


async def test_a_clock_that_was_rightly_set_ahead_is_believed_after_a_while(tmp_path: Path) -> None:
    async with booth(tmp_path, file=HOURS, opened=False) as hall:
        clocks = Clocks()
        hours = watch(hall, clocks)
        await hours.run(clocks.wall)
        await hours.run(clocks.jump(hours=1, minutes=5))
        await hours.run(clocks.run(minutes=9))
        assert await stage(hall) == "draft"
        await hours.run(clocks.run(minutes=1))
        assert await stage(hall) == "open"


async def test_voting_that_was_extended_closes_at_the_new_hour(tmp_path: Path) -> None:
    async with booth(tmp_path, file=HOURS, opened=False) as hall:
        clocks = Clocks()
        watching = watch(hall, clocks)
        await watching.run(clocks.run(hours=1))
        await watching.run(clocks.run(hours=10, minutes=59))
        about = closing.extension(parse(HOURS), datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
        await hall.hall.commission.propose("extend", "", "power was out", clocks.wall, about)
        assert (await watching.run(clocks.run(minutes=1)))["closed"] == 0, "not even with a reading of a moment ago"
        assert await stage(hall) == "open"
        assert (await watching.run(clocks.run(minutes=60)))["closed"] == 1
        record = await hall.hall.store.ledger.election()
        assert record is not None
        assert record.closed_at == clocks.wall
