import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from election import receipt

RECEIPT = receipt.from_bytes(b"\x01\x02\x03\x04\x05\x06\x07")
TWINS = dict(zip("ACEHKMPTXY", "АСЕНКМРТХУ", strict=True))


def test_a_receipt_is_three_groups_of_four() -> None:
    assert re.fullmatch(r"([ACEHKMPTXY2345679]{4}-){2}[ACEHKMPTXY2345679]{4}", RECEIPT)


def test_the_receipt_of_the_same_bytes_never_changes_between_versions() -> None:
    assert RECEIPT == "3XPM-YTMY-H4KC"


@given(st.binary(min_size=6, max_size=32))
def test_every_receipt_made_can_be_read(data: bytes) -> None:
    made = receipt.from_bytes(data)
    assert receipt.read(made) == made


def test_neighbouring_bytes_give_different_receipts() -> None:
    assert len({receipt.from_bytes(number.to_bytes(7, "big")) for number in range(5_000)}) == 5_000


@given(st.binary(min_size=7, max_size=7))
def test_one_wrong_symbol_is_always_found(data: bytes) -> None:
    symbols = receipt.from_bytes(data).replace("-", "")
    for place, right in enumerate(symbols):
        for wrong in receipt.ALPHABET:
            typed = symbols[:place] + wrong + symbols[place + 1 :]
            assert (receipt.read(typed) is None) == (wrong != right)


@given(st.binary(min_size=7, max_size=7))
def test_two_symbols_that_changed_places_are_always_found(data: bytes) -> None:
    symbols = receipt.from_bytes(data).replace("-", "")
    for one in range(12):
        for two in range(one):
            swapped = list(symbols)
            swapped[one], swapped[two] = swapped[two], swapped[one]
            assert (receipt.read("".join(swapped)) is None) == (symbols[one] != symbols[two])


@pytest.mark.parametrize(
    "typed",
    [
        RECEIPT.lower(),
        RECEIPT.replace("-", ""),
        RECEIPT.replace("-", " "),
        RECEIPT.replace("-", "–"),
        RECEIPT.replace("-", "\u2011"),
        RECEIPT.replace("-", "_"),
        f"  {RECEIPT}\r\n",
        f"\u200f{RECEIPT}\u200e",
        " ".join(RECEIPT),
        "".join(TWINS.get(sign, sign) for sign in RECEIPT),
        "".join(TWINS.get(sign, sign) for sign in RECEIPT).lower(),
    ],
)
def test_a_receipt_is_read_however_it_is_typed(typed: str) -> None:
    assert receipt.read(typed) == RECEIPT


def test_every_letter_is_read_from_the_cyrillic_keyboard() -> None:
    rounds = "AACCEEHHKKMMPPTTXXYY"
    for start in range(0, len(rounds), 2):
        data = rounds[start : start + 2] * 5 + "2"
        found = [read for check in receipt.ALPHABET if (read := receipt.read(data + check))]
        assert len(found) == 1
        cyrillic = "".join(TWINS.get(sign, sign) for sign in found[0])
        assert receipt.read(cyrillic) == receipt.read(cyrillic.lower()) == found[0]
    assert receipt.read("Ү" * 12) == receipt.read("Y" * 12)


@pytest.mark.parametrize(
    "typed",
    ["", " ", RECEIPT[:-1], RECEIPT + "A", RECEIPT.replace("T", "O", 1), "K7HM", "ß" * 6, "😀" * 12, "0" * 5000],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(typed: str) -> None:
    assert receipt.read(typed) is None


@given(st.text())
def test_reading_never_fails_and_what_is_read_reads_again(typed: str) -> None:
    read = receipt.read(typed)
    assert read is None or receipt.read(read) == read


def test_a_digest_is_its_own_kind_of_hash() -> None:
    assert receipt.digest(RECEIPT) == hashlib.sha256(b"dauys receipt\0" + RECEIPT.encode()).digest()
    assert receipt.digest(RECEIPT) != hashlib.sha256(RECEIPT.encode()).digest()
