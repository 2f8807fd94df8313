"""Officers extend the voting and strike candidates off in the chat, by two persons."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_officers import COMMISSION, approves, opens, said
from tests.voters import Booth, Voter, booth

CLOSING = COMMISSION.replace("[commission]", "closes = 2026-12-02T20:00:00\n[commission]").replace(
    "[[contest]]",
    """[[contest]]
id = "council"
title = { kk = "Кеңес", ru = "Совет", en = "Council" }
choose = 5
"""
    + "".join(f'[[contest.candidate]]\nid = "{n}"\nname = "Член {n}"\n' for n in range(1, 31))
    + "[[contest]]",
)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    """Two contests, one of them long; nothing is opened yet."""
    async with booth(tmp_path, file=CLOSING, opened=False) as made:
        yield made


async def proposes(officer: Voter) -> None:
    officer.is_told("staff-ask-reason")
    await officer.says("Решение 14")
    await officer.presses(said("staff-propose"))


async def test_a_candidate_is_struck_off_and_given_back_by_two(hall: Booth) -> None:
    aigerim, berik = await opens(hall)
    await aigerim.says("/staff")
    await aigerim.presses(said("staff-candidates"))
    await aigerim.presses("Мажилис")
    await aigerim.presses("Ахметова Айгүл")
    aigerim.is_told("deed-strike", name="Ахметова Айгүл", title="Мажилис")
    await proposes(aigerim)
    hall.hand.moves(seconds=2)
    record = await hall.hall.store.ledger.election()
    assert record is not None
    assert record.rulings == (), "one alone does nothing"
    await approves(berik)
    hall.hand.moves(seconds=2)
    voter = hall.telegram(3)
    await voter.signs_in()
    await voter.presses(said("leave-blank"))
    voter.sees(said("struck-name", name="Ахметова Айгүл"))
    await berik.presses(said("staff-back"))
    await berik.presses(said("staff-candidates"))
    await berik.presses("Мажилис")
    await berik.presses(said("struck-name", name="Ахметова Айгүл"))
    berik.is_told("deed-unstrike", name="Ахметова Айгүл", title="Мажилис")


async def test_a_long_contest_has_pages(hall: Booth) -> None:
    aigerim, _ = await opens(hall)
    await aigerim.says("/staff")
    await aigerim.presses(said("staff-candidates"))
    await aigerim.presses("Совет")
    assert "Член 21" not in aigerim.shown()
    await aigerim.presses(said("page-after"))
    await aigerim.presses("Член 21")
    aigerim.is_told("deed-strike", name="Член 21", title="Совет")


@pytest.mark.parametrize("how", ["by a button", "by a typed hour"])
async def test_the_voting_is_extended_by_two(hall: Booth, how: str) -> None:
    aigerim, berik = await opens(hall)
    await aigerim.says("/staff")
    await aigerim.presses(said("staff-hours"))
    aigerim.is_told("staff-hours-until", hour="20:00 02.12")
    if how == "by a button":
        await aigerim.presses(said("staff-hours-line", hour="22:00 02.12"))
    else:
        await aigerim.says("22:00")
    aigerim.is_told("deed-extend", hour="22:00 02.12")
    await proposes(aigerim)
    await approves(berik)
    hall.hand.moves(seconds=2)
    voter = hall.telegram(3)
    await voter.says("/status")
    voter.is_told("open-until", hour="22:00 02.12")


async def test_an_hour_that_cannot_be_read_or_is_not_later_is_refused_in_words(hall: Booth) -> None:
    aigerim, _ = await opens(hall)
    await aigerim.says("/staff")
    await aigerim.presses(said("staff-hours"))
    await aigerim.says("вечером")
    aigerim.is_told("refused-bad-hour")
    await aigerim.says("2026-12-02 19:00")
    await aigerim.says("Решение 15")
    await aigerim.presses(said("staff-propose"))
    aigerim.is_told("refused-not-later")
