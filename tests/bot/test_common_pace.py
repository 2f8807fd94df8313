"""One token in several processes: each with a pace of its own, on one real store, on a clock moved by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot.common_pace import AWAY_SECONDS, REPORT_SECONDS, CommonPace
from bot.pace import HOLD_MARGIN, Pace, Urgency
from dauys.pacing import SharedBuckets
from election.ports import Fleeting, Grant
from storage.fleeting.file_twin import FileTwin
from storage.fleeting.redis_store import RedisStore
from tests.bot.hand_clock import HandClock, settle

ANSWER, NOTICE, BROADCAST = Urgency
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


class Asked(SharedBuckets):
    """The buckets as the door has them; it is known when nothing is being asked."""

    under_way = 0

    async def take(self, name: str, per_second: float, burst: int, most: int, *, owed: int = 0) -> Grant:
        Asked.under_way += 1
        try:
            return await super().take(name, per_second, burst, most, owed=owed)
        finally:
            Asked.under_way -= 1


async def settle_with_the_store() -> None:
    await settle()
    while Asked.under_way:
        await asyncio.sleep(0.0005)
        await settle()


class Process:
    """One of several processes with the same token, and who has left it."""

    def __init__(self, town: "Town", store: Fleeting) -> None:
        self._town = town
        self.pace = CommonPace(town.clock, Asked(store, town.utc), "bot:77")
        self.reporting = town.group.create_task(self.pace.report())
        self.gone: list[str] = []

    def call(self, name: str, urgency: Urgency, chat: str) -> None:
        async def go() -> None:
            await self.pace.turn(urgency, chat)
            self.gone.append(name)

        self._town.calls.append(self._town.group.create_task(go()))

    def calls(self, name: str, urgency: Urgency, many: int) -> None:
        for number in range(many):
            self.call(name, urgency, f"{id(self)}.{name}.{number}.{self._town.clock.now}")


class Town:
    """Two processes and a third one that may be started; one store, one clock."""

    def __init__(self, kind: str, folder: Path, url: str, group: asyncio.TaskGroup) -> None:
        self.clock = HandClock(settle_with_the_store)
        self.group = group
        self.calls: list[asyncio.Task[None]] = []
        self.stores: list[FileTwin | RedisStore] = []
        self._open = (lambda: RedisStore(url)) if kind == "redis" else (lambda: FileTwin(folder / "fleeting"))
        self.processes: list[Process] = []

    def utc(self) -> datetime:
        return NOW + timedelta(seconds=self.clock.now)

    def starts(self) -> Process:
        self.stores.append(self._open())
        self.processes.append(Process(self, self.stores[-1]))
        return self.processes[-1]

    @property
    def gone(self) -> list[str]:
        return [name for process in self.processes for name in process.gone]

    async def ends(self) -> None:
        for task in [*self.calls, *(process.reporting for process in self.processes)]:
            task.cancel()
        await settle_with_the_store()
        for store in self.stores:
            closed = store.close()
            if closed is not None:
                await closed


@pytest.fixture(params=["file", "redis"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def town(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> AsyncIterator[Town]:
    url = request.getfixturevalue("redis_url") if kind == "redis" else ""
    async with made(kind, tmp_path, url) as town:
        yield town


@asynccontextmanager
async def made(kind: str, folder: Path, url: str) -> AsyncIterator[Town]:
    async with asyncio.TaskGroup() as group:
        town = Town(kind, folder, url, group)
        try:
            yield town
        finally:
            await town.ends()


async def test_two_processes_that_broadcast_keep_to_thirty_a_second_together(town: Town) -> None:
    one, two = town.starts(), town.starts()
    one.calls("b", BROADCAST, 100)
    two.calls("b", BROADCAST, 100)
    for second in (1, 2, 3):
        await town.clock.pass_by(1.0)
        assert 30 * second - 2 <= len(town.gone) <= 30 * second + Pace.BURST
    assert len(one.gone) > 30, "they share it"
    assert len(two.gone) > 30


async def test_one_process_alone_has_the_whole_pace(town: Town) -> None:
    town.starts().calls("b", BROADCAST, 100)
    await town.clock.pass_by(2.0)
    assert 58 <= len(town.gone) <= 60 + Pace.BURST


async def test_notices_of_one_process_go_before_the_broadcast_of_another(town: Town) -> None:
    one, two = town.starts(), town.starts()
    one.calls("broadcast", BROADCAST, 100)
    await town.clock.pass_by(1.0)
    before = len(one.gone)
    two.calls("notice", NOTICE, 60)
    await town.clock.pass_by(1.8)
    assert len(two.gone) >= 53
    assert len(one.gone) - before <= 1
    await town.clock.pass_by(1.2)
    assert len(two.gone) == 60
    assert len(one.gone) - before >= 25


async def test_an_objection_met_by_one_process_is_obeyed_by_the_other(town: Town) -> None:
    one, two = town.starts(), town.starts()
    two.calls("before", BROADCAST, 1)
    await town.clock.pass_by(1.0)
    await one.pace.obey(7)
    two.calls("broadcast", BROADCAST, 3)
    two.calls("notice", NOTICE, 3)
    await town.clock.pass_by(7 + HOLD_MARGIN - 0.001)
    assert town.gone == ["before"]
    await town.clock.pass_by(1.0)
    assert sorted(town.gone) == ["before"] + ["broadcast"] * 3 + ["notice"] * 3


async def test_a_process_that_only_answers_learns_of_it_by_its_next_report(town: Town) -> None:
    one, two = town.starts(), town.starts()
    await one.pace.obey(7)
    assert two.pace.at_once("1"), "it does not ask before an answer"
    await town.clock.pass_by(REPORT_SECONDS)
    assert not two.pace.at_once("2")
    two.calls("answer", ANSWER, 2)
    two.call("press", ANSWER, "")
    await town.clock.pass_by(6.5)
    assert two.gone == []
    await town.clock.pass_by(0.5)
    assert sorted(two.gone) == ["answer", "answer", "press"]


async def test_after_an_objection_the_answers_of_all_processes_keep_to_the_narrow_pace(town: Town) -> None:
    one, two = town.starts(), town.starts()
    await one.pace.obey(1)
    two.calls("learns", BROADCAST, 1)
    await town.clock.pass_by(2.0)
    assert not two.pace.at_once("1"), "none is free while the others must be asked"
    for process in (one, two):
        process.calls("answer", ANSWER, 100)
        process.calls("broadcast", BROADCAST, 20)
    await town.clock.pass_by(2.0)
    assert 58 <= town.gone.count("answer") <= 60 + Pace.BURST
    assert town.gone.count("broadcast") == 0
    await town.clock.pass_by(Pace.STRICT_SECONDS)
    two.calls("later", ANSWER, 100)
    await settle_with_the_store()
    assert two.gone.count("later") == 100


async def test_a_process_that_starts_anew_still_obeys(town: Town) -> None:
    await town.starts().pace.obey(7)
    three = town.starts()
    three.calls("broadcast", BROADCAST, 1)
    await town.clock.pass_by(7)
    assert three.gone == []
    await town.clock.pass_by(0.2)
    assert three.gone == ["broadcast"]


async def test_many_answers_of_one_process_slow_the_broadcast_of_another_but_never_stop_it(town: Town) -> None:
    one, two = town.starts(), town.starts()
    one.calls("broadcast", BROADCAST, 200)
    for _ in range(50):
        two.calls("answer", ANSWER, 4)
        await town.clock.pass_by(0.1)
    assert two.gone.count("answer") == 200
    assert 40 <= one.gone.count("broadcast") <= 80


async def test_answers_ask_nobody(town: Town) -> None:
    one = town.starts()
    town.stores[0].take = None  # type: ignore[assignment, method-assign]
    one.calls("answer", ANSWER, 500)
    for _ in range(4):
        await asyncio.sleep(0)
    assert len(one.gone) == 500


async def test_while_the_store_is_away_each_process_keeps_to_its_own_pace(tmp_path: Path) -> None:
    async with made("file", tmp_path, "") as town:
        one = town.starts()
        town.stores[0].close()
        with structlog.testing.capture_logs() as logs:
            one.calls("broadcast", BROADCAST, 100)
            one.calls("answer", ANSWER, 50)
            await town.clock.pass_by(2.0)
            assert 60 <= one.gone.count("broadcast") + 40 <= 100 + Pace.BURST
            assert one.gone.count("answer") == 50
            await one.pace.obey(3)
            one.calls("after", ANSWER, 1)
            await town.clock.pass_by(3.0)
            assert "after" not in one.gone
            await town.clock.pass_by(AWAY_SECONDS)
            assert "after" in one.gone
        assert [line["event"] for line in logs] == ["common_pace_away"], "told once"
        assert logs[0]["error"] == "StoreUnavailable"
