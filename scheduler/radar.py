"""The radar looks every ten minutes, and makes cases of what it has not told yet."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from election.errors import NoElection
from election.radar.case import Finding, Radar
from election.radar.watch import News, Watch
from election.standing import StandingReader


class RadarWatch:
    """`roll` looks over the roll, once for each version of it."""

    def __init__(
        self,
        standing: StandingReader,
        radar: Radar,
        roll: Callable[[], Awaitable[Sequence[Finding]]],
        watch: Watch,
    ) -> None:
        self._standing = standing
        self._radar = radar
        self._roll = roll
        self._watch = watch
        self._roll_seen = 0

    async def run(self, now: datetime) -> dict[str, int]:
        """Look once: {"cases": new ones}. Repeats harmlessly, and by another process too."""
        try:
            record = (await self._standing.now_standing(now)).record
        except NoElection:
            return {"cases": 0}
        findings: list[Finding] = []
        if record.roll_frozen_at is not None and record.roll_version != self._roll_seen:
            findings += await self._roll()
            self._roll_seen = record.roll_version
        if record.opened_at is not None and record.stage != "counted":
            news = await self._news()
            findings += await asyncio.to_thread(self._watch.look, news, record.opened_at, now)
        return {"cases": await self._radar.keep(findings, now) if findings else 0}

    async def _news(self) -> News:
        radar = self._radar
        signals = await radar.signals()
        wrong = await radar.wrong_codes() if any(signal.kind == "other-chat" for signal in signals) else {}
        rhythm = await radar.rhythm(self._watch.settled)
        return News(rhythm, await radar.members(), await radar.again(), signals, wrong)
