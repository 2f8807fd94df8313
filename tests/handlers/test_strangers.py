"""Who cannot vote by phone is told the same words as everybody, and gets no SMS; by SMS she hears nothing."""

from pathlib import Path

import pytest

from handlers.speech import Reply
from tests.voters import Booth, Voter, booth, member

STRANGE = {
    "unknown": [],
    "landline": [member(7, status="landline", phone="+77010000007")],
    "shared": [member(7, status="shared"), member(8, status="shared", phone="+77010000007")],
    "invalid": [member(7, status="invalid", phone="+77010000007")],
    "no phone": [member(7, status="none")],
}


def _words(replies: list[Reply]) -> list[tuple[object, ...]]:
    """A reply without its address, and with the last digits of the number hidden."""
    return [
        (r.heading, r.text.replace("** 07", "**").replace("** 01", "**"), r.footer, r.toast, r.ask_contact,
         r.drop_contact, r.fresh, r.options, tuple(a.label for a in r.actions))
        for r in replies
    ]  # fmt: skip


async def _same(one: Voter, other: Voter, *typed: str) -> None:
    for text in typed:
        mine, hers = (await one.says(text), await other.says(text))
        assert _words(mine) == _words(hers), text


async def _share(one: Voter, other: Voter) -> None:
    assert _words(await one.shares_contact()) == _words(await other.shares_contact())


@pytest.mark.parametrize(
    ("kind", "language"),
    [("unknown", "kk"), ("unknown", "en"), ("landline", "ru"), ("shared", "ru"), ("invalid", "ru"), ("no phone", "ru")],
)
async def test_a_stranger_reads_what_a_member_reads_and_gets_no_sms(tmp_path: Path, kind: str, language: str) -> None:
    async with booth(tmp_path, roll=[member(1), *STRANGE[kind]]) as hall:
        anna, stranger = hall.telegram(1, language), hall.telegram(7, language)
        await _same(anna, stranger, "/start")
        await _share(anna, stranger)
        await _same(anna, stranger, "/code", "abc")  # too soon, and no code at all
        await _same(anna, stranger, *(["000000"] * 6))  # wrong, wrong for the last time, out of force
        hall.hand.moves(minutes=1)
        await _same(anna, stranger, "/code")
        hall.hand.moves(minutes=11)
        await _same(anna, stranger, "000000", "/status", "/start")
        await _share(anna, stranger)
        assert len(await hall.letters(anna.own_phone)) == 1  # the older two were too old to leave
        assert await hall.letters(stranger.own_phone) == []
        assert (await hall.hall.store.outbox.counts()).get("waiting", 0) == 0


async def test_neither_lock_nor_limits_tell_who_is_on_the_roll(tmp_path: Path) -> None:
    async with booth(tmp_path, roll=[member(1)]) as hall:
        anna, stranger = hall.telegram(1), hall.telegram(7)
        await _same(anna, stranger, "/start")
        for _ in range(3):
            await _share(anna, stranger)
            await _same(anna, stranger, *(["000000"] * 5))
            hall.hand.moves(minutes=61)
        anna.is_told("member-locked")
        await _share(anna, stranger)


async def test_the_last_code_of_the_election_is_the_last_for_a_stranger_too(tmp_path: Path) -> None:
    async with booth(tmp_path, roll=[member(1)]) as hall:
        anna, stranger = hall.telegram(1), hall.telegram(7)
        await _same(anna, stranger, "/start")
        for _ in range(14):
            await _share(anna, stranger)
            hall.hand.moves(hours=5)
        anna.is_told("no-more-codes")


async def test_a_second_chat_with_the_same_number_looks_the_same_for_a_stranger(tmp_path: Path) -> None:
    async with booth(tmp_path, roll=[member(1)]) as hall:
        first = (hall.telegram(1), hall.telegram(7))
        second = (hall.telegram(1, account="901"), hall.telegram(7, account="907"))
        for pair in (first, second):
            await _same(*pair, "/start")
            await _share(*pair)
            hall.hand.moves(minutes=1)
        await _same(*first, "000000")
        await _same(*second, "000000")


@pytest.mark.parametrize("kind", list(STRANGE))
async def test_a_stranger_by_sms_gets_silence(tmp_path: Path, kind: str) -> None:
    async with booth(tmp_path, roll=[member(1), *STRANGE[kind]]) as hall:
        stranger = hall.phone(7)
        for text in ("ГОЛОС", "12345678 1", "ДА", "STOP", "HELP", "STATUS", "TURNOUT", "CHECK A", "", "😀"):
            await stranger.says(text)
            stranger.sees_nothing()
        assert await hall.letters(stranger.own_phone) == []


async def test_a_number_that_writes_too_much_gets_silence_for_a_while(hall: Booth) -> None:
    anna = hall.phone(1)
    answered = [bool(await anna.says("STATUS")) for _ in range(30)]
    assert answered == [True] * 20 + [False] * 10
    hall.hand.moves(minutes=10)
    await anna.says("STATUS")
    anna.is_told("own-not-voted")
