"""The house is put together here and nowhere else: plain calls, explicit arguments, nothing made at import."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from dauys.announcing import Announcements
from dauys.settings import Settings
from dauys.strongroom import Strongroom
from election import ports
from election.commission import Commission
from election.complaint_desk import ComplaintDesk
from election.damage import StoreDamaged
from election.deeds import hours, members, paper, radar, rulings, voting
from election.definition import Definition
from election.errors import NoElection, OperatorRefusal, StoreUnavailable
from election.paper_work import PaperWork
from election.ports import ElectionRecord
from election.radar.desk import RadarDesk
from election.repairs import Repairs
from election.sign_in import SignIn
from election.staff_sign_in import StaffSignIn
from election.standing import Standing, StandingReader
from election.station import Station
from handlers.desk import Desk
from handlers.doors import Doors
from handlers.member_letters import MemberLetters
from handlers.notices import paper_notice
from handlers.texts import Texts
from handlers.turns import Turns
from handlers.visit import House
from storage.durable.store import DurableStore, open_store
from storage.fleeting.file_twin import FileTwin
from vault.errors import VaultError


class Fleeting(ports.Fleeting, Protocol):
    """Either store for short-lived things, with the broom that the clock swings."""

    async def purge(self, now: datetime) -> int:
        """Drop what has run out; how many things that were."""


Clock = Callable[[], datetime]
_OF_THE_KEPT_ELECTION = {"no_election", "election_file"}
"""Refusals that are said of what the store holds of the election."""


@dataclass(frozen=True, slots=True)
class Hall:
    """The opened store and the rules over it: what a command needs."""

    store: DurableStore
    strongroom: Strongroom
    standing: StandingReader
    commission: Commission
    settings: Settings

    @property
    def paper(self) -> PaperWork:
        """The rules of paper stations over this hall."""
        return PaperWork(self.store.ledger, self.store.papers, self.store.office, self.strongroom, _paper_notice)

    @property
    def radar(self) -> RadarDesk:
        """The committee's cases over this hall."""
        return RadarDesk(self.store.radar, self.store.ledger, self.store.office, self.strongroom.open_phone)

    @property
    def repairs(self) -> Repairs:
        """The rules of repairs of identity over this hall."""
        return Repairs(self.store.repairs, self.strongroom, MemberLetters().number_changed)

    @property
    def complaints(self) -> ComplaintDesk:
        """The complaint desk over this hall."""
        return ComplaintDesk(self.store.complaints, self.strongroom, self.standing, self.commission)

    async def election(self, now: datetime) -> tuple[ElectionRecord, Definition]:
        """The loaded election. Raises OperatorRefusal where there is none."""
        try:
            standing: Standing = await self.standing.now_standing(now)
        except NoElection:
            raise OperatorRefusal(
                "no_election", "No election is loaded; write one with `dauys election new DIR` and load it."
            ) from None
        return standing.record, standing.definition

    async def must_be_whole(self) -> None:
        """Inspect the whole store. Raises StoreDamaged, which names the tables."""
        if damage := await self.store.books.inspect():
            raise StoreDamaged(damage)


def _paper_notice(language: str, now: datetime, timezone: str) -> str:
    return paper_notice(Texts(), language, now, ZoneInfo(timezone))


@asynccontextmanager
async def open_hall(settings: Settings) -> AsyncIterator[Hall]:
    """Open the store and put the rules over it. Raises OperatorRefusal or VaultError with one sentence.

    Whatever fails meanwhile because the store is damaged ends as StoreDamaged.
    """
    strongroom = Strongroom(settings.SECRET_KEY_FILE)
    async with open_store(settings.database_url, strongroom.seal_key) as store:
        standing = StandingReader(store.ledger)
        deeds = {
            **voting.deeds(store.office, strongroom.make_envelope_key, strongroom.roll_salt),
            **hours.deeds(),
            **members.deeds(store.repairs, strongroom, MemberLetters()),
            **paper.deeds(store.papers, store.office),
            **rulings.deeds(),
            **radar.deeds(store.radar),
        }
        commission = Commission(store.ledger, store.office, deeds)
        hall = Hall(store, strongroom, standing, commission, settings)
        try:
            yield hall
        except Exception as fault:
            if _may_be_of_damage(fault):
                with suppress(StoreUnavailable):
                    await hall.must_be_whole()
            raise


def _may_be_of_damage(fault: Exception) -> bool:
    """Whether a row that is not as it was left may be behind it; not behind a refusal that says what it is."""
    if isinstance(fault, OperatorRefusal):
        return fault.code in _OF_THE_KEPT_ELECTION
    return not isinstance(fault, VaultError | OSError)


@asynccontextmanager
async def open_fleeting(settings: Settings) -> AsyncIterator[Fleeting]:
    """Redis where REDIS_URL says so, else its twin in a file. Raises OperatorRefusal when Redis does not answer."""
    if not settings.redis_url:
        with FileTwin(fleeting_path(settings)) as twin:
            yield twin
        return
    from storage.fleeting.redis_store import RedisStore

    async with RedisStore(settings.redis_url) as redis:
        await redis.must_answer()
        yield redis


def fleeting_path(settings: Settings) -> Path:
    """The file twin stands beside the database, or with PostgreSQL beside the keys."""
    scheme, _, path = settings.database_url.partition(":///")
    database = Path(path) if scheme.startswith("sqlite") else settings.SECRET_KEY_FILE.with_name("dauys.sqlite3")
    return database.with_name(database.stem + "-fleeting.sqlite3")


def make_desk(hall: Hall, fleeting: Fleeting, clock: Clock, doors: Doors | None = None) -> Desk:
    """The conversation over an opened hall. `doors`: the bots of this process; the Telegram door writes them in."""
    house = House(
        station=Station(hall.store.ledger, fleeting, hall.strongroom, hall.standing, hall.store.books),
        sign_in=SignIn(hall.store.ledger, fleeting, hall.strongroom),
        ledger=hall.store.ledger,
        phones=hall.strongroom,
        texts=Texts(),
        doors=Doors() if doors is None else doors,
        books=hall.store.books,
        commission=hall.commission,
        repairs=hall.repairs,
        staff=StaffSignIn(hall.store.ledger, fleeting, hall.strongroom),
        announcer=Announcements(hall, clock),
        radar=hall.radar,
        paper=hall.paper,
        complaints=hall.complaints,
    )
    turns = Turns(fleeting, hall.strongroom.token, clock)
    return Desk(house, fleeting, turns, hall.strongroom, clock)
