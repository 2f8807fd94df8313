"""Whatever is sent, wherever she is: a sentence repeats what is awaited, nothing is lost and nothing raises."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.session import Session
from handlers.speech import Incoming
from handlers.visit import tag
from tests.handlers.places import CHAT, FILE, GARBAGE_KEYS, SMS, TEXTS_OF_ALL_SORTS, Place
from tests.voters import RECEIPT, Booth, Voter, booth


async def _draft(voter: Voter) -> tuple[object, ...]:
    """What must not be lost. (A place that is only shown, such as the paused one, may be entered anew.)"""
    kept: Session = await voter.booth.session(voter)
    return kept.step, kept.contest, kept.marks, kept.edit, kept.member, kept.language, kept.phone


async def _is_harmless(voter: Voter, place: Place, incoming: Incoming, *, screen: bool = False) -> None:
    before, box = await _draft(voter), await voter.booth.box()
    await voter.sends(incoming)
    told = voter.shown()
    allowed = [*place.awaited, *([place.screen] if screen and place.screen else [])]
    sent = repr(incoming.press or incoming.text)[:40]
    assert any(words in told for words in allowed), f"{sent} was answered with:\n{told}"
    assert await _draft(voter) == before, sent
    assert await voter.booth.box() == box, sent


@pytest.mark.parametrize("name", list(CHAT))
async def test_in_telegram_every_silly_message_is_answered_with_what_is_awaited(tmp_path: Path, name: str) -> None:
    place = CHAT[name]
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await place.come(anna)
        for text in TEXTS_OF_ALL_SORTS:
            await _is_harmless(anna, place, anna.message(text=text))
        await _is_harmless(anna, place, anna.message(other=True))  # photo, sticker, voice, an edited message


@pytest.mark.parametrize("name", [name for name in CHAT if name not in {"contact", "code"}])
async def test_a_contact_out_of_place_is_answered_with_what_is_awaited(tmp_path: Path, name: str) -> None:
    place = CHAT[name]
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await place.come(anna)
        for own in (False, True):
            await anna.shares_contact(own=own)
            assert any(words in anna.shown() for words in place.awaited)
            before = await _draft(anna)
        assert await _draft(anna) == before
        assert await hall.letters("+77010000001") == [] or name == "voted"


@pytest.mark.parametrize("name", list(CHAT))
async def test_buttons_that_are_old_foreign_or_made_up_show_what_is_true_now(tmp_path: Path, name: str) -> None:
    place = CHAT[name]
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await place.come(anna)
        standing = await hall.hall.standing.now_standing(hall.hand())
        stamp = (await hall.session(anna)).stamp
        here = f"{tag(standing)}.{stamp:x}"
        old = [f"{tag(standing)}.{stamp - 1:x}.{key}" for key in ("p0", "cast", "l-kk", "n", "0", "turn")]
        foreign = [f"ffff.{stamp:x}.{key}" for key in ("p0", "cast", "l-kk")]
        shapeless = ["x", "....", ".", "cast", "p0", "я" * 32]
        for payload in [*old, *foreign, *shapeless, *(f"{here}.{key}" for key in GARBAGE_KEYS)]:
            await _is_harmless(anna, place, anna.message(press=payload, screen="1"), screen=True)


@pytest.mark.parametrize("name", list(SMS))
async def test_by_sms_every_silly_message_is_answered_with_what_is_awaited(tmp_path: Path, name: str) -> None:
    place = SMS[name]
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.phone(1)
        await place.come(anna)
        for number, text in enumerate([*TEXTS_OF_ALL_SORTS, None]):
            if number % 10 == 9:
                hall.restarts()
                await hall.fleeting.drop(_answers(hall, anna))  # the flood of answers is another test's
            message = anna.message(text=text) if text is not None else anna.message(other=True)
            await _is_harmless(anna, place, message)


def _answers(hall: Booth, voter: Voter) -> str:
    return f"answers:{hall.hall.strongroom.phone_key(voter.own_phone).hex()}"


@pytest.mark.parametrize("name", list(CHAT))
async def test_in_a_group_nothing_is_said_and_nothing_is_done(tmp_path: Path, name: str) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await CHAT[name].come(anna)
        before = await hall.session(anna)
        for message in (
            anna.message(text="/start"),
            anna.message(text="1"),
            anna.message(press="x"),
            anna.message(other=True),
        ):
            await anna.sends(replace(message, private=False))
            anna.sees_nothing()
        assert await hall.session(anna) == before


async def test_two_different_answers_at_once_are_one_answer(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await anna.signs_in()
        presses = [anna.message(press=anna.button(name), screen="1") for name in ("Серик", "Виктор")]
        await asyncio.gather(*(anna.sends(press) for press in presses))
        kept = await hall.session(anna)
        assert kept.contest == 1
        assert list(kept.marks) == ["chair"]
        assert len(kept.marks["chair"]) == 1


async def test_cast_pressed_twice_at_once_casts_once_and_shows_the_receipt_twice(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await CHAT["review"].come(anna)
        presses = [anna.message(press=anna.button("Проголосовать"), screen="1") for _ in range(2)]
        first, second = await asyncio.gather(*(anna.sends(press) for press in presses))
        assert RECEIPT.findall(first[0].text)[0] in second[0].text
        assert await hall.box() == (1, 1, 1)


async def test_a_name_of_three_letters_is_found_and_yes_is_no_search(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await anna.signs_in()
        await anna.says("ДА")
        anna.is_told("awaiting-choice-chat", last=3)
        await anna.says("айгул")
        anna.sees("Айгүл")
        assert "Серик" not in anna.shown()
        await anna.says("все")
        anna.sees("Серик")
