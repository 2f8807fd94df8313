"""A candidate is struck off in mid-vote: in open chats, in drafts, for those who have voted; and on appeal."""

from pathlib import Path

import pytest

from election.deeds.rulings import ruling
from election.definition import Channel
from election.election_file import parse
from election.errors import StruckOff
from election.rulings import find
from tests.ballots import contest, election
from tests.voters import FILE, TEXTS, Booth, Voter, booth

STRUCK = TEXTS.said("ru", "struck-name", name="Ахметова Айгүл")
NAMES = ["Серик", "Айгүл", "Виктор", "Дана"]
LONG = election(contest("chair", NAMES[:3]), contest("council", NAMES, choose=3), policy="redo_limit = 0")


async def rules(hall: Booth, kind: str, candidate: str) -> None:
    """The commission does it."""
    about = ruling(*find(parse(hall.file), candidate))
    await hall.hall.commission.propose(kind, "", "decision 14", hall.hand(), about)
    hall.hand.moves(minutes=2)  # and so another code may be asked for


def person(hall: Booth, door: Channel, number: int = 1) -> Voter:
    return hall.telegram(number) if door == "telegram" else hall.phone(number)


async def at_the_ballot(voter: Voter) -> None:
    await voter.signs_in()
    if voter.by_sms:
        await voter.says(await voter.code())


@pytest.mark.parametrize("door", ["telegram", "sms"])
async def test_she_keeps_her_number_is_shown_as_struck_off_and_cannot_be_chosen(tmp_path: Path, door: Channel) -> None:
    async with booth(tmp_path) as hall:
        anna = person(hall, door)
        await at_the_ballot(anna)
        await rules(hall, "strike", "102")
        await anna.says("2")
        anna.is_told("candidate-struck")
        await anna.says("/start" if door == "telegram" else "ГОЛОС")
        anna.sees(STRUCK)
        await anna.says("3")
        anna.sees("Ким Виктор")
        await anna.says("ДА")
        anna.is_told("in-the-box")


async def test_a_press_on_an_old_screen_shows_the_ballot_as_it_is_now(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = hall.telegram(1)
        await anna.signs_in()
        await rules(hall, "strike", "102")
        await anna.presses("Ахметова Айгүл")
        anna.is_told("candidate-struck")
        anna.sees(STRUCK)
        await rules(hall, "unstrike", "102")
        await anna.presses(STRUCK)
        anna.is_told("review")


@pytest.mark.parametrize("door", ["telegram", "sms"])
async def test_a_draft_loses_the_mark_and_its_owner_is_told(tmp_path: Path, door: Channel) -> None:
    async with booth(tmp_path) as hall:
        anna = person(hall, door)
        await at_the_ballot(anna)
        await anna.says("2")
        anna.is_told("review")
        await rules(hall, "strike", "102")
        await anna.says("ДА")
        anna.is_told("draft-struck", name="Ахметова Айгүл")
        assert await hall.box() == (0, 0, 0)
        await anna.says("1")
        await anna.says("ДА")
        anna.is_told("in-the-box")


async def test_other_marks_of_the_draft_stand_and_an_earlier_contest_is_answered_anew(tmp_path: Path) -> None:
    async with booth(tmp_path, file=LONG) as hall:
        anna = hall.phone(1)
        await at_the_ballot(anna)
        await anna.says("2")
        await anna.says("1 2 4")
        await rules(hall, "strike", "chair-2")
        await rules(hall, "strike", "council-4")
        await anna.says("ДА")
        anna.is_told("draft-struck", name="Айгүл, Дана")
        await anna.says("3")
        anna.sees("Виктор")
        anna.sees("Серик, Айгүл")
        await anna.says("ДА")
        anna.is_told("in-the-box")


async def test_a_ballot_with_such_a_mark_is_refused_at_the_station_itself(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        await hall.telegram(1).signs_in()
        voter = await hall.station.may_vote("m000001", hall.hand())
        await rules(hall, "strike", "102")
        with pytest.raises(StruckOff):
            await hall.station.cast(voter, "telegram", {"mazhilis": ("102",)}, str, hall.hand())
        assert await hall.box() == (0, 0, 0)


@pytest.mark.parametrize("door", ["telegram", "sms"])
async def test_who_has_voted_may_vote_again_once_whatever_the_limit(tmp_path: Path, door: Channel) -> None:
    file = FILE + "\n[policy]\nredo_limit = 0\n"
    async with booth(tmp_path, file=file) as hall:
        anna = person(hall, door)
        await anna.votes(2)
        await anna.says("ЗАНОВО")
        anna.sees("Вы уже проголосовали")
        await rules(hall, "strike", "102")
        await anna.says("ЗАНОВО")
        await anna.says(f"{await anna.code()} 1" if anna.by_sms else await anna.code())
        if not anna.by_sms:
            await anna.says("1")
        await anna.says("ДА")
        anna.is_told("in-the-box")
        assert await hall.box() == (1, 1, 1)
        await anna.says("ЗАНОВО")
        assert TEXTS.said("ru", "review") not in anna.shown()
        await rules(hall, "unstrike", "102")
        await anna.says("ЗАНОВО")
        await anna.says(f"{await anna.code()} 2" if anna.by_sms else await anna.code())
        if not anna.by_sms:
            await anna.says("2")
        await anna.says("ДА")
        anna.is_told("in-the-box")
        assert (await hall.member(1)).casts == 3


async def test_the_button_to_vote_again_is_there_after_a_ruling_only(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE + "\n[policy]\nredo_limit = 0\n") as hall:
        anna = hall.telegram(1)
        await anna.votes(1)
        await anna.says("/start")
        once = TEXTS.said("ru", "vote-again-once")
        assert once not in anna.shown()
        await rules(hall, "strike", "102")
        await anna.says("/start")
        anna.sees(once)


async def test_the_redo_of_the_rules_is_not_used_up_by_that_of_a_ruling(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = hall.telegram(1)
        await anna.votes(2)
        await rules(hall, "strike", "102")
        for wait in (0, 121):
            hall.hand.moves(minutes=wait)
            await anna.says("ЗАНОВО")
            await anna.says(await anna.code())
            await anna.says("1")
            await anna.says("ДА")
            anna.is_told("in-the-box")
        hall.hand.moves(minutes=121)
        await anna.says("ЗАНОВО")
        anna.is_told("no-more-redos")
