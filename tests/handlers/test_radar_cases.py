"""The committee at its cases in the chat: read, closed with a word, names only for two who opened them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from election.radar.case import DETECTORS, Finding
from handlers.speech import Language
from tests.voters import FILE, START, TEXTS, Booth, Voter, booth, member

COMMISSION = FILE.replace(
    "two_person = false",
    "two_person = true"
    + "".join(
        f'\n[[commission.member]]\nname = "{name}"\nrole = "{role}"\nphone = "+7777000000{number}"'
        for number, (name, role) in enumerate(
            [
                ("Aigerim", "organiser"),
                ("Berik", "committee"),
                ("Dana", "committee"),
                ("Erlan", "committee"),
                ("Observer", "observer"),
            ]
        )
    ),
)
HERE = ("Алматы", "Центр")
NUMBERS = {
    "burst": {"votes": 24, "minutes": 30, "due": "4.5", "rarity": 9},
    "beat": {"votes": 21, "seconds": 90, "spread": 12, "rarity": 8},
    "other-chat": {"times": 3, "members": 1, "due": "0.0001"},
    "phones": {"times": 4, "members": 4},
    "contacts": {"times": 5, "members": 4},
    "redo": {"times": 25, "votes": 100, "due": "1.0", "rarity": 12},
    "not-me": {"times": 9, "votes": 100, "due": "0.1", "rarity": 12},
    "roll-run": {"phones": 12},
    "roll-shared": {"members": 5},
    "roll-growth": {"members": 120, "before": 60},
}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """Twelve members of one branch, of whom the second has voted; a burst there is case 1."""
    people = [member(number, branch="Центр") for number in range(1, 13)]
    async with booth(tmp_path, file=COMMISSION, roll=people, opened=False) as made:
        act = await made.hall.commission.propose("open", "Aigerim", "now", made.hand())
        await made.hall.commission.approve(act.number, "Berik", made.hand())
        made.hand.moves(seconds=2)
        await made.telegram(2).votes()
        await made.hall.store.radar.keep([found("burst")], made.hand())
        yield made


def found(detector: str) -> Finding:
    began = START - timedelta(minutes=5)
    return Finding(detector, HERE, began, began + timedelta(minutes=30), NUMBERS[detector], 9)  # type: ignore[arg-type]


async def at_radar(hall: Booth, name: str, language: Language = "ru") -> Voter:
    officer = hall.officer(name, language)
    await officer.signs_in_as_staff()
    await officer.presses(said("staff-radar", language))
    return officer


def said(key: str, language: Language = "ru", **arguments: str | int) -> str:
    return TEXTS.said(language, key, **arguments)


async def reads(officer: Voter, number: int = 1) -> None:
    [line] = [each.label for each in officer.last[0].actions if each.label.startswith(f"{number}. ")]
    await officer.presses(line)


async def test_a_case_is_read_with_its_numbers_and_what_may_be_harmless_about_it_and_no_name(hall: Booth) -> None:
    berik = await at_radar(hall, "Berik")
    berik.is_told("radar-list", number=1, fresh=1)
    await reads(berik)
    berik.is_told("radar-odd-burst", votes=24, minutes=30, due="4.5", rarity="1 000 000 000")
    berik.is_told("radar-innocent-burst")
    berik.is_told("radar-only-asks")
    assert "m0000" not in berik.shown()
    assert "Участник" not in berik.shown()
    case = await hall.hall.radar.case(1)
    assert (case.state, case.by) == ("looked", "Berik")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_every_kind_of_case_can_be_read_in_every_language(hall: Booth, language: Language) -> None:
    await hall.hall.store.radar.keep([found(detector) for detector in DETECTORS if detector != "burst"], hall.hand())
    berik = await at_radar(hall, "Berik", language)
    for number, detector in enumerate(DETECTORS, 1):
        await berik.says("/staff")
        await berik.presses(said("staff-radar", language))
        if any(each.label.startswith(f"{number}. ") for each in berik.last[0].actions):
            await reads(berik, number)
            berik.is_told(f"radar-innocent-{detector}", language)
    assert (await hall.hall.radar.case(3)).detector == "other-chat"


async def test_it_is_closed_with_a_word_once(hall: Booth) -> None:
    berik = await at_radar(hall, "Berik")
    await reads(berik)
    await berik.presses(said("radar-close"))
    berik.is_told("radar-ask-word")
    await berik.says("Собрание в клубе, мы звонили троим")
    berik.is_told("radar-is-closed", number=1)
    dana = await at_radar(hall, "Dana")
    await reads(dana)
    dana.is_told("radar-closed-by", name="Berik", what="Собрание в клубе, мы звонили троим")
    assert said("radar-close") not in dana.shown()


async def test_names_are_for_the_two_of_the_committee_who_opened_them_and_for_nobody_else(hall: Booth) -> None:
    berik = await at_radar(hall, "Berik")
    await reads(berik)
    await berik.presses(said("radar-names"))
    berik.is_told("refused-names-closed")
    await berik.says("/staff")
    await berik.presses(said("staff-radar"))
    await reads(berik)
    await berik.presses(said("radar-open-names"))
    berik.is_told("deed-open-names", case=1)
    await berik.says("Позвоним и спросим")
    await berik.presses(said("staff-propose"))
    await berik.says("/staff")
    await berik.presses(said("staff-radar"))
    await reads(berik)
    await berik.presses(said("radar-names"))
    berik.is_told("refused-names-closed")

    dana = await at_radar(hall, "Dana")
    await dana.says("/staff")
    await dana.presses(said("staff-proposals"))
    [line] = [each.label for each in dana.last[0].actions if each.label[:1].isdigit()]
    await dana.presses(line)
    await dana.presses(said("staff-approve"))
    for officer in (berik, dana):
        await officer.says("/staff")
        await officer.presses(said("staff-radar"))
        await reads(officer)
        await officer.presses(said("radar-names"))
        officer.is_told("radar-behind", number=1)
        officer.sees("m000002 +7 701 *** ** 02")
        assert "Участник" not in officer.shown()
    erlan = await at_radar(hall, "Erlan")
    await reads(erlan)
    await erlan.presses(said("radar-names"))
    erlan.is_told("refused-names-closed")
    acts = [act for act in await hall.hall.store.office.acts("done") if act.kind == "open-names"]
    assert [(act.proposer, act.approver, act.reason) for act in acts] == [("Berik", "Dana", "Позвоним и спросим")]


async def test_an_organiser_has_no_radar_and_an_observer_sees_counts_only(hall: Booth) -> None:
    aigerim = hall.officer("Aigerim")
    await aigerim.signs_in_as_staff()
    assert said("staff-radar") not in aigerim.shown()
    observer = await at_radar(hall, "Observer")
    observer.is_told("radar-counts")
    observer.sees(f"{said('radar-kind-burst')}: 1")
    assert HERE[1] not in observer.shown()
    berik = await at_radar(hall, "Berik")
    line = next(each.payload for each in berik.last[0].actions if each.label.startswith("1. "))
    await observer.taps(line)
    assert HERE[1] not in observer.shown()
