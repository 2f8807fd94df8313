"""The election of the demo: three contests, one of them long, one for two regions only."""

from dauys.demo.roll import REGIONS

_COUNCIL = (
    "Асқаров Бауыржан", "Белова Ирина", "Досжанова Әсел", "Ермеков Талғат", "Зайцев Роман", "Исаева Динара",
    "Крылова Анна", "Мұқанов Серік", "Назарова Лаура", "Попов Денис", "Рахимов Алмас", "Юсупова Камила",
)  # fmt: skip
_FAMILIES = ("Абдуллин", "Бейсенов", "Громов", "Дюсенов", "Жаров", "Кенжебаев", "Лысенко", "Омаров", "Сагинтаев", "Цой")
_GIVEN = ("Азамат", "Болат", "Вадим", "Гани")


def election_file(trustees: int = 5, threshold: int = 3) -> str:
    """The text of its election.toml."""
    delegates = [f"{family} {given}" for given in _GIVEN for family in _FAMILIES]
    head = f"""
[election]
id = "demo"
title = {{ kk = "Праймериз (оқу)", ru = "Праймериз (учебные)", en = "Primaries (rehearsal)" }}
timezone = "Asia/Almaty"

[commission]
two_person = true
trustees = {trustees}
threshold = {threshold}
[[commission.member]]
name = "Aigerim"
role = "organiser"
[[commission.member]]
name = "Viktor"
role = "committee"
"""
    return head + "".join(
        (
            _contest("chair", ("Төраға", "Председатель", "Chair"), ("Сериков Ержан", "Ахметова Айгүл", "Ким Виктор")),
            _contest("council", ("Кеңес", "Совет", "Council"), _COUNCIL, 'choose = 3\norder = "rotated"'),
            _contest(
                "delegate",
                ("Съезд делегаты", "Делегат съезда", "Delegate"),
                delegates,
                f'regions = ["{REGIONS[3]}", "{REGIONS[15]}"]',
            ),
        )
    )


def _contest(name: str, titles: tuple[str, str, str], candidates: list[str] | tuple[str, ...], more: str = "") -> str:
    kk, ru, en = titles
    lines = [
        "\n[[contest]]",
        f'id = "{name}"',
        f'title = {{ kk = "{kk}", ru = "{ru}", en = "{en}" }}',
        more,
    ]
    for number, candidate in enumerate(candidates, 1):
        lines += ["[[contest.candidate]]", f'id = "{number}"', f'name = "{candidate}"']
    return "\n".join(lines) + "\n"
