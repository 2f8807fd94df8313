"""What the radar is told of while members come and go, and that those who give it cause see nothing of it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.voters import START, Booth, Voter, booth, member


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """Members 1 to 6 are of one branch, 7 and 8 of another."""
    people = [member(number, branch="Центр" if number < 7 else "Юг") for number in range(1, 9)]
    async with booth(tmp_path, roll=people) as made:
        yield made


async def told(hall: Booth) -> list[tuple[str, str, str]]:
    """Kind, branch and member of each signal."""
    return [(each.kind, each.branch, each.member_id) for each in await hall.hall.store.radar.signals()]


async def asks(voter: Voter) -> str:
    """She shows her own number; the code that comes to it."""
    await voter.says("/start")
    await voter.shares_contact()
    return await voter.code()


async def test_a_manager_who_types_the_codes_of_his_staff_into_his_own_chat_is_noted_and_told_nothing(
    hall: Booth,
) -> None:
    manager = hall.telegram(1)
    await asks(manager)
    codes = [await asks(hall.telegram(number)) for number in (2, 3)]
    await manager.says(codes[0])
    manager.is_told("wrong-code", left=4)
    await manager.says(codes[1])
    manager.is_told("wrong-code", left=3)
    assert await told(hall) == [("other-chat", "Центр", "m000001")] * 2
    signal = (await hall.hall.store.radar.signals())[0]
    assert (signal.region, signal.at >= START) == ("Алматы", True)
    assert (await hall.member(1)).wrong_codes == 2


async def test_a_wrong_code_that_was_sent_to_nobody_is_noted_nowhere(hall: Booth) -> None:
    voter = hall.telegram(1)
    code = await asks(voter)
    others = await asks(hall.telegram(2))
    wrong = next(each for each in ("111111", "222222", "333333") if each not in (code, others))
    await voter.says(wrong)
    voter.is_told("wrong-code", left=4)
    assert await told(hall) == []


async def test_her_own_code_of_before_is_not_anothers(hall: Booth) -> None:
    voter = hall.telegram(1)
    before = await asks(voter)
    hall.hand.moves(seconds=61)
    await voter.says("/code")
    if await voter.code() != before:
        await voter.says(before)
        voter.is_told("wrong-code", left=4)
    assert await told(hall) == []


async def test_codes_are_held_against_those_of_ones_own_branch_for_ten_minutes(hall: Booth) -> None:
    far, near, manager = await asks(hall.telegram(7)), await asks(hall.telegram(2)), hall.telegram(1)
    hall.hand.moves(minutes=9)
    await asks(manager)
    await manager.says(far)
    hall.hand.moves(minutes=2)
    await manager.says(near)
    assert await told(hall) == []


async def test_by_sms_it_is_the_same(hall: Booth) -> None:
    manager, colleague = hall.phone(1), hall.phone(2)
    await manager.says("ГОЛОС")
    await colleague.says("ГОЛОС")
    await manager.says(f"{await colleague.code()} 1")
    assert await told(hall) == [("other-chat", "Центр", "m000001")]


async def test_a_strangers_wrong_code_is_noted_nowhere_though_it_was_sent_to_a_member(hall: Booth) -> None:
    stranger = hall.telegram(99)
    await stranger.says("/start")
    await stranger.shares_contact()
    await stranger.says(await asks(hall.telegram(1)))
    stranger.is_told("wrong-code", left=4)
    assert await told(hall) == []


async def test_a_contact_of_somebody_else_is_noted_with_whose_it_is(hall: Booth) -> None:
    manager = hall.telegram(1)
    await manager.says("/start")
    await manager.shares_contact("+77010000003", own=False)
    manager.is_told("not-own-contact")
    on_the_roll = manager.shown()
    await manager.shares_contact("+77019999999", own=False)
    assert manager.shown() == on_the_roll
    assert await told(hall) == [("contact", "Центр", "m000003"), ("contact", "", "")]
    for _ in range(8):
        await manager.shares_contact("+77010000003", own=False)
    assert len(await told(hall)) == 5


async def test_a_vote_that_was_not_hers_is_noted_once(hall: Booth) -> None:
    thief, anna = hall.telegram(7), hall.phone(7)
    await thief.votes()
    digits = re.findall(r"НЕТ (\d{4})", "\n".join(await hall.letters(anna.own_phone)))[-1]
    for _ in range(2):
        await anna.says(f"НЕТ {digits}")
    assert (await hall.member(7)).disowned == 1
    assert await told(hall) == [("not-me", "Юг", "m000007")]


async def test_votes_leave_a_rhythm_and_nobody_in_it(hall: Booth) -> None:
    for number in (1, 2, 7):
        await hall.telegram(number).votes()
    rhythm = await hall.hall.store.radar.rhythm(0)
    assert [(branch, votes) for _, _, branch, votes in rhythm] == [("Центр", 2), ("Юг", 1)]
    assert await hall.hall.store.radar.signals() == []
