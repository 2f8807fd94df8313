"""The Telegram door put together: one bot for each token, by long polling or by webhook."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import structlog
from aiohttp import web

from bot.calls import SendMessage, SetWebhook
from bot.common_pace import CommonBuckets, CommonPace
from bot.desk import Desk
from bot.errands import Errands
from bot.incoming import ALLOWED_UPDATES
from bot.menu import show_menus
from bot.names import learn_name
from bot.pace import Pace, Urgency
from bot.porter import Porter
from bot.screens import drawn
from bot.sending import Outcome, Sender, Still
from bot.webhook import SECRET_FORM, Webhook
from bot.wire import TELEGRAM, NotATokenError, Wire
from handlers.doors import Doors
from handlers.speech import Reply

if TYPE_CHECKING:
    from bot.polling import Polling

log = structlog.get_logger("bot")

STOP_SECONDS = 4.0
"""How long a stop waits for what is begun. A process that is asked to leave has ten seconds in all."""
MAX_CONNECTIONS = 100
"""As many as Telegram opens to one bot: the latency of the handler times this is what one bot takes."""


class DoorError(Exception):
    """The door cannot be built as configured; the message is one sentence with the setting and the mend."""


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where Telegram reaches us: an address without a path at its end, and the secret it must show."""

    base: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One bot and what serves it."""

    wire: Wire
    sender: Sender
    porter: Porter
    polling: "Polling | None"
    webhook: Webhook | None


class TelegramDoor:
    """The door to one or several bots. An async context manager; inside it `open` starts the work.

    With `public` set the updates come by webhook: serve `routes` first, then `open`. Without it they are asked for,
    which aiogram does: only then it is imported, while the context is entered. Leaving the context stops asking, lets
    what is begun end (at most `stop_seconds`) and closes every connection; a webhook stays set, so that another process
    can go on.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        desk: Desk,
        *,
        api_base: str = "",
        public: PublicAddress | None = None,
        buckets: CommonBuckets | None = None,
        doors: Doors | None = None,
        hears: bool = True,
        per_second: float = Pace.PER_SECOND,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """`buckets` hold the pace that all processes with these tokens share; without them each has its own.
        `hears`: without it another process hears what people say, and this one only sends. `per_second`: what Telegram
        lets each bot send unasked. The bots and their names are written into `doors`. Needs no running loop.

        Raises DoorError for tokens or a secret that Telegram would not take.
        """
        if not tokens:
            raise DoorError("BOT_TOKEN is empty; put the token from @BotFather there.")
        if public is not None and not SECRET_FORM.fullmatch(public.secret):
            raise DoorError("WEBHOOK_SECRET must be 1 to 256 of A-Z, a-z, 0-9, _ and -; choose a long random one.")
        self._per_second = per_second
        each = [(number, token) for number, token in enumerate(dict.fromkeys(tokens), 1)]
        self._wires = [_wire(number, token, api_base or TELEGRAM, _connections(per_second)) for number, token in each]
        self._desk = desk
        self._public = public
        self._hears = hears
        self._buckets = buckets
        self._doors = Doors() if doors is None else doors
        for wire in self._wires:
            self._doors.serve(str(wire.bot_id))
        self._stop_seconds = stop_seconds
        self._errands = Errands()
        self._lines: dict[str, _Line] = {}
        self._standing: list[asyncio.Task[None]] = []  # work that has no end of its own

    async def __aenter__(self) -> Self:
        await self._errands.__aenter__()
        self._lines = {str(wire.bot_id): self._line(wire) for wire in self._wires}
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._standing:
            task.cancel()
        for line in self._lines.values():
            line.porter.renewals.leave()
        polling = [line.polling for line in self._lines.values() if line.polling is not None]
        try:
            for each in polling:
                self._errands.run(each.finish(self._stop_seconds * 0.75))
            await self._errands.finish(self._stop_seconds)
        finally:
            await self._errands.__aexit__(None, None, None)
            closing = [wire.close() for wire in self._wires] + [each.close() for each in polling]
            await asyncio.gather(*closing)

    @property
    def bots(self) -> tuple[str, ...]:
        """The numeric ids of the bots, as `Address.door` has them."""
        return tuple(self._lines)

    @property
    def per_second(self) -> float:
        """What Telegram lets each bot send unasked."""
        return self._per_second

    def routes(self) -> list[web.RouteDef]:
        """`POST /telegram/<bot id>` for each bot; none when the updates are asked for."""
        return [
            web.post(f"/telegram/{id}", line.webhook.take)
            for id, line in self._lines.items()
            if line.webhook is not None
        ]

    async def open(self) -> None:
        """Begin: set the menus and the webhooks, or begin to ask. Returns at once; Telegram may be away."""
        for id, line in self._lines.items():
            if isinstance(line.sender.pace, CommonPace):
                self._begin(line.sender.pace.report())
            if not self._hears:
                continue
            if line.polling is not None:
                self._begin(line.polling.run())
            elif self._public is not None:
                url = f"{self._public.base.rstrip('/')}/telegram/{id}"
                self._begin(self._set_webhook(line, url, self._public.secret))
            self._begin(show_menus(line.sender, self._desk.menus()))
            self._begin(learn_name(line.wire, self._doors))
        if self._hears:
            log.info("telegram_door_open", bots=len(self._lines), by="polling" if self._public is None else "webhook")

    async def send(
        self, reply: Reply, urgency: Urgency = Urgency.NOTICE, *, picture: bytes = b"", still: Still | None = None
    ) -> Outcome:
        """Say something unasked, in its turn, by the bot of the reply's address; where none is named, by the only one
        there is. REFUSED if it is not ours. `picture`: a PNG above the text. `still` is asked whenever the turn has
        come: WITHDRAWN if it says no."""
        door = reply.address.door or ("" if len(self._lines) > 1 else next(iter(self._lines)))
        line = self._lines.get(door)
        if line is None:
            return Outcome.REFUSED
        outcome = Outcome.DELIVERED
        for message in drawn([reply]).messages:
            if outcome is not Outcome.DELIVERED:
                break
            if picture and isinstance(message, SendMessage):
                outcome = await line.porter.pictures.send(message, picture, urgency, still)
                picture = b""
            else:
                outcome = await line.sender.send(message, urgency, still=still)
        return outcome

    def _line(self, wire: Wire) -> _Line:
        pace = self._pace(wire)
        sender = Sender(wire, pace)
        porter = Porter(self._desk, sender, self._errands)
        webhook = Webhook(self._public.secret, porter, pace, self._errands) if self._public else None
        return _Line(wire, sender, porter, self._polling(wire, porter), webhook)

    def _polling(self, wire: Wire, porter: Porter) -> "Polling | None":
        if self._public is not None or not self._hears:
            return None
        from bot.polling import Polling

        return Polling.of(wire.token, wire.base, porter, self._errands)

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        self._standing.append(self._errands.run(work))

    def _pace(self, wire: Wire) -> Pace:
        loop = asyncio.get_running_loop()
        if self._buckets is None:
            return Pace(loop, self._per_second)
        return CommonPace(loop, self._buckets, f"bot:{wire.bot_id}", self._per_second)

    async def _set_webhook(self, line: _Line, url: str, secret: str) -> None:
        """Until it is set: the secret cannot be read back, so it is set at every start."""
        call = SetWebhook(
            url=url,
            secret_token=secret,
            max_connections=MAX_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
        )
        while (outcome := await line.sender.send(call, Urgency.ANSWER)) is not Outcome.DELIVERED:
            log.error("webhook_not_set", bot=line.sender.bot_id, outcome=outcome.value)
            await asyncio.sleep(10)


def _connections(per_second: float) -> int:
    """Enough that answers find one free while a broadcast at this pace waits half a second for Telegram's word."""
    return MAX_CONNECTIONS + round(per_second / 2)


def _wire(number: int, token: str, base: str, connections: int) -> Wire:
    try:
        return Wire(token, base, connections)
    except NotATokenError:
        raise DoorError(
            f"BOT_TOKEN number {number} is not a bot's token; copy it from @BotFather, like 123456:ABC-DEF."
        ) from None
