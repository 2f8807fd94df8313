"""The same message twice, a crash at the worst moment, two hundred attempts at once: one vote, and she is told."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from election.definition import Channel
from election.errors import AlreadyVoted
from election.receipt import digest
from election.station import Voter as MayVote
from handlers.speech import Contact, Incoming
from tests.handlers.hammering import hammer_both_doors
from tests.handlers.places import CHAT, FILE
from tests.voters import RECEIPT, TEXTS, Booth, Voter, booth, member

ROUNDS = 100
ATTEMPTS = 200


async def _twice(voter: Voter, message: Incoming) -> tuple[str, str]:
    """What is answered to a message, and to the same message delivered again because the answer did not go out."""
    said = []
    for _ in range(2):
        voter.last = list(await voter.booth.desk.hear(message))
        voter.heard += voter.last
        said.append(voter.shown())
    return said[0], said[1]


async def test_what_has_been_answered_is_not_answered_again(hall: Booth) -> None:
    anna = hall.telegram(1)
    message = anna.message(text="/start")
    await anna.sends(message)
    await anna.sends(message)
    anna.sees_nothing()


async def test_a_repeat_survives_a_restart(hall: Booth) -> None:
    anna = hall.telegram(1)
    message = anna.message(text="/start")
    await anna.sends(message)
    hall.restarts()
    await anna.sends(message)
    anna.sees_nothing()


async def test_every_step_of_the_way_may_be_delivered_twice(hall: Booth) -> None:
    anna = hall.telegram(1)
    first, second = await _twice(anna, anna.message(text="/start"))
    assert first == second
    await anna.shares_contact()
    first, second = await _twice(anna, anna.message(text=await anna.code()))
    assert first == second
    first, second = await _twice(anna, anna.message(text="2"))
    assert first == second
    first, second = await _twice(anna, anna.message(press=anna.button(TEXTS.said("ru", "cast")), screen="1"))
    assert first == second
    assert RECEIPT.search(first)
    assert await hall.box() == (1, 1, 1)
    assert (await hall.member(1)).codes_sent == 1


async def test_a_contact_delivered_twice_sends_one_code(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await _twice(anna, anna.message(contact=Contact("77010000001", own=True)))
    anna.is_told("type-code", digits=6)
    assert len(await hall.letters(anna.own_phone)) == 1


async def test_a_tick_delivered_twice_is_one_tick(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await CHAT["several"].come(anna)
        first, second = await _twice(anna, anna.message(press=anna.button("Член 5"), screen="1"))
        assert first == second
        assert (await hall.session(anna)).marks["council"] == ["council-2", "council-5"]


async def test_a_wrong_code_delivered_twice_costs_one_try_at_both_doors(hall: Booth) -> None:
    chat, phone = hall.telegram(1), hall.phone(2)
    await chat.says("/start")
    await chat.shares_contact()
    code = await chat.code()
    await _twice(chat, chat.message(text=f"{(int(code) + 1) % 10**6:06d}"))
    assert (await hall.member(1)).wrong_codes == 1
    await phone.says("ГОЛОС")
    code = await phone.code()
    await _twice(phone, phone.message(text=f"{(int(code) + 1) % 10**8:08d} 1"))
    assert (await hall.member(2)).wrong_codes == 1
    await phone.says(f"{code} 1")
    phone.is_told("review")


async def test_a_code_and_choice_by_sms_delivered_twice_is_one_choice(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.phone(1)
        await anna.says("ГОЛОС")
        first, second = await _twice(anna, anna.message(text=f"{await anna.code()} 2"))
        assert first == second
        anna.is_told("contest-of", number=2, all=2)
        assert (await hall.session(anna)).marks == {"chair": ["chair-2"]}


async def test_a_question_delivered_twice_is_answered_twice(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.signs_in()
    for question in ("/turnout", "/status", "/help", "/check"):
        first, second = await _twice(anna, anna.message(text=question))
        assert first == second


async def test_after_a_crash_between_the_vote_and_the_answer_she_gets_her_receipt(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        chat, phone = hall.telegram(1), hall.phone(2)
        await CHAT["review"].come(chat)
        await phone.signs_in()
        await phone.says(f"{await phone.code()} 1")
        await phone.says("1")
        for voter, number in ((chat, 1), (phone, 2)):
            receipt = await _cast_and_lost(hall, voter, number)
            cast = voter.message(press=voter.button(TEXTS.said("ru", "cast")), screen="1")
            await voter.sends(voter.message(text="ДА") if voter.by_sms else cast)
            voter.is_told("already-voted-receipt", receipt=receipt)
            assert await hall.hall.store.books.bulletin_of(digest(receipt)) == 0
            assert len(await hall.letters(voter.own_phone)) == 1
        assert await hall.box() == (2, 2, 2)


async def _cast_and_lost(hall: Booth, voter: Voter, number: int) -> str:
    """The vote is in the box, and the program ends before it has kept the session."""
    kept = await hall.session(voter)
    marks = {contest: tuple(chosen) for contest, chosen in kept.marks.items()}
    channel = voter.address.channel
    hers = await hall.station.may_vote(f"m{number:06d}", hall.hand())
    return await hall.station.cast(hers, channel, marks, lambda _: "notice", hall.hand())


async def test_a_member_who_voted_on_paper_is_never_shown_a_receipt(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.votes()
    message = anna.message(text="ДА")
    await hall.desk.hear(message)
    await _hands_out_paper(hall, "m000001")
    anna.last = list(await hall.desk.hear(message))
    assert not RECEIPT.search(anna.shown())


async def _hands_out_paper(hall: Booth, member_id: str) -> None:
    keeper = hall.hall.store.ledger._keeper
    statement = text("UPDATE voter SET \"right\" = 'paper' WHERE member_id = :id")
    await keeper.write(lambda connection: connection.execute(statement, {"id": member_id}))


async def test_two_hundred_attempts_of_one_member_at_once_count_once_a_hundred_times(tmp_path: Path) -> None:
    """Straight at the station, by both channels; each member tries in her own round."""
    people = [member(number, region=f"Область {number % 7}") for number in range(1, ROUNDS + 1)]
    async with booth(tmp_path, roll=people) as hall:
        for number in range(1, ROUNDS + 1):
            await hall.hall.store.ledger.enrol(f"m{number:06d}", "sms", "")
            hers = await hall.station.may_vote(f"m{number:06d}", hall.hand())
            outcomes = await asyncio.gather(*(_attempt(hall, hers, attempt) for attempt in range(ATTEMPTS)))
            receipts = [outcome for outcome in outcomes if outcome]
            assert len(receipts) == 1
        assert await hall.box() == (ROUNDS, ROUNDS, ROUNDS)
        regions = {region.region: region.telegram + region.sms for region in await hall.hall.store.ledger.turnout()}
        assert regions == {f"Область {r}": len([n for n in range(1, ROUNDS + 1) if n % 7 == r]) for r in range(7)}
        assert (await hall.hall.store.outbox.counts())["waiting"] == ROUNDS, "one notice a vote"


async def _attempt(hall: Booth, hers: MayVote, attempt: int) -> str:
    channel: Channel = "telegram" if attempt % 2 else "sms"
    marks = {"mazhilis": (f"10{attempt % 3 + 1}",)}
    try:
        return await hall.station.cast(hers, channel, marks, lambda _: "notice", hall.hand())
    except AlreadyVoted:
        return ""


async def test_one_member_hammering_both_doors_at_once_votes_once(tmp_path: Path) -> None:
    await hammer_both_doors(tmp_path, rounds=10, attempts=20)
