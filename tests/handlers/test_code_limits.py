"""How often a code may be tried and sent, and what is kept of it (design, section 3)."""

import asyncio
from pathlib import Path

from election.errors import CodeExpired
from election.sign_in import Asker, SignIn
from handlers.speech import Contact
from tests.ballots import contest, election
from tests.voters import Booth, Voter, booth, held


async def _asks(voter: Voter) -> list[str]:
    """Ask for a code; the letters it brought."""
    await voter.says("/start")
    await voter.shares_contact()
    return await voter.booth.letters(voter.own_phone)


def _wrong(code: str) -> str:
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


async def test_five_tries_a_code_and_the_fifth_may_still_be_right(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    code = await anna.code()
    for left in (4, 3, 2, 1):
        await anna.says(_wrong(code))
        anna.is_told("wrong-code", left=left)
    await anna.says(code)
    anna.is_told("choose-one-chat")


async def test_the_sixth_try_is_not_taken_even_with_the_right_code(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    code = await anna.code()
    for _ in range(5):
        await anna.says(_wrong(code))
    anna.is_told("wrong-code-last-chat")
    await anna.says(code)
    anna.is_told("code-expired-chat")
    assert (await hall.member(1)).wrong_codes == 5


async def test_fifteen_wrong_codes_lock_the_member_at_every_door(hall: Booth) -> None:
    anna, phone = hall.telegram(1), hall.phone(1)
    for _ in range(3):
        await anna.says("/start")
        await anna.shares_contact()
        code = await anna.code()
        for _ in range(5):
            await anna.says(_wrong(code))
        hall.hand.moves(minutes=61)
    anna.is_told("member-locked")
    assert await _asks(anna) == []
    anna.is_told("member-locked")
    await phone.says("ГОЛОС")
    phone.is_told("member-locked")
    assert await hall.box() == (0, 0, 0)


async def test_a_code_out_when_the_lock_falls_does_not_open_it(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    code = await anna.code()
    for _ in range(15):
        await hall.hall.store.ledger.record_wrong_code("m000001")
    await anna.says(code)
    anna.is_told("member-locked")


async def test_one_code_a_minute_three_an_hour_six_a_day_twelve_an_election(hall: Booth) -> None:
    anna = hall.telegram(1)
    sent_at: list[float] = []
    minutes = 0.0
    while minutes < 4 * 24 * 60:  # asks every half minute for two hours, then every twenty minutes, for four days
        if await _asks(anna):
            sent_at.append(minutes)
        step = 0.5 if minutes < 120 else 20
        minutes += step
        hall.hand.moves(minutes=step)
    assert sent_at[:4] == [0, 1, 2, 60]
    assert len([at for at in sent_at if at < 24 * 60]) == 6
    assert len(sent_at) == 12
    anna.is_told("no-more-codes")
    assert (await hall.member(1)).codes_sent == 12


async def test_too_soon_says_when(hall: Booth) -> None:
    anna = hall.telegram(1)
    await _asks(anna)
    hall.hand.moves(seconds=20)
    assert await _asks(anna) == []
    anna.is_told("code-too-soon", seconds=40)
    for _ in range(2):
        hall.hand.moves(minutes=1)
        await _asks(anna)
    hall.hand.moves(minutes=10)
    await _asks(anna)
    anna.is_told("code-too-soon-minutes", minutes=48)


async def test_the_fourth_phone_freezes_the_account(hall: Booth) -> None:
    thief = hall.telegram(1, account="666")
    await thief.says("/start")
    for number in (1, 2, 3):
        await thief.shares_contact(f"+7701{number:07d}")
        code = await hall.letters(f"+7701{number:07d}")
        assert len(code) == 1
    digits = "".join(sign for sign in code[0] if sign.isdigit())
    await thief.shares_contact("+77010000004")
    thief.is_told("account-frozen")
    assert await hall.letters("+77010000004") == []
    await thief.says(digits)
    thief.is_told("code-expired-chat")
    await thief.shares_contact("+77010000003")
    thief.is_told("account-frozen")
    assert (await hall.member(3)).enrolled is False


async def test_strangers_numbers_count_towards_the_freeze(hall: Booth) -> None:
    thief = hall.telegram(1, account="666")
    await thief.says("/start")
    for digits in ("77770000001", "77770000002", "77770000003"):
        await thief.sends(thief.message(contact=Contact(digits, own=True)))
        thief.is_told("code-sent", phone=f"+7 777 *** ** {digits[-2:]}", digits=6)
    await thief.shares_contact()
    thief.is_told("account-frozen")


async def test_the_budget_of_the_election_stops_codes_and_not_votes(tmp_path: Path) -> None:
    file = election(contest("chair", ["Первый", "Второй"]), policy="sms_per_hour = 3")
    async with booth(tmp_path, file=file, members=6) as hall:
        first = hall.telegram(1)
        await first.signs_in()
        for number in (2, 3):
            assert await _asks(hall.telegram(number))
        late, stranger = hall.telegram(4), hall.telegram(99)
        assert await _asks(late) == []
        late.is_told("codes-delayed", minutes=10)
        await _asks(stranger)
        stranger.is_told("codes-delayed", minutes=10)
        await first.says("1")
        await first.says("ДА")
        assert await hall.box() == (1, 1, 1)
        hall.hand.moves(hours=1)
        assert await _asks(late)


async def test_strangers_spend_nothing_of_the_budget(tmp_path: Path) -> None:
    file = election(contest("chair", ["Первый", "Второй"]), policy="sms_per_hour = 2")
    async with booth(tmp_path, file=file) as hall:
        for number in range(90, 96):
            await _asks(hall.telegram(number))
        assert await _asks(hall.telegram(1))


async def test_a_code_is_used_up_by_exactly_one_of_many_who_bring_it_at_once(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    code = await anna.code()
    sign_in = SignIn(hall.hall.store.ledger, hall.fleeting, hall.hall.strongroom)
    asker = Asker("telegram", anna.address.sender, anna.address.chat)

    async def brings() -> bool:
        try:
            await sign_in.answer(asker, [code], election="primaries", now=hall.hand())
        except CodeExpired:
            return False
        return True

    assert sum(await asyncio.gather(*(brings() for _ in range(5)))) == 1
    assert not await brings()


async def test_a_code_is_nowhere_in_the_files(hall: Booth, tmp_path: Path) -> None:
    anna, phone = hall.telegram(1), hall.phone(2)
    await anna.says("/start")
    await anna.shares_contact()
    await phone.says("ГОЛОС")
    files = held(tmp_path).values()
    codes = [await anna.code(), await phone.code()]
    assert len(files) >= 4
    for code in codes:
        assert not any(code.encode() in file or code.encode("utf-16-le") in file for file in files)
        assert not any(int(code).to_bytes(4, "big") in file for file in files)
