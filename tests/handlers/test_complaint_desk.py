"""The committee works its queue in the chat: asks, hands on, decides, and learns nobody's name."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_officers import COMMISSION, approves, at_work, opens, said
from tests.voters import Booth, Voter, booth, buttons, member, shown

STORY = "За меня уже проголосовали, я не голосовал"
TWO = COMMISSION.replace('name = "Dana"\nrole = "clerk"', 'name = "Dana"\nrole = "committee"')
ROLL = [member(n, region="Алматы", branch="Северный" if n < 4 else "Южный") for n in range(1, 20)]


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """Two of the committee; a branch of three members and a large one."""
    async with booth(tmp_path, file=TWO, roll=ROLL, opened=False) as made:
        yield made


async def filed(hall: Booth, number: int = 7, text: str = STORY) -> Voter:
    voter = hall.phone(number)
    await voter.says(f"ЖАЛОБА 2 {text}")
    return voter


async def at_complaint(hall: Booth, name: str = "Berik", number: int = 101) -> Voter:
    officer = await at_work(hall, name)
    await officer.presses(said("staff-complaints"))
    await officer.presses(line(officer, number))
    return officer


def line(officer: Voter, number: int) -> str:
    [label] = [each.label for each in buttons(officer.last[0]) if each.label.startswith(f"{number}.")]
    return label


async def decides(officer: Voter, how: str, why: str = "Голос подан с чужого телефона") -> None:
    await officer.presses(said("staff-complaint-decide"))
    await officer.presses(said(how))
    await officer.says(why)
    officer.is_told("staff-complaint-decision", what=said(how), words=why)
    await officer.presses(said("staff-complaint-decide"))


async def state(hall: Booth, number: int = 101) -> str:
    return (await hall.hall.complaints.read(number))[0].state


async def test_the_queue_shows_number_kind_and_hour_and_the_complaint_what_was_written(hall: Booth) -> None:
    await filed(hall)
    berik = await at_work(hall, "Berik")
    await berik.presses(said("staff-complaints"))
    berik.is_told("staff-complaints-counts", open=1, soon=0, late=0)
    await berik.presses(line(berik, 101))
    for words in (STORY, said("complaint-about-voted"), said("staff-complaint-by-sms"), "Алматы, Южный"):
        berik.sees(words)


async def test_an_answered_question_and_a_decision_reach_the_member(hall: Booth) -> None:
    voter = await filed(hall)
    berik = await at_complaint(hall)
    await berik.presses(said("staff-complaint-ask"))
    await berik.says("Когда вы это увидели?")
    berik.is_told("staff-complaint-question", words="Когда вы это увидели?")
    assert await state(hall) == "open"
    await berik.presses(said("staff-complaint-send"))
    assert await state(hall) == "asked"
    await voter.says("ЖАЛОБА 101")
    await voter.says("Сегодня утром")
    await berik.presses(said("staff-complaint", ticket=101))
    for words in ("Когда вы это увидели?", "Сегодня утром"):
        berik.sees(words)
    await decides(berik, "staff-complaint-upheld")
    berik.is_told("staff-complaint-done")
    assert await state(hall) == "upheld"
    await voter.says("ЖАЛОБА 101")
    voter.is_told("complaint-upheld", ticket=101, words="Голос подан с чужого телефона")
    said_to_her = [await hall.hall.store.broadcasts.broadcast(number) for number in (1, 2)]
    assert [(each.plan.kind, each.plan.only.member) for each in said_to_her if each] == [("word", "m000007")] * 2


async def test_no_screen_and_no_record_names_the_member(hall: Booth) -> None:
    aigerim, berik = await opens(hall)
    voter = await filed(hall)
    await voter.votes()
    await berik.says("/staff")
    await berik.presses(said("staff-complaints"))
    await berik.presses(line(berik, 101))
    await decides(berik, "staff-complaint-again")
    [proposal] = await hall.hall.commission.waiting(hall.hand())
    berik.is_told("staff-complaint-redo", number=proposal.number)
    assert (proposal.kind, proposal.proposer) == ("redo", "Berik")
    granted = (await hall.member(7)).granted
    await approves(aigerim)
    assert (await hall.member(7)).granted == granted + 1
    for officer in (aigerim, berik):
        seen = "\n".join(map(shown, officer.heard))
        for name in ("m000007", "Участник 7", voter.own_phone, "0000007"):
            assert name not in seen
    decisions = [act for act in await hall.hall.store.office.acts("done") if act.kind == "complaint-decided"]
    assert ["m000007" in act.payload + act.reason or STORY in act.payload for act in decisions] == [False]


async def test_a_branch_of_three_is_not_named(hall: Booth) -> None:
    await filed(hall, 2)
    berik = await at_complaint(hall)
    berik.sees("Алматы")
    assert "Северный" not in berik.shown()


async def test_one_takes_it_and_hands_it_on(hall: Booth) -> None:
    await filed(hall)
    berik = await at_complaint(hall)
    await berik.presses(said("staff-complaint-mine"))
    berik.is_told("staff-complaint-officer", name="Berik")
    await berik.presses(said("staff-complaint-give"))
    await berik.presses("Dana")
    berik.is_told("staff-complaint-officer", name="Dana")
    assert await state(hall) == "open"


async def test_words_that_say_nothing_or_too_much_are_asked_for_again(hall: Booth) -> None:
    await filed(hall)
    berik = await at_complaint(hall)
    await berik.presses(said("staff-complaint-decide"))
    await berik.presses(said("staff-complaint-no-fault"))
    for words in ("...", "слово " * 60):
        await berik.says(words)
        berik.is_told("refused-no-words")
    await berik.says("Проверили, телефон был у него")
    await berik.presses(said("staff-complaint-decide"))
    assert await state(hall) == "no-fault"


async def test_what_another_has_decided_meanwhile_is_not_decided_again(hall: Booth) -> None:
    await filed(hall)
    berik, dana = await at_complaint(hall), await at_complaint(hall, "Dana")
    await dana.presses(said("staff-complaint-decide"))
    await dana.presses(said("staff-complaint-rejected"))
    await dana.says("Не подтвердилось")
    await decides(berik, "staff-complaint-upheld")
    await dana.presses(said("staff-complaint-decide"))
    dana.is_told("refused-complaint-decided")
    assert await state(hall) == "upheld"


async def test_a_decided_complaint_is_read_and_has_no_buttons_but_the_way_back(hall: Booth) -> None:
    await filed(hall)
    berik = await at_complaint(hall)
    await decides(berik, "staff-complaint-rejected")
    await berik.says("/staff")
    await berik.presses(said("staff-complaints"))
    await berik.presses(said("staff-complaints-decided"))
    await berik.presses(line(berik, 101))
    berik.sees(STORY)
    assert said("staff-complaint-ask") not in berik.shown()


async def test_a_long_queue_has_pages(hall: Booth) -> None:
    for number in range(4, 14):
        await filed(hall, number)
    berik = await at_work(hall, "Berik")
    await berik.presses(said("staff-complaints"))
    first = {each.label for each in buttons(berik.last[0]) if each.label[0].isdigit()}
    await berik.presses(said("page-after"))
    second = {each.label for each in buttons(berik.last[0]) if each.label[0].isdigit()}
    assert (len(first), len(second), first & second) == (8, 2, set())


async def test_complaints_are_for_the_committee_alone(hall: Booth) -> None:
    await filed(hall)
    aigerim, berik = await at_work(hall, "Aigerim"), await at_work(hall, "Berik")
    assert said("staff-complaints") not in aigerim.shown()
    await berik.presses(said("staff-complaints"))
    _, _, meaning = berik.button(line(berik, 101)).rpartition(".")
    own = aigerim.last[0].actions[0].payload.rpartition(".")[0]
    await aigerim.taps(f"{own}.{meaning}")
    assert STORY not in aigerim.shown()


async def test_once_it_is_erased_nobody_is_asked_least_of_all_everybody(hall: Booth) -> None:
    await filed(hall)
    await hall.hall.store.complaints.erase()
    berik = await at_complaint(hall)
    await berik.presses(said("staff-complaint-ask"))
    await berik.says("Когда вы это увидели?")
    await berik.presses(said("staff-complaint-send"))
    berik.is_told("refused-complaint-decided")
    assert await hall.hall.store.broadcasts.next(hall.hand()) is None
