"""From the outbox to the carrier. The rule: send again only what is known not to have been sent.

| outcome                 | a code                        | a notice                                 |
|-------------------------|-------------------------------|------------------------------------------|
| accepted                | sent                          | sent                                     |
| known not sent          | again, later and later        | the same                                 |
| refused for this number | failed                        | failed                                   |
| unknown, or sender died | unknown: the voter asks again | again, 3 sends at most: two beat none    |
| past its time           | too old                       | too old, if it has a time                |

A letter of a broadcast goes as a code does: nobody needs the same news twice.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

import structlog

from sms_gateway.errors import Misconfigured, OutcomeUnknown, SendError, Throttled
from sms_gateway.masking import masked
from sms_gateway.pace import Pace
from sms_gateway.segments import segments
from sms_gateway.twilio_client import Carrier

_log = structlog.get_logger()

WAITS = (2.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds before the next try of a letter known not to have been sent; the last one from then on."""
DOUBTFUL_WAITS = (5.0, 120.0)
"""The same for a notice that may have been sent. When they are used up it is given up as unknown."""
MISCONFIGURED_SECONDS = 60.0
"""How long nothing is sent after the carrier refused our account; then one letter tries again."""
SEGMENTS_PER_SECOND = 10.0
"""The pace of a sender that is given none."""
STRANDED_SECONDS = 60.0
"""A letter `sending` for longer belongs to a process that died: no send lasts a quarter of this."""
_STRANDED_LOOK_SECONDS = 15.0


class OutboxItem(Protocol):
    """A letter claimed for sending. `tries` counts the claims so far, this one included."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> Literal["code", "notice", "broadcast"]: ...
    @property
    def sealed_phone(self) -> bytes: ...
    @property
    def sealed_body(self) -> bytes: ...
    @property
    def tries(self) -> int: ...
    @property
    def expires_at(self) -> datetime | None: ...


class Outbox(Protocol):
    """Letters on their way to the carrier; the promises are those of the store's own port."""

    async def claim(self, now: datetime, limit: int) -> Sequence[OutboxItem]: ...
    async def sent(self, item_id: int, carrier_id: str, now: datetime) -> None: ...
    async def later(self, item_id: int, due_at: datetime, now: datetime) -> None: ...
    async def settled(self, item_id: int, state: Literal["failed", "unknown", "too_old"], now: datetime) -> None: ...
    async def stranded(self, before: datetime) -> Sequence[OutboxItem]: ...


