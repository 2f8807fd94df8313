"""Segments as carriers bill them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.segments import segments

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
PAIRS = "\f^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair does not fit into the first: 152 + 153 + 1
        ("a" * 151 + "€" + "a" * 153, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("a" * 69 + "ә", 1),
        ("a" * 160 + "ә", 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("я" * 66 + "😀" + "я" * 66, 3),  # the pair does not fit into the first: 66 + 67 + 1
        ("я" * 65 + "😀" + "я" * 67, 2),
        ("a\u00a0" + "b" * 69, 2),  # a no-break space is not GSM-7
        ("ç" * 71, 2),  # of the cedillas only the capital is
        ("“quoted”" + "a" * 62, 1),
        ("“quoted”" + "a" * 63, 2),
    ],
)
def test_known_texts_take_known_segments(text: str, count: int) -> None:
    assert segments(text) == count


def laid_out(units: list[bytes], room: int) -> list[bytes]:
    """The segments themselves, sign after sign."""
    parts = [b""]
    for unit in units:
        if len(parts[-1]) + len(unit) > room:
            parts.append(b"")
        parts[-1] += unit
    return parts


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_a_text_in_ucs_2_is_cut_into_whole_signs(text: str) -> None:
    text += "ы"
    whole = text.encode("utf-16-be")
    parts = laid_out([sign.encode("utf-16-be") for sign in text], 134)
    assert segments(text) == (1 if len(whole) <= 140 else len(parts))
    assert "".join(part.decode("utf-16-be") for part in parts) == text


@given(st.text(alphabet=GSM + PAIRS, max_size=900))
def test_a_text_in_gsm_7_is_cut_into_whole_signs(text: str) -> None:
    septets = [b"\x1b" + b"x" if sign in PAIRS else b"x" for sign in text]
    whole = b"".join(septets)
    assert segments(text) == (1 if len(whole) <= 160 else len(laid_out(septets, 153)))
    assert segments(text) >= math.ceil(len(whole) / 160)


@given(st.text(max_size=300), st.text(max_size=100))
def test_a_longer_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text)
