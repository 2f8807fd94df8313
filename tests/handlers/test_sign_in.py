"""Signing in by Telegram: one's own contact, then the code from the SMS, typed in that chat (design, section 3)."""

from pathlib import Path

import pytest

from handlers.speech import Contact
from tests.ballots import contest, election
from tests.voters import Booth, Voter, booth, member

CODE_ALONE = election(contest("chair", ["Первый", "Второй"]), policy='assurance = "code"')


async def _asks(voter: Voter) -> str:
    """As far as the code."""
    await voter.says("/start")
    await voter.shares_contact()
    return await voter.code()


async def _is_signed_in(voter: Voter) -> bool:
    found = await voter.booth.hall.store.ledger.member_by_account("telegram", voter.address.sender)
    return found is not None


async def test_own_contact_and_code_sign_in(hall: Booth) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    assert len(code) == 6
    await anna.says(code)
    anna.is_told("choose-one-chat")
    assert (await hall.member(1)).enrolled


async def test_somebody_elses_contact_is_refused_and_no_sms_is_sent(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact("+77010000002", own=False)
    anna.is_told("not-own-contact")
    assert anna.last[0].ask_contact, "the button stays where she can reach it"
    assert await hall.letters("+77010000002") == []
    assert (await hall.member(2)).codes_sent == 0


async def test_her_own_number_forwarded_is_refused_at_the_code_too(hall: Booth) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    await anna.shares_contact(own=False)
    anna.is_told("not-own-contact")
    assert anna.last[0].ask_contact, "it speaks of a button, so the button is there"
    assert await hall.letters(anna.own_phone) == []
    await anna.says(code)
    assert await _is_signed_in(anna)


@pytest.mark.parametrize(
    "digits", ["123456789", "1234567890123456", "", "77010000001x", "7701 000 0001", "٧٧٠١٠٠٠٠٠٠١", "++77010000001"]
)
async def test_digits_that_are_no_number_are_refused_and_cost_nothing(hall: Booth, digits: str) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.sends(anna.message(contact=Contact(digits, own=True)))
    anna.is_told("phone-unreadable")
    assert await hall.letters(anna.own_phone) == []
    await anna.shares_contact()
    anna.sees("+7 701 *** ** 01")


@pytest.mark.parametrize("digits", ["77010000001", "+77010000001"])
async def test_digits_are_read_with_and_without_a_plus(hall: Booth, digits: str) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.sends(anna.message(contact=Contact(digits, own=True)))
    await anna.says(await anna.code())
    assert await _is_signed_in(anna)


async def test_no_country_is_guessed(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.sends(anna.message(contact=Contact("87010000001", own=True)))
    assert await hall.letters(anna.own_phone) == []


async def test_a_contact_is_welcome_before_the_button_was_shown(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.shares_contact()
    await anna.says(await anna.code())
    assert await _is_signed_in(anna)


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", "\u200f{0}{1}\u200e", "код {0}{1}", "{0}\n{1}", "{0}{1}."])
async def test_a_code_may_be_typed_in_many_ways(hall: Booth, typed: str) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    await anna.says(typed.format(code[:3], code[3:]))
    assert await _is_signed_in(anna)


async def test_the_whole_letter_pasted_signs_in(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    await anna.says((await hall.letters(anna.own_phone))[0])
    assert await _is_signed_in(anna)


@pytest.mark.parametrize("typed", ["12345", "1234567", "+77010000001", "привет", "😀", "1234567890123456", "", "7"])
async def test_what_cannot_be_a_code_costs_no_try(hall: Booth, typed: str) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    for _ in range(6):
        await anna.says(typed)
        anna.is_told("type-code", digits=6)
    await anna.says(code)
    assert await _is_signed_in(anna)
    assert (await hall.member(1)).wrong_codes == 0


async def test_a_code_works_once(hall: Booth) -> None:
    anna, other = hall.telegram(1), hall.telegram(1, account="777")
    code = await _asks(anna)
    await anna.says(code)
    hall.hand.moves(minutes=1)
    newer = await _asks(other)
    assert newer != code
    await other.says(code)
    other.is_told("wrong-code", left=4)


async def test_a_code_typed_in_another_chat_is_refused(hall: Booth) -> None:
    anna, thief = hall.telegram(1), hall.telegram(2, account="666")
    await _asks(thief)
    code = await _asks(anna)
    await thief.says(code)
    thief.is_told("wrong-code", left=4)
    assert not await _is_signed_in(thief)
    await anna.says(code)
    assert await _is_signed_in(anna)


async def test_a_chat_that_asked_for_nothing_cannot_use_a_code(hall: Booth) -> None:
    anna, thief = hall.telegram(1), hall.telegram(2, account="666")
    code = await _asks(anna)
    await thief.says("/start")
    await thief.says(code)
    thief.is_told("awaiting-contact")
    assert not await _is_signed_in(thief)


async def test_only_the_newest_code_is_taken(hall: Booth) -> None:
    anna = hall.telegram(1)
    first = await _asks(anna)
    hall.hand.moves(minutes=1)
    await anna.says("/code")
    second = await anna.code()
    await anna.says(first)
    anna.is_told("wrong-code", left=4)
    await anna.says(second)
    assert await _is_signed_in(anna)


async def test_a_code_asked_for_elsewhere_puts_the_older_one_out_of_force(hall: Booth) -> None:
    anna, elsewhere = hall.telegram(1), hall.telegram(1, account="777")
    first = await _asks(anna)
    hall.hand.moves(minutes=1)
    await _asks(elsewhere)
    await anna.says(first)
    anna.is_told("code-expired-chat")


@pytest.mark.parametrize(("seconds", "lives"), [(599, True), (600, False), (3_599, False)])
async def test_a_code_lives_ten_minutes(hall: Booth, seconds: int, lives: bool) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    hall.hand.moves(seconds=seconds)
    await anna.says(code)
    assert await _is_signed_in(anna) == lives
    if not lives:
        anna.is_told("code-expired-chat")


async def test_a_letter_leaves_only_while_its_code_is_worth_something(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    hall.hand.moves(minutes=9, seconds=1)
    assert await hall.letters(anna.own_phone) == []


async def test_one_account_is_one_member_and_back(hall: Booth) -> None:
    anna, second = hall.telegram(1), hall.telegram(1, account="777")
    await anna.signs_in()
    hall.hand.moves(minutes=1)
    await second.says("/start")
    await second.shares_contact()
    await second.says(await second.code())
    second.is_told("account-taken")
    assert not await _is_signed_in(second)
    await anna.shares_contact("+77010000002")
    anna.is_told("awaiting-choice-chat", last=3)
    assert await hall.letters("+77010000002") == []


async def test_an_account_that_lost_its_session_is_known_again(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.signs_in()
    hall.hand.moves(days=15)
    await anna.says("/start")
    anna.is_told("choose-one-chat")
    assert (await hall.member(1)).codes_sent == 1


async def test_start_pressed_by_accident_does_not_lose_the_code(hall: Booth) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    await anna.says("/start")
    await anna.says(code)
    assert await _is_signed_in(anna)


async def test_another_language_at_the_code_leads_back_to_the_code(hall: Booth) -> None:
    anna = hall.telegram(1)
    code = await _asks(anna)
    await anna.says("/language")
    await anna.presses("Қазақша")
    anna.is_told("type-code", "kk", digits=6)
    await anna.says(code)
    anna.is_told("choose-one-chat", "kk")
    assert (await hall.member(1)).language == "kk"


async def test_a_member_whose_phone_is_found_with_another_later_is_held_back(tmp_path: Path) -> None:
    async with booth(tmp_path, opened=False) as hall:
        anna = hall.telegram(1)
        await anna.signs_in()
        anna.is_told("not-open-yet")
        keys = hall.hall.strongroom
        twin = member(9, phone=anna.own_phone)
        await hall.hall.store.roll.import_roll([[twin]], keys.phone_key, keys.seal_phone)
        await hall.opens()
        hall.hand.moves(minutes=1)
        await anna.says("/start")
        anna.is_told("ask-contact")
        await anna.shares_contact()
        assert await hall.letters(anna.own_phone) == []
        await anna.says("2")
        await anna.says("ДА")
        assert await hall.box() == (0, 0, 0)


async def test_where_the_code_stands_alone_it_has_eight_digits_and_a_number_may_be_typed(tmp_path: Path) -> None:
    async with booth(tmp_path, file=CODE_ALONE) as hall:
        anna = hall.telegram(1)
        await anna.says("/start")
        anna.is_told("ask-phone")
        await anna.says("hello")
        anna.is_told("ask-phone")
        await anna.says("+7 701 000-00-01")
        code = await anna.code()
        assert len(code) == 8
        await anna.says(code[:6])
        anna.is_told("type-code", digits=8)
        await anna.says(code)
        assert await _is_signed_in(anna)


async def test_where_the_code_stands_alone_a_contact_must_be_own_all_the_same(tmp_path: Path) -> None:
    async with booth(tmp_path, file=CODE_ALONE) as hall:
        anna = hall.telegram(1)
        await anna.says("/start")
        await anna.shares_contact("+77010000002", own=False)
        anna.is_told("not-own-contact")
        await anna.shares_contact()
        assert len(await anna.code()) == 8
