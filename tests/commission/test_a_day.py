"""A whole day of a commission: officers in the chat and on the command line, members at both doors."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from board.verify import verify
from dauys import publishing
from tests.commission.council import COMMISSION, decides_on
from tests.voters import TEXTS, Booth, Voter, booth, buttons, member
from vault.signing import verify as signature_ok

AIGERIM, BERIK, DANA, DINA = "Aigerim", "Berik", "Dana", "Dina"
SCHOOL = "Школа № 4"
FILE = COMMISSION.replace("[commission]", "closes = 2026-12-02T20:00:00\n[commission]")
ROLL = [member(number) for number in range(1, 31)]


def said(key: str, **arguments: str | int) -> str:
    return TEXTS.said("ru", key, **arguments)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    async with booth(tmp_path, file=FILE, roll=ROLL, opened=False) as made:
        yield made


async def at_work(hall: Booth, name: str) -> Voter:
    officer = hall.officer(name)
    await officer.signs_in_as_staff()
    return officer


async def works(officer: Voter, *labels: str) -> None:
    """Down from the menu, button by button."""
    await officer.says("/staff")
    for label in labels:
        await officer.presses(label)


async def proposed(hall: Booth, one: Voter, other: Voter) -> None:
    """The reason is given, it is proposed, and the other approves it."""
    one.is_told("staff-ask-reason")
    await one.says("Решение комиссии")
    await one.presses(said("staff-propose"))
    await works(other, said("staff-proposals"))
    (line,) = [each.label for each in other.last[0].actions if each.label[:1].isdigit()]
    await other.presses(line)
    await other.presses(said("staff-approve"))
    assert said("staff-done", number=0).rstrip(".")[:9] in other.shown()
    hall.hand.moves(seconds=2)


async def paper(clerk: Voter, *labels: str) -> None:
    await works(clerk, said("staff-paper"), said("staff-paper-line-open", station=SCHOOL), *labels)


async def test_a_day_of_the_commission(hall: Booth, tmp_path: Path) -> None:
    aigerim, berik = await at_work(hall, AIGERIM), await at_work(hall, BERIK)
    dana, dina = await at_work(hall, DANA), await at_work(hall, DINA)

    # nine o'clock
    await works(aigerim, said("staff-election"), said("deed-open"))
    await proposed(hall, aigerim, berik)
    for number in range(1, 11):
        await (hall.telegram(number) if number % 2 else hall.phone(number)).votes(2 if number < 5 else 1)

    # a pause, and on
    await works(berik, said("staff-election"), said("deed-pause"))
    await proposed(hall, berik, aigerim)
    late = hall.phone(11)
    await late.says("ГОЛОС")
    late.is_told("paused")
    await works(aigerim, said("staff-election"), said("deed-resume"))
    await proposed(hall, aigerim, berik)

    # a complaint, and a vote again for who complained
    complaining = hall.phone(2)
    await complaining.says("ЖАЛОБА 2 За меня проголосовал начальник")
    await works(berik, said("staff-complaints"))
    (ticket,) = [each.label for each in buttons(berik.last[0]) if each.label[:3].isdigit()]
    await berik.presses(ticket)
    berik.sees("начальник")
    assert "+7701" not in berik.shown()
    await decides_on(hall, "redo", 2, ticket=int(ticket[:3]))

    # a candidate is struck off: those who have voted may vote again
    await works(aigerim, said("staff-candidates"), "Ахметова Айгүл")
    await proposed(hall, aigerim, berik)
    again = hall.telegram(1)
    hall.hand.moves(minutes=1)
    await again.says("/start")
    await again.presses(said("vote-again-once"))
    await again.says(await again.code())
    again.sees(said("struck-name", name="Ахметова Айгүл"))
    await again.says("3")
    await again.says("ДА")
    again.sees(said("in-the-box"))

    # ... and gets her place back on appeal
    await works(berik, said("staff-candidates"), said("struck-name", name="Ахметова Айгүл"))
    await proposed(hall, berik, aigerim)

    # a number changes, and nobody objects
    await decides_on(hall, "number", 20, new_phone="+77029999934")
    assert "+7 702 *** ** 34" in (await hall.letters("+77010000020"))[-1]

    # a paper station that will not add up
    await works(dana, said("staff-paper"), said("staff-paper-new"))
    await dana.says(SCHOOL)
    await dana.presses(said("staff-paper-whole"))
    await proposed(hall, dana, dina)
    for number in ("m000009", "m000015"):  # the ninth has voted by phone: paper wins
        await paper(dana, said("staff-paper-issue"))
        await dana.says(number)
        await dana.presses(said("staff-paper-issue"))
    await paper(dana, said("staff-paper-close"))
    await dana.says("3")
    await proposed(hall, dana, dina)

    # two hours more
    await works(aigerim, said("staff-hours"))
    await aigerim.says("2026-12-02 22:00")
    await proposed(hall, aigerim, berik)
    hall.hand.moves(hours=24)
    assert await hall.hall.repairs.put_due_in_force(hall.hand()) == {"done": 1, "dropped": 0}
    await publishing.publish(hall.hall, hall.hand())

    # the close, by the commission, and the last bulletin
    for officer in (aigerim, berik):  # twelve hours are over
        hall.hand.moves(minutes=2)
        await officer.signs_in_as_staff()
    await works(berik, said("staff-election"), said("deed-close"))
    await proposed(hall, berik, aigerim)
    bulletin = json.loads(await publishing.publish(hall.hall, hall.hand(), final=True))
    assert bulletin["by_channel"] == {"telegram": 4, "sms": 5, "paper": 2}
    assert [(each["candidate"], each["in_force"]) for each in bulletin["struck"]] == [("102", False)]
    assert bulletin["complaints"]["filed"] == 1
    assert bulletin["paper"] | {"cast": 3} == bulletin["paper"]
    told = [incident["what"] for incident in bulletin["incidents"]]
    for what in ("open", "pause", "resume", "redo", "strike", "unstrike", "number", "paper-open", "extend", "close"):
        assert what in told
    assert SCHOOL in json.dumps(bulletin, ensure_ascii=False), "the station that does not add up is named"
    await publishing.export(hall.hall, hall.hand(), tmp_path / "bundle")
    report = verify(tmp_path / "bundle", hall.hall.strongroom.signing.public_key, signature_ok)
    assert [check.name for check in report.checks if not check.ok] == []
