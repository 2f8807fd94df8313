"""Officers in the chat: who gets in, what each sees, and that nothing guarded is done by one person alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.voters import FILE, TEXTS, Booth, Voter, booth

COMMISSION = FILE.replace(
    "two_person = false",
    """two_person = true
[[commission.member]]
name = "Aigerim"
role = "organiser"
phone = "+77010000001"
[[commission.member]]
name = "Berik"
role = "committee"
phone = "+77770000002"
[[commission.member]]
name = "Dana"
role = "clerk"
phone = "+77770000003"
[[commission.member]]
name = "Observer One"
role = "observer"
phone = "+77770000004\"""",
)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """Nothing is opened yet. Aigerim is a member of the roll too, the others are not."""
    async with booth(tmp_path, file=COMMISSION, opened=False) as made:
        yield made


async def at_work(hall: Booth, name: str) -> Voter:
    officer = hall.officer(name)
    await officer.signs_in_as_staff()
    return officer


async def proposes(officer: Voter, key: str) -> None:
    await officer.presses(said("staff-election"))
    await officer.presses(said(key))
    officer.is_told("staff-ask-reason")
    await officer.says("Так решила комиссия")
    await officer.presses(said("staff-propose"))


def said(key: str, **arguments: str | int) -> str:
    return TEXTS.said("ru", key, **arguments)


async def opens(hall: Booth) -> tuple[Voter, Voter]:
    aigerim, berik = await at_work(hall, "Aigerim"), await at_work(hall, "Berik")
    await proposes(aigerim, "deed-open")
    await approves(berik)
    return aigerim, berik


async def approves(officer: Voter) -> None:
    await officer.says("/staff")
    await officer.presses(said("staff-proposals"))
    [line] = [each.label for each in officer.last[0].actions if each.label[:1].isdigit()]
    await officer.presses(line)
    await officer.presses(said("staff-approve"))


async def stage(hall: Booth) -> str:
    record = await hall.hall.store.ledger.election()
    assert record is not None
    return record.stage


async def test_an_officer_gets_in_by_her_own_number_and_its_code(hall: Booth) -> None:
    berik = await at_work(hall, "Berik")
    berik.is_told("staff-menu", name="Berik", role=said("role-committee"))


async def test_a_member_who_is_no_officer_sees_the_same_words_and_gets_no_code(hall: Booth) -> None:
    officer, member = hall.officer("Berik"), hall.telegram(2)
    for person in (officer, member):
        await person.says("/staff")
        await person.shares_contact()
    assert member.shown() == officer.shown()
    assert await hall.letters(member.own_phone) == []
    for code in ("123456", "000000"):
        await member.says(code)
        assert (await hall.session(member)).officer == ""


async def test_a_code_sent_to_an_officer_opens_nothing_in_another_chat(hall: Booth) -> None:
    berik, thief = hall.officer("Berik"), hall.telegram(3)
    for person in (berik, thief):
        await person.says("/staff")
        await person.shares_contact()
    await thief.says(await berik.code())
    assert (await hall.session(thief)).officer == ""


async def test_each_sees_only_what_her_role_may_do(hall: Booth) -> None:
    labels = {
        name: {each.label for each in (await at_work(hall, name)).last[0].actions}
        for name in ("Aigerim", "Berik", "Dana", "Observer One")
    }
    assert said("staff-election") in labels["Aigerim"] & labels["Berik"]
    assert said("staff-election") not in labels["Dana"] | labels["Observer One"]
    assert said("staff-proposals") not in labels["Observer One"]


async def test_an_observer_who_presses_an_organisers_button_gets_her_own_menu(hall: Booth) -> None:
    aigerim, observer = await at_work(hall, "Aigerim"), await at_work(hall, "Observer One")
    await aigerim.presses(said("staff-election"))
    tag, _, meaning = aigerim.button(said("deed-open")).rpartition(".")
    own = observer.button(said("staff-watch")).rpartition(".")[0]
    await observer.taps(f"{own}.{meaning}")
    observer.is_told("staff-menu", name="Observer One", role=said("role-observer"))
    assert tag
    assert await hall.hall.commission.waiting(hall.hand()) == []


async def test_two_officers_open_pause_go_on_and_close(hall: Booth) -> None:
    aigerim, berik = await opens(hall)
    assert await stage(hall) == "open"
    for key, after in (("deed-pause", "paused"), ("deed-resume", "open"), ("deed-close", "closed")):
        hall.hand.moves(seconds=2)
        await aigerim.says("/staff")
        await proposes(aigerim, key)
        assert await stage(hall) != after
        await approves(berik)
        assert await stage(hall) == after
    acts = await hall.hall.store.office.acts("done")
    assert [(act.kind, act.proposer, act.approver, act.reason) for act in acts] == [
        (kind, "Aigerim", "Berik", "Так решила комиссия") for kind in ("open", "pause", "resume", "close")
    ]


async def test_nobody_approves_her_own_proposal(hall: Booth) -> None:
    aigerim = await at_work(hall, "Aigerim")
    await proposes(aigerim, "deed-open")
    await aigerim.says("/staff")
    await aigerim.presses(said("staff-proposals"))
    [line] = [each.label for each in aigerim.last[0].actions if each.label[:1].isdigit()]
    await aigerim.presses(line)
    aigerim.is_told("staff-own-proposal")
    assert said("staff-approve") not in [each.label for each in aigerim.last[0].actions]
    assert await stage(hall) == "draft"


async def test_a_proposal_is_good_for_half_an_hour(hall: Booth) -> None:
    aigerim, berik = await at_work(hall, "Aigerim"), await at_work(hall, "Berik")
    await proposes(aigerim, "deed-open")
    await berik.presses(said("staff-proposals"))
    [line] = [each.label for each in berik.last[0].actions if each.label[:1].isdigit()]
    await berik.presses(line)
    hall.hand.moves(minutes=30)
    await berik.presses(said("staff-approve"))
    berik.is_told("staff-proposals-none")
    assert await stage(hall) == "draft"


async def test_an_officer_who_votes_finds_her_draft_where_she_left_it(hall: Booth) -> None:
    aigerim, _ = await opens(hall)
    hall.hand.moves(seconds=2)
    await aigerim.says("/start")
    await aigerim.shares_contact()
    await aigerim.says(await aigerim.code())
    await aigerim.says("2")
    await aigerim.says("/staff")
    aigerim.is_told("staff-menu", name="Aigerim", role=said("role-organiser"))
    await aigerim.says("/start")
    aigerim.is_told("review")
    aigerim.sees("Ахметова")


async def test_her_work_ends_after_twelve_hours_or_when_she_leaves(hall: Booth) -> None:
    berik = await at_work(hall, "Berik")
    hall.hand.moves(hours=12)
    await berik.presses(said("staff-election"))
    berik.is_told("staff-ask-contact")
    dana = await at_work(hall, "Dana")
    await dana.presses(said("staff-leave"))
    dana.is_told("staff-signed-out")
    await dana.says("/staff")
    dana.is_told("staff-ask-contact")


async def test_by_sms_an_officer_is_shown_the_way(hall: Booth) -> None:
    member = hall.phone(2)
    await member.says("ШТАБ")
    member.is_told("staff-in-telegram")
