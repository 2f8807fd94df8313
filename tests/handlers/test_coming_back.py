"""A member who comes back lands where she left: after a restart, a pause, another language, an opening, a close."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from scheduler.hours import Hours
from scheduler.steady import Steady
from tests.ballots import contest, election
from tests.handlers.places import CHAT, FILE
from tests.voters import TEXTS, Booth, booth, booth_again

HOURS = "opens = 2026-12-01T15:00:00+05:00\ncloses = 2026-12-01T20:00:00+05:00"
TIMED = election(contest("chair", ["Первый", "Второй"]), hours=HOURS)

CANDIDATES = {"1": "Сериков Ержан", "2": "Ахметова Айгүл", "3": "Ким Виктор"}


async def test_a_draft_survives_the_end_of_the_program_at_both_doors(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as before:
        chat, phone = before.telegram(1), before.phone(2)
        await chat.signs_in()
        await chat.says("2")
        await chat.presses("Член 3")
        await phone.signs_in()
        await phone.says(f"{await phone.code()} 3")
    async with booth_again(before) as after:
        chat.booth = phone.booth = after
        await chat.says("/start")
        chat.is_told("contest-of", number=2, all=2)
        chat.sees("✓ Член 3")
        await chat.presses(TEXTS.said("ru", "next"))
        chat.sees("Председатель: Айгүл\nСовет: Член 3")
        await phone.says("2")
        phone.sees("Председатель: Виктор\nСовет: Член 2")
        for voter in (chat, phone):
            await voter.says("ДА")
        assert await after.box() == (2, 2, 2)


async def test_buttons_shown_before_the_restart_still_work_after_it(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as before:
        anna = before.telegram(1)
        await anna.signs_in()
    async with booth_again(before) as after:
        anna.booth = after
        await anna.presses("Виктор")
        anna.is_told("contest-of", number=2, all=2)


async def test_the_code_step_survives_a_restart(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    hall.restarts()
    await anna.says(await anna.code())
    anna.is_told("choose-one-chat")


async def test_start_in_the_middle_shows_where_she_is_everywhere(tmp_path: Path) -> None:
    for name in ("contest", "several", "review", "change", "editing"):
        async with booth(tmp_path / name, file=FILE) as hall:
            anna = hall.telegram(1)
            await CHAT[name].come(anna)
            before = (await hall.session(anna)).marks
            await anna.says("/start")
            anna.sees(CHAT[name].screen)
            assert (await hall.session(anna)).marks == before


async def test_another_language_in_the_middle_leads_back_to_the_same_place(tmp_path: Path) -> None:
    for name in ("contest", "several", "review", "editing"):
        async with booth(tmp_path / name, file=FILE) as hall:
            anna = hall.telegram(1)
            await CHAT[name].come(anna)
            before = await hall.session(anna)
            await anna.says("/language")
            await anna.presses("Қазақша")
            after = await hall.session(anna)
            assert (after.step, after.contest, after.marks, after.edit) == (
                before.step, before.contest, before.marks, before.edit,
            )  # fmt: skip
            assert anna.last[0].menu_language == "kk"
            assert (await hall.member(1)).language == "kk"


async def test_a_language_chosen_for_the_first_time_brings_its_menu(hall: Booth) -> None:
    anna = hall.telegram(1, language="uz")
    await anna.says("/start")
    anna.is_told("choose-language")
    await anna.presses("English")
    assert anna.last[0].menu_language == "en"
    anna.is_told("ask-contact", "en")


async def test_a_pause_in_the_middle_keeps_the_draft_and_the_place(tmp_path: Path) -> None:
    for name in ("contest", "several", "review", "editing"):
        async with booth(tmp_path / name, file=FILE) as hall:
            anna, phone = hall.telegram(1), hall.phone(2)
            await CHAT[name].come(anna)
            await phone.says("ГОЛОС")
            before = await hall.session(anna)
            await hall.pauses()
            for text in ("1", "ДА", "/start"):
                await anna.says(text)
                anna.is_told("paused")
            await phone.says("ГОЛОС")
            phone.is_told("paused")
            assert await hall.box() == (0, 0, 0)
            await hall.resumes()
            await anna.says("/start")
            anna.sees(CHAT[name].screen)
            after = await hall.session(anna)
            assert (after.step, after.contest, after.marks, after.edit) == (
                before.step, before.contest, before.marks, before.edit,
            )  # fmt: skip


async def test_a_pause_between_the_review_and_the_tap_takes_no_vote(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await CHAT["review"].come(anna)
        await hall.hall.store.office.move(["open"], "paused", hall.hand())  # the desk still believes it is open
        await anna.presses(TEXTS.said("ru", "cast"))
        anna.is_told("paused")
        assert await hall.box() == (0, 0, 0)
        await hall.resumes()
        await anna.says("/start")
        await anna.presses(TEXTS.said("ru", "cast"))
        anna.is_told("in-the-box")


async def test_a_store_that_fails_loses_nothing_and_says_so(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna = hall.telegram(1)
        await CHAT["review"].come(anna)
        _from_outside(hall, "ALTER TABLE leaf RENAME TO away")
        await anna.says("ДА")
        anna.is_told("try-again")
        assert await hall.box() == (0, 0, 0)
        _from_outside(hall, "ALTER TABLE away RENAME TO leaf")
        await anna.says("ДА")
        anna.is_told("in-the-box")
        assert await hall.box() == (1, 1, 1)
        assert len(await hall.letters(anna.own_phone)) == 1


def _from_outside(hall: Booth, statement: str) -> None:
    with closing(sqlite3.connect(hall.hall.store.ledger._keeper._writing.url.database)) as driver:
        driver.execute(statement)


async def test_a_close_in_the_middle_takes_no_vote_and_says_so(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE) as hall:
        anna, phone, voted = hall.telegram(1), hall.phone(2), hall.telegram(3)
        await CHAT["review"].come(anna)
        await phone.says("ГОЛОС")
        await CHAT["voted"].come(voted)
        await hall.closes()
        await anna.presses(TEXTS.said("ru", "cast"))
        anna.is_told("closed")
        await phone.says("12345678 1")
        await phone.says("ГОЛОС")
        phone.is_told("closed")
        await voted.says("/start")
        voted.is_told("already-voted-receipt", receipt="")
        assert await hall.box() == (1, 1, 1)


async def test_who_comes_before_the_opening_is_told_when_and_votes_after_it(tmp_path: Path) -> None:
    async with booth(tmp_path, file=TIMED, opened=False) as hall:
        hours = Hours(hall.hall.standing, hall.hall.commission, Steady(lambda: hall.hand.at.timestamp()))
        anna, phone = hall.telegram(1), hall.phone(2)
        await anna.signs_in()
        anna.is_told("opens-at", hour="15:00 01.12")
        await phone.says("ГОЛОС")
        phone.is_told("opens-at", hour="15:00 01.12")
        assert (await hall.member(2)).codes_sent == 0, "no code before there is something to answer"
        assert await hours.run(hall.hand()) == {"opened": 0, "closed": 0}
        hall.hand.at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
        assert await hours.run(hall.hand()) == {"opened": 1, "closed": 0}
        hall.hand.moves(seconds=2)
        await anna.says("/start")
        anna.is_told("choose-one-chat")
        await phone.says("ГОЛОС")
        phone.is_told("choose-one-sms")
        await anna.says("1")
        await anna.says("ДА")
        anna.is_told("in-the-box")


async def test_the_hour_of_closing_counts_before_the_close_is_recorded(tmp_path: Path) -> None:
    async with booth(tmp_path, file=TIMED, opened=False) as hall:
        hours = Hours(hall.hall.standing, hall.hall.commission, Steady(lambda: hall.hand.at.timestamp()))
        hall.hand.at = datetime(2026, 12, 1, 14, 59, 50, tzinfo=UTC)
        await hours.run(hall.hand())
        hall.hand.moves(seconds=5)
        anna = hall.telegram(1)
        await anna.signs_in()
        await anna.says("1")
        hall.hand.moves(seconds=5)
        await anna.says("ДА")
        anna.is_told("closed")
        assert await hall.box() == (0, 0, 0)
        assert await hours.run(hall.hand()) == {"opened": 0, "closed": 1}


async def test_another_election_in_the_same_store_forgets_the_draft_and_its_buttons(tmp_path: Path) -> None:
    async with booth(tmp_path, file=TIMED, opened=False) as hall:
        anna = hall.telegram(1)
        await anna.says("/start")
        other = TIMED.replace("Первый", "Третий")
        await hall.hall.store.office.load_election(other, "f" * 64)
        hall.hand.moves(seconds=2)
        await anna.shares_contact()
        await anna.says(await anna.code())
        anna.is_told("opens-at", hour="15:00 01.12")


async def test_the_button_of_a_review_from_before_a_lost_session_does_not_cast_a_newer_draft(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        anna = hall.telegram(1)
        await anna.signs_in()
        old = ""
        for choice in ("1", "2", "3"):
            await anna.says(choice)
            anna.sees(CANDIDATES[choice])
            if old:
                await anna.taps(old)
                assert await hall.box() == (0, 0, 0)
                anna.sees(CANDIDATES[choice])
            old = anna.button(TEXTS.said("ru", "cast"))
            await hall.forgets(anna)
            hall.hand.moves(seconds=1)
            await anna.says("/start")


async def test_a_menu_command_after_a_lost_session_does_not_change_the_language(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.signs_in()
    for command in ("/code", "/status", "/turnout", "/help"):
        await hall.forgets(anna)
        await anna.says(command)
        assert (await hall.session(anna)).language == "ru"
