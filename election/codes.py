"""The one-time code: how long it lives, how often it may be tried and sent (design, section 3)."""

import re
from datetime import timedelta

from election.ports import Limit

LIFE = timedelta(minutes=10)
TRIES = 5
WRONG_BEFORE_LOCK = 15
SENDS_AN_ELECTION = 12
PHONES_AN_ACCOUNT = 3
DIGITS_WITH_CONTACT = 6
DIGITS_ALONE = 8

REMEMBERED = timedelta(hours=1)
"""How long a dead code is remembered, so that its owner is told that it has expired and not that it is wrong."""

PROOF_BY_SMS = timedelta(minutes=30)
"""How long a code typed by SMS vouches for the sender, whose number anybody can forge."""

SENDS = (
    Limit(1, 60),
    Limit(3, 3_600),
    Limit(6, 86_400),
    Limit(SENDS_AN_ELECTION, 45 * 86_400),
)
"""Sends to one number, member or stranger alike. The last stands for "an election" to a stranger; for a member the
roll counts too, and outlives a lost fleeting store."""

_GROUPS = re.compile(r"[0-9]+")


def readings(typed: str, digits: int) -> list[tuple[str, tuple[int, ...]]]:
    """How a message may be read as a code of so many digits and the numbers beside it; at most two readings.

    Digits may be spaced or run together, and the code may come first or last: `12345678 2`, `1234 5678 2`,
    `123456782`, `2 12345678`. An own group of exactly the code's length is the code and nothing else is guessed.
    Two readings of one message cost one try: a guesser gains at most a factor of two.
    """
    whole = group_of_its_own(typed, digits)
    if whole:
        return [whole]
    groups = _GROUPS.findall(typed)
    found = [_from_the_left(groups, digits), _from_the_left([g[::-1] for g in reversed(groups)], digits)]
    left, right = found
    result = []
    if left:
        result.append((left[0], _numbers(left[1])))
    if right and right[0][::-1] != (left[0] if left else ""):
        result.append((right[0][::-1], _numbers([g[::-1] for g in reversed(right[1])])))
    return result


def group_of_its_own(typed: str, digits: int) -> tuple[str, tuple[int, ...]] | None:
    """The group of exactly so many digits, and the numbers beside it."""
    groups = _GROUPS.findall(typed)
    for place, group in enumerate(groups):
        if len(group) == digits:
            return group, _numbers(groups[:place] + groups[place + 1 :])
    return None


def alone(typed: str, digits: int) -> str:
    """The code in a message that has exactly so many digits, spaced or not, among whatever words; else empty."""
    found = "".join(_GROUPS.findall(typed))
    return found if len(found) == digits else ""


def _from_the_left(groups: list[str], digits: int) -> tuple[str, list[str]] | None:
    code = ""
    for place, group in enumerate(groups):
        wanted = digits - len(code)
        if len(group) >= wanted:
            rest = ([group[wanted:]] if len(group) > wanted else []) + groups[place + 1 :]
            return code + group[:wanted], rest
        code += group
    return None


def _numbers(groups: list[str]) -> tuple[int, ...]:
    return tuple(int(group) for group in groups if len(group) <= 3)
