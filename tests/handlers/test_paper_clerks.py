"""Clerks at a paper station, in the chat: open it by two, hand out, exchange, take back, close it, count its box."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from election.deeds.paper import opening
from election.errors import OperatorRefusal
from election.paper import OPEN
from tests.voters import FILE, TEXTS, Booth, Voter, booth

ONE, TWO = "Clerk One", "Clerk Two"
COMMISSION = FILE.replace(
    "two_person = false",
    f"""two_person = true
[[commission.member]]
name = "Aigerim"
role = "organiser"
phone = "+77770000001"
[[commission.member]]
name = "Berik"
role = "committee"
phone = "+77770000002"
[[commission.member]]
name = "{ONE}"
role = "clerk"
phone = "+77770000003"
[[commission.member]]
name = "{TWO}"
role = "clerk"
phone = "+77770000004\"""",
)
SCHOOL = "Школа № 4"


def said(key: str, **arguments: str | int) -> str:
    return TEXTS.said("ru", key, **arguments)


async def decided(hall: Booth, kind: str) -> None:
    act = await hall.hall.commission.propose(kind, "Aigerim", "a test", hall.hand())
    await hall.hall.commission.approve(act.number, "Berik", hall.hand())
    hall.hand.moves(seconds=2)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    async with booth(tmp_path, file=COMMISSION, opened=False) as made:
        await decided(made, "open")
        yield made


@pytest.fixture
async def clerks(hall: Booth) -> tuple[Voter, Voter]:
    """Two clerks at work, at an open station for the whole roll."""
    one, two = hall.officer(ONE), hall.officer(TWO)
    await one.signs_in_as_staff()
    await two.signs_in_as_staff()
    await one.presses(said("staff-paper"))
    one.is_told("staff-paper-none")
    await one.presses(said("staff-paper-new"))
    await one.says(SCHOOL)
    one.is_told("staff-paper-ask-whom")
    await one.presses(said("staff-paper-whole"))
    one.is_told("deed-paper-open", station=SCHOOL, serves="*")
    await _proposes_and_approves(one, two)
    await _goes_to_the_station(one)
    return one, two


async def _proposes_and_approves(one: Voter, two: Voter) -> None:
    await one.says("Так договорились")
    await one.presses(said("staff-propose"))
    await two.says("/staff")
    await two.presses(said("staff-proposals"))
    (proposal,) = [each.label for reply in two.last for each in reply.actions if each.label[:1].isdigit()]
    await two.presses(proposal)
    await two.presses(said("staff-approve"))
    assert said("staff-done", number=0)[:7] in two.shown()


async def _goes_to_the_station(clerk: Voter, key: str = "staff-paper-line-open") -> None:
    await clerk.says("/staff")
    await clerk.presses(said("staff-paper"))
    await clerk.presses(said(key, station=SCHOOL))


async def _with_member(clerk: Voter, what: str, number: str) -> None:
    """Say whose ballot it is, see the masked name, and do it."""
    await clerk.presses(said(f"staff-paper-{what}"))
    clerk.is_told("staff-paper-ask-number")
    await clerk.says(number)
    clerk.is_told(f"staff-paper-sure-{what}", name="У*** 1.", branch="Алматы", member=number)
    assert "Участник" not in clerk.shown()
    await clerk.presses(said(f"staff-paper-{what}"))
    clerk.is_told(f"staff-paper-done-{what}", name="У*** 1.")


async def test_only_clerks_and_the_committee_have_paper_in_their_menu(hall: Booth) -> None:
    for name, has in ((ONE, True), ("Berik", True), ("Aigerim", False)):
        officer = hall.officer(name)
        await officer.signs_in_as_staff()
        assert (said("staff-paper") in officer.shown()) is has


