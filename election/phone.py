"""Phone numbers as the rules see them. No country is ever guessed here: that happens only when a roll is read."""

import re

from election.errors import PhoneUnreadable

_SPOKEN = re.compile(r"\+?[0-9]{10,15}")


def from_contact(digits: str) -> str:
    """E.164 of a contact's digits: `+` and 10 to 15 ASCII digits, a leading `+` allowed. Raises PhoneUnreadable."""
    if not _SPOKEN.fullmatch(digits):
        raise PhoneUnreadable
    return "+" + digits.removeprefix("+")


def masked(e164: str) -> str:
    """A number as it may be shown: `+7 701 *** ** 67`. Only the first four digits and the last two are left."""
    digits = e164.removeprefix("+")
    return f"+{digits[:1]} {digits[1:4]} *** ** {digits[-2:]}"
