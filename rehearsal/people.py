"""The people outside: who they are, which phone and which Telegram account is theirs."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.bell import Bell


@dataclass(slots=True)
class Person:
    """One human with a phone number and a Telegram account on it."""

    id: str
    name: str
    phone: str  # E.164, with the plus
    language: str  # kk | ru | en: the language of the person's Telegram
    region: str
    telegram_id: int
    channel: str = ""  # telegram | sms: how a crowd should let this person vote; empty: as it likes
    bell: Bell = field(default_factory=Bell)

    def card(self) -> dict[str, Any]:
        """The person as the handset API lists people."""
        return {
            "id": self.id,
            "name": self.name,
            "phone": self.phone,
            "language": self.language,
            "region": self.region,
            "telegram_id": self.telegram_id,
            "channel": self.channel,
        }


class People:
    """Everybody there is. Ids count from 1 in order of arrival; Telegram ids follow from the phone."""

    def __init__(self) -> None:
        self._by_id: dict[str, Person] = {}
        self._by_telegram: dict[int, Person] = {}
        self._by_phone: dict[str, list[Person]] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, record: Mapping[str, Any]) -> Person:
        """Take in one record {"name", "phone", "language", "region"}; `phone` is required (ValueError)."""
        phone = plus_and_digits(str(record.get("phone") or ""))
        if not 8 <= len(phone) <= 16:
            raise ValueError("a person needs a phone in international form, like +77010000001")
        person = Person(
            id=str(len(self._by_id) + 1),
            name=str(record.get("name") or phone),
            phone=phone,
            language=str(record.get("language") or "ru"),
            region=str(record.get("region") or ""),
            telegram_id=self._account_of(phone),
            channel=str(record.get("channel") or ""),
        )
        self._by_id[person.id] = person
        self._by_telegram[person.telegram_id] = person
        self._by_phone.setdefault(phone, []).append(person)
        return person

    def get(self, id: str) -> Person | None:
        """By id, by phone with its plus, or by Telegram id."""
        if id in self._by_id:
            return self._by_id[id]
        if id.startswith("+"):
            return next(iter(self.holding(id)), None)
        return self._by_telegram.get(int(id)) if id.isascii() and id.isdigit() else None

    def with_account(self, telegram_id: int) -> Person | None:
        return self._by_telegram.get(telegram_id)

    def holding(self, phone: str) -> list[Person]:
        """Everybody who carries that number: usually one, several where a number is shared."""
        return self._by_phone.get(phone, [])

    def search(self, words: str, limit: int) -> list[Person]:
        """People whose name or region has every word, or whose phone has the digits."""
        needles = words.casefold().split()
        digits = "".join(c for c in words if c.isdigit())
        found: list[Person] = []
        for person in self:
            hay = f"{person.name} {person.region}".casefold()
            if all(needle in hay for needle in needles) or (digits and digits in person.phone):
                found.append(person)
                if len(found) == limit:
                    break
        return found

    def _account_of(self, phone: str) -> int:
        """The same phone gets the same account each time; a second person on it gets the next free one."""
        account = 1_000_000_000 + int.from_bytes(hashlib.sha256(phone.encode()).digest()[:4])
        while account in self._by_telegram:
            account += 1
        return account


def plus_and_digits(phone: str) -> str:
    """A number as it is dialled from abroad: a plus and ASCII digits."""
    return "+" + "".join(c for c in phone if c.isascii() and c.isdigit())


def add_all(people: People, records: Iterable[Mapping[str, Any]]) -> list[Person]:
    """Take in many records in order."""
    return [people.add(record) for record in records]
