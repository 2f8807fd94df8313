"""Several bots, one election: whose bot is whose, and what a link to a bot may ask for."""

from pathlib import Path

import pytest

from dauys.wiring import make_desk
from handlers.doors import Doors
from handlers.phrases import read
from handlers.speech import Address, Language
from tests.voters import TEXTS, Booth, Voter, booth, shown

NORTH, SOUTH = "1", "2"


def serve(hall: Booth, **names: str) -> Doors:
    """A desk that knows of these bots."""
    doors = Doors()
    for door, name in names.items():
        doors.serve(door.removeprefix("bot"), name)
    hall.desk = make_desk(hall.hall, hall.fleeting, hall.hand, doors)
    return doors


def both(hall: Booth) -> None:
    serve(hall, bot1="north_bot", bot2="south_bot")


def at(voter: Voter, door: str) -> Voter:
    """The same person at another bot."""
    address = Address("telegram", voter.address.sender, voter.address.chat, door)
    return Voter(voter.booth, address, voter.own_phone, voter.language)


async def lose_sessions(hall: Booth) -> None:
    hall.hand.moves(days=15)


def is_sent(voter: Voter, name: str, language: Language = "ru") -> None:
    """The whole of the newest answer is the way to her own bot."""
    assert [shown(reply) for reply in voter.last] == [
        f"{TEXTS.said(language, 'own-bot', bot=name)}\n{TEXTS.said(language, 'own-bot-button')}"
    ]
    [button] = voter.last[0].actions
    assert (button.link, button.payload) == (f"https://t.me/{name}?start=vote", "")


async def test_at_another_bot_she_is_shown_the_way_and_nothing_else_happens(hall: Booth) -> None:
    both(hall)
    anna = hall.telegram(1)
    await anna.says("/start")
    elsewhere = at(anna, SOUTH)
    await elsewhere.says("/start")
    is_sent(elsewhere, "north_bot")
    await elsewhere.shares_contact()
    is_sent(elsewhere, "north_bot")
    assert await hall.letters(anna.own_phone) == [], "no code was sent"
    await anna.shares_contact()
    code = await anna.code()
    await elsewhere.says(code)
    is_sent(elsewhere, "north_bot")
    assert not (await hall.member(1)).enrolled
    await anna.says(code)
    await anna.says("2")
    await elsewhere.says("ДА")
    is_sent(elsewhere, "north_bot")
    assert await hall.box() == (0, 0, 0)
    await anna.says("ДА")
    anna.is_told("in-the-box")
    await elsewhere.says("/start")
    is_sent(elsewhere, "north_bot")
    assert await hall.box() == (1, 1, 1)


async def test_the_bot_she_signed_in_at_is_hers_when_her_session_is_forgotten(hall: Booth) -> None:
    both(hall)
    anna = hall.telegram(1)
    await anna.signs_in()
    await lose_sessions(hall)
    elsewhere = at(anna, SOUTH)
    await elsewhere.says("/start")
    is_sent(elsewhere, "north_bot")
    await anna.says("/start vote")
    await anna.says("2")
    await anna.says("ДА")
    anna.is_told("in-the-box")


async def test_whoever_has_not_signed_in_belongs_to_the_bot_of_her_session_only(hall: Booth) -> None:
    both(hall)
    await hall.telegram(1).says("/start")
    await lose_sessions(hall)
    anna = at(hall.telegram(1), SOUTH)
    await anna.votes()
    anna.is_told("in-the-box")


async def test_a_bot_that_is_served_no_more_gives_its_members_up_for_good(hall: Booth) -> None:
    both(hall)
    anna = hall.telegram(1)
    await anna.signs_in()
    serve(hall, bot2="south_bot")
    at_south = at(anna, SOUTH)
    await at_south.says("/start")
    at_south.sees("Ким Виктор")
    both(hall)  # it comes back, and she stays where she went
    await lose_sessions(hall)
    await anna.says("2")
    is_sent(anna, "south_bot")
    await at_south.says("/start vote")
    await at_south.says("2")
    await at_south.says("ДА")
    at_south.is_told("in-the-box")
    assert await hall.box() == (1, 1, 1)