class Sender:
    """Takes letters out of the outbox and settles each one's fate.

    `open_letter` gives the number in E.164 and the words. `clock` gives aware UTC. `status_callback` is the
    URL where the carrier tells what became of a letter (empty: nowhere). A letter is safe in the outbox at
    every moment: killed anywhere, the next process settles what was under way by the table above.
    """

    def __init__(
        self,
        outbox: Outbox,
        carrier: Carrier,
        open_letter: Callable[[OutboxItem], tuple[str, str]],
        clock: Callable[[], datetime],
        *,
        status_callback: str = "",
        pace: Pace | None = None,
        at_once: int = 10,
        poll_seconds: float = 0.5,
    ) -> None:
        self._outbox = outbox
        self._carrier = carrier
        self._open_letter = open_letter
        self._clock = clock
        self._status_callback = status_callback
        self._pace = pace or Pace(SEGMENTS_PER_SECOND)
        self._at_once = at_once
        self._poll_seconds = poll_seconds
        self._under_way = 0
        self._more = False
        self._look_at: datetime | None = None
        self._wake = asyncio.Event()
        self.healthy = True
        """False from the moment the carrier refuses our account or sender until it takes something again."""

    def nudge(self) -> None:
        """There is something new in the outbox: look now."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, then finish what is under way. A store that is away is waited for.

        The outbox is looked at every `poll_seconds` and at each nudge; `stop` is seen at the same moments.
        """
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                self._wake.clear()
                try:
                    await self._begin(self._clock(), group, Counter())
                except Exception as fault:  # the loop outlives whatever the store may raise
                    _log.error("sms_outbox_unavailable", fault=type(fault).__name__)
                try:
                    async with asyncio.timeout(self._poll_seconds):
                        await self._wake.wait()
                except TimeoutError:
                    pass

    async def run_once(self, now: datetime) -> Counter[str]:
        """Send what is due and the pace allows, and wait for it. How many ended how: sent, later, failed,
        unknown, too_old, stranded, unsettled (the store was away: they are found stranded later)."""
        counts: Counter[str] = Counter()
        async with asyncio.TaskGroup() as group:
            await self._begin(now, group, counts)
        return counts

    async def _begin(self, now: datetime, group: asyncio.TaskGroup, counts: Counter[str]) -> None:
        await self._settle_stranded(now, counts)
        hands = (self._at_once if self.healthy else 1) - self._under_way
        limit = await self._pace.take(hands, now) if hands > 0 else 0
        if limit <= 0:
            return
        items: Sequence[OutboxItem] = ()
        try:
            items = await self._outbox.claim(now, limit)
        finally:
            await self._pace.spend(len(items) - limit, now)
        self._more = len(items) == limit
        self._under_way += len(items)
        for item in items:
            group.create_task(self._deliver(item, counts))

    async def _deliver(self, item: OutboxItem, counts: Counter[str]) -> None:
        try:
            counts[await self._send(item)] += 1
        except Exception as fault:  # one letter's trouble is not another's; it will be found stranded
            counts["unsettled"] += 1
            _log.error("sms_unsettled", letter=item.id, kind=item.kind, fault=type(fault).__name__)
        finally:
            self._under_way -= 1
            if self._more:
                self._wake.set()

    async def _send(self, item: OutboxItem) -> str:
        now = self._clock()
        if item.expires_at is not None and item.expires_at <= now:
            return await self._settled(item, "too_old")
        try:
            phone, body = self._open_letter(item)
        except Exception as fault:  # a letter sealed by another key can never be opened
            _log.error("sms_letter_unreadable", letter=item.id, kind=item.kind, fault=type(fault).__name__)
            return await self._settled(item, "failed")
        await self._pace.spend(segments(body) - 1, now)
        try:
            carrier_id = await self._carrier.send(phone, body, self._status_callback)
        except SendError as error:
            return await self._not_accepted(item, phone, error)
        self._trusted_again()
        await self._outbox.sent(item.id, carrier_id, self._clock())
        return "sent"

    async def _not_accepted(self, item: OutboxItem, phone: str, error: SendError) -> str:
        now = self._clock()
        wait = WAITS[min(max(item.tries, 1), len(WAITS)) - 1]
        if isinstance(error, Misconfigured):
            self._distrusted(error, now)
            wait = max(wait, MISCONFIGURED_SECONDS)
        elif isinstance(error, Throttled):
            await self._pace.obey(now, error.retry_after)
            wait = max(wait, error.retry_after)
        _log.warning(
            "sms_not_accepted",
            letter=item.id,
            kind=item.kind,
            phone=masked(phone),
            reason=error.code,
            carrier_code=error.carrier_code,
            tries=item.tries,
        )
        if isinstance(error, OutcomeUnknown):
            return await self._doubtful(item, now)
        if error.retryable:
            await self._outbox.later(item.id, now + timedelta(seconds=wait), now)
            return "later"
        self._trusted_again()
        return await self._settled(item, "failed")

    async def _doubtful(self, item: OutboxItem, now: datetime) -> str:
        """It may have been sent or not."""
        if item.kind != "notice" or item.tries > len(DOUBTFUL_WAITS):
            return await self._settled(item, "unknown")
        wait = DOUBTFUL_WAITS[max(item.tries, 1) - 1]
        await self._outbox.later(item.id, now + timedelta(seconds=wait), now)
        return "later"

    async def _settled(self, item: OutboxItem, state: Literal["failed", "unknown", "too_old"]) -> str:
        await self._outbox.settled(item.id, state, self._clock())
        return state

    async def _settle_stranded(self, now: datetime, counts: Counter[str]) -> None:
        if self._look_at is not None and now < self._look_at:
            return
        for item in await self._outbox.stranded(now - timedelta(seconds=STRANDED_SECONDS)):
            outcome = await self._doubtful(item, now)
            counts["stranded"] += 1
            _log.warning("sms_stranded", letter=item.id, kind=item.kind, outcome=outcome)
        self._look_at = now + timedelta(seconds=_STRANDED_LOOK_SECONDS)

    def _distrusted(self, error: Misconfigured, now: datetime) -> None:
        self._pace.keep_still(now, MISCONFIGURED_SECONDS)
        if self.healthy:
            self.healthy = False
            _log.error("sms_operator_needed", reason=error.code, carrier_code=error.carrier_code)

    def _trusted_again(self) -> None:
        if not self.healthy:
            self.healthy = True
            _log.info("sms_carrier_trusts_us_again")
