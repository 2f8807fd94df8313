"""A reply as SMS: numbered lines, and parts that make sense alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.speech import Action, Address, Option, Reply
from sms_gateway.numbered import MOST_PARTS, USUAL_SEGMENTS, conversation, numbered
from sms_gateway.segments import segments

HERE = Address("sms", "+77011234567", "+77011234567", "+77000000000")
NAMES = ("Сериков Ержан", "Құдайбергенова Әйгерім", "Абдрахманов Нұрсұлтан Қайратұлы", "Ким Ольга")


def reply(text: str = "", **parts: object) -> Reply:
    return Reply(address=HERE, text=text, **parts)  # type: ignore[arg-type]


def ballot(size: int) -> Reply:
    return reply(
        "Выберите одного.",
        heading="Мажилис",
        options=tuple(Option(n, f"{NAMES[n % 4]} {n}", f"pick:{n}") for n in range(1, size + 1)),
        footer="Ответьте: 12345678 и номер. Код никому не говорите: ни начальнику, ни штабу.",
        actions=(Action("Никого не выбирать", "blank", word="0"), Action("Поиск", "search")),
    )


def test_a_short_screen_is_one_text_of_lines() -> None:
    screen = reply(
        "Проверьте выбор.",
        heading="Мажилис",
        options=(Option(1, "Сериков Ержан", "a"), Option(2, "Ким Ольга", "b", ticked=True)),
        footer="Всё верно?",
        actions=(Action("Проголосовать", "cast", word="ДА"), Action("Изменить", "back", word="НЕТ")),
    )
    assert numbered(screen) == [
        "Мажилис\nПроверьте выбор.\n1 Сериков Ержан\n2 * Ким Ольга\nДА - Проголосовать\nНЕТ - Изменить\nВсё верно?"
    ]


def test_what_only_telegram_can_use_is_left_out() -> None:
    screen = reply("Hello", ask_contact="Share my number", actions=(Action("Next", "next"),), drop_contact=True)
    assert numbered(screen) == ["Hello"]


def test_a_toast_alone_becomes_a_text() -> None:
    assert numbered(reply(toast="Принято")) == ["Принято"]
    assert numbered(reply("Экран", toast="Принято")) == ["Экран"]


def test_nothing_to_say_is_no_text() -> None:
    assert numbered(reply(actions=(Action("Next", "next"),))) == []
    assert conversation([]) == []


def test_an_english_screen_stays_in_the_cheaper_alphabet() -> None:
    screen = reply("Check.", options=(Option(1, "A", "a", True),), actions=(Action("Cast", "c", word="YES"),))
    (text,) = numbered(screen)
    assert segments(text + "x" * (160 - len(text))) == 1


@pytest.mark.parametrize("size", [20, 40, 100])
def test_a_long_ballot_goes_in_parts_that_make_sense_alone(size: int) -> None:
    screen = ballot(size)
    parts = numbered(screen)
    assert 1 < len(parts) <= MOST_PARTS
    for number, part in enumerate(parts, 1):
        assert part.split("\n")[0] == f"Мажилис ({number}/{len(parts)})"
        assert segments(part) <= USUAL_SEGMENTS + (size == 100) * 3
    lines = [line for part in parts for line in part.split("\n") if not line.startswith("0 ")]
    assert [line for line in lines if re.match(r"\d+ ", line)] == [f"{o.number} {o.label}" for o in screen.options]
    ending = f"0 Никого не выбирать\n{screen.footer}"
    assert parts[-1].endswith(ending)
    assert not any("12345678" in part for part in parts[:-1])


def test_a_ballot_of_long_names_takes_more_segments_rather_than_more_parts() -> None:
    options = tuple(Option(n, f"Абдрахманов Нұрсұлтан Қайратұлы, инженер-энергетик {n}", "x") for n in range(1, 101))
    parts = numbered(reply("Выберите.", heading="Мажилис", options=options))
    assert len(parts) <= MOST_PARTS
    assert max(map(segments, parts)) > USUAL_SEGMENTS
    assert all(f"{o.number} {o.label}" in "\n".join(parts).split("\n") for o in options)


def test_parts_without_a_heading_are_numbered_all_the_same() -> None:
    parts = numbered(reply("слово " * 100))
    assert [part.split("\n")[0] for part in parts] == ["(1/2)", "(2/2)"]
    assert "".join(part.split("\n", 1)[1] for part in parts).count("слово") == 100


def test_several_replies_share_the_ten_messages() -> None:
    texts = conversation([reply("Принято."), ballot(100), reply("Готово.")])
    assert len(texts) <= MOST_PARTS
    assert texts[0] == "Принято."
    assert texts[-1] == "Готово."
    assert conversation([reply(str(n)) for n in range(12)]) == [str(n) for n in range(10)]


def test_signs_that_xml_cannot_carry_are_dropped_and_lines_stay() -> None:
    assert numbered(reply("a\x00b\x1bc\ud800\nd\r\ne\ufffe")) == ["abc\nd\ne"]


def test_an_option_is_always_one_line() -> None:
    assert numbered(reply("?", options=(Option(1, "Сериков\nЕржан", "x"),))) == ["?\n1 Сериков Ержан"]


words = st.text(alphabet="абвгд ейқұ\nxyz😀&<", max_size=300)
replies = st.builds(
    reply,
    words,
    heading=st.text(alphabet="МажиЛис x", max_size=200),
    options=st.lists(st.text(alphabet="абв где", min_size=1, max_size=120), max_size=110).map(
        lambda labels: tuple(Option(n, f"к{label}", "x") for n, label in enumerate(labels, 1))
    ),
    footer=words,
)


@settings(max_examples=60, deadline=None)
@given(replies)
def test_any_reply_goes_out_in_at_most_ten_sendable_texts_with_every_option(screen: Reply) -> None:
    texts = numbered(screen)
    assert len(texts) <= MOST_PARTS
    assert all(text.strip() and len(text.encode("utf-16-le")) <= 3200 for text in texts)
    lines = "\n".join(texts).split("\n")
    sent = [int(found[1]) for line in lines if (found := re.match(r"(\d+) к", line))]
    assert sent == [option.number for option in screen.options]
    if len(texts) > 1:
        heads = [re.search(r"\((\d+)/(\d+)\)$", text.split("\n")[0]) for text in texts]
        assert [(int(h[1]), int(h[2])) for h in heads if h] == [(n, len(texts)) for n in range(1, len(texts) + 1)]


@pytest.mark.parametrize("length", [5_000, 15_000, 20_000])
def test_even_an_endless_text_is_ten_messages_at_most(length: int) -> None:
    texts = numbered(reply("ж" * length, footer="Ответьте ДА."))
    assert len(texts) <= MOST_PARTS
    assert texts[-1].endswith("Ответьте ДА.")
