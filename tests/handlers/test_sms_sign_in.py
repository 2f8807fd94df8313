"""Signing in by SMS: the message comes from the phone on the roll, and carries the code just sent to it."""

from pathlib import Path

import pytest

from tests.ballots import contest, election
from tests.voters import Booth, Voter, booth

SEVERAL = election(contest("council", [f"Кандидат {n}" for n in range(1, 21)], choose=9))
LONG = election(
    contest("chair", [f"Кандидат {n}" for n in range(1, 13)]), contest("council", [f"Совет {n}" for n in range(1, 13)])
)


async def _arrives(voter: Voter) -> str:
    await voter.says("ГОЛОС")
    return await voter.code()


def _wrong(code: str) -> str:
    return str((int(code) + 1) % 10**8).zfill(8)


async def test_the_first_message_brings_the_contest_and_a_code_of_eight_digits(hall: Booth) -> None:
    anna = hall.phone(1)
    code = await _arrives(anna)
    anna.sees("Ким Виктор")
    anna.is_told("answer-with-code-contest", code=code)
    assert len(code) == 8
    assert await hall.letters(anna.own_phone) == [], "the code is in the answer itself"


@pytest.mark.parametrize("first", ["привет", "2", "ДА", "НЕТ", "", "😀" * 50, "я" * 5_000, "START", "код"])
async def test_whatever_she_writes_first_brings_the_first_contest(hall: Booth, first: str) -> None:
    anna = hall.phone(1)
    await anna.says(first)
    anna.sees("Ким Виктор")
    assert len(await anna.code()) == 8


@pytest.mark.parametrize(
    "typed",
    ["{a}{b} 12", "{a} {b} 12", "{a}{b}12", "12 {a}{b}", "12{a}{b}", "12 {a} {b}", "код {a}{b}, номер 12!",
     "{a}{b}\n12", "\u200f{a}{b}\u200e 12", "ГОЛОС {a}{b} 12", "{a}{b},12.", "№12 {a}-{b}"],
)  # fmt: skip
async def test_code_and_number_may_be_written_in_many_ways(tmp_path: Path, typed: str) -> None:
    async with booth(tmp_path, file=LONG) as hall:
        anna = hall.phone(1)
        code = await _arrives(anna)
        await anna.says(typed.format(a=code[:4], b=code[4:]))
        anna.is_told("contest-of", number=2, all=2)
        await anna.says("1")
        anna.sees("Кандидат 12")
        assert (await hall.member(1)).wrong_codes == 0


async def test_a_choice_without_a_code_is_not_taken(hall: Booth) -> None:
    anna = hall.phone(1)
    await _arrives(anna)
    for text in ("2", "ДА", "НЕТ", "1 2"):
        await anna.says(text)
        anna.is_told("code-first")
    assert await hall.box() == (0, 0, 0)


async def test_a_forged_sender_without_the_code_gets_nowhere(hall: Booth) -> None:
    forger = hall.phone(1)
    code = await _arrives(forger)
    for _ in range(4):
        await forger.says(f"{_wrong(code)} 2")
    await forger.says("ДА")
    forger.is_told("code-first")
    assert not (await hall.member(1)).enrolled
    assert await hall.box() == (0, 0, 0)


async def test_a_code_alone_signs_in_and_the_question_stays(hall: Booth) -> None:
    anna = hall.phone(1)
    await anna.says(await _arrives(anna))
    anna.is_told("awaiting-choice-sms", last=3)
    await anna.says("2")
    anna.is_told("review")


async def test_the_code_may_be_said_again_with_every_answer(hall: Booth) -> None:
    anna = hall.phone(1)
    code = await _arrives(anna)
    await anna.says(f"{code} 2")
    await anna.says(f"{code} НЕТ")
    await anna.says(f"3 {code}")
    anna.sees("Ким Виктор")
    await anna.says(f"{code} Да!")
    anna.is_told("in-the-box")


@pytest.mark.parametrize("yes", ["{code}ДА", "да, {code}", "{code} иә.", "YES {code}"])
async def test_code_and_yes_may_be_written_in_many_ways(hall: Booth, yes: str) -> None:
    anna = hall.phone(1)
    code = await _arrives(anna)
    await anna.says(f"{code} 2")
    await anna.says(yes.format(code=code))
    anna.is_told("in-the-box")


async def test_a_code_run_together_with_a_number_is_not_guessed_at_once_it_has_vouched(hall: Booth) -> None:
    anna = hall.phone(1)
    code = await _arrives(anna)
    await anna.says(code)
    for typed in (f"{code}2", f"2{code}"):  # nobody knows any more where the code ends
        await anna.says(typed)
        anna.is_told("awaiting-choice-sms", last=3)
    assert (await hall.member(1)).wrong_codes == 0


