"""Broadcasts: what is said to many, unasked. Who gets one, how far it has come, how long it takes, what it costs.

A broadcast is *planned*, then *going*, then *done* or *stopped*. It walks over its recipients leg by leg, each leg in
the order of its keys; where it is, is kept as the key up to which all were begun and the few before it that are not
settled yet. So after a crash it goes on where it stopped: nobody is left out, and only those may be met twice whose
outcome had not been kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from election.definition import Language, Words
from election.ports import Act, Letter

Kind = Literal["word", "announcement", "message", "reminder", "bulletin"]
"""What is said: something to one member alone, what the commission has done, words of an organiser, "you have not voted
yet", a bulletin of turnout."""
State = Literal["planned", "going", "done", "stopped"]
Way = Literal["channels", "telegram", "sms"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they go where several wait."""
WAYS: tuple[Way, ...] = get_args(Way)
"""In the order in which one broadcast takes them: what everybody sees first."""

REMINDED_FOR = timedelta(days=1)
"""Nobody is reminded again within so long."""
LETTER_LIFE = timedelta(hours=6)
"""A letter of a broadcast that the carrier has not taken by then is not news any more, or comes at night."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which members a broadcast is for; all, where nothing is said. `regions` and `branches`: who is of one of these,
    as in a contest. `member`: her alone. `ruling`: all of these, but who cast before this ruling is told that she may
    vote again, even if she has said STOP."""

    regions: tuple[str, ...] | None = None
    branches: tuple[str, ...] | None = None
    member: str = ""
    ruling: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of the way: recipients whose key is above `after` and, unless it is empty, not above `upto`."""

    way: Way
    after: str = ""
    upto: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A broadcast as it is wanted. `text` is a message's or a word's, `bulletin` the number of one, `act` that of
    what is announced. `only`: the members it is for. `start`: the account to begin behind, so that a broadcast that
    overtakes another goes on with those whom that had not come to."""

    kind: Kind
    ways: tuple[Way, ...]
    due_at: datetime
    made_at: datetime
    by: str
    channels: tuple[str, ...] = ()
    text: Words | None = None
    bulletin: int = 0
    start: str = ""
    act: int = 0
    only: Scope = Scope()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The way it takes."""
        found: list[Leg] = []
        for way in WAYS:
            if way in self.ways:
                turned = way == "telegram" and self.start
                found += [Leg(way, self.start), Leg(way, "", self.start)] if turned else [Leg(way)]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were `expected` when it was planned; what became of those it has come to. `queued` went into the outbox
    as letters, `spared` were not to be reminded any more when their turn came."""

    expected: int = 0
    sent: int = 0
    queued: int = 0
    blocked: int = 0
    failed: int = 0
    spared: int = 0

    @property
    def settled(self) -> int:
        """All it has come to."""
        return self.sent + self.queued + self.blocked + self.failed + self.spared


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a broadcast is: in which leg and behind which key, and whom of those before it (leg and key) it has begun
    and not settled."""

    leg: int = 0
    after: str = ""
    begun: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands."""

    number: int
    plan: Plan
    state: State
    progress: Progress
    counts: Counts
    began_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One to be reached. `key` orders those of one way: a channel's name, an account, a member. `door` is the bot she
    belongs to, empty where it is not known; a channel's is the first bot there is. `again`: by the ruling that is
    announced she may vote again."""

    way: Way
    key: str
    member_id: str = ""
    language: Language = "ru"
    door: str = ""
    sealed_phone: bytes = b""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of recipients since the last time it was noted. `closed` are accounts whose chat is closed to us."""

    sent: int = 0
    blocked: int = 0
    failed: int = 0
    spared: int = 0
    closed: tuple[str, ...] = field(default=())


def a_word(member: str, text: Words, by: str, now: datetime) -> Plan:
    """What is said to one member alone and goes first: in Telegram where she is signed in there, else by SMS to her
    phone on the roll. Plan it with `expected` 1 (`Broadcasting.plan`), or in the transaction of a guarded act with
    `storage.durable.broadcasts.put_plan`. The same words go both ways, so keep within an SMS budget."""
    return Plan("word", ("telegram", "sms"), now, now, by, text=text, only=Scope(member=member))


class Broadcasting(Protocol):
    """The durable store as broadcasts need it. Same promises as election.ports.Ledger.

    Who runs a broadcast has taken it under a name of her own. `note` and `queue` do nothing, and say so, once it is
    stopped or another has taken it: then she is to leave it at once.
    """

    async def plan(self, plan: Plan, expected: int) -> int:
        """Put a broadcast down; its number. A bulletin is planned once: its number again finds the one there is, and
        changes nothing; so is the announcement of an act. Bulletins that have not ended are stopped by a new one, for
        nobody wants old news, and it begins where the last of them was."""

    async def broadcast(self, number: int) -> Broadcast | None:
        """The broadcast with this number."""

    async def broadcasts(self, most: int = 20) -> Sequence[Broadcast]:
        """The newest, the newest first; not those to one member alone."""

    async def next(self, now: datetime) -> Broadcast | None:
        """Which is to be sent now: of those due and not ended, in the order of `KINDS`, and of each kind the
        first."""

    async def take(self, number: int, holder: str, now: datetime) -> Broadcast | None:
        """From now on `holder` runs it; None if it has ended. From whoever ran it before it is taken away."""

    async def recipients(self, broadcast: Broadcast, leg: int, after: str, most: int, now: datetime) -> list[Recipient]:
        """Up to `most` of this leg behind the key, in the order of keys. Who has said STOP or closed her chat to us is
        not among them, nor in a reminder who has voted or was reminded less than a day ago. By SMS: those who have
        signed in and have no Telegram account. A word also reaches who has said STOP, and by SMS who has not signed in
        or has closed her chat; so does an announcement by which she may vote again, if she has said STOP."""

    async def again(self, broadcast: Broadcast) -> list[tuple[int, Recipient]]:
        """Those begun and not settled, each with its leg; who is not to be reached any more is not among them."""

    async def remind(self, member_id: str, now: datetime) -> bool:
        """Note that the member is reminded now, if she has not voted, was not reminded in the last day (but for this
        very moment, so that a second try passes), has not said STOP, and the voting is open; whether it was noted.
        One statement decides."""

    async def note(self, number: int, holder: str, progress: Progress, outcomes: Outcomes) -> bool:
        """Keep where it is, count, and mark the chats that are closed to us: one transaction."""

    async def queue(
        self, number: int, holder: str, progress: Progress, letters: Sequence[tuple[str, Letter]], now: datetime
    ) -> int | None:
        """Put the letters, each to a member, into the outbox and keep where it is, in one transaction: a crash neither
        doubles nor loses one. Of a reminder only those of members whom `remind` would take, and each letter is held
        back if she votes before it leaves. How many went in; None as said above."""

    async def end(self, number: int, holder: str, now: datetime) -> None:
        """All have been reached. What was said to one member alone is wiped."""

    async def stop(self, number: int, now: datetime) -> bool:
        """Stop it; whether it had not ended. What is under way still arrives; letters that wait are taken out, and what
        was to be said to one member alone is wiped."""

    async def reach(self, plan: Plan, now: datetime) -> Mapping[tuple[Way, Language], int]:
        """How many members this broadcast would reach, by way and language. It looks over the whole roll."""

    async def unannounced(self, kinds: Sequence[str], since: datetime) -> Sequence[Act]:
        """Acts of these kinds, done since then, that no broadcast announces; in order."""


def seconds_for(messages: int, per_second: float) -> float:
    """How long so many messages take at this pace."""
    return messages / per_second if messages > 0 else 0.0


def segments_for(letters: Mapping[Language, int], segments: Mapping[Language, int]) -> int:
    """What the carrier bills for so many letters in each language, given the segments of one."""
    return sum(number * segments[language] for language, number in letters.items())


def seconds_left(broadcast: Broadcast, now: datetime, per_second: float) -> float:
    """How long it still takes: at the speed it has shown, or before it has shown any at this one."""
    left = broadcast.counts.expected - broadcast.counts.settled
    if broadcast.state in ("done", "stopped") or left <= 0:
        return 0.0
    settled = broadcast.counts.settled
    took = (now - broadcast.began_at).total_seconds() if broadcast.began_at else 0.0
    if settled < per_second or took <= 0:
        return seconds_for(left, per_second)
    return left * took / settled
