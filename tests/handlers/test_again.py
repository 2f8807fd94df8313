"""A vote again: the old one stands until the new one is in. Not me: at once. After the close: out of the box."""

import re
from pathlib import Path

import pytest

from election import ballot
from election.definition import Channel
from election.election_file import parse
from tests.voters import FILE, RECEIPT, TEXTS, Booth, Voter, booth
from vault.ceremony import ElectionKey, join
from vault.sealing import Opener

CHOSEN = ["101", "102", "103"]


def _person(hall: Booth, door: Channel, number: int = 1) -> Voter:
    return hall.telegram(number) if door == "telegram" else hall.phone(number)


async def _in_the_box(hall: Booth) -> list[str]:
    """What the standing ballots say, opened with three shares as it may only be after the close."""
    record = await hall.hall.store.ledger.election()
    assert record is not None
    assert record.public_key is not None
    threshold, commitments = await hall.hall.store.office.commitments()
    definition = parse(FILE)
    opener = Opener(join(hall.shares[:3], ElectionKey(definition.id, record.public_key, threshold, commitments)))
    keeper = hall.hall.store.ledger._keeper
    rows = await keeper.read(
        lambda connection: connection.exec_driver_sql("SELECT sealed_ballot FROM envelope").scalars().all()
    )
    return sorted(ballot.decode(definition, opener.open(bytes(sealed)))["mazhilis"][0] for sealed in rows)


async def _asks_again(voter: Voter) -> None:
    if voter.by_sms:
        await voter.says("ЗАНОВО")
    else:
        await voter.presses(TEXTS.said("ru", "vote-again-once"))


async def _votes_again(voter: Voter, choice: str) -> None:
    """From the ballot, or from the code that is awaited, to the new receipt."""
    if voter.by_sms:
        await voter.says(f"{await voter.code()} {choice}")
    else:
        await voter.says(await voter.code())
        await voter.says(choice)
    await voter.says("ДА")


async def _digits(voter: Voter) -> str:
    """Those of the newest notice."""
    letters = await voter.booth.letters(voter.own_phone)
    return re.findall(r"НЕТ (\d{4})", "\n".join(letters))[-1]


@pytest.mark.parametrize("door", ["telegram", "sms"])
async def test_the_new_vote_takes_the_place_of_the_old_one(tmp_path: Path, door: Channel) -> None:
    async with booth(tmp_path) as hall:
        anna = _person(hall, door)
        await anna.votes(1)
        first, told = RECEIPT.findall(anna.shown())[0], RECEIPT.sub("#", anna.shown())
        hall.hand.moves(hours=2, minutes=1)
        await _asks_again(anna)
        assert await _in_the_box(hall) == ["101"], "the old one stands until the new one is in"
        await _votes_again(anna, "3")
        assert RECEIPT.sub("#", anna.shown()) == told, "nothing tells a vote again from a first one"
        second = RECEIPT.findall(anna.shown())[0]
        assert second != first
        assert await _in_the_box(hall) == ["103"]
        assert await hall.box() == (1, 1, 1)
        for receipt in (first, second):
            await anna.says(f"ПРОВЕРКА {receipt}")
            anna.is_told("check-waiting")


@pytest.mark.parametrize("door", ["telegram", "sms"])
async def test_not_before_the_wait_is_over_and_not_more_often_than_the_rules_say(tmp_path: Path, door: Channel) -> None:
    async with booth(tmp_path) as hall:
        anna = _person(hall, door)
        await anna.votes(1)
        await _asks_again(anna)
        anna.sees("Проголосовать заново можно с")
        hall.hand.moves(hours=2, minutes=1)
        await anna.says("ЗАНОВО")
        await _votes_again(anna, "2")
        hall.hand.moves(hours=5)
        await anna.says("ЗАНОВО")
        anna.is_told("no-more-redos")
        assert await _in_the_box(hall) == ["102"]


