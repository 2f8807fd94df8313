"""How the crowd reads texts and buttons, in three languages."""

from typing import Any

import pytest

from rehearsal.reading import asks_yes, ballot_of, code_in, has_receipt, is_whole, most_of, options_in


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dauys: 482913. Никому не говорите код", "482913"),
        ("Code 1234 5678", "12345678"),
        ("Ваш код: 123-456", "123456"),
        ("Звоните +7 775 000 0000", ""),
        ("+77750000000", ""),
        ("В 14:03 2026-12-01 голос принят, +7 701 *** ** 67", ""),
        ("1 Ахметов\n2 Ким", ""),
    ],
)
def test_a_code_is_told_from_phones_and_dates(text: str, code: str) -> None:
    assert code_in(text) == code


def test_the_options_of_a_list_in_parts_are_all_read() -> None:
    parts = ["Mazhilis (1/2)\nup to 3\n1 A\n2. B", "Mazhilis (2/2)\n3 * C\n10) D\nReply: 1234 5678 and a number"]
    assert is_whole(parts)
    assert not is_whole(parts[:1])
    assert [number for number in options_in(parts) if number < 100] == [1, 2, 3, 10]


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Choose up to 3", 3),
        ("Выберите до 5 кандидатов", 5),
        ("4-ке дейін таңдаңыз", 4),
        ("Ең көбі 3 үміткерді", 3),
        ("Выберите одного", 1),
    ],
)
def test_how_many_may_be_chosen_is_read(text: str, most: int) -> None:
    assert most_of(text) == most


def test_the_words_of_the_end_are_known_in_three_languages() -> None:
    assert all(map(has_receipt, ("Your receipt: AB", "Контрольный код: AB", "Бақылау коды: AB")))
    assert all(map(asks_yes, ("YES - cast", "ДА — проголосовать", "ИӘ деп жіберіңіз")))
    assert not asks_yes("Дата выборов")


@pytest.mark.parametrize(
    ("cast", "further", "back"),
    [("Cast my vote", "Next", "Back"), ("Проголосовать", "Далее", "Назад"), ("Дауыс беру", "Келесі", "Артқа")],
)
def test_buttons_are_sorted_by_what_they_do(cast: str, further: str, back: str) -> None:
    message: dict[str, Any] = {
        "id": 5,
        "text": "up to 2",
        "buttons": [
            [{"text": "✓ Ахметов", "data": "u0"}],
            [{"text": "Назарбаева Г.", "data": "t1"}],
            [{"text": "◀", "data": "g1"}, {"text": "1/3", "data": "g0"}, {"text": "▶", "data": "g2"}],
            [{"text": back, "data": "b"}, {"text": further, "data": "n"}],
            [{"text": "Site", "data": None, "url": "https://example.org"}],
        ],
    }
    ballot = ballot_of(message)
    assert [b["data"] for b in ballot.choices] == ["u0", "t1"]
    assert (ballot.ticked, ballot.most) == (1, 2)
    assert ballot.next is not None
    assert ballot.next["data"] == "n"
    assert ballot.forward is not None
    assert ballot.forward["data"] == "g2"
    assert ballot.cast is None
    review = ballot_of({"id": 6, "text": "", "buttons": [[{"text": cast, "data": "c"}]]})
    assert review.cast is not None
    assert review.choices == ()
