"""Forty and a hundred candidates on a small screen: pages, search in any language, ticks, numbers that stay."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.speech import Option
from tests.ballots import Name, contest, election
from tests.voters import TEXTS, Booth, Voter, booth, member

NAMES: list[Name] = [(f"Қасым {n}-үміткер", f"Касым {n}-й", f"Qasym No {n}") for n in range(1, 101)]
NEXT = TEXTS.said("ru", "next")


@pytest.fixture(params=[40, 100])
async def long(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Booth, int]]:
    async with booth(tmp_path, file=election(contest("chair", NAMES[: request.param]))) as hall:
        yield hall, request.param


@pytest.fixture
async def several(tmp_path: Path) -> AsyncIterator[Voter]:
    """Somebody before a contest of forty of whom eighteen may be chosen, with another contest behind it."""
    file = election(contest("council", NAMES[:40], choose=18, blank=False), contest("chair", ["Один", "Другой"]))
    async with booth(tmp_path, file=file) as hall:
        voter = hall.telegram(1)
        await voter.signs_in()
        yield voter


def _options(voter: Voter) -> tuple[Option, ...]:
    return voter.last[0].options


def _ticked(voter: Voter) -> list[str]:
    return [option.label for option in _options(voter) if option.ticked]


async def test_ten_on_a_page_and_every_candidate_once_over_all_pages(long: tuple[Booth, int]) -> None:
    hall, size = long
    anna = hall.telegram(1)
    await anna.signs_in()
    seen: list[tuple[int, str]] = []
    for page in range(1, size // 10 + 1):
        anna.sees(f"{page}/{size // 10}")
        assert len(_options(anna)) == 10
        seen += [(option.number, option.label) for option in _options(anna)]
        await anna.presses("▶")
    assert seen == [(n, f"Касым {n}-й") for n in range(1, size + 1)]
    anna.sees(f"1/{size // 10}")
    await anna.presses("◀")
    anna.sees(f"{size // 10}/{size // 10}")


async def test_the_last_of_a_long_list_is_chosen_by_button_number_or_name(long: tuple[Booth, int]) -> None:
    hall, size = long
    last = f"Касым {size}-й"
    by_button, by_number, by_name = hall.telegram(1), hall.telegram(2), hall.telegram(3)
    await by_button.signs_in()
    await by_button.presses("◀")
    await by_button.presses(last)
    await by_number.signs_in()
    await by_number.says(str(size))
    await by_name.signs_in()
    await by_name.says(f"қасым {size}-")
    await by_name.presses(last)
    for voter in (by_button, by_number, by_name):
        voter.sees(f"Chair: {last}")


@pytest.mark.parametrize("sought", ["касым 37", "ҚАСЫМ 37", "Касым 37", "qasym 37", "37 qasym", "No 37", " касым  37 "])
async def test_a_name_is_found_in_any_language_and_keeps_its_number(long: tuple[Booth, int], sought: str) -> None:
    anna = long[0].telegram(1)
    await anna.signs_in()
    await anna.says(sought)
    assert [(option.number, option.label) for option in _options(anna)] == [(37, "Касым 37-й")]
    await anna.says("2")
    anna.sees("Касым 2-й")


async def test_a_search_is_left_by_a_button_or_a_word(long: tuple[Booth, int]) -> None:
    anna = long[0].telegram(1)
    await anna.signs_in()
    await anna.says("касым 37")
    await anna.presses(TEXTS.said("ru", "show-all"))
    assert len(_options(anna)) == 10
    await anna.says("касым 37")
    await anna.says("все")
    assert len(_options(anna)) == 10
    await anna.says("никто такой")
    anna.is_told("awaiting-choice-chat", last=long[1])


async def test_page_and_numbers_stay_when_the_language_changes_in_the_middle(long: tuple[Booth, int]) -> None:
    hall, size = long
    anna = hall.telegram(1)
    await anna.signs_in()
    for _ in range(3):
        await anna.presses("▶")
    await anna.says("/language")
    await anna.presses("English")
    anna.sees(f"4/{size // 10}")
    assert (_options(anna)[0].number, _options(anna)[0].label) == (31, "Qasym No 31")


async def test_by_sms_a_long_list_is_searched_and_numbers_stay(long: tuple[Booth, int]) -> None:
    hall, size = long
    anna = hall.phone(1)
    await anna.says("ГОЛОС")
    assert len(_options(anna)) == size
    await anna.says(f"{await anna.code()} касым")
    anna.is_told("found", query="касым")
    await anna.says("касым 37")
    assert [(option.number, option.label) for option in _options(anna)] == [(37, "Касым 37-й")]
    await anna.says("все")
    assert len(_options(anna)) == size
    await anna.says(f"{size + 1}")
    anna.is_told("awaiting-choice-sms", last=size)
    await anna.says(f"{size}.")
    anna.sees(f"Касым {size}-й")


async def test_ticks_stay_over_pages_search_language_and_a_restart(several: Voter) -> None:
    anna = several
    await anna.presses("Касым 2-й")
    await anna.presses("▶")
    await anna.presses("Касым 13-й")
    await anna.says("касым 37")
    await anna.presses("Касым 37-й")
    await anna.presses(TEXTS.said("ru", "show-all"))
    anna.booth.restarts()
    await anna.says("/language")
    await anna.presses("Қазақша")
    anna.is_told("choose-several-chat", "kk", choose=18, chosen=3)
    assert _ticked(anna) == ["Қасым 2-үміткер"]
    await anna.presses(TEXTS.said("kk", "next"))
    await anna.says("1")
    anna.sees("Қасым 2-үміткер, Қасым 13-үміткер, Қасым 37-үміткер")


async def test_a_double_tap_ticks_once_and_a_second_untick_does_nothing(several: Voter) -> None:
    anna = several
    tick = anna.button("Касым 2-й")
    for _ in range(3):
        await anna.taps(tick)
        assert _ticked(anna) == ["Касым 2-й"]
    untick = anna.button("Касым 2-й")
    for _ in range(3):
        await anna.taps(untick)
        assert _ticked(anna) == []


async def test_one_too_many_is_told_in_a_toast_and_next_tapped_twice_moves_once(several: Voter) -> None:
    anna = several
    for number in range(1, 19):
        await anna.presses(f"Касым {number}-й")
        if number == 10:
            await anna.presses("▶")
    await anna.presses("Касым 19-й")
    assert anna.last[0].toast == TEXTS.said("ru", "too-many", choose=18)
    assert (await anna.booth.session(anna)).marks["council"] == [f"council-{n}" for n in range(1, 19)]
    onward = anna.button(NEXT)
    await anna.taps(onward)
    await anna.taps(onward)
    anna.is_told("contest-of", number=2, all=2)


async def test_where_blank_is_not_allowed_none_is_not_taken(several: Voter) -> None:
    anna = several
    await anna.presses(NEXT)
    assert anna.last[0].toast == TEXTS.said("ru", "choose-at-least-one")
    await anna.says("0")
    anna.is_told("awaiting-choices-chat", last=40, choose=18)
    assert TEXTS.said("ru", "leave-blank") not in [button.label for reply in anna.heard for button in reply.actions]
    await anna.says(" ".join(str(n) for n in range(1, 20)))
    anna.is_told("too-many", choose=18)
    await anna.says("5, 5, 7 и 40")
    anna.is_told("contest-of", number=2, all=2)
    assert (await anna.booth.session(anna)).marks["council"] == ["council-5", "council-7", "council-40"]


async def test_back_shows_what_was_ticked_and_changes_lead_back_to_the_review(several: Voter) -> None:
    anna = several
    await anna.says("3 4")
    await anna.presses(TEXTS.said("ru", "back"))
    assert _ticked(anna) == ["Касым 3-й", "Касым 4-й"]
    await anna.presses(NEXT)
    await anna.presses("Другой")
    await anna.presses(TEXTS.said("ru", "change"))
    await anna.presses("Council")
    await anna.presses("Касым 3-й")
    await anna.presses(NEXT)
    anna.sees("Council: Касым 4-й\nChair: Другой")


async def test_where_blank_is_allowed_it_is_one_tap_and_the_review_says_so(tmp_path: Path) -> None:
    async with booth(
        tmp_path, file=election(contest("chair", NAMES[:3]), contest("rules", NAMES[:3], choose=2))
    ) as hall:
        anna, phone = hall.telegram(1), hall.phone(2)
        await anna.signs_in()
        for _ in range(2):
            await anna.presses(TEXTS.said("ru", "leave-blank"))
        await phone.signs_in()
        await phone.says(f"{await phone.code()} 0")
        await phone.says("0")
        for voter in (anna, phone):
            voter.sees(f"Chair: {TEXTS.said('ru', 'blank')}\nRules: {TEXTS.said('ru', 'blank')}")
            await voter.says("ДА")
            voter.is_told("in-the-box")


async def test_a_rotated_order_is_ones_own_the_same_at_both_doors_and_fair(tmp_path: Path) -> None:
    file = election(contest("chair", [f"К{n}" for n in range(1, 5)], order="rotated"))
    async with booth(tmp_path, file=file, members=24) as hall:
        firsts = []
        for number in range(1, 25):
            chat, phone = hall.telegram(number), hall.phone(number)
            await chat.signs_in()
            order = [option.label for option in _options(chat)]
            hall.hand.moves(minutes=1)
            await phone.says("ГОЛОС")
            assert [option.label for option in _options(phone)] == order
            await chat.says("2")
            chat.sees(f"Chair: {order[1]}")
            firsts.append(order[0])
        assert set(firsts) == {"К1", "К2", "К3", "К4"}


async def test_each_member_votes_in_the_contests_of_her_region_and_branch(tmp_path: Path) -> None:
    file = election(
        contest("all", ["А", "Б"], title="Общий"),
        contest("city", ["В", "Г"], title="Город", only='regions = ["Алматы"]'),
        contest("branch", ["Д", "Е"], title="Филиал", only='regions = ["Алматы"]\nbranches = ["Первый"]'),
    )
    roll = [member(1, branch="Первый"), member(2), member(3, region="Ақтау")]
    async with booth(tmp_path, file=file, roll=roll) as hall:
        for number, titles in ((1, ["Общий", "Город", "Филиал"]), (2, ["Общий", "Город"]), (3, ["Общий"])):
            voter = hall.telegram(number)
            await voter.signs_in()
            for title in titles:
                voter.sees(title)
                await voter.says("1")
            assert [line.partition(":")[0] for line in voter.last[0].text.split("\n")] == titles
            await voter.says("ДА")
            voter.is_told("in-the-box")


async def test_who_has_nothing_to_vote_in_is_told_so_at_both_doors(tmp_path: Path) -> None:
    file = election(contest("city", ["В", "Г"], only='regions = ["Астана"]'))
    async with booth(tmp_path, file=file) as hall:
        chat, phone = hall.telegram(1), hall.phone(1)
        await chat.signs_in()
        chat.is_told("nothing-to-vote-in")
        await phone.says("ГОЛОС")
        phone.is_told("nothing-to-vote-in")
        assert (await hall.member(1)).codes_sent == 1, "no code is spent on her by SMS"


async def test_long_names_and_descriptions_stand_in_the_text_with_their_numbers(tmp_path: Path) -> None:
    file = election(contest("chair", ["Коротко", "Очень длинное имя " * 4], about="Инженер"))
    async with booth(tmp_path, file=file) as hall:
        anna = hall.telegram(1)
        await anna.signs_in()
        anna.sees("1. Коротко — Инженер 1")
        anna.sees("2. Очень длинное имя")
        assert anna.last[0].numbered


async def test_a_receipt_alone_is_understood_as_a_question(tmp_path: Path) -> None:
    async with booth(tmp_path) as under_way:
        voter = under_way.telegram(1)
        await voter.votes(2)
        receipt = re.findall(r"[ACEHKMPTXY2-79]{4}-\w{4}-\w{4}", "\n".join(r.text for r in voter.heard))[0]
        await voter.says(receipt.lower())
        voter.sees("принят")
