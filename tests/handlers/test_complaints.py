"""A member complains, at either door: by the same rule, in her own words, and without losing her ballot."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from election.complaint_desk import Line
from election.complaints import Complaint
from handlers import notices
from tests.voters import FILE, TEXTS, Booth, Voter, booth, held, shown

STORY = "Начальник велел показать ему телефон с бюллетенем"
DUE = "14:03 04.12"
COMMITTEE = FILE.replace(
    "two_person = false",
    """two_person = true
[[commission.member]]
name = "Berik"
role = "committee"
phone = "+77770000002\"""",
)
DOORS = pytest.mark.parametrize("door", ["chat", "sms"])


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Booth]:
    async with booth(tmp_path, members=12) as made:
        yield made


async def met(hall: Booth, door: str, number: int = 1) -> Voter:
    """A member who can vote now: signed in by Telegram, or with a phone on the roll."""
    voter = hall.telegram(number) if door == "chat" else hall.phone(number)
    if door == "chat":
        await voter.signs_in()
    return voter


async def kept(hall: Booth, number: int = 101) -> tuple[Complaint, Sequence[Line]]:
    return await hall.hall.complaints.read(number)


async def texts(hall: Booth, number: int = 101) -> list[str]:
    return [line.text for line in (await kept(hall, number))[1]]


