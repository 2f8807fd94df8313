"""Which column is which."""

from pathlib import Path

import pytest

from storage.roll_files import RollFile, RollFileError, open_roll
from storage.roll_files.headings import COLUMNS, fold
from storage.roll_files.known_headings import KNOWN


def roll(folder: Path, heading: str, mapping: dict[str, str] | None = None) -> RollFile:
    path = folder / "roll.csv"
    path.write_text(f"{heading}\n1;2;3;4;5;6;7\n", encoding="utf-8")
    return open_roll(path, mapping=mapping, default_region="KZ")


@pytest.mark.parametrize(
    "heading",
    [
        "member_id;name;phone;region;branch;cell;language",
        "MEMBER ID; Full Name ;Mobile;Region;Branch;Cell;Language",
        "member no;full name;mobile phone;oblast;branch;PPO;lang",
        "№ билета;ФИО;Телефон;Область;Филиал;Ячейка;Язык",
        "Партбилет №;Ф.И.О.;Моб. телефон;Регион;Районный филиал;ППО;язык общения",
        "ИИН;Полное имя;Номер телефона;РЕГИОН;Отделение;Первичка;Язык",
        "Номер партийного билета;Фамилия, имя, отчество;Сотовый телефон;Обл.;Филиал;Партийная ячейка;Яз.",
        "Билет нөмірі;Аты-жөні;Ұялы телефон;Облыс;Бөлімше;Бастауыш ұйым;Тіл",
        "ЖСН;Толық аты-жөні;Телефон нөмірі;Өңір;Филиал;БПҰ;Тілі",
        "Билет номири;Аты жони;Уялы телефон;Онир;Болимше;Бастауыш уйым;Тил",
        "\u200eИИН;\u00a0ФИО ;«Телефон»;Область:;Филиал;Ячёйка;Язык",
        "ИИН;ФИО;Tелефoн;Oбласть;Филиал;Ячейка;Язык",  # o and T from the Latin keyboard
    ],
)
def test_common_headings_in_three_languages_are_recognised(tmp_path: Path, heading: str) -> None:
    found = roll(tmp_path, heading)
    assert tuple(found.headings) == COLUMNS
    (row,) = found
    assert (row.member_id, row.name, row.region, row.branch, row.cell) == ("1", "2", "4", "5", "6")


def test_only_member_id_and_phone_are_required_and_strange_columns_are_left_alone(tmp_path: Path) -> None:
    found = roll(tmp_path, "№ п/п;Телефон;Примечание;ИИН;Дата рождения")
    assert found.headings == {"member_id": "ИИН", "phone": "Телефон"}
    (row,) = found
    assert (row.member_id, row.name, row.region, row.language) == ("4", "", "", "")


def test_a_name_in_three_columns_is_joined(tmp_path: Path) -> None:
    (row,) = roll(tmp_path, "Имя;ИИН;Фамилия;Телефон;Отчество")
    assert row.name == "3 1 5"


def test_the_full_name_goes_before_its_parts(tmp_path: Path) -> None:
    (row,) = roll(tmp_path, "Имя;ИИН;Фамилия;Телефон;ФИО")
    assert row.name == "5"


def test_the_user_may_name_any_heading(tmp_path: Path) -> None:
    found = roll(tmp_path, "Таб. номер;Куда звонить;Язык", {"member_id": "таб номер", "phone": "Куда звонить"})
    assert found.headings == {"member_id": "Таб. номер", "phone": "Куда звонить", "language": "Язык"}


def test_the_users_word_settles_two_headings_for_one_column(tmp_path: Path) -> None:
    found = roll(tmp_path, "ИИН;№ билета;Телефон;Сотовый", {"member_id": "№ билета", "phone": "Сотовый"})
    assert found.headings == {"member_id": "№ билета", "phone": "Сотовый"}


def test_a_heading_the_user_gave_to_one_column_is_not_taken_for_another(tmp_path: Path) -> None:
    found = roll(tmp_path, "ИИН;Телефон;Область;Филиал", {"branch": "Область"})
    assert found.headings["branch"] == "Область"
    assert "region" not in found.headings


def test_headings_may_stand_under_a_title_and_rows_keep_the_files_numbers(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text("Список участников, Телефон доверия 1414\n\nИИН,Телефон\n\n7,87010000001\n", encoding="utf-8")
    found = open_roll(path, mapping=None, default_region="KZ")
    assert found.heading_row == 3
    assert [row.number for row in found] == [5]


@pytest.mark.parametrize(
    ("heading", "mapping", "code", "words"),
    [
        ("ИИН;ФИО;Почта", {}, "no_heading", ["phone", '--map phone="…"', '"ИИН"', '"ФИО"', '"Почта"', "row 1"]),
        ("Телефон;ФИО", {}, "no_heading", ["member_id", '--map member_id="…"', '"Телефон"']),
        ("ИИН;Телефон;Моб. тел.", {}, "two_headings", ['"Телефон"', '"Моб. тел."', '--map phone="Телефон"']),
        ("ИИН;№ билета;Телефон", {}, "two_headings", ['"ИИН"', '"№ билета"', "--map member_id"]),
        ("ИИН;Телефон", {"phone": "Факс"}, "map_not_found", ['--map says phone="Факс"', '"Телефон"']),
        ("ИИН;Факс;Факс", {"phone": "Факс"}, "twin_headings", ['"Факс"', "rename"]),
        ("ИИН;Телефон", {"phones": "Телефон"}, "unknown_column", ["phones", "member_id, name, phone"]),
    ],
)
def test_a_heading_that_is_missing_or_doubled_is_named_with_the_mend(
    tmp_path: Path, heading: str, mapping: dict[str, str], code: str, words: list[str]
) -> None:
    with pytest.raises(RollFileError) as refused:
        roll(tmp_path, heading, mapping)
    assert refused.value.code == code
    assert [word for word in words if word not in refused.value.sentence] == []


def test_two_equal_headings_are_told_to_be_renamed_since_map_cannot_choose(tmp_path: Path) -> None:
    with pytest.raises(RollFileError, match="rename") as refused:
        roll(tmp_path, "ИИН;Телефон;телефон")
    assert refused.value.code == "twin_headings"


def test_a_file_without_headings_is_refused_without_showing_anybodys_phone(tmp_path: Path) -> None:
    with pytest.raises(RollFileError) as refused:
        roll(tmp_path, "100001;Сериков Ержан;87010000001")
    assert refused.value.code == "no_heading"
    assert "8701" not in refused.value.sentence
    assert "100001" not in refused.value.sentence


def test_no_heading_is_known_for_two_columns() -> None:
    owner: dict[str, str] = {}
    for column, headings in KNOWN.items():
        for heading in headings.split(";"):
            assert owner.setdefault(fold(heading), column) == column, heading
