"""A phone cell as people type it."""

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.roll_files import Phone, PhoneReader, RollFileError

KZ = PhoneReader("KZ")
FIRST = "+77010000001"
SECOND = "+77020000002"


@pytest.mark.parametrize(
    "text",
    [
        "8 701 000 00 01",
        "+7 (701) 000-00-01",
        "87010000001",
        "77010000001",
        "+77010000001",
        "7010000001",
        "701 000 00 01",
        "701-000-00-01",
        "8-701-000-00-01",
        "8(701)0000001",
        "8.701.000.00.01",
        "8_701_000_00_01",
        "+7 8 701 000 00 01",
        "+8 701 000 00 01",
        "+ 7 701 000 00 01",
        "007 701 000 00 01",
        "8 701 000–00—01",
        "тел. 8-701-000-00-01",
        "тел: 87010000001",
        "т.87010000001",
        "моб.8 701 000 00 01",
        "Ұялы тел. +7 701 000 00 01",
        "WhatsApp +7 701 000 00 01",
        "8 701 000 00 01 (жена)",
        "8 701 000 00 01 доб. 5",
        "87010000001.0",
        "77010000001,0",
        "7.7010000001E+10",
        "7,7010000001e10",
        "'87010000001",
        '="87010000001"',
        "\u200e+7\u00a0701\u202f000\u00a000\u00a001\u202c",
        "８７０１００００００１",
        "＋７７０１００００００１",
        "٨٧٠١٠٠٠٠٠٠١",
        "8701\u200b0000001",
        "\t87010000001\r\n",
        "8 7172 12-34-56; 8 701 000 00 01",
        "8 7172 12-34-56, моб. 8 701 000 00 01",
        "87010000001, +7 701 000 00 01",
        "87010000001/02",
    ],
)
def test_a_mobile_of_kazakhstan_is_read_however_it_is_typed(text: str) -> None:
    assert KZ.read(text) == Phone(FIRST, "mobile")


@pytest.mark.parametrize(
    "text",
    [
        "8(701)0000001/8(702)0000002",
        "8 701 000 00 01; 8 702 000 00 02",
        "87010000001,87020000002",
        "87010000001\n87020000002",
        "87010000001 и 87020000002",
        "+77010000001 +77020000002",
        "+77010000001+77020000002",
        "87010000001 87020000002",
        "8 701 000 00 01 8 702 000 00 02",
        "7010000001 7020000002",
        "8701000000187020000002",
        "8 7172 12-34-56 / 87010000001 / 87020000002",
    ],
)
def test_of_two_different_mobiles_the_first_is_taken_and_that_is_said(text: str) -> None:
    assert KZ.read(text) == Phone(FIRST, "mobile", several=True)


@pytest.mark.parametrize(
    ("region", "text", "e164"),
    [
        ("KZ", "+7 916 123-45-67", "+79161234567"),
        ("KZ", "8 916 123-45-67", "+79161234567"),
        ("KZ", "79161234567", "+79161234567"),
        ("RU", "9161234567", "+79161234567"),
        ("RU", "8 701 000 00 01", FIRST),
        ("KZ", "+996 555 123 456", "+996555123456"),
        ("KZ", "00996 555 123 456", "+996555123456"),
        ("KZ", "8 10 996 555 123 456", "+996555123456"),
        ("KZ", "+998 90 123 45 67", "+998901234567"),
        ("KZ", "+44 7400 123456", "+447400123456"),
        ("KG", "0555 123 456", "+996555123456"),
        ("UZ", "90 123 45 67", "+998901234567"),
        ("GB", "07400 123456", "+447400123456"),
        ("US", "(650) 253-0000", "+16502530000"),
        ("kz", "87010000001", FIRST),
    ],
)
def test_other_countries_and_other_default_regions_work(region: str, text: str, e164: str) -> None:
    assert PhoneReader(region).read(text) == Phone(e164, "mobile")


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("8 7172 12-34-56", "+77172123456"),
        ("+7 (727) 212 34 56", "+77272123456"),
        ("дом. 8 7172 12-34-56", "+77172123456"),
        ("+7 800 555 35 35", "+78005553535"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_valid_number_that_is_no_mobile_is_a_landline(text: str, e164: str) -> None:
    assert KZ.read(text) == Phone(e164, "landline")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "—",
            "--",
            ".",
            "?",
            "0",
            "000",
            "нет",
            "Нет",
            "НЕТ",
            "нет телефона",
            "жоқ",
            "Жоқ",
            "n/a",
        ),
        *(
            "N/A",
            "none",
            "null",
            "NaN",
            "no phone",
            "б/н",
            "отсутствует",
            "не указан",
            "телефоны жоқ",
            "\u200b",
        ),
    ],
)
def test_a_cell_that_says_there_is_no_phone_is_none_and_not_an_error(text: str) -> None:
    assert KZ.read(text) == Phone(None, "none")