@DOORS
async def test_words_behind_the_command_are_filed_at_once(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    await voter.says(f"ЖАЛОБА {STORY}")
    voter.is_told(f"complaint-noted-{door}", ticket=101, hour=DUE)
    found, [line] = await kept(hall)
    assert (found.kind, found.pressed, found.state, line.text) == ("other", False, "open", STORY)
    assert found.channel == ("telegram" if door == "chat" else "sms")


@DOORS
async def test_it_is_understood_however_it_is_begun(hall: Booth, door: str) -> None:
    for number, word in enumerate(["Complaint: ", "COMPLAIN ", "Жалоба. ", "ШАҒЫМ\n", "шагым, ", "/complain "], 1):
        voter = await met(hall, door, number)
        await voter.says(word + STORY)
        assert await texts(hall, 100 + number) == [STORY], word


@DOORS
async def test_what_it_is_about_is_chosen_by_number(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    await voter.says("ЖАЛОБА")
    voter.is_told("complaint-about-station")
    await voter.says("5")
    voter.is_told("complaint-ask-text")
    await voter.says("Урна стояла открытой")
    found, [line] = await kept(hall)
    assert (found.kind, found.pressed, line.text) == ("station", False, "Урна стояла открытой")


@DOORS
async def test_who_was_pressed_says_so_by_the_kind_or_beside_another_one(hall: Booth, door: str) -> None:
    first, second = await met(hall, door, 1), await met(hall, door, 2)
    await first.says("ЖАЛОБА 1")
    assert TEXTS.said("ru", "complaint-word-pressed") not in first.shown()
    await first.says(STORY)
    await second.says("ЖАЛОБА 4")
    await second.says("давили")
    second.is_told("complaint-pressed-noted")
    await second.says("Моего кандидата велели вычеркнуть")
    assert [(await kept(hall, number))[0].pressed for number in (101, 102)] == [True, True]


async def test_in_the_chat_buttons_do_it_all_on_one_screen(hall: Booth) -> None:
    voter = await met(hall, "chat")
    await voter.says("/complain")
    await voter.presses(TEXTS.said("ru", "complaint-about-voted"))
    await voter.presses(TEXTS.said("ru", "complaint-i-was-pressed"))
    voter.is_told("complaint-pressed-noted")
    await voter.says(STORY)
    found, _ = await kept(hall)
    assert (found.kind, found.pressed) == ("voted", True)


@DOORS
async def test_her_draft_is_where_she_left_it(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    if door == "sms":
        await voter.says("ГОЛОС")
    await voter.says("2" if door == "chat" else f"{await voter.code()} 2")
    voter.is_told("review")
    button = voter.button(TEXTS.said("ru", "cast")) if door == "chat" else ""
    await voter.says("ЖАЛОБА")
    await voter.says("2")
    await voter.says(STORY)
    voter.is_told(f"complaint-noted-{door}", ticket=101, hour=DUE)
    await (voter.taps(button) if door == "chat" else voter.says("ДА"))
    voter.is_told("in-the-box")
    assert await hall.box() == (1, 1, 1)


@DOORS
async def test_she_may_think_better_of_it(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    for leaving in ("НЕТ", "ЯВКА", "ГОЛОС"):
        await voter.says("ЖАЛОБА")
        await voter.says(leaving)
        await voter.says("1")
    assert (await hall.hall.complaints.counts(hall.hand())).filed == 0


async def test_a_code_typed_by_sms_is_for_the_vote_and_no_complaint(hall: Booth) -> None:
    voter = hall.phone(1)
    await voter.says("ГОЛОС")
    code = await voter.code()
    await voter.says("ЖАЛОБА")
    await voter.says(f"{code} 3")
    voter.sees("Ким Виктор")
    voter.is_told("review")


@DOORS
async def test_half_an_hour_later_a_word_is_no_complaint_any_more(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    await voter.says("ЖАЛОБА 6")
    hall.hand.moves(minutes=30)
    await voter.says("Сериков")
    assert (await hall.hall.complaints.counts(hall.hand())).filed == 0


@DOORS
async def test_bad_input_gets_one_sentence_and_loses_nothing(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    await voter.says("ЖАЛОБА")
    await voter.says("77")
    voter.is_told("complaint-awaiting-kind", last=6)
    await voter.says("3")
    for text, key, arguments in (
        ("...", "complaint-no-words", {}),
        ("слово " * 300, "complaint-long", {"most": 1500}),
    ):
        await voter.says(text)
        voter.is_told(key, **arguments)
    await voter.says("", other=True)
    voter.is_told("complaint-no-files")
    await voter.says("слово " * 200)
    found, [line] = await kept(hall)
    assert (found.kind, line.text) == ("access", ("слово " * 200).strip())


@DOORS
async def test_a_hash_of_a_file_is_noted_and_no_file_is(hall: Booth, door: str) -> None:
    voter, digest = await met(hall, door), "ab" * 32
    await voter.says(f"ЖАЛОБА на видео видно всё, {digest}")
    voter.is_told("complaint-evidence")
    _, [line] = await kept(hall)
    assert line.evidence == digest


@DOORS
async def test_a_message_delivered_twice_files_once_even_if_the_session_was_lost(hall: Booth, door: str) -> None:
    voter = await met(hall, door)
    at_once = voter.message(text=f"ЖАЛОБА {STORY}")
    await voter.sends(at_once)
    first = voter.shown()
    await hall.forgets(voter)
    await hall.fleeting.drop(f"answered:{at_once.id}")
    assert [shown(each) for each in await hall.desk.hear(at_once)] in ([first], [])
    await voter.says("ЖАЛОБА 2")
    in_steps = voter.message(text="За меня проголосовали")
    await hall.desk.hear(in_steps)
    [again] = await hall.desk.hear(in_steps)  # its answer was lost
    assert again.text == TEXTS.said("ru", f"complaint-noted-{door}", ticket=102, hour=DUE)
    assert (await hall.hall.complaints.counts(hall.hand())).filed == 2


@DOORS
async def test_the_committee_asks_and_she_answers(tmp_path: Path, door: str) -> None:
    async with booth(tmp_path, file=COMMITTEE, opened=False) as hall:
        voter = hall.telegram(1) if door == "chat" else hall.phone(1)
        if door == "chat":
            await voter.says("/start")
            await voter.shares_contact()
            await voter.says(await voter.code())
        await voter.says(f"ЖАЛОБА {STORY}")
        words = notices.complaint_word(TEXTS, "complaint-has-question", 101)
        await hall.hall.complaints.ask(101, "В котором часу это было?", "Berik", words, hall.hand())
        word = await hall.hall.store.broadcasts.next(hall.hand())
        assert word is not None
        assert (word.plan.kind, word.plan.only.member, word.plan.text) == ("word", "m000001", words)
        assert STORY not in words.ru
        await voter.says("/complain_101" if door == "chat" else "ЖАЛОБА 101")
        voter.is_told("complaint-asks", ticket=101, words="В котором часу это было?")
        await voter.says("В девять утра")
        voter.is_told(f"complaint-noted-{door}", ticket=101, hour=DUE)
        await voter.says("ЖАЛОБА 101, и ещё в полдень")
        assert await texts(hall) == [STORY, "В котором часу это было?", "В девять утра", "и ещё в полдень"]
        assert (await kept(hall))[0].state == "open"
        decided = notices.complaint_word(TEXTS, "complaint-is-decided", 101)
        await hall.hall.complaints.decide(101, "upheld", "Мы ему запретили", "Berik", decided, hall.hand())
        await voter.says("ЖАЛОБА 101")
        voter.is_told("complaint-upheld", ticket=101, words="Мы ему запретили")
        await voter.says("ЖАЛОБА 101 спасибо")
        voter.is_told("complaint-over")


async def test_in_the_chat_an_open_question_has_a_button(tmp_path: Path) -> None:
    async with booth(tmp_path, file=COMMITTEE, opened=False) as hall:
        voter = hall.telegram(1)
        await voter.says("/start")
        await voter.shares_contact()
        await voter.says(await voter.code())
        await voter.says(f"ЖАЛОБА {STORY}")
        words = notices.complaint_word(TEXTS, "complaint-has-question", 101)
        await hall.hall.complaints.ask(101, "В котором часу?", "Berik", words, hall.hand())
        await voter.says("/complain")
        await voter.presses(TEXTS.said("ru", "complaint-own-asked", ticket=101))
        voter.is_told("complaint-asks", ticket=101, words="В котором часу?")
        await voter.says("В девять")
        assert (await texts(hall))[-1] == "В девять"


@DOORS
async def test_another_ones_complaint_is_neither_shown_nor_added_to(hall: Booth, door: str) -> None:
    anna, berta = await met(hall, door, 1), await met(hall, door, 2)
    await anna.says(f"ЖАЛОБА {STORY}")
    await berta.says("ЖАЛОБА 101")
    berta.is_told("complaint-unknown")
    await berta.says("ЖАЛОБА 101 человек привезли на автобусе")
    assert await texts(hall) == [STORY]
    assert await texts(hall, 102) == ["101 человек привезли на автобусе"]


@DOORS
async def test_three_a_day_and_not_at_the_cost_of_the_other_door(hall: Booth, door: str) -> None:
    voter, at_the_other = await met(hall, door), await met(hall, "sms" if door == "chat" else "chat")
    for _ in range(3):
        await voter.says(f"ЖАЛОБА {STORY}")
    await voter.says(f"ЖАЛОБА {STORY}")
    voter.is_told("complaints-today")
    await at_the_other.says(f"ЖАЛОБА {STORY}")
    hall.hand.moves(hours=24)
    await voter.says(f"ЖАЛОБА {STORY}")
    assert (await hall.hall.complaints.counts(hall.hand())).filed == 5


@DOORS
async def test_before_the_opening_in_a_pause_and_after_the_close(tmp_path: Path, door: str) -> None:
    async with booth(tmp_path, opened=False) as hall:
        voter = hall.telegram(1) if door == "chat" else hall.phone(1)
        if door == "chat":
            await voter.says("/start")
            await voter.shares_contact()
            await voter.says(await voter.code())
        for moment in (hall.opens, hall.pauses, hall.resumes, hall.closes):
            hall.hand.moves(hours=25)
            await voter.says("ЖАЛОБА")
            await voter.says("6")
            await voter.says(STORY)
            await moment()
        hall.hand.moves(hours=25)
        await voter.says(f"ЖАЛОБА {STORY}")
        assert (await hall.hall.complaints.counts(hall.hand())).filed == 5


async def test_who_has_not_signed_in_is_told_how_and_a_stranger_by_sms_hears_nothing(hall: Booth) -> None:
    nobody, stranger = hall.telegram(1), hall.phone(77)
    await nobody.says(f"/complain {STORY}")
    nobody.is_told("own-not-signed-in")
    await stranger.says(f"ЖАЛОБА {STORY}")
    stranger.sees_nothing()
    assert (await hall.hall.complaints.counts(hall.hand())).filed == 0


async def test_where_no_votes_come_by_sms_complaints_do(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE + "\n[policy]\nsms_voting = false\n") as hall:
        voter = hall.phone(1)
        await voter.says("ЖАЛОБА")
        await voter.says("1")
        await voter.says(STORY)
        voter.is_told("complaint-noted-sms", ticket=101, hour=DUE)
        await voter.says("ГОЛОС")
        voter.is_told("sms-voting-off")


async def test_the_hours_of_the_rules_are_the_deadline(tmp_path: Path) -> None:
    async with booth(tmp_path, file=FILE + '\n[policy]\ncomplaint_deadline = "4h"\n') as hall:
        voter = await met(hall, "sms")
        await voter.says(f"ЖАЛОБА {STORY}")
        voter.is_told("complaint-noted-sms", ticket=101, hour="18:03 01.12")


async def test_an_officer_at_work_complains_like_anybody(tmp_path: Path) -> None:
    file = COMMITTEE.replace("+77770000002", "+77010000001")
    async with booth(tmp_path, file=file, opened=False) as hall:
        berik = replace(hall.telegram(1), address=hall.officer("Berik").address)
        await berik.says("/start")
        await berik.shares_contact()
        await berik.says(await berik.code())
        await berik.signs_in_as_staff()
        await berik.says("/complain 4")
        await berik.says("В бюллетене нет отчества")
        berik.is_told("complaint-noted-chat", ticket=101, hour="14:03 04.12")


async def test_no_word_of_a_complaint_stands_in_any_file(hall: Booth, tmp_path: Path) -> None:
    marker = "щжэкъ"
    chat, phone = await met(hall, "chat"), await met(hall, "sms", 2)
    await chat.says("ЖАЛОБА")
    await chat.says("2")
    await chat.says(f"Слово {marker} здесь")
    await phone.says(f"ЖАЛОБА {marker} и там")
    assert (await texts(hall))[0].count(marker) == 1
    for name, file in held(tmp_path).items():
        for encoding in ("utf-8", "utf-16-le", "cp1251", "unicode_escape"):
            assert marker.encode(encoding) not in file, name
