"""Tests speak as a voter: `await voter.says("2")`, `voter.sees("…")`. Nothing of ours is replaced: a real store in a
real file, the real vault, the real conversation; only the clock is a hand that the test moves."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from dauys.settings import Settings
from dauys.wiring import Hall, fleeting_path, make_desk, open_hall
from election.election_file import parse
from election.ports import Member
from election.station import Station
from handlers.desk import Desk
from handlers.session import Session
from handlers.speech import Action, Address, Contact, Incoming, Language, Option, Reply
from handlers.texts import Texts
from storage.fleeting.file_twin import FileTwin
from storage.roll_files.staging import StagedMember, Status
from tests.fresh_store import lay_house
from vault.ceremony import hold_ceremony
from vault.shares import Share

TEXTS = Texts()
RECEIPT = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")
START = datetime(2026, 12, 1, 9, 3, tzinfo=UTC)
_numbers = count(1)

FILE = """
[election]
id = "primaries"
title = { kk = "Праймериз", ru = "Праймериз", en = "Primaries" }
timezone = "Asia/Almaty"
[commission]
two_person = false
[[contest]]
id = "mazhilis"
title = { kk = "Мәжіліс", ru = "Мажилис", en = "Mazhilis" }
[[contest.candidate]]
id = "101"
name = "Сериков Ержан"
[[contest.candidate]]
id = "102"
name = "Ахметова Айгүл"
[[contest.candidate]]
id = "103"
name = "Ким Виктор"
"""


def member(
    number: int,
    *,
    status: Status = "mobile",
    region: str = "Алматы",
    branch: str = "",
    language: str = "ru",
    phone: str = "",
) -> StagedMember:
    """The n-th member of a roll, with a phone of her own unless one is given."""
    own = phone or (f"+7701{number:07d}" if status in {"mobile", "shared"} else "")
    return StagedMember(f"m{number:06d}", f"Участник {number}", own, status, region, branch, "", language, number)


@dataclass
class Hand:
    """A clock that only the test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def moves(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Booth:
    """An election under way, and people who can be met."""

    hall: Hall
    desk: Desk
    hand: Hand
    fleeting: FileTwin
    settings: Settings
    shares: Sequence[Share]
    file: str = FILE

    def telegram(self, number: int, language: str = "ru", account: str = "") -> "Voter":
        """A member in Telegram."""
        account = account or str(5000 + number)
        return Voter(self, Address("telegram", account, account, "1"), f"+7701{number:07d}", language)

    def phone(self, number: int) -> "Voter":
        """A member with a plain phone."""
        own = f"+7701{number:07d}"
        return Voter(self, Address("sms", own, own, "+77000000000"), own, "")

    def officer(self, name: str, language: str = "ru") -> "Voter":
        """Somebody of the commission, in Telegram, by her name in the election's file."""
        officers = parse(self.file).commission.officers
        place, found = next((n, each) for n, each in enumerate(officers) if each.name == name)
        account = str(9000 + place)
        return Voter(self, Address("telegram", account, account, "1"), found.phone, language)

    async def letters(self, phone: str) -> list[str]:
        """All letters that wait in the outbox for this phone, oldest first, taken out of it."""
        found = []
        for item in await self.hall.store.outbox.claim(self.hand(), 1000):
            to, body = self.hall.strongroom.open_letter(item.sealed_phone, item.sealed_body)
            self._letters.setdefault(to, []).append(body)
            await self.hall.store.outbox.sent(item.id, f"SM{next(_numbers):032x}", self.hand())
        found = self._letters.pop(phone, [])
        return found

    _letters: dict[str, list[str]] = field(default_factory=dict)

    async def member(self, number: int) -> Member:
        """The n-th member as the store has her."""
        found = await self.hall.store.ledger.member(f"m{number:06d}")
        assert found is not None
        return found

    async def session(self, voter: "Voter") -> Session:
        """Where somebody is in the conversation, as it is kept."""
        strongroom = self.hall.strongroom
        name = strongroom.name(voter.address.channel, voter.address.sender)
        kept = await self.fleeting.get(f"session:{name}", self.hand())
        return Session.unpacked(strongroom.open(kept)) if kept else Session()

    async def forgets(self, voter: "Voter") -> None:
        """Where somebody is in the conversation is lost, as when the fleeting store is emptied."""
        await self.fleeting.drop(f"session:{self.hall.strongroom.name(voter.address.channel, voter.address.sender)}")

    async def box(self) -> tuple[int, int, int]:
        """Rights used, envelopes in the box, votes counted by region: three numbers that must be one."""
        count = await self.hall.store.office.box()
        regions = await self.hall.store.ledger.turnout()
        return count.voted, count.standing, sum(region.telegram + region.sms for region in regions)

    @property
    def station(self) -> Station:
        """The polling station itself, for tests that go past the conversation."""
        return Station(
            self.hall.store.ledger, self.fleeting, self.hall.strongroom, self.hall.standing, self.hall.store.books
        )

    def restarts(self) -> None:
        """A new desk over the same files, as after a restart: nothing is remembered but what was kept."""
        self.desk = make_desk(self.hall, self.fleeting, self.hand)

    async def pauses(self) -> None:
        await self.hall.store.office.move(["open"], "paused", self.hand())
        self.hand.moves(seconds=2)

    async def resumes(self) -> None:
        await self.hall.store.office.move(["paused"], "open", self.hand())
        self.hand.moves(seconds=2)

    async def opens(self) -> None:
        await self.hall.commission.propose("open", "", "test", self.hand())
        self.hand.moves(seconds=2)

    async def closes(self) -> None:
        await self.hall.commission.propose("close", "", "test", self.hand())
        self.hand.moves(seconds=2)


@dataclass
class Voter:
    """One person at one door."""

    booth: Booth
    address: Address
    own_phone: str
    language: str
    heard: list[Reply] = field(default_factory=list)

    @property
    def by_sms(self) -> bool:
        return self.address.channel == "sms"

    async def says(self, text: str, **parts: object) -> list[Reply]:
        return await self.sends(self.message(text=text, **parts))

    async def presses(self, label: str) -> list[Reply]:
        """Press a button of the newest screen by what stands on it."""
        return await self.taps(self.button(label))

    async def taps(self, payload: str) -> list[Reply]:
        """Press whatever carries this payload: an old button, or one nobody ever showed."""
        return await self.sends(self.message(press=payload, screen="1"))

    def button(self, label: str) -> str:
        """The payload of the newest button with this label."""
        for reply in reversed(self.heard):
            for button in buttons(reply):
                if button.label == label:
                    return button.payload
        raise AssertionError(f"no button {label!r} in {self.shown()}")

    async def shares_contact(self, phone: str = "", *, own: bool = True) -> list[Reply]:
        return await self.sends(self.message(contact=Contact((phone or self.own_phone).removeprefix("+"), own)))

    def message(self, **parts: object) -> Incoming:
        """A message of this person, not yet sent."""
        return Incoming(
            id=f"u{next(_numbers)}",
            address=self.address,
            language_hint=self.language,
            claimed_phone=self.own_phone if self.by_sms else "",
            options_a_screen=0 if self.by_sms else 10,
            **parts,  # type: ignore[arg-type]
        )

    async def sends(self, incoming: Incoming) -> list[Reply]:
        replies = list(await self.booth.desk.hear(incoming))
        await self.booth.desk.answered(incoming)
        self.heard += replies
        self.last = replies
        return replies

    last: list[Reply] = field(default_factory=list)

    def shown(self) -> str:
        return "\n".join(shown(reply) for reply in self.last)

    def sees(self, words: str) -> None:
        assert words in self.shown(), f"{words!r} is not in:\n{self.shown()}"

    def sees_nothing(self) -> None:
        assert self.last == []

    def is_told(self, key: str, language: Language = "ru", **arguments: str | int) -> None:
        """The newest answer has this text in it."""
        self.sees(TEXTS.said(language, key, **arguments))

    async def code(self) -> str:
        """The code from the newest letter, or from the newest reply by SMS."""
        if self.by_sms:
            return str(re.findall(r"\d{8}", self.shown())[0])
        return str(re.findall(r"\b\d{6,8}\b", "\n".join(await self.booth.letters(self.own_phone)))[-1])

    async def signs_in(self) -> None:
        """From nothing to the first contest."""
        if self.by_sms:
            await self.says("ГОЛОС")
            return
        await self.says("/start")
        await self.shares_contact()
        await self.says(await self.code())

    async def signs_in_as_staff(self) -> None:
        """From nothing to the menu of an officer."""
        await self.says("/staff")
        await self.shares_contact()
        await self.says(await self.code())

    async def votes(self, number: int = 1) -> None:
        """A whole conversation of one contest."""
        await self.signs_in()
        await self.says(f"{await self.code()} {number}" if self.by_sms else str(number))
        await self.says("ДА")


def held(folder: Path) -> dict[str, bytes]:
    """Every file of an election and all that stands in it, but for the operator's keys."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "keys.json"}


def buttons(reply: Reply) -> list[Option | Action]:
    """All that can be pressed on a screen, from top to bottom."""
    return [*reply.options, *reply.actions]


def shown(reply: Reply) -> str:
    """A reply as a person reads it."""
    labels = [f"{'✓ ' if isinstance(p, Option) and p.ticked else ''}{p.label}" for p in buttons(reply)]
    return "\n".join(filter(None, [reply.heading, reply.text, *labels, reply.footer, reply.toast]))


@asynccontextmanager
async def booth(
    folder: Path, *, file: str = FILE, roll: Sequence[StagedMember] = (), members: int = 5, opened: bool = True
) -> AsyncIterator[Booth]:
    """An election in a folder of its own: loaded, keys made, roll taken in, opened."""
    hand = Hand()
    settings = Settings(
        _env_file=None,
        DATABASE_URL=f"sqlite:///{folder}/dauys.sqlite3",
        SECRET_KEY_FILE=folder / "keys.json",
    )
    lay_house(folder / "dauys.sqlite3", settings.SECRET_KEY_FILE)
    async with open_hall(settings) as hall:
        office = hall.store.office
        definition = parse(file)
        await office.load_election(file, definition.digest)
        key, shares = hold_ceremony(definition.id, 5, 3, bytes(range(16)))
        await office.set_public_key(key.public_key, key.commitments, key.threshold)
        people = list(roll) or [member(number) for number in range(1, members + 1)]
        await hall.store.roll.import_roll([people], hall.strongroom.phone_key, hall.strongroom.seal_phone)
        with FileTwin(fleeting_path(settings)) as fleeting:
            made = Booth(hall, make_desk(hall, fleeting, hand), hand, fleeting, settings, shares, file)
            if opened:
                await made.opens()
            yield made


@asynccontextmanager
async def booth_again(before: Booth) -> AsyncIterator[Booth]:
    """The same election after the program has ended: every file opened anew, nothing else brought along."""
    async with open_hall(before.settings) as hall:
        with FileTwin(fleeting_path(before.settings)) as fleeting:
            yield Booth(
                hall,
                make_desk(hall, fleeting, before.hand),
                before.hand,
                fleeting,
                before.settings,
                before.shares,
                before.file,
            )
