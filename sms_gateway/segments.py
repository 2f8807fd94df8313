"""How many segments a carrier bills for a text (3GPP TS 23.038 and 23.040)."""

from collections.abc import Iterable

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM_7 = _BASIC | _EXTENSION


def segments(text: str) -> int:
    """The number of SMS segments, at least 1.

    GSM-7: 160 septets alone, 153 in each of several. UCS-2, for any sign outside GSM-7: 70 units alone, 67 in
    each of several. A sign of two units (extension table, surrogate pair) is never split between two
    segments.
    """
    if _GSM_7.issuperset(text):
        return _count((2 if sign in _EXTENSION else 1 for sign in text), alone=160, joined=153)
    return _count((2 if sign > "\uffff" else 1 for sign in text), alone=70, joined=67)


def _count(widths: Iterable[int], alone: int, joined: int) -> int:
    total, full, used = 0, 0, 0
    for width in widths:
        total += width
        if used + width > joined:
            full, used = full + 1, 0
        used += width
    return 1 if total <= alone else full + 1
