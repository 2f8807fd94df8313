"""What an election costs in SMS segments and in hours of sending: plain sums over what is assumed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dauys.trial_vote import Billed
from election.definition import Language


@dataclass(frozen=True, slots=True)
class Assumed:
    """`members` who can vote by phone, by language. `by_sms` of them vote by SMS, the others in Telegram; all those who
    vote (`turnout`) sign in, `redo` of them vote a second time, and `more_codes` codes are asked for beyond one a
    vote. `bulletins` and `reminders` go to everybody who is subscribed, by SMS bulletins only with
    `bulletins_by_sms`."""

    members: Mapping[Language, int]
    by_sms: float
    redo: float
    turnout: float
    more_codes: float
    bulletins: int
    reminders: int
    bulletins_by_sms: bool

    @property
    def in_all(self) -> int:
        """All members."""
        return sum(self.members.values())


@dataclass(frozen=True, slots=True)
class Estimate:
    """SMS `segments` by what they are for, and messages that bots send unasked, `in_telegram`."""

    segments: Mapping[str, int]
    in_telegram: int

    @property
    def in_all(self) -> int:
        """All segments."""
        return sum(self.segments.values())


def estimate(assumed: Assumed, billed: Mapping[Language, Billed]) -> Estimate:
    """The sums; each part is rounded up."""
    found = dict.fromkeys(("codes", "notices", "ballots", "reminders", "bulletins"), 0.0)
    for language, members in assumed.members.items():
        each = billed[language]
        sms, telegram = members * assumed.by_sms, members * (1 - assumed.by_sms)
        votes = assumed.turnout * (1 + assumed.redo)
        found["codes"] += telegram * votes * (1 + assumed.more_codes) * each.code
        found["notices"] += votes * (telegram * each.notice + sms * each.notice_sms)
        found["ballots"] += sms * votes * each.ballot
        found["reminders"] += sms * assumed.reminders * each.reminder
        found["bulletins"] += sms * assumed.bulletins * each.bulletin if assumed.bulletins_by_sms else 0.0
    unasked = assumed.in_all * (1 - assumed.by_sms) * (assumed.bulletins + assumed.reminders)
    return Estimate({what: _up(number) for what, number in found.items()}, _up(unasked))


def hours(number: int, per_second: float) -> float:
    """How long so many take at this pace."""
    return number / per_second / 3600


def _up(number: float) -> int:
    """To the next whole one; what arithmetic with fractions adds is no more."""
    return math.ceil(round(number, 6))
