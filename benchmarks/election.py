"""An election made ready to be measured: a roll, a key, voting open, members at their last press, votes in the box."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.ballots import casts, member_id
from dauys.settings import Settings
from dauys.wiring import Hall, open_fleeting, open_hall
from election import ballot
from election.election_file import parse
from handlers.session import Session
from storage.roll_files.staging import StagedMember
from vault.ceremony import hold_ceremony
from vault.shares import write_share

FILE = """
[election]
id = "measured"
title = { kk = "Сайлау", ru = "Выборы", en = "Election" }
timezone = "Asia/Almaty"
[policy]
sms_per_hour = 10000000
[commission]
two_person = false
[[contest]]
id = "chair"
title = { kk = "Төраға", ru = "Председатель", en = "Chair" }
""" + "".join(f'[[contest.candidate]]\nid = "{n}"\nname = "Кандидат {n}"\n' for n in range(1, 7))

TOKEN = "100200:a-token-for-the-benchmarks"
BOT = "100200"
SECRET = "a-secret-of-the-benchmarks"
STAMP = 7
"""Of the screen with the last press, in every session made here."""
_AT_ONCE = 512
_CHUNK = 5_000


def phone(number: int) -> str:
    return f"+7701{number:07d}"


def account(number: int) -> int:
    """Her Telegram id."""
    return 5_000_000 + number


@dataclass(frozen=True, slots=True)
class Place:
    """Where an election is: a folder for keys and files, a database, and Redis or the file twin."""

    folder: Path
    database: str = ""
    redis: str = ""

    def environment(self, *, telegram: str, port: int) -> dict[str, str]:
        """The settings of a program that serves this election by webhook on that port; the carrier is where Telegram
        is."""
        return {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": telegram,
            "WEBHOOK_BASE_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_SECRET": SECRET,
            "SMS_PROVIDER": "rehearsal",
            "TWILIO_API_BASE": telegram,
            "SMS_PER_SECOND": "100000",
            "PORT": str(port),
            "LOG_LEVEL": "WARNING",
            **self.stores(),
        }

    def stores(self) -> dict[str, str]:
        """The settings that say where everything is kept."""
        return {
            "DATABASE_URL": self.database or f"sqlite:///{self.folder}/dauys.sqlite3",
            "REDIS_URL": self.redis,
            "SECRET_KEY_FILE": str(self.folder / "keys.json"),
        }

    @property
    def settings(self) -> Settings:
        return Settings(_env_file=None, **self.stores())  # type: ignore[arg-type]


@asynccontextmanager
async def made(place: Place, members: int, shares: Path | None = None) -> AsyncIterator["Made"]:
    """An open election with so many members; the trustees' shares go into a folder if one is given."""
    place.folder.mkdir(parents=True, exist_ok=True)
    async with open_hall(place.settings) as hall:
        definition = parse(FILE)
        await hall.store.office.load_election(FILE, definition.digest)
        key, parts = hold_ceremony(definition.id, 5, 3, secrets.token_bytes(16))
        await hall.store.office.set_public_key(key.public_key, key.commitments, key.threshold)
        if shares is not None:
            for part in parts:
                write_share(part, shares / f"share-{part.trustee}.json")
        await hall.store.roll.import_roll(_people(members), hall.strongroom.phone_key, hall.strongroom.seal_phone)
        await hall.commission.propose("open", "", "measured", datetime.now(UTC))
        yield Made(place, hall, definition.digest, key.public_key)


class Made:
    """An election under way, and what can be put into it."""

    def __init__(self, place: Place, hall: Hall, digest: str, public_key: bytes) -> None:
        self.place = place
        self.press = f"{digest[:4]}.{STAMP:x}.cast"
        self._hall = hall
        self._digest = digest
        plain = ballot.encode(parse(FILE), {"chair": ("1",)})
        self._seal = partial(hall.strongroom.seal, public_key, plain)

    @property
    def hall(self) -> Hall:
        """The opened store and the rules over it."""
        return self._hall

    async def seat(self, first: int, count: int) -> None:
        """Bring these members to the review of a marked ballot: one press more is a vote."""
        now, room = datetime.now(UTC), self._hall.strongroom
        async with open_fleeting(self.place.settings) as fleeting:
            for number in range(first, first + count):
                session = Session(
                    door=BOT,
                    language="ru",
                    step="review",
                    member=member_id(number),
                    election=self._digest,
                    contest=1,
                    stamp=STAMP,
                    marks={"chair": ["1"]},
                )
                name = room.name("telegram", str(account(number)))
                await fleeting.put(f"session:{name}", room.close(session.packed()), 86_400, now)
        await self.enrol(first, count)

    async def enrol(self, first: int, count: int, account_of: Callable[[int], int] = account) -> None:
        """These members have signed in by Telegram."""
        enrol = self._hall.store.ledger.enrol
        await _all(enrol(member_id(n), "telegram", str(account_of(n)), BOT) for n in range(first, first + count))

    async def fill(self, first: int, count: int) -> None:
        """Put the votes of these members into the box."""
        await _all(self._hall.store.ledger.cast(cast) for cast in casts(first, count, self._seal))

    async def cast(self, number: int) -> None:
        """Put the vote of this member into the box, alone."""
        (alone,) = casts(number, 1, self._seal)
        await self._hall.store.ledger.cast(alone)

    async def voted(self) -> int:
        """Rights used. Raises RuntimeError unless as many envelopes stand in the box."""
        if extra := await self.doubled():
            raise RuntimeError(f"{extra} envelopes more than rights used")
        return (await self._hall.store.office.box()).voted

    async def doubled(self) -> int:
        """Envelopes in the box beyond one for each right used."""
        box = await self._hall.store.office.box()
        return box.standing - box.voted

    async def has_voted(self, member: str) -> bool:
        """Whether this member's right is used."""
        found = await self._hall.store.ledger.member(member)
        return found is not None and found.right == "voted"

    async def close(self) -> None:
        """Close the voting."""
        await self._hall.commission.propose("close", "", "measured", datetime.now(UTC))


def _people(members: int) -> Iterator[list[StagedMember]]:
    for first in range(1, members + 1, _CHUNK):
        numbers = range(first, min(first + _CHUNK, members + 1))
        yield [
            StagedMember(member_id(n), f"Участник {n}", phone(n), "mobile", f"Область {n % 17}", "", "", "ru", n)
            for n in numbers
        ]


async def _all(acts: Iterable[Awaitable[object]]) -> None:
    """Await them all, some hundreds at a time."""
    waiting = iter(acts)

    async def one_after_another() -> None:
        for act in waiting:
            await act

    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_ONCE):
            group.create_task(one_after_another())