async def test_where_the_rules_give_no_second_vote_there_is_no_button_and_no_way(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE + "\n[policy]\nredo_limit = 0\n") as hall:
        anna = hall.telegram(1)
        await anna.votes(1)
        assert TEXTS.said("ru", "vote-again") not in anna.shown()
        hall.hand.moves(hours=9)
        await anna.says("ЗАНОВО")
        anna.is_told("already-voted-receipt", receipt=RECEIPT.findall(anna.shown())[0])
        assert await _in_the_box(hall) == ["101"]


async def test_a_redo_needs_a_fresh_code_of_its_own(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = hall.phone(1)
        await anna.votes(1)
        hall.hand.moves(hours=2, minutes=1)
        await anna.says("ЗАНОВО")
        await anna.says("3")
        anna.is_told("code-first")
        await anna.says("ДА")
        anna.is_told("code-first")
        assert await _in_the_box(hall) == ["101"]


async def test_a_vote_somebody_else_cast_is_disowned_by_the_digits_of_the_notice_at_once(tmp_path: Path) -> None:
    """A manager has her code and votes from his own Telegram with her number. Her phone gets the notice."""
    async with booth(tmp_path) as hall:
        thief, anna = hall.telegram(1), hall.phone(1)
        await thief.votes(1)
        digits = await _digits(thief)
        hall.hand.moves(minutes=2)
        await anna.says(f"НЕТ {digits}")
        await _votes_again(anna, "2")
        anna.is_told("in-the-box")
        assert await _in_the_box(hall) == ["102"]
        books = await hall.hall.store.books.books()
        assert dict(books.reasons) == {("", "not-me"): 1}
        assert (await hall.member(1)).casts == 2


async def test_digits_that_are_not_of_the_newest_notice_open_nothing_and_are_tried_a_few_times_only(
    tmp_path: Path,
) -> None:
    async with booth(tmp_path) as hall:
        anna = hall.phone(1)
        await anna.votes(1)
        digits = await _digits(anna)
        wrong = f"{(int(digits) - 999) % 9000 + 1000}"
        for _ in range(5):
            await anna.says(f"НЕТ {wrong}")
            anna.is_told("not-that-vote")
        await anna.says(f"НЕТ {digits}")
        anna.is_told("not-that-vote")
        assert (await hall.member(1)).granted == 0
        hall.hand.moves(hours=1, minutes=1)
        await anna.says(f"НЕТ {digits}")
        assert (await hall.member(1)).granted == 1


@pytest.mark.parametrize("door", ["telegram", "sms"])
async def test_after_the_close_a_vote_can_be_withdrawn_within_the_window(tmp_path: Path, door: Channel) -> None:
    async with booth(tmp_path) as hall:
        anna, berik = _person(hall, door), hall.phone(2)
        await anna.votes(1)
        await berik.votes(2)
        await hall.closes()
        hall.hand.moves(hours=23)
        await anna.says("ЗАНОВО")
        if anna.by_sms:
            await anna.says(f"{await anna.code()} ДА")
        else:
            await anna.says(await anna.code())
            anna.is_told("withdraw-sure")
            await anna.presses(TEXTS.said("ru", "withdraw"))
        anna.is_told("withdrawn")
        assert await _in_the_box(hall) == ["102"]
        await anna.says("/start" if door == "telegram" else "ГОЛОС")
        anna.is_told("withdrawn")
        hall.hand.moves(hours=2)
        await berik.says("ЗАНОВО")
        berik.is_told("closed")
        assert await _in_the_box(hall) == ["102"]


async def test_who_changes_her_mind_about_the_withdrawal_leaves_her_vote_in(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = hall.telegram(1)
        await anna.votes(1)
        await hall.closes()
        hall.hand.moves(minutes=5)
        await anna.says("ЗАНОВО")
        await anna.says(await anna.code())
        await anna.presses(TEXTS.said("ru", "keep"))
        anna.is_told("not-withdrawn")
        assert await _in_the_box(hall) == ["101"]
