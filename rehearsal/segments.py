"""How many SMS segments a text takes (3GPP TS 23.038): GSM-7 160/153, UCS-2 70/67."""

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """The number of segments, at least 1."""
    if all(c in _BASIC or c in _EXTENDED for c in text):
        return _packed([2 if c in _EXTENDED else 1 for c in text], 160, 153)
    return _packed([2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67)


def _packed(widths: list[int], alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    count, room = 1, joined
    for width in widths:
        if width > room:
            count, room = count + 1, joined
        room -= width
    return count