async def test_eight_digits_of_several_candidates_are_not_taken_for_a_code(tmp_path: Path) -> None:
    async with booth(tmp_path, file=SEVERAL) as hall:
        anna = hall.phone(1)
        await anna.says(f"{await _arrives(anna)} 1 2")
        await anna.says("НЕТ")
        await anna.says("10 12 15 18")
        anna.sees("Кандидат 10, Кандидат 12, Кандидат 15, Кандидат 18")
        await anna.says("НЕТ")
        await anna.says("1 2 3 4 5 6 7 8")
        anna.sees("Кандидат 8")


async def test_a_code_vouches_for_thirty_minutes(hall: Booth) -> None:
    anna = hall.phone(1)
    code = await _arrives(anna)
    await anna.says(f"{code} 2")
    hall.hand.moves(minutes=29, seconds=59)
    await anna.says("НЕТ")
    anna.sees("Ким Виктор")
    hall.hand.moves(seconds=1)
    await anna.says("3")
    anna.is_told("code-first")
    await anna.says(f"{code} 3")
    anna.is_told("code-expired-sms")
    newer = await _arrives(anna)
    await anna.says(f"{newer} 3")
    anna.sees("Ким Виктор")


async def test_after_half_an_hour_the_review_asks_for_a_code_and_yes(hall: Booth) -> None:
    anna = hall.phone(1)
    await anna.says(f"{await _arrives(anna)} 2")
    hall.hand.moves(minutes=31)
    await anna.says("ДА")
    anna.is_told("code-first")
    code = await _arrives(anna)
    anna.is_told("answer-with-code-review", code=code)
    anna.sees("Ахметова Айгүл")
    await anna.says(f"{code} да")
    anna.is_told("in-the-box")


async def test_after_half_an_hour_the_list_of_changes_carries_a_code_too(tmp_path: Path) -> None:
    async with booth(tmp_path, file=LONG) as hall:
        anna = hall.phone(1)
        await anna.says(f"{await _arrives(anna)} 2")
        await anna.says("3")
        await anna.says("НЕТ")
        anna.is_told("what-to-change")
        anna.is_told("answer-by-number")
        hall.hand.moves(minutes=31)
        code = await _arrives(anna)
        anna.is_told("what-to-change")
        await anna.says(f"{code} 2")
        anna.is_told("contest-of", number=2, all=2)


async def test_a_code_from_the_chat_is_no_code_by_sms_and_back(hall: Booth) -> None:
    chat, phone = hall.telegram(1), hall.phone(1)
    await chat.says("/start")
    await chat.shares_contact()
    in_chat = await chat.code()
    hall.hand.moves(minutes=1)
    by_sms = await _arrives(phone)
    await phone.says(f"{in_chat} 2")
    assert not (await hall.member(1)).enrolled
    await chat.says(by_sms[:6])
    chat.is_told("code-expired-chat")
    assert not (await hall.member(1)).enrolled


async def test_one_try_a_message_however_it_may_be_read(hall: Booth) -> None:
    anna = hall.phone(1)
    code = _wrong(await _arrives(anna))
    for left in (4, 3):
        await anna.says(f"{code[:4]} {code[4:]} 2")
        anna.is_told("wrong-code", left=left)
    assert (await hall.member(1)).wrong_codes == 2


async def test_where_there_is_no_voting_by_sms_it_says_so_and_sends_no_code(tmp_path: Path) -> None:
    file = election(contest("chair", ["Первый", "Второй"]), policy="sms_voting = false")
    async with booth(tmp_path, file=file) as hall:
        anna, chat = hall.phone(1), hall.telegram(1)
        for text in ("ГОЛОС", "1", "12345678 1", "ДА", "", "привет"):
            await anna.says(text)
            anna.is_told("sms-voting-off")
        await anna.says("СТАТУС")
        anna.is_told("own-not-voted")
        await anna.says("СТОП")
        anna.is_told("stopped-sms")
        assert (await hall.member(1)).codes_sent == 0
        await chat.votes()
        assert await hall.box() == (1, 1, 1)
        assert len(await hall.letters(chat.own_phone)) == 1, "the notice goes out all the same"


async def test_a_phone_that_became_another_members_brings_no_draft_along(hall: Booth) -> None:
    anna = hall.phone(1)
    await anna.says(f"{await _arrives(anna)} 2")
    session = await hall.fleeting.get(_kept(hall, anna), hall.hand())
    assert session
    await hall.fleeting.put(_kept(hall, hall.phone(2)), session, 1000, hall.hand())
    newcomer = hall.phone(2)
    await newcomer.says("ГОЛОС")
    newcomer.is_told("choose-one-sms")
    assert "Ваш бюллетень" not in newcomer.shown()


def _kept(hall: Booth, voter: Voter) -> str:
    return f"session:{hall.hall.strongroom.name('sms', voter.own_phone)}"
