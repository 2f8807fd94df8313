"""Telegram's pace, on a clock moved by hand."""

import asyncio

import pytest

from bot.pace import Pace, Urgency
from tests.bot.hand_clock import HandClock, settle

ANSWER, NOTICE, BROADCAST = Urgency


class Stage:
    """Calls that wait for their turn, and the order in which they went."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self.clock = HandClock()
        self.pace = Pace(self.clock)
        self.gone: list[str] = []
        self._group = group

    def call(self, name: str, urgency: Urgency, chat: str) -> asyncio.Task[None]:
        async def go() -> None:
            await self.pace.turn(urgency, chat)
            self.gone.append(name)

        return self._group.create_task(go())


async def test_a_broadcast_keeps_to_thirty_a_second() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        for number in range(100):
            stage.call("b", BROADCAST, str(number))
        await stage.clock.pass_by(1.0)
        assert 30 <= len(stage.gone) <= 30 + Pace.BURST
        await stage.clock.pass_by(1.0)
        assert 60 <= len(stage.gone) <= 60 + Pace.BURST
        await stage.clock.pass_by(2.0)


async def test_answers_go_before_notices_and_notices_before_broadcasts() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        await stage.pace.obey(1)
        for number in range(3):
            stage.call("broadcast", BROADCAST, f"b{number}")
            stage.call("notice", NOTICE, f"n{number}")
            stage.call("answer", ANSWER, f"a{number}")
        await stage.clock.pass_by(3)
        assert stage.gone == ["answer"] * 3 + ["notice"] * 3 + ["broadcast"] * 3


async def test_answers_are_not_held_to_the_pace_of_a_broadcast() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        for number in range(500):
            stage.call("answer", ANSWER, str(number))
        await settle()
        assert len(stage.gone) == 500


async def test_many_answers_slow_a_broadcast_but_never_stop_it() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        for number in range(200):
            stage.call("broadcast", BROADCAST, f"b{number}")
        for tick in range(50):
            for number in range(4):
                stage.call("answer", ANSWER, f"a{tick}.{number}")
            await stage.clock.pass_by(0.1)
        assert stage.gone.count("answer") == 200
        assert 40 <= stage.gone.count("broadcast") <= 80
        await stage.clock.pass_by(10)


async def test_one_chat_gets_a_burst_and_then_one_a_second_while_others_pass() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        for _ in range(Pace.CHAT_BURST + 3):
            stage.call("eager", ANSWER, "1")
        stage.call("other", ANSWER, "2")
        await settle()
        assert stage.gone.count("eager") == Pace.CHAT_BURST
        assert stage.gone.count("other") == 1
        await stage.clock.pass_by(2)
        assert stage.gone.count("eager") == Pace.CHAT_BURST + 2
        await stage.clock.pass_by(2)


@pytest.mark.parametrize("group", ["-1001", "@turnout"])
async def test_a_group_gets_no_more_than_twenty_in_any_minute(group: str) -> None:
    async with asyncio.TaskGroup() as calls:
        stage = Stage(calls)
        left: list[int] = []
        for number in range(60):
            stage.call(str(number), BROADCAST, group)
        for _ in range(230):
            before = len(stage.gone)
            await stage.clock.pass_by(1)
            left.append(len(stage.gone) - before)
        assert sum(left) == 60
        assert max(sum(left[second : second + 60]) for second in range(len(left))) <= 20


async def test_who_pays_for_more_a_second_gets_it() -> None:
    async with asyncio.TaskGroup() as group:
        clock = HandClock()
        pace, gone = Pace(clock, per_second=1000), []

        async def go(number: int) -> None:
            await pace.turn(BROADCAST, str(number))
            gone.append(number)

        for number in range(3000):
            group.create_task(go(number))
        await clock.pass_by(2)
        assert 2000 <= len(gone) <= 2101
        await clock.pass_by(2)


async def test_when_telegram_objects_nothing_leaves_the_bot_until_it_may() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        await stage.pace.obey(7)
        stage.call("answer", ANSWER, "1")
        stage.call("press", ANSWER, "")
        await stage.clock.pass_by(6.9)
        assert stage.gone == []
        assert not stage.pace.at_once("2")
        await stage.clock.pass_by(0.3)
        assert sorted(stage.gone) == ["answer", "press"]


async def test_after_an_objection_answers_keep_to_the_narrow_pace_for_a_while() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        await stage.pace.obey(1)
        await stage.clock.pass_by(1.1)
        for number in range(100):
            stage.call("many", ANSWER, str(number))
        stage.call("eager", ANSWER, "x")
        stage.call("eager", ANSWER, "x")
        await stage.clock.pass_by(0.9)
        assert len(stage.gone) <= 30 + Pace.BURST
        assert stage.gone.count("eager") == 0  # first come, first served: it stands behind the hundred
        await stage.clock.pass_by(60)
        for number in range(100):
            stage.call("later", ANSWER, f"later{number}")
        await settle()
        assert stage.gone.count("later") == 100


async def test_after_an_objection_a_chat_gets_no_burst() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        await stage.pace.obey(1)
        for _ in range(3):
            stage.call("eager", ANSWER, "1")
        await stage.clock.pass_by(1.15)
        assert len(stage.gone) == 2  # one that waited out the objection, and one whose second came meanwhile
        await stage.clock.pass_by(1.2)
        assert len(stage.gone) == 3


async def test_a_free_turn_is_taken_at_once_and_counts() -> None:
    pace = Pace(HandClock())
    taken = [pace.at_once("1") for _ in range(Pace.CHAT_BURST + 1)]
    assert taken == [True] * Pace.CHAT_BURST + [False]
    assert pace.at_once("2")


async def test_a_call_that_was_given_up_takes_nobodys_turn() -> None:
    async with asyncio.TaskGroup() as group:
        stage = Stage(group)
        await stage.pace.obey(1)
        given_up = stage.call("given up", ANSWER, "1")
        stage.call("kept", ANSWER, "2")
        await settle()
        given_up.cancel()
        await stage.clock.pass_by(1.5)
        assert stage.gone == ["kept"]


async def test_chats_long_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "CHATS_KEPT", 10)
    clock = HandClock()
    pace = Pace(clock)
    for number in range(1000):
        clock.now += 1
        assert pace.at_once(str(number))
    assert len(pace._chats) <= 10
