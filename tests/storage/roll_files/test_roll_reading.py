"""Files as they come: encodings, delimiters, workbooks, dirt."""

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from storage.roll_files import Phone, RollFile, RollFileError, open_roll
from storage.roll_files.errors import CODES, SENTENCES
from storage.roll_files.languages import language_code

HEADING = ["№ билета", "ФИО", "Телефон", "Область", "Язык"]
ROWS = [["0001", "Сериков Ержан", "8 701 000 00 01", "Алматы", "каз"], ["0002", "Ким, Олег", "", "Абай", "рус"]]


def opened(path: Path, **mapping: str) -> RollFile:
    return open_roll(path, mapping=mapping, default_region="KZ")


def csv_of(path: Path, rows: list[list[str]], delimiter: str, encoding: str, newline: str = "\r\n") -> Path:
    quoted = [[f'"{cell}"' if delimiter in cell or " " in cell else cell for cell in row] for row in rows]
    path.write_bytes("".join(delimiter.join(row) + newline for row in quoted).encode(encoding))
    return path


def xlsx_of(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def read(path: Path) -> list[tuple[int, str, str, str | None, str, str]]:
    return [(r.number, r.member_id, r.name, r.phone.e164, r.region, r.language) for r in opened(path)]


EXPECTED = [
    (2, "0001", "Сериков Ержан", "+77010000001", "Алматы", "kk"),
    (3, "0002", "Ким, Олег", None, "Абай", "ru"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_every_encoding_with_every_delimiter_reads_alike(
    tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    path = csv_of(tmp_path / "roll.csv", [HEADING, *ROWS], delimiter, encoding, newline)
    assert read(path) == EXPECTED
    assert (opened(path).encoding, opened(path).delimiter) == (encoding, delimiter)


def test_a_delimiter_is_not_fooled_by_commas_in_a_title_or_in_names(tmp_path: Path) -> None:
    text = "ИИН;ФИО, полностью;Телефон\n1;Ким, Олег, сын;87010000001\n2;Ли, Анна, дочь;87020000002\n"
    path = tmp_path / "roll.csv"
    path.write_text(text, encoding="utf-8")
    assert [row.phone.kind for row in opened(path)] == ["mobile", "mobile"]


def test_excels_own_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text("sep=;\nИИН;Телефон\n1;87010000001\n", encoding="utf-8-sig")
    assert [(row.number, row.member_id) for row in opened(path)] == [(3, "1")]


def test_kazakh_letters_of_an_old_eight_bit_file_are_kept(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "roll.csv", [HEADING, ["1", "Қасымова Әсел Ғани", "1", "Өскемен", "қаз"]], ";", "kz1048")
    assert opened(path).encoding == "kz1048"
    assert [(row.name, row.region, row.language) for row in opened(path)] == [("Қасымова Әсел Ғани", "Өскемен", "kk")]


def test_a_letter_outside_ascii_far_down_the_file_does_not_surprise(tmp_path: Path) -> None:
    rows = [["id", "name", "phone"], *[[str(n), "Kim", "87010000001"] for n in range(9000)], ["x", "Қ", ""]]
    path = csv_of(tmp_path / "roll.csv", rows, ",", "utf-8")
    assert [row.name for row in opened(path)][-1] == "Қ"


def test_blank_rows_are_skipped_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text('ИИН;ФИО;Телефон\n\n1;"Ким\nОлег";8701\n;;\n \t; ;\u200b\n2\n;Ли;\n', encoding="utf-8")
    assert [(row.number, row.member_id, row.name) for row in opened(path)] == [
        (3, "1", "Ким Олег"),
        (6, "2", ""),
        (7, "", "Ли"),
    ]


def test_what_cannot_be_seen_is_gone_and_letters_are_composed(tmp_path: Path) -> None:
    dirty = "\u202e\u2066Ким\u00a0 \u200bИи\u0306\u2069\x00\x07ль"
    path = csv_of(tmp_path / "roll.csv", [HEADING, ["\ufeff1\u200f", dirty, "", "", ""]], ";", "utf-8")
    assert [(row.member_id, row.name) for row in opened(path)] == [("1", "Ким Ийль")]


def test_a_roll_may_be_read_again_and_tells_how_far_it_is(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "roll.csv", [HEADING, *ROWS], ";", "utf-8")
    roll = opened(path)
    size = path.stat().st_size
    assert roll.size_hint() == (0, size)
    assert list(roll) == list(roll)
    assert roll.size_hint() == (size, size)


def test_a_workbook_gives_numbers_as_a_person_sees_them(tmp_path: Path) -> None:
    path = xlsx_of(
        tmp_path / "roll.xlsx",
        ["ИИН", "ФИО", "Телефон", "Язык"],
        [10203500123, "Ким", 77010000001, "рус"],
        [],
        [2.0, None, 7.7010000002e10, None],
        ["3", "=1+1", "8 (701) 000-00-03", date(2020, 1, 1)],
        [None, None, None, None],
        [True, "Ли", 7010000004.0],
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A2"].number_format = "000000000000"
    book.save(path)
    assert [(row.number, row.member_id, row.name, row.phone.e164) for row in opened(path)] == [
        (2, "010203500123", "Ким", "+77010000001"),
        (4, "2", "", "+77010000002"),
        (5, "3", "", "+77010000003"),  # a formula nobody has calculated has no value yet
        (7, "True", "Ли", "+77010000004"),
    ]


def test_the_sheet_with_the_headings_is_found_behind_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Отчёт", "Телефон доверия"])
    sheet = book.create_sheet("Список")
    sheet.append([])
    sheet.append([None, "Аты-жөні", "Ұялы телефон", "ЖСН"])
    sheet.append([None, "Әсел", 87010000001, 1])
    book.create_sheet("Ещё").append(["ИИН", "Телефон"])
    book.save(tmp_path / "roll.xlsx")
    roll = opened(tmp_path / "roll.xlsx")
    assert (roll.sheet, roll.heading_row, roll.kind) == ("Список", 2, "xlsx")
    assert [(row.number, row.name, row.phone.e164) for row in roll] == [(3, "Әсел", "+77010000001")]
    assert roll.size_hint() == (3, 3)


def test_a_workbook_under_another_name_and_with_a_false_size_is_still_read(tmp_path: Path) -> None:
    made = xlsx_of(tmp_path / "roll.xlsx", ["ИИН", "Телефон"], ["1", "87010000001"], ["2", ""])
    path = tmp_path / "roll.csv"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
    assert [row.member_id for row in opened(path)] == ["1", "2"]


def ole(word: str = "") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 70_000 + word.encode("utf-16-le") + b"\0" * 100


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "<broken")
    return made.getvalue()


CYRILLIC = "ИИН;ФИО;Телефон\n1;Иванова Мария Сергеевна;87010000001\n" * 5


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty_file", "nothing in it"),
        (b"\n\n ;;\n", "empty_file", "nothing in it"),
        (ole("EncryptedPackage"), "password", "without one"),
        (ole(), "old_xls", "save it as .xlsx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "damaged_xlsx", "save it again as .xlsx"),
        (archive("[Content_Types].xml", "xl/workbook.xml")[:40], "damaged_xlsx", "cut short"),
        (archive("mimetype", "content.xml"), "not_a_table", "CSV UTF-8"),
        (archive("[Content_Types].xml", "word/document.xml"), "not_a_table", "CSV UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not_a_table", ".xlsx"),
        (b"%PDF-1.7\n%abc", "not_a_table", ".xlsx"),
        (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "not_a_table", ".xlsx"),
        (CYRILLIC.encode("utf-16-le"), "not_a_table", "CSV UTF-8"),
        (CYRILLIC.encode("cp866"), "unknown_encoding", "CSV UTF-8"),
        (CYRILLIC.encode("koi8-r"), "unknown_encoding", "CSV UTF-8"),
        (CYRILLIC.encode("cp1251") + b"\x98", "unknown_encoding", "CSV UTF-8"),
        (CYRILLIC.encode("utf-16")[:-1], "unknown_encoding", "CSV UTF-8"),
        (CYRILLIC.encode() + b"2;\xff;8701\n", "damaged_text", "Line 11 of"),
        (CYRILLIC.encode()[:-2] + b"\xd0", "damaged_text", "Line 10 of"),
        ('ИИН;ФИО;Телефон\n1;Ким;1\n2;"Ли;2\n3;Ан;3\n'.encode(), "stray_quote", "Row 3 of"),
        ('ИИН;ФИО;Телефон\n1;Ким;1\n2;"Ли" Анна;2\n'.encode(), "stray_quote", "Row 3 of"),
        ('"ИИН;ФИО;Телефон\n'.encode() + b"1;2;3\n" * 30_000, "stray_quote", "Row 1 of"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_with_the_mend(
    tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    path = tmp_path / "roll.file"
    path.write_bytes(content)
    with pytest.raises(RollFileError) as refused:
        list(opened(path))
    assert (refused.value.code, words in refused.value.sentence) == (code, True), refused.value.sentence
    assert str(refused.value) == refused.value.sentence
    assert "roll.file" in refused.value.sentence


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RollFileError) as refused:
            opened(path)
        assert refused.value.code == "cannot_read"


def test_a_workbook_broken_in_its_middle_is_refused_while_read(tmp_path: Path) -> None:
    rows: list[list[object]] = [[str(number), "87010000001"] for number in range(3000)]
    made = xlsx_of(tmp_path / "whole.xlsx", ["ИИН", "Телефон"], *rows)
    path = tmp_path / "roll.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text[: len(text) // 2] if name.endswith("sheet1.xml") else text)
    with pytest.raises(RollFileError) as refused:
        list(opened(path))
    assert refused.value.code == "damaged_xlsx"


def test_every_code_has_a_sentence_that_ends_well() -> None:
    assert set(SENTENCES) == CODES
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("kk", "қаз каз Қазақ қазақша казахский Каз. kaz Kazakh KK kk-KZ kz Қ мемлекеттік"),
        ("ru", "рус русский орысша Русский. rus Russian RU ru-RU Р"),
        ("en", "англ английский ағылшын eng English EN en_US"),
        ("", "немецкий ? 1 - нет"),
    ],
)
def test_languages_are_understood_as_people_write_them(code: str, words: str) -> None:
    assert {word: language_code(word) for word in words.split()} == dict.fromkeys(words.split(), code)


def test_an_empty_language_stays_empty_and_a_phone_is_told_with_its_row(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "roll.csv", [HEADING, ["1", "Ким", "8 7172 12-34-56", "", ""]], ";", "cp1251")
    (row,) = opened(path)
    assert (row.phone, row.language) == (Phone("+77172123456", "landline"), "")
