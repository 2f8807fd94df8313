"""What an election is made of, as `election.toml` defines it.

Everything here is a frozen value. `election_file.parse` is the only maker outside tests.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
Channel = Literal["telegram", "sms"]
Role = Literal["organiser", "committee", "clerk", "observer", "operator"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the three languages. A text given once serves for all three."""

    kk: str
    ru: str
    en: str

    def said(self, language: Language) -> str:
        """The text in this language."""
        text: str = getattr(self, language)
        return text


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody, or something, that can be chosen in a contest. `id` is unique in the contest."""

    id: str
    name: Words
    about: Words | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """One question on the ballot: choose up to `choose` of `candidates`.

    `regions` and `branches` are None when everybody votes in it; `branches` narrows `regions` further.
    """

    id: str
    title: Words
    candidates: tuple[Candidate, ...]
    choose: int = 1
    order: Literal["listed", "rotated"] = "listed"
    blank: bool = True
    regions: frozenset[str] | None = None
    branches: frozenset[str] | None = None

    def is_for(self, region: str, branch: str) -> bool:
        """Whether a member of this region and branch votes in it."""
        return (self.regions is None or region in self.regions) and (self.branches is None or branch in self.branches)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that are fixed before opening.

    `redo_limit` None means unlimited; `sms_per_hour` 0 means by the size of the roll. `shared_phone_limit`: so many of
    the members who share a phone can be confirmed on it in person.
    """

    redo_limit: int | None = 1
    redo_wait: timedelta = timedelta(hours=2)
    void_window: timedelta = timedelta(hours=24)
    paper: Literal["wins"] = "wins"
    assurance: Literal["contact+code", "code"] = "contact+code"
    sms_voting: bool = True
    sms_per_hour: int = 0
    shared_phone_limit: int = 3
    complaint_deadline: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of the commission. `phone` is E.164 or empty."""

    name: str
    role: Role
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Commission:
    """Who runs the election, and how many hold the key. `trustees >= 2 * threshold - 1`."""

    two_person: bool = True
    trustees: int = 5
    threshold: int = 3
    officers: tuple[Officer, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletins:
    """When turnout bulletins are due (local time) and where they go."""

    at: tuple[time, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole election. `opens` and `closes` are aware, or None where it is opened and closed by hand."""

    id: str
    title: Words
    contests: tuple[Contest, ...]
    timezone: str = "Asia/Almaty"
    opens: datetime | None = None
    closes: datetime | None = None
    policy: Policy = field(default_factory=Policy)
    commission: Commission = field(default_factory=Commission)
    bulletins: Bulletins = field(default_factory=Bulletins)
    digest: str = ""
    """SHA-256 (hex) of the file it came from: the published rules hash."""

    def style(self, region: str, branch: str) -> tuple[Contest, ...]:
        """The ballot style: the contests this member votes in, in the order of the file."""
        return tuple(contest for contest in self.contests if contest.is_for(region, branch))