@pytest.mark.parametrize(
    "text",
    [
        *("8701", "870100000", "8701000000", "870100000011", "12-34-56", "+7701000000", "+770100000011"),
        *("87O1OOOOOO1", "O7010000001", "8701000000O", "8701000000О1", "8701000OOOO", "87010000l01"),
        *("7.701E+10", "7,701E+10", "7701000000.0", "996555123456", "abc", "позвонить жене"),
        *("8 703 000 00 01", "8701***0001", "0000000001", "123", "ИИН 900101300123", "@someone"),
    ],
)
def test_a_malformed_number_is_invalid_and_never_guessed_at(text: str) -> None:
    assert KZ.read(text) == Phone(None, "invalid")


def test_a_national_number_is_not_taken_for_a_satellite_one_nor_the_other_way_round() -> None:
    assert KZ.read("87011234567") == Phone("+77011234567", "mobile")
    assert KZ.read("+870 773 112 345").e164 == "+870773112345"


def test_an_unknown_default_region_is_refused_with_its_mend() -> None:
    with pytest.raises(RollFileError, match="DEFAULT_REGION") as refused:
        PhoneReader("ZZ")
    assert refused.value.code == "unknown_region"


SHAPES = ["+7{}", "7{}", "8{}", "{}"]


def oracle(number: str, region: str) -> Phone | None:
    """What phonenumbers itself says of a number; None where it is not a valid one."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, "mobile" if mobile else "landline")


@pytest.mark.parametrize("region", ["KZ", "RU"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_short_way_says_of_every_prefix_what_phonenumbers_says(region: str, shape: str) -> None:
    reader = PhoneReader(region)
    for prefix in range(1000):
        for tail in ("0000001", "2345678", "9999999"):
            written = shape.format(f"{prefix:03}{tail}")
            expected = oracle(written, region)
            if expected is None and written.startswith("7"):
                expected = oracle("+" + written, region)  # 7916… can only be +7916…
            found = reader.read(written)
            if "mobile" in (found.kind, expected and expected.kind):
                assert found == expected, written


def test_every_mobile_prefix_of_kazakhstan_is_read_in_every_shape() -> None:
    mobile = [p for p in range(700, 800) if (got := oracle(f"+7{p}0000001", "KZ")) and got.kind == "mobile"]
    assert {700, 701, 702, 705, 707, 708, 747, 771, 775, 776, 777, 778} <= set(mobile)
    for prefix in mobile:
        national = f"{prefix}0000001"
        assert {KZ.read(shape.format(national)) for shape in SHAPES} == {Phone(f"+7{national}", "mobile")}


nationals = st.builds(
    "{}{:07d}".format,
    st.sampled_from(["700", "701", "702", "705", "707", "747", "771", "776", "778", "916", "926"]),
    st.integers(0, 9_999_999),
)
noise = st.text(alphabet=" -()\u00a0\u200b\u200e\u202a\u202c–\t", max_size=3)
words = st.sampled_from(["", "тел. ", "моб: ", "Ұялы телефон ", "tel ", "'", "№ ", "сот."])


@given(nationals, st.sampled_from(SHAPES), st.lists(noise, min_size=12, max_size=12), words)
def test_noise_around_and_between_digits_does_not_change_the_number(
    national: str, shape: str, gaps: list[str], word: str
) -> None:
    rest = iter(gaps)
    written = re.sub(r"(?<=\d)(?=\d)", lambda _: next(rest), shape.format(national))
    assert KZ.read(word + written) == Phone("+7" + national, "mobile")


@given(st.text(max_size=40))
def test_any_text_at_all_gets_an_answer_and_a_number_is_plain_e164(text: str) -> None:
    found = KZ.read(text)
    assert (found.e164 is None) == (found.kind in ("none", "invalid"))
    assert found.e164 is None or re.fullmatch(r"\+[1-9][0-9]{6,14}", found.e164)


@given(st.text(alphabet="0123456789+ ()-", max_size=16))
def test_text_without_tricks_is_read_as_phonenumbers_reads_it(text: str) -> None:
    expected = oracle(text, "KZ")
    if expected is not None and "+" not in text[1:]:
        assert KZ.read(text)[:2] == expected[:2]
