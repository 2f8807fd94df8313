"""The box: everything of the outside world that one rehearsal needs, put together."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, TCPConnector

from rehearsal.carrier import Account, Carrier
from rehearsal.chance import Chance
from rehearsal.clients import CannotDo, TelegramHand
from rehearsal.errands import Errands
from rehearsal.faults import Faults
from rehearsal.people import People, Person, add_all
from rehearsal.scoreboard import Scoreboard
from rehearsal.telegram import Telegram

TOKEN = "1000001:rehearsal-token"  # noqa: S105 - a name in a play, no secret
ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "fedcba9876543210" * 2
NUMBER = "+77750000000"


@dataclass(slots=True)
class Box:
    """The outside world. `url` and `token` are what the program under rehearsal is given."""

    people: People
    faults: Faults
    telegram: Telegram
    carrier: Carrier
    scoreboard: Scoreboard
    url: str = ""
    token: str = TOKEN

    def hand(self, person: Person | str, token: str = "") -> TelegramHand:
        """The hand of a person (or of whoever has that id or phone) on Telegram with the bot open."""
        if isinstance(person, str):
            found = self.people.get(person)
            if found is None:
                raise CannotDo("no such person")
            person = found
        return TelegramHand(self.telegram, self.telegram.bot(token or self.token), person)


@asynccontextmanager
async def open_box(
    *,
    clock: Callable[[], float],
    rng: Chance,
    people: Iterable[Mapping[str, Any]] = (),
    tokens: Iterable[str] = (),
    account: Account | None = None,
    carrier_delay: float = 0.05,
) -> AsyncIterator[Box]:
    """Open a box; it works until the block ends.

    `people` are records with name, phone, language, region. `tokens`: the bots there are; none given means
    that any well-formed token is a bot. `carrier_delay`: seconds a text message takes.
    """
    everybody = People()
    add_all(everybody, people)
    faults = Faults(rng)
    tokens = tuple(tokens)
    account = account or Account(ACCOUNT_SID, AUTH_TOKEN, NUMBER)
    async with ClientSession(connector=TCPConnector(limit=0)) as session, Errands() as errands:
        yield Box(
            people=everybody,
            faults=faults,
            telegram=Telegram(everybody, faults, errands, session, clock, tokens),
            carrier=Carrier(account, everybody, faults, errands, session, clock, rng, carrier_delay),
            scoreboard=Scoreboard(),
            token=tokens[0] if tokens else TOKEN,
        )