async def test_a_ballot_is_handed_out_once_and_the_member_is_told_kindly(
    hall: Booth, clerks: tuple[Voter, Voter]
) -> None:
    voter = hall.telegram(1)
    await voter.votes(1)
    one, two = clerks
    await _with_member(one, "issue", "m000001")
    one.is_told("staff-paper-figures", members=5, issued=1, spoilt=0, returned=0)
    assert (await hall.member(1)).right == "paper"
    await _goes_to_the_station(two)
    await two.presses(said("staff-paper-issue"))
    await two.says("m000001")
    two.is_told("staff-paper-on-paper", name="У*** 1.", station=SCHOOL)
    assert said("staff-paper-no") not in two.shown()
    for words in ("/start", "/status"):
        await voter.says(words)
        voter.is_told("on-paper")
        assert said("vote-again-once") not in voter.shown()
    assert await hall.box() == (0, 1, 0)
    assert said("paper-notice", hour="14:03 01.12")[:28] in "".join(await hall.letters(voter.own_phone))
    by_sms = hall.phone(1)
    await by_sms.says("ГОЛОС")
    by_sms.is_told("on-paper")


async def test_a_clerk_is_not_told_whether_the_member_has_voted_by_phone(
    hall: Booth, clerks: tuple[Voter, Voter]
) -> None:
    await hall.telegram(1).votes(1)
    one, _ = clerks
    shown = []
    for number in ("m000001", "m000002"):
        await one.presses(said("staff-paper-issue"))
        await one.says(number)
        shown.append(one.shown().replace(number, "").replace(f" {number[-1]}.", ""))
        await one.presses(said("staff-paper-no"))
    assert shown[0] == shown[1]
    assert (await hall.member(1)).right == "voted"


async def test_a_spoilt_ballot_is_exchanged_and_an_unused_one_taken_back(clerks: tuple[Voter, Voter]) -> None:
    one, _ = clerks
    await _with_member(one, "issue", "m000001")
    await _with_member(one, "spoilt", "m000001")
    one.is_told("staff-paper-figures", members=5, issued=2, spoilt=1, returned=0)
    await _with_member(one, "returned", "m000001")
    one.is_told("staff-paper-figures", members=5, issued=2, spoilt=1, returned=1)
    await one.presses(said("staff-paper-spoilt"))
    await one.says("m000001")
    await one.presses(said("staff-paper-spoilt"))
    one.is_told("refused-no-ballot-out")


async def test_a_button_pressed_twice_hands_out_and_exchanges_once(hall: Booth, clerks: tuple[Voter, Voter]) -> None:
    one, _ = clerks
    await _with_member(one, "issue", "m000001")
    await one.presses(said("staff-paper-spoilt"))
    await one.says("m000001")
    old = one.button(said("staff-paper-spoilt"))
    await one.taps(old)
    await one.taps(old)
    (station,) = await hall.hall.paper.stations()
    assert (station.issued, station.spoilt) == (2, 1)


async def test_who_is_not_on_the_roll_gets_nothing(clerks: tuple[Voter, Voter]) -> None:
    one, _ = clerks
    await one.presses(said("staff-paper-issue"))
    await one.says("m000099")
    one.is_told("refused-not-on-roll")
    await one.says("m000001")
    one.sees("У*** 1.")


async def test_no_ballot_is_handed_out_in_a_pause(hall: Booth, clerks: tuple[Voter, Voter]) -> None:
    one, _ = clerks
    await one.presses(said("staff-paper-issue"))
    await one.says("m000001")
    await hall.pauses()
    await one.presses(said("staff-paper-issue"))
    one.is_told("refused-wrong-stage")
    assert (await hall.member(1)).right == "open"


async def test_after_the_hour_of_closing_no_ballot_is_handed_out_either(tmp_path: Path) -> None:
    file = COMMISSION.replace("timezone =", "closes = 2026-12-01T15:00:00\ntimezone =")
    async with booth(tmp_path, file=file, opened=False) as late:
        await decided(late, "open")
        act = await late.hall.commission.propose(OPEN, ONE, "a test", late.hand(), opening(SCHOOL, [], []))
        await late.hall.commission.approve(act.number, TWO, late.hand())
        await late.hall.paper.hand_out(SCHOOL, "m000001", ONE, late.hand())
        late.hand.moves(hours=2)
        with pytest.raises(OperatorRefusal) as refusal:
            await late.hall.paper.hand_out(SCHOOL, "m000002", ONE, late.hand())
        assert refusal.value.code == "wrong_stage"
        assert (await late.member(2)).right == "open"


