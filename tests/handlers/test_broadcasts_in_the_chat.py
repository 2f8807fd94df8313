"""An organiser says something to many, in the chat: written, looked at, confirmed once, watched, stopped."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dauys import publishing
from dauys.wiring import make_desk
from election.broadcasts import Broadcast, Outcomes, Progress
from election.definition import Words
from handlers.speech import Option
from tests.handlers.test_officers import COMMISSION, at_work, said
from tests.voters import Booth, Voter, booth

CHANNEL = "@turnout"
WITH_CHANNEL = COMMISSION.replace("two_person = true", "two_person = false").replace(
    "[commission]", f'[bulletins]\nchannels = ["{CHANNEL}"]\n[commission]'
)
WORDS = Words("Ертең соңғы күн", "Завтра последний день", "Tomorrow is the last day")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """Three members have signed in in Telegram, two by SMS alone."""
    async with booth(tmp_path, file=WITH_CHANNEL, members=6) as made:
        ledger = made.hall.store.ledger
        for number in (2, 3, 4):
            await ledger.enrol(f"m{number:06d}", "telegram", str(5000 + number), "1")
        for number in (5, 6):
            await ledger.enrol(f"m{number:06d}", "sms", "")
        yield made


async def writes(hall: Booth) -> Voter:
    """An organiser at the question to whom her words go."""
    aigerim = await at_work(hall, "Aigerim")
    await aigerim.presses(said("staff-say"))
    await aigerim.presses(said("staff-say-words"))
    for words in (WORDS.kk, WORDS.ru, WORDS.en):
        await aigerim.says(words)
    aigerim.is_told("staff-say-to-whom")
    return aigerim


async def sends(hall: Booth) -> Voter:
    aigerim = await writes(hall)
    await aigerim.presses(said("staff-say-look"))
    await aigerim.presses(said("staff-say-send"))
    return aigerim


async def broadcasts(hall: Booth) -> list[Broadcast]:
    return list(await hall.hall.store.broadcasts.broadcasts())


async def test_she_writes_in_three_languages_looks_at_it_and_sends_it(hall: Booth) -> None:
    aigerim = await writes(hall)
    ticked = {o.label for reply in aigerim.last for o in reply.options if isinstance(o, Option) and o.ticked}
    assert ticked == {said("staff-say-to-channels"), said("staff-say-to-telegram")}
    await aigerim.presses(said("staff-say-look"))
    for words in (CHANNEL, WORDS.kk, WORDS.ru, WORDS.en, "Қазақша", "/stop"):
        aigerim.sees(words)
    aigerim.sees(f"{said('staff-say-to-channels')}: 1\n{said('staff-say-to-telegram')}: 3")
    aigerim.is_told("staff-say-takes", what=said("staff-say-seconds", seconds=1))
    assert await broadcasts(hall) == [], "nothing is planned before she confirms"
    await aigerim.presses(said("staff-say-send"))
    aigerim.is_told("staff-say-is-planned", number=1)
    [found] = await broadcasts(hall)
    assert (found.plan.text, found.plan.ways, found.plan.channels) == (WORDS, ("channels", "telegram"), (CHANNEL,))
    assert (found.plan.by, found.counts.expected) == ("Aigerim", 4)


async def test_by_sms_it_is_shown_what_the_carrier_bills(hall: Booth) -> None:
    aigerim = await writes(hall)
    await aigerim.presses(said("staff-say-to-sms"))
    await aigerim.presses(said("staff-say-to-telegram"))
    await aigerim.presses(said("staff-say-look"))
    aigerim.sees(f"{said('staff-say-to-sms')}: 2")
    aigerim.is_told("staff-say-segments", segments=2)
    await aigerim.presses(said("staff-say-to-others"))
    await aigerim.presses(said("staff-say-to-channels"))
    await aigerim.presses(said("staff-say-look"))
    await aigerim.presses(said("staff-say-send"))
    assert [each.plan.ways for each in await broadcasts(hall)] == [("sms",)]


async def test_where_a_price_is_set_it_is_shown_in_money(hall: Booth) -> None:
    settings = hall.settings.model_copy(update={"SMS_PRICE": 0.75})
    hall.desk = make_desk(replace(hall.hall, settings=settings), hall.fleeting, hall.hand)
    aigerim = await writes(hall)
    await aigerim.presses(said("staff-say-to-sms"))
    await aigerim.presses(said("staff-say-look"))
    aigerim.is_told("staff-say-price", money="1.50")


async def test_the_same_words_may_serve_for_all_and_no_word_is_a_command(hall: Booth) -> None:
    aigerim = await at_work(hall, "Aigerim")
    await aigerim.presses(said("staff-say"))
    await aigerim.presses(said("staff-say-words"))
    await aigerim.says("я" * 1001)
    aigerim.is_told("staff-say-long", most=1000)
    await aigerim.says("СТОП")
    await aigerim.presses(said("staff-say-same"))
    await aigerim.presses(said("staff-say-look"))
    await aigerim.presses(said("staff-say-send"))
    assert [each.plan.text for each in await broadcasts(hall)] == [Words("СТОП", "СТОП", "СТОП")]


async def test_confirmed_twice_it_is_sent_once(hall: Booth) -> None:
    aigerim = await writes(hall)
    await aigerim.presses(said("staff-say-look"))
    yes, name = aigerim.button(said("staff-say-send")), hall.hall.strongroom.name("telegram", aigerim.address.sender)
    before = await hall.fleeting.get(f"session:{name}", hall.hand())
    await aigerim.taps(yes)
    await aigerim.taps(yes)
    aigerim.is_told("staff-say-is-planned", number=1)
    # the process died between the plan and the session, and Telegram brings the press again
    assert before is not None
    await hall.fleeting.put(f"session:{name}", before, 600, hall.hand())
    await aigerim.taps(yes)
    aigerim.is_told("staff-say-is-planned", number=1)
    assert len(await broadcasts(hall)) == 1


async def test_it_moves_before_her_eyes_until_it_has_ended_or_she_goes_on(hall: Booth) -> None:
    store = hall.hall.store.broadcasts
    aigerim = await sends(hall)
    [screen] = aigerim.last
    assert screen.renewed is not None
    await store.take(1, "clock", hall.hand())
    hall.hand.moves(seconds=10)
    await store.note(1, "clock", Progress(1, "5003"), Outcomes(sent=1, blocked=1))
    moved = await screen.renewed()
    assert moved is not None
    assert moved.renewed is not None
    for words in ("50 %", said("staff-say-settled", number=2, expected=4), said("staff-say-closed", number=1)):
        assert words in moved.text
    assert said("staff-say-left", what=said("staff-say-seconds", seconds=1)) in moved.text
    await store.end(1, "clock", hall.hand())
    last = await moved.renewed()
    assert last is not None
    assert (last.heading, last.renewed) == (said("staff-say-is-done", number=1), None)
    await aigerim.presses(said("staff-say-far"))
    aigerim.is_told("staff-say-is-done", number=1)
    await aigerim.presses(said("staff-back"))
    assert await moved.renewed() is None, "another screen stands there now"


async def test_it_is_stopped_after_a_second_question(hall: Booth) -> None:
    aigerim = await sends(hall)
    await aigerim.presses(said("staff-say-stop"))
    aigerim.is_told("staff-say-sure", number=1)
    assert [each.state for each in await broadcasts(hall)] == ["planned"]
    await aigerim.presses(said("staff-say-stop"))
    aigerim.is_told("staff-say-is-stopped", number=1)
    assert [each.state for each in await broadcasts(hall)] == ["stopped"]


async def test_a_reminder_goes_to_members_only_and_not_after_the_close(hall: Booth) -> None:
    aigerim = await at_work(hall, "Aigerim")
    await aigerim.presses(said("staff-say"))
    await aigerim.presses(said("staff-say-remind"))
    assert said("staff-say-to-channels") not in aigerim.shown()
    await aigerim.presses(said("staff-say-look"))
    aigerim.sees("You have not voted yet")
    await hall.closes()
    await aigerim.presses(said("staff-say-send"))
    aigerim.is_told("refused-not-open")
    assert await broadcasts(hall) == []


async def test_a_bulletin_is_shown_with_its_picture(hall: Booth) -> None:
    await publishing.publish(hall.hall, hall.hand())
    aigerim = await at_work(hall, "Aigerim")
    await aigerim.presses(said("staff-say"))
    await aigerim.presses(said("staff-say-bulletin", number=1))
    await aigerim.presses(said("staff-say-look"))
    pictures = [reply.picture for reply in aigerim.last if reply.picture]
    assert len(pictures) == 4, "in the channel and in three languages"
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    aigerim.sees("Мәлімет нөмірі: 1")
    await aigerim.presses(said("staff-say-send"))
    assert [each.plan.bulletin for each in await broadcasts(hall)] == [1]


async def test_to_nobody_nothing_is_sent(tmp_path: Path) -> None:
    async with booth(tmp_path, file=COMMISSION.replace("two_person = true", "two_person = false")) as hall:
        aigerim = await writes(hall)
        assert said("staff-say-to-channels") not in aigerim.shown()
        await aigerim.presses(said("staff-say-look"))
        aigerim.is_told("refused-nobody")


async def test_it_is_an_organisers_work_alone(hall: Booth) -> None:
    await sends(hall)
    berik = await at_work(hall, "Berik")
    assert said("staff-say") not in berik.shown()
    watching = berik.button(said("staff-watch"))
    for order in ("words", "stop:1", "halt:1", "far:1", "look", "send"):
        await berik.taps(watching.replace("s:wat", f"s:say:{order}"))
        watching = berik.button(said("staff-watch"))
    assert [each.state for each in await broadcasts(hall)] == ["planned"]
