"""Locked out, another number, a phone that several share, a vote made void, one vote more: as members meet it, and as
the committee does it in the chat."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from board.verify import verify
from dauys import publishing
from election.errors import OperatorRefusal
from handlers.talks import objection
from tests.commission.council import COMMISSION, COMMITTEE, ORGANISER, decides, decides_on, election
from tests.voters import START, TEXTS, Booth, Voter, member
from vault.signing import verify as signature_ok

NEW = "+77029999934"
ROLL = [*(member(number) for number in range(1, 6)), member(6, phone="+77010000005")]
"""The fifth and the sixth share a phone."""


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    async with election(tmp_path, roll=ROLL) as made:
        yield made


def said(key: str, **arguments: str | int) -> str:
    return TEXTS.said("ru", key, **arguments)


async def digits(hall: Booth, phone: str) -> str:
    """Those of the newest letter to this phone."""
    return re.findall(r"\b\d{4}\b", (await hall.letters(phone))[-1])[-1]


async def refused(act: object) -> str:
    with pytest.raises(OperatorRefusal) as refusal:
        await act  # type: ignore[misc]
    return refusal.value.code


async def a_day_later(hall: Booth) -> dict[str, int]:
    hall.hand.moves(hours=24, seconds=1)
    return dict(await hall.hall.repairs.put_due_in_force(hall.hand()))


# Locked out


async def test_who_is_locked_out_votes_once_two_persons_have_unlocked_her(hall: Booth) -> None:
    anna = hall.telegram(1)
    for _ in range(15):
        await hall.hall.store.ledger.record_wrong_code("m000001")
    await anna.says("/start")
    await anna.shares_contact()
    anna.is_told("member-locked")
    await decides_on(hall, "unlock", 1)
    assert await hall.letters(anna.own_phone) == [said("member-unlocked")]
    await anna.shares_contact()
    await anna.says(await anna.code())
    await anna.says("1")
    await anna.says("ДА")
    assert await hall.box() == (1, 1, 1)
    assert await refused(decides_on(hall, "unlock", 1)) == "not_locked"


# Another number


@pytest.mark.parametrize("words", ["НЕТ {digits}", "нет", "ЖОҚ {digits}", "No {digits}"])
async def test_the_old_number_says_no_and_the_change_is_stopped(hall: Booth, words: str) -> None:
    anna = hall.phone(1)
    await decides_on(hall, "number", 1, new_phone=NEW)
    await anna.says(words.format(digits=await digits(hall, anna.own_phone)))
    assert TEXTS.said("ru", "number-stays") in anna.shown() or "НЕТ" not in words
    assert await a_day_later(hall) == {"done": 0, "dropped": 0}
    await anna.votes()
    assert await hall.box() == (1, 1, 1)


async def test_a_no_from_elsewhere_or_to_something_else_stops_nothing(hall: Booth) -> None:
    await decides_on(hall, "number", 1, new_phone=NEW)
    told = await digits(hall, "+77010000001")
    wrong = f"{(int(told) + 1) % 10_000:04}"
    await hall.phone(2).says(f"НЕТ {told}")
    await hall.phone(1).says(f"НЕТ {wrong}")
    await hall.telegram(2).says(f"НЕТ {told}")
    await hall.telegram(1).taps(f"{objection.MARK}{told}")
    assert await a_day_later(hall) == {"done": 1, "dropped": 0}


async def test_in_the_middle_of_a_ballot_a_bare_no_means_the_ballot(hall: Booth) -> None:
    anna = hall.phone(1)
    await anna.says("ГОЛОС")
    await anna.says(f"{await anna.code()} 1")
    await decides_on(hall, "number", 1, new_phone=NEW)
    await anna.says("НЕТ")
    anna.is_told("choose-one-sms")
    assert (await hall.hall.repairs.card("m000001")).change is not None


async def test_in_her_telegram_she_presses_that_it_was_not_she(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.signs_in()
    await decides_on(hall, "number", 1, new_phone=NEW)
    (untold,) = await hall.hall.store.repairs.untold()
    reply = objection.told(TEXTS, "ru", untold.account, untold.door, "+7 702 *** ** 34", "1", untold.change.digits)
    assert reply.address.chat == anna.address.chat
    anna.heard.append(reply)
    await anna.presses(said("not-me"))
    anna.is_told("number-stays")
    await anna.presses(said("not-me"))
    anna.is_told("number-stays")
    assert await a_day_later(hall) == {"done": 0, "dropped": 0}


async def test_the_old_number_is_told_what_is_coming_and_a_day_later_the_new_one_votes(hall: Booth) -> None:
    old, new = hall.telegram(1), hall.telegram(1, account="77")
    new.own_phone = NEW
    await old.signs_in()
    await decides_on(hall, "number", 1, new_phone=NEW)
    (letter,) = await hall.letters(old.own_phone)
    assert "+7 702 *** ** 34" in letter
    assert "14:03 02.12" in letter
    assert NEW not in letter
    assert await a_day_later(hall) == {"done": 1, "dropped": 0}
    assert await a_day_later(hall) == {"done": 0, "dropped": 0}
    await old.says("1")
    await old.says("ДА")
    assert await hall.box() == (0, 0, 0), "the old chat has proved a phone that is hers no more"
    assert await hall.letters(NEW) == [said("number-changed")]
    await new.votes()
    assert await hall.box() == (1, 1, 1)
    assert await refused(decides_on(hall, "number", 1, new_phone="+77028888888")) == "has_voted"


async def test_a_number_is_changed_by_a_phone_that_is_free_and_an_old_one_that_can_object(tmp_path: Path) -> None:
    people = [member(1), member(2), member(3, status="none"), member(4, status="landline", phone="+77272501234")]
    async with election(tmp_path, roll=people) as hall:
        assert await refused(decides_on(hall, "number", 1, new_phone="+77010000002")) == "phone_taken"
        assert await refused(decides_on(hall, "number", 1, new_phone="+77010000001")) == "phone_taken"
        assert await refused(decides_on(hall, "number", 3, new_phone=NEW)) == "no_old_number"
        assert await refused(decides_on(hall, "number", 4, new_phone=NEW)) == "no_old_number"
        await decides_on(hall, "number", 1, new_phone=NEW)
        assert await refused(decides_on(hall, "number", 1, new_phone="+77028888888")) == "number_waits"


async def test_another_phone_than_the_one_that_is_shown_is_not_taken(hall: Booth) -> None:
    repairs = hall.hall.repairs
    card = await repairs.card("m000001")
    shown, meant = (repairs.about("number", card, new_phone=phone) for phone in (NEW, "+77028888834"))
    for hidden in (
        {"phone_key": meant["phone_key"]},
        {"sealed": meant["sealed"]},
        {"new": "+7 702 *** ** 99"},
        {"sealed": "x"},
    ):
        assert await refused(decides(hall, "number", {**shown, **hidden})) == "proposal_altered"


async def test_no_number_changes_in_the_last_three_days_before_the_opening(tmp_path: Path) -> None:
    file = COMMISSION.replace('timezone = "Asia/Almaty"', 'timezone = "Asia/Almaty"\nopens = 2026-12-10T14:00:00+05:00')
    async with election(tmp_path, file=file, opened=False) as hall:
        assert await refused(decides_on(hall, "number", 1, new_phone=NEW)) == "roll_not_frozen"
        await hall.hall.store.office.freeze_roll(hall.hall.strongroom.roll_salt, hall.hand())
        opens = START.replace(day=10, minute=0)
        for hours, code in ((97, ""), (95, "opening_near"), (72, "opening_near"), (1, "opening_near")):
            hall.hand.at = opens - timedelta(hours=hours)
            if code:
                assert await refused(decides_on(hall, "number", 2, new_phone="+77028888888")) == code
            else:
                await decides_on(hall, "number", 1, new_phone=NEW)
        hall.hand.at = opens + timedelta(hours=1)
        await decides(hall, "open", {})
        await decides_on(hall, "number", 2, new_phone="+77028888888")


# A phone that several share


async def confirmed(hall: Booth) -> None:
    for number in (5, 6):
        await decides_on(hall, "confirm", number)


async def test_until_they_are_confirmed_a_shared_phone_gets_silence(hall: Booth) -> None:
    anna, chat = hall.phone(5), hall.telegram(5)
    await anna.says("ГОЛОС")
    anna.sees_nothing()
    await chat.says("/start")
    await chat.shares_contact()
    chat.is_told("code-sent", phone="+7 701 *** ** 05", digits=6)
    assert await hall.letters(anna.own_phone) == []


async def test_two_confirmed_on_one_handset_both_vote_by_sms(hall: Booth) -> None:
    await confirmed(hall)
    phone = hall.phone(5)
    assert await hall.letters(phone.own_phone) == [said("member-confirmed", member=f"m00000{n}") for n in (5, 6)]
    for text in ("ГОЛОС", "1", "m000001"):
        await phone.says(text)
        phone.is_told("which-member-sms")
    for number, words in ((6, "m000006"), (5, "ГОЛОС M000005")):
        hall.hand.moves(minutes=2)
        await phone.says(words)
        await phone.says(f"{await phone.code()} 1")
        await phone.says("ДА")
        phone.is_told("in-the-box")
        assert (await hall.member(number)).right == "voted"
    assert await hall.box() == (2, 2, 2)


async def test_in_telegram_the_handset_is_asked_who_only_after_its_code(hall: Booth) -> None:
    await confirmed(hall)
    stranger, first, second = hall.telegram(99), hall.telegram(5), hall.telegram(5, account="66")
    for person in (stranger, first):
        await person.says("/start")
        await person.shares_contact()
    assert first.shown().replace("05", "99") == stranger.shown(), "a stranger sees the same"
    await first.says(await first.code())
    first.is_told("which-member-chat")
    for wrong in ("m000001", "123", "😀", "m000099"):
        await first.says(wrong)
        first.is_told("which-member-chat")
    assert not (await hall.member(5)).enrolled
    await first.says(" M000005 ")
    first.sees("Ким Виктор")
    await first.says("1")
    await first.says("ДА")
    hall.hand.moves(minutes=2)
    await second.says("/start")
    await second.shares_contact()
    await second.says(await second.code())
    await second.says("m000005")
    second.is_told("account-taken")
    await second.says("m000006")
    await second.says("2")
    await second.says("ДА")
    assert await hall.box() == (2, 2, 2)


async def test_who_has_said_who_she_is_votes_again_and_comes_back_as_herself(hall: Booth) -> None:
    await confirmed(hall)
    anna = hall.telegram(5)
    await anna.says("/start")
    await anna.shares_contact()
    await anna.says(await anna.code())
    await anna.says("m000006")
    await anna.says("1")
    await anna.says("ДА")
    hall.hand.moves(hours=3)
    await hall.forgets(anna)
    await anna.says("/start")
    anna.is_told("already-voted-receipt", receipt=re.findall(r"\w{4}-\w{4}-\w{4}", anna.shown())[0])
    await anna.presses(said("vote-again-once"))
    await anna.says(await anna.code())
    await anna.says("2")
    await anna.says("ДА")
    assert (await hall.member(6)).casts == 2


async def test_the_question_who_does_not_wait_for_ever(hall: Booth) -> None:
    await confirmed(hall)
    anna = hall.telegram(5)
    await anna.says("/start")
    await anna.shares_contact()
    await anna.says(await anna.code())
    hall.hand.moves(minutes=11)
    await anna.says("m000005")
    anna.is_told("code-expired-chat")
    await anna.says("/start")
    anna.is_told("ask-contact")


async def test_no_more_are_confirmed_than_the_rules_say(tmp_path: Path) -> None:
    file = COMMISSION.replace("[commission]", "[policy]\nshared_phone_limit = 1\n[commission]")
    async with election(tmp_path, file=file, roll=ROLL) as hall:
        await decides_on(hall, "confirm", 6)
        assert await refused(decides_on(hall, "confirm", 5)) == "phone_is_full"
        assert await refused(decides_on(hall, "confirm", 6)) == "nothing_to_confirm"
        assert await refused(decides_on(hall, "confirm", 1)) == "nothing_to_confirm"


# Void, and once more


async def test_a_vote_made_void_is_told_to_the_member_and_she_votes_no_more(hall: Booth) -> None:
    anna, berta = hall.phone(1), hall.phone(2)
    await anna.votes()
    await berta.votes()
    await hall.letters(anna.own_phone)
    await decides_on(hall, "void", 1)
    assert await hall.letters(anna.own_phone) == [said("member-voided")]
    assert await hall.box() == (1, 1, 1)
    for words in ("ГОЛОС", "ЗАНОВО"):
        await anna.says(words)
        anna.is_told("withdrawn")
    assert await refused(decides_on(hall, "void", 1)) == "no_vote_stands"
    assert await refused(decides_on(hall, "redo", 1)) == "no_vote_stands"


async def test_a_vote_that_came_after_the_proposal_is_not_made_void(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.votes()
    repairs, commission = hall.hall.repairs, hall.hall.commission
    about = repairs.about("void", await repairs.card("m000001"))
    hall.hand.moves(hours=3)
    act = await commission.propose("void", COMMITTEE, "stolen", hall.hand(), about)
    await anna.presses(said("vote-again-once"))
    await anna.says(await anna.code())
    await anna.says("2")
    await anna.says("ДА")
    assert await refused(commission.approve(act.number, ORGANISER, hall.hand())) == "vote_moved_on"
    assert await hall.box() == (1, 1, 1)


async def test_one_vote_more_than_the_rules_give_and_at_once(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.votes()
    for _ in range(2):
        await hall.letters(anna.own_phone)
        await decides_on(hall, "redo", 1, ticket=7)
        assert await hall.letters(anna.own_phone) == [said("member-redo")]
        hall.hand.moves(minutes=21)
        await anna.says("ЗАНОВО")
        await anna.says(await anna.code())
        await anna.says("2")
        await anna.says("ДА")
    assert (await hall.member(1)).casts == 3


async def test_bulletins_tell_of_each_repair_and_the_bundle_holds(hall: Booth, tmp_path: Path) -> None:
    """A number in force is a new version of the roll; a ballot made void while voting runs takes a vote back."""
    for number in (1, 2):
        await hall.telegram(number).votes()
    await publishing.publish(hall.hall, hall.hand())
    await decides_on(hall, "number", 3, new_phone=NEW)
    await decides_on(hall, "void", 1)
    await decides_on(hall, "redo", 2)
    await decides_on(hall, "confirm", 5)
    await publishing.publish(hall.hall, hall.hand())
    assert await a_day_later(hall) == {"done": 1, "dropped": 0}
    newest = json.loads(await publishing.publish(hall.hall, hall.hand()))
    assert (newest["roll_version"], newest["roll_changes"], newest["voted"], newest["void"]) == (2, 1, 1, 1)
    await publishing.export(hall.hall, hall.hand(), tmp_path / "bundle")
    report = verify(tmp_path / "bundle", hall.hall.strongroom.signing.public_key, signature_ok)
    assert report.ok, [check.detail for check in report.checks if not check.ok]
    assert await hall.hall.store.books.inspect() == []


# In the chat


async def at_work(hall: Booth, name: str) -> Voter:
    officer = hall.officer(name)
    await officer.signs_in_as_staff()
    return officer


async def test_the_committee_finds_a_member_sees_her_masked_and_unlocks_her_with_an_organiser(hall: Booth) -> None:
    for _ in range(15):
        await hall.hall.store.ledger.record_wrong_code("m000001")
    berik, aigerim = await at_work(hall, COMMITTEE), await at_work(hall, ORGANISER)
    await berik.presses(said("staff-members"))
    await berik.says("m999999")
    berik.is_told("refused-no-such-member")
    await berik.says(" m000001 ")
    berik.is_told("staff-member-who", who="У*** 1.", phone="+7 701 *** ** 01")
    berik.is_told("staff-member-locked")
    assert "Участник 1" not in berik.shown()
    assert "0000001\n" not in berik.shown()
    await berik.presses(said("staff-do-unlock"))
    await berik.says("Пришла с карточкой")
    await berik.presses(said("staff-propose"))
    await aigerim.says("/staff")
    await aigerim.presses(said("staff-proposals"))
    (line,) = [each.label for each in aigerim.last[0].actions if each.label[:1].isdigit()]
    await aigerim.presses(line)
    aigerim.is_told("deed-unlock", member="m000001", who="У*** 1.", phone="+7 701 *** ** 01")
    await aigerim.presses(said("staff-approve"))
    assert (await hall.member(1)).wrong_codes == 0


async def test_a_new_number_is_typed_in_the_chat_and_shown_masked(hall: Booth) -> None:
    berik = await at_work(hall, COMMITTEE)
    await berik.presses(said("staff-members"))
    await berik.says("m000001")
    await berik.presses(said("staff-do-number"))
    berik.is_told("staff-number-ask")
    await berik.says("12")
    berik.is_told("phone-unreadable")
    await berik.says("+7 (702) 999-99-34")
    berik.sees("+7 702 *** ** 34")
    await berik.says("Новая SIM")
    assert NEW not in "\n".join(str(reply) for reply in berik.heard)
    await berik.presses(said("staff-propose"))
    (act,) = await hall.hall.commission.waiting(hall.hand())
    assert NEW not in act.payload
    await hall.hall.commission.approve(act.number, ORGANISER, hall.hand())
    await berik.says("/staff")
    await berik.presses(said("staff-members"))
    await berik.says("m000001")
    berik.is_told("staff-member-number", hour="14:03 02.12")
    assert said("staff-do-number") not in berik.shown()


async def test_only_the_committee_looks_members_up(hall: Booth) -> None:
    for name in (ORGANISER, "Dana", "Observer One", "Operator One"):
        officer = await at_work(hall, name)
        assert said("staff-members") not in officer.shown()
