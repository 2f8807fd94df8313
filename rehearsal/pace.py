"""Telegram's pace: about 30 messages a second a bot, one a second a chat, 20 a minute a group."""

import math
from collections.abc import Callable
from dataclasses import dataclass

GROUP_PER_MINUTE = 20


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back at `rate` a second, at most `size` of them."""

    size: float
    rate: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 where one is."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate


class Pace:
    """Off until limits are set. A call over the pace is refused and does not count against it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.bot_rate = 0.0  # messages a second of one bot; 0: no limit
        self.chat_rate = 0.0  # and into one chat
        self._buckets: dict[tuple[int, int], _Bucket] = {}

    def limit(self, bot_rate: float, chat_rate: float) -> None:
        """Set both limits, a second each; zeros turn the pace off."""
        self.bot_rate, self.chat_rate = bot_rate, chat_rate
        self._buckets.clear()

    def retry_after(self, bot: int, chat: int) -> int:
        """0 where the bot may send into the chat now (and it is counted), else seconds to wait."""
        now = self._clock()
        asked = []
        if self.bot_rate:
            asked.append(self._bucket((bot, 0), self.bot_rate, self.bot_rate, now))
        if self.chat_rate and chat > 0:
            asked.append(self._bucket((bot, chat), max(1.0, self.chat_rate), self.chat_rate, now))
        elif self.chat_rate:
            asked.append(self._bucket((bot, chat), GROUP_PER_MINUTE, GROUP_PER_MINUTE / 60, now))
        wait = max((bucket.wait(now) for bucket in asked), default=0.0)
        if wait:
            return math.ceil(wait)
        for bucket in asked:
            bucket.tokens -= 1
        return 0

    def _bucket(self, key: tuple[int, int], size: float, rate: float, now: float) -> _Bucket:
        return self._buckets.setdefault(key, _Bucket(size, rate, size, now))
