from collections import Counter
from itertools import product

import pytest

from vault.codes import CodeKeys, new_code, same


@pytest.mark.parametrize("digits", [1, 6, 8])
def test_a_code_has_its_digits_and_no_others(digits: int) -> None:
    for _ in range(500):
        code = new_code(digits)
        assert len(code) == digits
        assert code.isascii()
        assert code.isdigit()


def test_codes_begin_with_every_digit_about_equally_often() -> None:
    firsts = Counter(new_code(6)[0] for _ in range(20_000))
    assert set(firsts) == set("0123456789")
    assert all(1_600 < count < 2_400 for count in firsts.values())  # nine standard deviations either way


def test_the_same_code_in_the_same_place_has_the_same_mark() -> None:
    keys = CodeKeys(bytes(32))
    first = keys.code_mac("012345", "e", "A1", "telegram:7", "sign-in")
    assert len(first) == 32
    assert same(first, CodeKeys(bytes(32)).code_mac("012345", "e", "A1", "telegram:7", "sign-in"))


@pytest.mark.parametrize("place", range(5))
def test_a_code_is_worth_nothing_in_another_election_member_chat_or_purpose(place: int) -> None:
    keys = CodeKeys(bytes(32))
    fields = ["012345", "e", "A1", "telegram:7", "sign-in"]
    elsewhere = [*fields]
    elsewhere[place] += "0"
    assert not same(keys.code_mac(*fields), keys.code_mac(*elsewhere))


def test_fields_do_not_run_together() -> None:
    keys = CodeKeys(bytes(32))
    splits = [parts for parts in product(("", "1", "11", "111"), repeat=5) if sum(map(len, parts)) == 4]
    assert len({keys.code_mac(*parts) for parts in splits}) == len(splits) > 20


def test_another_key_gives_another_mark_and_none_shows_in_repr() -> None:
    fields = ("012345", "e", "A1", "telegram:7", "sign-in")
    assert CodeKeys(b"C" * 32).code_mac(*fields) != CodeKeys(b"D" * 32).code_mac(*fields)
    assert "CCCC" not in repr(CodeKeys(b"C" * 32))
