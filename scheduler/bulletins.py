"""Bulletins on their timetable: made, shown on the board, and planned as broadcasts."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import structlog

from election import timetable
from election.books import BookKeeping
from election.bulletin import BulletinRefused
from election.errors import NoElection
from election.standing import Standing, StandingReader
from scheduler.steady import Steady

_log = structlog.get_logger("scheduler")


class Press(Protocol):
    """Makes a bulletin and sees to it that it is met."""

    async def publish(self, now: datetime) -> bytes:
        """Make the next bulletin; its bytes. Raises BulletinRefused."""

    async def show(self, now: datetime) -> None:
        """Bring the board up to the newest bulletin. Harmless to repeat."""

    async def announce(self, number: int, now: datetime) -> None:
        """Plan the broadcast of this bulletin. Harmless to repeat."""


class Bulletins:
    """Looks at the hours of the election file and at the bulletins there are."""

    def __init__(self, standing: StandingReader, books: BookKeeping, press: Press, steady: Steady) -> None:
        self._standing = standing
        self._books = books
        self._press = press
        self._steady = steady
        self._refused: tuple[str, ...] = ()
        self._shown = 0
        self._announced = 0

    async def run(self, now: datetime) -> dict[str, int]:
        """Make the bulletin that is due, if one is. One that is refused is tried again at the next look, and told once.

        {"published", "refused", "announced"}, each 0 or 1.
        """
        counts = {"published": 0, "refused": 0, "announced": 0}
        try:
            standing = await self._standing.now_standing(now)
        except NoElection:
            return counts
        if not standing.definition.bulletins.at or not self._steady.runs(now):
            return counts
        made = [_heading(body) for body in await self._books.bulletins()]
        last = made[-1] if made else None
        if timetable.is_due(
            standing.definition, standing.record, last.at if last else None, now, final=bool(last and last.final)
        ):
            published = await self._made(self._press.publish, now)
            counts["published" if published else "refused"] = 1
            made += [_heading(published)] if published else []
        if made:
            await self._shown_once(made[-1].number, now)
            counts["announced"] = await self._announced_once(made, standing, now)
        return counts

    async def _made(self, publish: Callable[[datetime], Awaitable[bytes]], now: datetime) -> bytes | None:
        try:
            published = await publish(now)
        except BulletinRefused as refused:
            if refused.reasons != self._refused:
                _log.error("bulletin_refused", reasons=list(refused.reasons))
            self._refused = refused.reasons
            return None
        self._refused = ()
        return published

    async def _shown_once(self, number: int, now: datetime) -> None:
        if number != self._shown:
            await self._press.show(now)
            self._shown = number

    async def _announced_once(self, made: "list[_Heading]", standing: Standing, now: datetime) -> int:
        newest, before = made[-1], made[-2].at if len(made) > 1 else None
        if newest.number == self._announced:
            return 0
        asked_for = timetable.answers(standing.definition, standing.record, newest.at, before, now)
        if asked_for:
            await self._press.announce(newest.number, now)
        self._announced = newest.number
        return int(asked_for)


class _Heading:
    """What is looked at of a bulletin."""

    def __init__(self, body: bytes) -> None:
        told = json.loads(body)
        self.number: int = told["number"]
        self.at = datetime.fromisoformat(told["at"])
        self.final: bool = told["final"]


def _heading(body: bytes) -> _Heading:
    return _Heading(body)
