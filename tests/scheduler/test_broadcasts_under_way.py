"""A broadcast under way over a real store: whom it reaches, in what order, and what it does when things go wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from election.broadcasts import Broadcast, Kind, Plan, Recipient
from election.definition import Words
from election.ports import Letter
from scheduler.broadcasts import Broadcasts
from scheduler.course import Fate, Tempo
from tests.voters import Booth, Voter, booth

WORDS = Words("сәлем", "привет", "hello")
QUICK = Tempo(window=4, page=3, note_seconds=0.01, unreached_seconds=0.01, drain_seconds=0.2)


@dataclass
class Town:
    """Members in Telegram who write down what they get. `answer` decides what becomes of a message."""

    hall: Booth
    got: list[str] = field(default_factory=list)
    answer: Callable[[Recipient], Awaitable[Fate]] | None = None
    most_at_once: int = 0
    _at_once: int = 0

    async def say(self, recipient: Recipient) -> Fate:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(0.001)
            fate: Fate = await self.answer(recipient) if self.answer else "sent"
        finally:
            self._at_once -= 1
        if fate == "sent":
            self.got.append(recipient.key)
        return fate

    def letter(self, recipient: Recipient, now: datetime) -> Letter:
        return Letter("broadcast", recipient.sealed_phone, self.hall.hall.strongroom.seal_letter("news"), now)

    def clock(self) -> Broadcasts:
        """The job, as a process has it."""

        async def script(_: Broadcast) -> "Town":
            return self

        async def may_go(broadcast: Broadcast, now: datetime) -> bool:
            standing = await self.hall.hall.standing.now_standing(now)
            return broadcast.plan.kind != "reminder" or standing.record.stage == "open"

        return Broadcasts(self.hall.hall.store.broadcasts, script, may_go, self.hall.hand, QUICK)

    async def plans(self, kind: Kind = "message", **others: Any) -> int:
        now = self.hall.hand()
        plain: dict[str, Any] = {"ways": ("telegram",), "due_at": now, "made_at": now, "by": "me", "text": WORDS}
        return await self.hall.hall.store.broadcasts.plan(Plan(kind, **(plain | others)), 10)

    async def broadcast(self, number: int) -> Broadcast:
        found = await self.hall.hall.store.broadcasts.broadcast(number)
        assert found is not None
        return found

    async def runs(self) -> dict[str, int]:
        return await self.clock().run(self.hall.hand())


@asynccontextmanager
async def town(folder: Path, members: int = 10) -> AsyncIterator[Town]:
    async with booth(folder, members=members) as hall:
        for number in range(1, members + 1):
            await hall.hall.store.ledger.enrol(f"m{number:06d}", "telegram", str(5000 + number), "1")
        yield Town(hall)


def everybody(members: int = 10) -> list[str]:
    return [str(5000 + number) for number in range(1, members + 1)]


async def test_everybody_gets_it_once_and_no_more_than_the_window_are_under_way(tmp_path: Path) -> None:
    async with town(tmp_path) as people:
        number = await people.plans(ways=("channels", "telegram"), channels=("@a", "-100"))
        assert await people.runs() == {"ended": 1, "left": 0}
        assert sorted(people.got) == sorted(["-100", "@a", *everybody()])
        assert people.most_at_once <= QUICK.window
        found = await people.broadcast(number)
        assert (found.state, found.counts.sent, found.progress.begun) == ("done", 12, ())
        assert await people.runs() == {"ended": 0, "left": 0}


async def test_closed_chats_are_counted_and_left_out_of_the_next_one(tmp_path: Path) -> None:
    async def closed(recipient: Recipient) -> Fate:
        return "blocked" if recipient.key == "5003" else "sent"

    async with town(tmp_path) as people:
        people.answer = closed
        first, second = await people.plans(), await people.plans()
        await people.runs()
        assert (await people.broadcast(first)).counts.blocked == 1
        again = (await people.broadcast(second)).counts
        assert (again.blocked, again.sent) == (0, 9)
        anna = Voter(people.hall, people.hall.telegram(3, account="5003").address, "+77010000003", "ru")
        await anna.says("/start")
        third = await people.plans()
        people.answer = None
        await people.runs()
        assert (await people.broadcast(third)).counts.sent == 10


async def test_who_cannot_be_reached_is_tried_again_and_holds_up_nobody(tmp_path: Path) -> None:
    tries: list[str] = []

    async def down(recipient: Recipient) -> Fate:
        if recipient.key not in ("5001", "5002"):
            return "sent"
        tries.append(recipient.key)
        return "sent" if recipient.key == "5002" and tries.count("5002") == 3 else "unreached"

    async with town(tmp_path, members=30) as people:
        people.answer = down
        number = await people.plans()
        async with asyncio.timeout(20):
            await people.runs()
        found = await people.broadcast(number)
        assert (found.state, found.counts.sent, found.counts.failed) == ("done", 29, 1)
        assert people.got[-1] != "5001"


async def test_left_in_the_middle_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with town(tmp_path, members=40) as people:
        number = await people.plans()
        clock = people.clock()

        async def halting(_: Recipient) -> Fate:
            if len(people.got) == 15:
                clock.halt()
            return "sent"

        people.answer = halting
        assert await clock.run(people.hall.hand()) == {"ended": 0, "left": 1}
        got = len(people.got)
        found = await people.broadcast(number)
        assert (found.state, found.counts.sent) == ("going", got)
        people.answer = None
        await people.runs()
        assert sorted(people.got) == everybody(40), "nobody twice, nobody left out"


async def test_an_organisers_words_go_before_a_bulletin_that_then_goes_on(tmp_path: Path) -> None:
    async with town(tmp_path, members=30) as people:
        bulletin = await people.plans("bulletin", bulletin=1, text=None)
        ended: list[str] = []

        async def interrupted(_: Recipient) -> Fate:
            if len(people.got) == 10 and not ended:
                ended.append("")
                ended[0] = str(await people.plans())
            return "sent"

        people.answer = interrupted
        assert await people.runs() == {"ended": 2, "left": 1}
        assert sorted(people.got) == sorted(everybody(30) * 2)
        message, news = await people.broadcast(int(ended[0])), await people.broadcast(bulletin)
        assert (message.state, news.state, news.counts.sent) == ("done", "done", 30)


async def test_stopped_while_it_goes_it_goes_no_further(tmp_path: Path) -> None:
    async with town(tmp_path, members=60) as people:
        number = await people.plans()

        async def stopping(_: Recipient) -> Fate:
            if len(people.got) == 10:
                await people.hall.hall.store.broadcasts.stop(number, people.hall.hand())
            return "sent"

        people.answer = stopping
        assert await people.runs() == {"ended": 0, "left": 1}
        assert len(people.got) <= 10 + 3 * QUICK.window
        assert (await people.broadcast(number)).state == "stopped"


async def test_another_process_that_takes_it_over_is_not_disturbed_by_the_first(tmp_path: Path) -> None:
    async with town(tmp_path, members=40) as people:
        number = await people.plans()

        async def taken(_: Recipient) -> Fate:
            if len(people.got) == 10:
                await people.hall.hall.store.broadcasts.take(number, "another", people.hall.hand())
            return "sent"

        people.answer = taken
        clock = people.clock()

        async def only_once(now: datetime) -> None:
            clock.halt() if len(people.got) > 10 else None

        await asyncio.gather(clock.run(people.hall.hand()), only_once(people.hall.hand()))
        assert set(people.got) == set(everybody(40))
        assert len(people.got) <= 40 + 2 * QUICK.window
        assert (await people.broadcast(number)).state == "done"


async def test_by_sms_it_goes_through_the_outbox_page_by_page(tmp_path: Path) -> None:
    async with booth(tmp_path, members=8) as hall:
        for number in range(1, 9):
            await hall.hall.store.ledger.enrol(f"m{number:06d}", "sms", "")
        people = Town(hall)
        number = await people.plans(ways=("sms",))
        await people.runs()
        found = await people.broadcast(number)
        assert (found.state, found.counts.queued, found.counts.sent) == ("done", 8, 0)
        assert [await hall.letters(f"+7701{n:07d}") for n in range(1, 9)] == [["news"]] * 8


async def test_after_the_close_a_reminder_ends_by_itself(tmp_path: Path) -> None:
    async with town(tmp_path) as people:
        number = await people.plans("reminder", text=None)
        await people.hall.closes()
        await people.runs()
        assert (people.got, (await people.broadcast(number)).state) == ([], "stopped")


async def test_killed_with_messages_under_way_it_loses_nobody(tmp_path: Path) -> None:
    asked: list[str] = []

    async def silent_at_last(recipient: Recipient) -> Fate:
        asked.append(recipient.key)
        if len(asked) > 12:
            await asyncio.Event().wait()  # no word of it ever comes
        return "sent"

    async with town(tmp_path, members=30) as people:
        people.answer = silent_at_last
        number = await people.plans()
        running = asyncio.ensure_future(people.runs())
        async with asyncio.timeout(20):
            while len(asked) < 12 + QUICK.window or (await people.broadcast(number)).progress.after != asked[-1]:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        people.answer = None
        await people.runs()
        assert sorted(set(people.got)) == everybody(30)
        assert len(people.got) == 30, "what was noted is not said again"