async def test_a_station_closes_by_two_clerks_and_its_box_is_counted_by_both(
    hall: Booth, clerks: tuple[Voter, Voter]
) -> None:
    one, two = clerks
    await _with_member(one, "issue", "m000001")
    await one.presses(said("staff-paper-close"))
    one.is_told("staff-paper-ask-cast")
    await one.says("один")
    one.is_told("staff-paper-ask-cast")
    await one.says("1")
    figures = {"issued": 1, "cast": 1, "spoilt": 0, "returned": 0}
    one.is_told("deed-paper-close", station=SCHOOL, difference=0, **figures)
    await _proposes_and_approves(one, two)
    await _goes_to_the_station(one, "staff-paper-line-closed")
    await one.presses(said("staff-paper-count"))
    one.is_told("refused-count-too-early")
    await decided(hall, "close")
    await _counts(one, "1 0 0 1 0 0")
    one.is_told("staff-paper-count-waits")
    await _counts(two, "1 0 0 0 1 0")
    two.is_told("staff-paper-count-differs")
    two.sees("Сериков Ержан")
    two.sees("Ахметова Айгүл")
    assert "Ким Виктор" not in two.shown()
    await _counts(two, "1 0 0 1 0 0")
    two.is_told("staff-paper-count-stands")
    (count,) = await hall.hall.paper.counts()
    assert dict(count.contests[0].votes) == {"101": 1, "102": 0, "103": 0}


async def _counts(clerk: Voter, figures: str) -> None:
    await _goes_to_the_station(clerk, "staff-paper-line-closed")
    await clerk.presses(said("staff-paper-count"))
    clerk.is_told("staff-paper-ask-figures", cast=1, number=6)
    await clerk.says("1 2 3")
    clerk.is_told("staff-paper-ask-figures", cast=1, number=6)
    await clerk.says(figures)
    clerk.is_told("staff-paper-count-line", cast=1, blank=0, void=0)
    await clerk.presses(said("staff-paper-enter"))


async def test_figures_that_cannot_be_are_refused(hall: Booth, clerks: tuple[Voter, Voter]) -> None:
    one, two = clerks
    await one.presses(said("staff-paper-close"))
    await one.says("1")
    one.is_told("deed-paper-close", station=SCHOOL, difference=1, issued=0, cast=1, spoilt=0, returned=0)
    await _proposes_and_approves(one, two)
    await decided(hall, "close")
    await _counts_and_is_refused(one, "2 1 0 1 0 0")
    await _counts_and_is_refused(one, "1 0 0 1 1 0")


async def _counts_and_is_refused(clerk: Voter, figures: str) -> None:
    await _goes_to_the_station(clerk, "staff-paper-line-closed")
    await clerk.presses(said("staff-paper-count"))
    await clerk.says(figures)
    await clerk.presses(said("staff-paper-enter"))
    clerk.is_told("refused-wrong-count")


async def test_the_close_of_a_station_that_has_moved_on_is_not_approved(
    hall: Booth, clerks: tuple[Voter, Voter]
) -> None:
    one, two = clerks
    await one.presses(said("staff-paper-close"))
    await one.says("0")
    await one.says("Так договорились")
    await one.presses(said("staff-propose"))
    await hall.hall.paper.hand_out(SCHOOL, "m000003", TWO, hall.hand())
    await two.says("/staff")
    await two.presses(said("staff-proposals"))
    (proposal,) = [each.label for reply in two.last for each in reply.actions if each.label[:1].isdigit()]
    await two.presses(proposal)
    await two.presses(said("staff-approve"))
    two.is_told("refused-station-moved-on")
    assert (await hall.hall.paper.station(SCHOOL)).is_open
