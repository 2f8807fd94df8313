"""The house is put together here and nowhere else: plain calls, explicit arguments, nothing made at import."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dauys.settings import Settings
from dauys.strongroom import Strongroom
from election.commission import Commission
from election.definition import Definition
from election.errors import NoElection, OperatorRefusal
from election.ports import ElectionRecord
from election.sign_in import SignIn
from election.standing import Standing, StandingReader
from election.station import Station
from handlers.desk import Desk
from handlers.texts import Texts
from handlers.visit import House
from storage.durable.store import DurableStore, open_store
from storage.fleeting.file_twin import FileTwin

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Hall:
    """The opened store and the rules over it: what a command needs."""

    store: DurableStore
    strongroom: Strongroom
    standing: StandingReader
    commission: Commission

    async def election(self, now: datetime) -> tuple[ElectionRecord, Definition]:
        """The loaded election. Raises OperatorRefusal where there is none."""
        try:
            standing: Standing = await self.standing.now_standing(now)
        except NoElection:
            raise OperatorRefusal(
                "no_election", "No election is loaded; write one with `dauys election new DIR` and load it."
            ) from None
        return standing.record, standing.definition


@asynccontextmanager
async def open_hall(settings: Settings) -> AsyncIterator[Hall]:
    """Open the store and put the rules over it. Raises OperatorRefusal or VaultError with one sentence."""
    strongroom = Strongroom(settings.SECRET_KEY_FILE)
    async with open_store(settings.DATABASE_URL) as store:
        standing = StandingReader(store.ledger)
        yield Hall(store, strongroom, standing, Commission(store.ledger, store.office, strongroom.make_envelope_key))


def fleeting_path(settings: Settings) -> Path:
    """The file twin stands beside the database."""
    database = Path(settings.DATABASE_URL.partition(":///")[2] or "var/dauys.sqlite3")
    return database.with_name(database.stem + "-fleeting.sqlite3")


def make_desk(hall: Hall, fleeting: FileTwin, clock: Clock) -> Desk:
    """The conversation over an opened hall."""
    house = House(
        station=Station(hall.store.ledger, fleeting, hall.strongroom, hall.standing),
        sign_in=SignIn(hall.store.ledger, fleeting, hall.strongroom),
        ledger=hall.store.ledger,
        phones=hall.strongroom,
        texts=Texts(),
    )
    return Desk(house, fleeting, hall.strongroom, clock)