async def test_until_a_bots_name_is_known_its_members_are_served_where_they_come(hall: Booth) -> None:
    doors = serve(hall, bot1="", bot2="south_bot")
    anna = hall.telegram(1)
    await anna.signs_in()
    elsewhere = at(anna, SOUTH)
    await elsewhere.says("/start")
    elsewhere.sees("Ким Виктор")
    doors.serve(NORTH, "north_bot")
    await elsewhere.says("2")
    is_sent(elsewhere, "north_bot")


async def test_where_nobody_knows_which_bots_there_are_nobody_is_sent_away_or_moved(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.signs_in()
    elsewhere = at(anna, SOUTH)
    await elsewhere.says("/start")
    elsewhere.sees("Ким Виктор")
    both(hall)
    await elsewhere.says("2")
    is_sent(elsewhere, "north_bot")


async def test_who_signed_in_before_bots_were_noted_belongs_to_the_one_she_writes_to_next(hall: Booth) -> None:
    both(hall)
    await hall.hall.store.ledger.enrol("m000001", "telegram", "5001")
    anna = at(hall.telegram(1), SOUTH)
    await anna.says("/start")
    anna.sees("Ким Виктор")
    await lose_sessions(hall)
    elsewhere = hall.telegram(1)
    await elsewhere.says("/start")
    is_sent(elsewhere, "south_bot")


async def test_by_sms_no_bot_is_asked_about(hall: Booth) -> None:
    both(hall)
    await hall.telegram(1).signs_in()
    hall.hand.moves(minutes=1)
    phone = hall.phone(1)
    await phone.votes()
    phone.is_told("in-the-box")


LINKS: list[tuple[str, str]] = [
    ("kk", "kk"),
    ("ru", "ru"),
    ("en", "en"),
    ("vote", ""),
    ("kk-vote", "kk"),
    ("vote_en", "en"),
    ("EN", "en"),
]


@pytest.mark.parametrize(("payload", "language"), LINKS)
def test_a_link_says_a_language_or_vote_or_both(payload: str, language: str) -> None:
    phrase = read(f"/start {payload}")
    assert (phrase.meaning, phrase.by_link, phrase.language, phrase.rest) == ("start", True, language, "")


@pytest.mark.parametrize("payload", ["", "de", "kkru", "votekk", "kk-", "-vote", "ref_7", "kk vote", "🙂", "k" * 64])
def test_any_other_payload_is_a_plain_start(payload: str) -> None:
    phrase = read(f"/start {payload}")
    assert (phrase.meaning, phrase.by_link, phrase.language) == ("start", False, "")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_link_sets_the_language_without_asking(hall: Booth, language: Language) -> None:
    stranger = hall.telegram(1, language="de")
    await stranger.says(f"/start {language}")
    stranger.is_told("ask-contact", language)
    assert stranger.last[0].menu_language == language


async def test_a_link_that_only_says_vote_asks_a_stranger_for_her_language(hall: Booth) -> None:
    stranger = hall.telegram(1, language="de")
    await stranger.says("/start vote")
    stranger.is_told("choose-language")


async def test_a_link_changes_the_language_of_one_who_has_begun_and_loses_nothing(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    await anna.says("/start kk")
    anna.is_told("type-code", "kk", digits=6)
    await anna.says(await anna.code())
    assert (await hall.member(1)).language == "kk"
    await anna.says("2")
    await anna.says("/start en-vote")
    anna.is_told("review", "en")
    assert (await hall.member(1)).language == "en"


async def test_a_bare_start_at_the_code_still_goes_back_to_the_number(hall: Booth) -> None:
    anna = hall.telegram(1)
    await anna.says("/start")
    await anna.shares_contact()
    await anna.says("/start something")
    anna.is_told("ask-contact")


async def test_the_way_to_her_own_bot_is_told_in_every_language(tmp_path: Path) -> None:
    async with booth(tmp_path) as hall:
        both(hall)
        languages: tuple[Language, ...] = ("kk", "ru", "en")
        for number, language in enumerate(languages, 1):
            await hall.telegram(number, language=language).says("/start")
            elsewhere = at(hall.telegram(number, language=language), SOUTH)
            await elsewhere.says("?")
            is_sent(elsewhere, "north_bot", language)
