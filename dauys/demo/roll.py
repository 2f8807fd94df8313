"""A synthetic roll for the demo: nobody in it exists."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

REGIONS = (
    "Абай", "Ақмола", "Ақтөбе", "Алматы", "Атырау", "Батыс Қазақстан", "Жамбыл", "Қарағанды", "Қостанай",
    "Қызылорда", "Маңғыстау", "Павлодар", "Солтүстік Қазақстан", "Түркістан", "Шығыс Қазақстан", "Астана", "Шымкент",
)  # fmt: skip
_NAMES = {
    "kk": (
        (("Әлиев", "Ержанов", "Мұратов", "Оспанов", "Тілеуов"), ("Арман", "Дәулет", "Ержан", "Қайрат", "Нұржан")),
        (("Бекова", "Қасымова", "Нұрланова", "Сәрсенова", "Жүнісова"), ("Айгүл", "Гүлнәр", "Жанар", "Мәдина", "Сәуле")),
    ),
    "ru": (
        (("Иванов", "Ким", "Шмидт", "Ткаченко", "Титов"), ("Андрей", "Виктор", "Сергей", "Павел", "Игорь")),
        (("Петрова", "Соколова", "Орлова", "Ли", "Волкова"), ("Елена", "Марина", "Ольга", "Наталья", "Светлана")),
    ),
}


class Chance(Protocol):
    """A source of chance; the same seed makes the same roll."""

    def choice(self, options: tuple[str, ...], /) -> str: ...
    def random(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the roll, and the door this person will use."""

    member_id: str
    name: str
    phone: str
    region: str
    language: str
    channel: str

    @property
    def e164(self) -> str:
        """The phone in E.164, where it is a mobile one of her own."""
        return "+7" + "".join(sign for sign in self.phone if sign.isdigit())[-10:]


def invent(count: int, chance: Chance) -> Iterator[Person]:
    """So many people. Of a hundred about two have no phone, one a fixed line; nobody shares a number."""
    for number in range(1, count + 1):
        region = REGIONS[(number - 1) % len(REGIONS)]
        kazakh = chance.random() < 0.6
        family, given = _NAMES["kk" if kazakh else "ru"][number % 2]
        language = "kk" if kazakh else "en" if chance.random() < 0.1 else "ru"
        draw = chance.random()
        phone = _mobile(number, chance)
        channel = "telegram" if chance.random() < 0.75 else "sms"
        if draw < 0.02:
            phone, channel = "", "none"
        elif draw < 0.03:
            phone, channel = f"8 (7172) {number % 90 + 10:02d}-{number // 90 % 90 + 10:02d}-11", "none"
        name = f"{chance.choice(family)} {chance.choice(given)}"
        yield Person(f"KZ-{number:07d}", name, phone, region, language, channel)


def write(people: Sequence[Person], path: Path) -> None:
    """The roll as a file, typed as people type it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(("member_id", "name", "phone", "region", "branch", "cell", "language"))
        for person in people:
            rows.writerow((person.member_id, person.name, person.phone, person.region, "", "", person.language))


def _mobile(number: int, chance: Chance) -> str:
    digits = f"{number + 1_000_000:07d}"
    return chance.choice(
        (
            f"+7701{digits}",
            f"8701{digits}",
            f"8 (701) {digits[:3]}-{digits[3:5]}-{digits[5:]}",
            f"701 {digits[:3]} {digits[3:5]} {digits[5:]}",
        )
    )
