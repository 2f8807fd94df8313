"""Receipts that a member can read out, write down and type: `K7HM-4XTA-36PC`.

Eleven symbols and a check symbol out of seventeen. Every letter looks the same in the Latin and the Cyrillic
alphabet, so a receipt may be typed on either keyboard; 0, 1 and 8 are left out beside O, I and B. The check is
a weighted sum modulo 17, as in ISBN-10: since 17 is prime and the weights are twelve different numbers below it,
any one wrong symbol and any two that changed places are found.
"""

import hashlib
import unicodedata

ALPHABET = "ACEHKMPTXY2345679"
DATA_SYMBOLS = 11

_PRIME = len(ALPHABET)
_LENGTH = DATA_SYMBOLS + 1
_CYRILLIC_TWINS = str.maketrans("АСЕНКМРТХУҮ", "ACEHKMPTXYY")
_BETWEEN = frozenset({"Zs", "Zl", "Zp", "Pd", "Pc", "Cc", "Cf"})
"""Unicode's kinds of what may stand between symbols: spaces, dashes, underscores, line ends, marks of direction."""


def from_bytes(data: bytes) -> str:
    """The receipt that these bytes give, in groups of four. Six random bytes or more use all 17**11 of them."""
    number = int.from_bytes(data, "big") % _PRIME**DATA_SYMBOLS
    values = []
    for _ in range(DATA_SYMBOLS):
        number, value = divmod(number, _PRIME)
        values.append(value)
    values.append(-_weighted(values) % _PRIME)
    return _grouped("".join(ALPHABET[value] for value in values))


def read(typed: str) -> str | None:
    """The receipt in its one written form, or None if it is none or a symbol is wrong.

    Small letters, Cyrillic twins, spaces and dashes anywhere are all welcome.
    """
    symbols = "".join(sign for sign in typed if unicodedata.category(sign) not in _BETWEEN)
    symbols = symbols.upper().translate(_CYRILLIC_TWINS)
    if len(symbols) != _LENGTH or not set(symbols) <= set(ALPHABET):
        return None
    if _weighted([ALPHABET.index(symbol) for symbol in symbols]) % _PRIME:
        return None
    return _grouped(symbols)


def digest(receipt: str) -> bytes:
    """32 bytes by which the box knows a receipt, given in its one written form (`from_bytes`, `read`)."""
    return hashlib.sha256(b"dauys receipt\0" + receipt.encode()).digest()


def _weighted(values: list[int]) -> int:
    """The sum that is 0 modulo 17 in a whole receipt: weights 12 down to 1, so the check symbol weighs 1."""
    return sum((_LENGTH - place) * value for place, value in enumerate(values))


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + 4] for start in range(0, _LENGTH, 4))
