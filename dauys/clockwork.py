"""The clock's jobs put together, and run as long as this process leads."""

import asyncio
import math
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

import structlog

from bot.door import TelegramDoor
from bot.pace import Urgency
from bot.sending import Outcome
from dauys import acts_told, broadcasting, clock, inspecting, metrics, numbers_told, publishing
from dauys.radar_roll import roll_findings
from dauys.reminding import remind_committee
from dauys.settings import Settings
from dauys.wiring import Fleeting, Hall
from election.broadcasts import Broadcast, Way
from election.errors import NoElection
from election.ports import Act
from election.radar.watch import Watch
from handlers import notices
from handlers.acts_told import KINDS as KINDS_TOLD
from handlers.speech import Reply
from scheduler.announcements import Announcements
from scheduler.broadcasts import Broadcasts
from scheduler.bulletins import Bulletins
from scheduler.complaints import Reminders
from scheduler.course import Fate, Script, Tempo
from scheduler.hours import Hours
from scheduler.lead import Leader, Led
from scheduler.purge import Purge
from scheduler.radar import RadarWatch
from scheduler.repairs import Numbers
from scheduler.steady import Steady
from scheduler.timetable import Timetable

_log = structlog.get_logger("dauys")

_FATES: dict[Outcome, Fate] = {
    Outcome.DELIVERED: "sent",
    Outcome.BLOCKED: "blocked",
    Outcome.REFUSED: "failed",
    Outcome.WITHDRAWN: "spared",
    Outcome.UNREACHED: "unreached",
}
_LEAST_WINDOW = 20
_WINDOW_SECONDS = 2.0
"""So much of the pace may be begun and not noted: Telegram's delay and a slow disk's together, and some in the line."""
_LOOK_SECONDS = 1.0
_RADAR_SECONDS = 600


@asynccontextmanager
async def clockwork(
    settings: Settings, hall: Hall, fleeting: Fleeting, telegram: TelegramDoor | None
) -> AsyncIterator[None]:
    """Run the clock's jobs. Without `telegram` broadcasts wait for a clock that has a bot."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    leader, steady = Leader(hall.store.leases, holder), Steady(time.monotonic)
    press = _Press(settings, hall)
    timetable = Timetable(clock.now)
    timetable.every(1, "hours", Led(Hours(hall.standing, hall.commission, steady), leader))
    timetable.every(5, "bulletins", Led(Bulletins(hall.standing, hall.store.books, press, steady), leader))
    crier = _Crier(settings, hall)
    announcements = Announcements(hall.store.broadcasts, crier, KINDS_TOLD)
    timetable.every(1, "announcements", Led(announcements, leader))
    tell = numbers_told.teller(hall, telegram) if telegram else None
    timetable.every(5, "numbers", Led(Numbers(hall.repairs, hall.store.repairs, tell, steady), leader))
    timetable.every(60, "purge", Purge(fleeting.purge))
    remind = partial(remind_committee, hall)
    timetable.every(60, "complaints", Led(Reminders(hall.store.complaints, fleeting, remind), leader))
    watch = RadarWatch(hall.standing, hall.store.radar, lambda: roll_findings(hall), Watch(secrets.SystemRandom()))
    timetable.every(_RADAR_SECONDS, "radar", Led(watch, leader))
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group, timetable:
        broadcasts = None
        if telegram is None:
            _log.warning("broadcasts_wait", mend="set BOT_TOKEN for the clock too")
        else:
            broadcasts = _broadcasts(settings, hall, telegram)
            group.create_task(_look_again_and_again(broadcasts, leader, stop))
        try:
            yield
        finally:
            stop.set()
            if broadcasts is not None:
                broadcasts.halt()
    await hall.store.leases.release("clock", holder)


def _broadcasts(settings: Settings, hall: Hall, telegram: TelegramDoor) -> Broadcasts:
    voice = _Voice(telegram)

    async def script(broadcast: Broadcast) -> Script:
        said = await broadcasting.what_is_said(hall, settings, broadcast.plan)
        return broadcasting.Speaker(hall, broadcast, said, voice.say, clock.now)

    async def may_go(broadcast: Broadcast, now: datetime) -> bool:
        if broadcast.plan.act:
            return await acts_told.is_true(hall, broadcast.plan.act, now)
        if broadcast.plan.kind != "reminder":
            return True
        try:
            standing = await hall.standing.now_standing(now)
        except NoElection:
            return False
        return standing.record.stage == "open" and not standing.is_past(now)

    window = max(_LEAST_WINDOW, math.ceil(_WINDOW_SECONDS * settings.TELEGRAM_PER_SECOND * len(settings.tokens)))
    tempo = Tempo(window, page=max(Tempo(window).page, window))
    return Broadcasts(hall.store.broadcasts, script, may_go, clock.now, tempo)


async def _look_again_and_again(broadcasts: Broadcasts, leader: Leader, stop: asyncio.Event) -> None:
    """A job of its own, beside the timetable, since it may run for hours."""
    while not stop.is_set():
        try:
            if await leader.leads(clock.now()):
                await broadcasts.run(clock.now())
        except Exception as fault:  # whatever it was, the next look goes on where this one stopped
            _log.error("job_failed", job="broadcasts", fault=_kind(fault))
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await stop.wait()
        except TimeoutError:
            pass


def _kind(fault: Exception) -> str:
    return _kind(fault.exceptions[0]) if isinstance(fault, ExceptionGroup) else type(fault).__name__


class _Voice:
    """Says what a broadcast says, by the bot of each member, and counts."""

    def __init__(self, telegram: TelegramDoor) -> None:
        self._telegram = telegram

    async def say(self, reply: Reply, picture: bytes, still: broadcasting.Still | None) -> Fate:
        """Say it in its turn, behind answers and notices."""
        if reply.address.chat.startswith(("@", "-")):  # whichever bot posts in a channel: the first
            reply = notices.unasked(reply.address.chat, self._telegram.bots[0], reply.text)
        outcome = await self._telegram.send(reply, Urgency.BROADCAST, picture=picture, still=still)
        fate = _FATES[outcome]
        metrics.count_broadcast(fate)
        return fate


class _Press:
    """scheduler.bulletins.Press over the store and the board's folder."""

    def __init__(self, settings: Settings, hall: Hall) -> None:
        self._settings = settings
        self._hall = hall

    async def publish(self, now: datetime) -> bytes:
        """See Press."""
        await inspecting.must_be_whole(self._hall)
        return await publishing.publish(self._hall, now, inspected=True)

    async def show(self, now: datetime) -> None:
        """See Press."""
        folder = self._settings.BOARD_DIR
        await publishing.put_on_board(self._hall, now, folder, publishing.kept_result(folder))

    async def announce(self, number: int, now: datetime) -> None:
        """See Press. By SMS only where the operator says so: it is dear, and members asked for codes, not for news."""
        ways: tuple[Way, ...] = ("channels", "telegram")
        if self._settings.BULLETINS_BY_SMS:
            ways = (*ways, "sms")
        plan = await broadcasting.a_bulletin(self._hall, number, ways, "the timetable", now)
        await broadcasting.put_down(self._hall, await broadcasting.preview(self._hall, self._settings, plan))


class _Crier:
    """scheduler.announcements.Crier over the store."""

    def __init__(self, settings: Settings, hall: Hall) -> None:
        self._settings = settings
        self._hall = hall

    async def plan(self, act: Act, now: datetime) -> None:
        """See Crier."""
        plan = await acts_told.an_announcement(self._hall, act, now)
        await broadcasting.put_down(self._hall, await broadcasting.preview(self._hall, self._settings, plan))
