"""One member, one vote, in sixty lines: a notebook in which a clerk writes what must come of each act.

The real thing is held against it, answer by answer. An act that may not be raises `No` with the refusal's code.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from election.definition import Definition

DISOWNED_MOST = 5
MINUTE = timedelta(minutes=1)
TRIES = ((5, timedelta(hours=1)), (20, timedelta(days=1)))


class No(Exception):
    """It may not be."""


def must(true: object, code: str) -> None:
    if not true:
        raise No(code)


@dataclass
class Line:
    """One member. `choice` is that of the last vote accepted; whether it counts is told by `right`."""

    mobile: bool = True
    right: str = "open"
    casts: int = 0
    channel: str = ""
    choice: str = ""
    wait: datetime | None = None
    disowned: int = 0
    granted: int = 0
    tries: list[datetime] = field(default_factory=list)

    @property
    def counted_as(self) -> str:
        return self.channel if self.right == "voted" else self.right


class Notebook:
    def __init__(self, definition: Definition, lines: dict[str, Line]) -> None:
        self.policy, self.hour, self.lines = definition.policy, definition.closes, lines
        self.stage, self.closed_at = "open", datetime.max
        self.leaves: Counter[str] = Counter(action=1)

    def comes(self, who: str) -> Line:
        must(who in self.lines and self.lines[who].mobile, "not_signed_in")
        return self.lines[who]

    def is_past(self, now: datetime) -> bool:
        return self.hour is not None and now >= self.hour

    def box_is_open(self) -> None:
        must(self.stage != "paused", "paused")
        must(self.stage == "open", "closed")

    def is_open(self, now: datetime) -> None:
        must(self.stage != "open" or not self.is_past(now), "closed")
        self.box_is_open()

    def may_again(self, line: Line, now: datetime) -> None:
        must(line.right == "voted", "already_voted")
        if self.policy.redo_limit is not None:
            must(self.policy.redo_limit + line.granted > 0, "already_voted")
            must(line.casts <= self.policy.redo_limit + line.granted, "no_more_redos")
        must(line.wait is None or now >= line.wait, f"redo_too_soon {line.wait}")

    def let_in(self, who: str, now: datetime, *, again: bool) -> int:
        """The number of the vote she may cast."""
        line = self.comes(who)
        if again:
            self.is_open(now)
        if line.right != "open":
            must(again, "already_voted")
            self.may_again(line, now)
        self.is_open(now)
        return line.casts + 1

    def puts_in(self, who: str, number: int, channel: str, choice: str, made: datetime) -> None:
        self.box_is_open()
        line = self.lines[who]
        must(line.right == ("open" if number == 1 else "voted") and line.casts == number - 1, "already_voted")
        line.right, line.casts, line.channel, line.choice = "voted", number, channel, choice
        end = made + self.policy.redo_wait
        line.wait = None if self.policy.redo_limit == 0 else end + (datetime.min - end.replace(tzinfo=None)) % MINUTE
        self.leaves.update(("cast", "ballot", "redo") if number > 1 else ("cast", "ballot"))

    def disowns(self, who: str, digits: str, now: datetime) -> int:
        line = self.comes(who)
        must(line.right == "voted", "not_that_vote" if line.right == "open" else "already_voted")
        self.is_open(now)
        if digits:
            must(all(sum(at > now - span for at in line.tries) < most for most, span in TRIES), "not_that_vote")
            line.tries.append(now)
            must(digits == "right", "not_that_vote")
        if line.disowned != line.casts:
            must(line.granted < DISOWNED_MOST, "no_more_redos")
            line.disowned, line.granted, line.wait = line.casts, line.granted + 1, None
        self.may_again(line, now)
        return line.casts + 1

    def may_withdraw(self, who: str, now: datetime) -> int:
        line = self.comes(who)
        must(self.stage == "closed" or self.is_past(now), "not_open_yet")
        must(self.stage == "closed" and now < self.closed_at + self.policy.void_window, "closed")
        must(line.right == "voted", "closed")
        return line.casts

    def withdraws(self, who: str, number: int) -> None:
        must(self.stage == "closed", "not_open_yet")
        must(self.lines[who].right == "voted" and self.lines[who].casts == number, "already_voted")
        self.lines[who].right = "void"
        self.leaves["void"] += 1

    def takes_paper(self, who: str, number: int) -> None:
        self.box_is_open()
        must(self.lines[who].right in ("open", "voted") and self.lines[who].casts == number, "already_voted")
        self.lines[who].right = "paper"
        self.leaves["paper"] += 1

    def moves(self, stage: str, now: datetime) -> None:
        self.stage = stage
        if stage == "closed":
            self.closed_at = now

    def counted(self) -> Counter[str]:
        return Counter(line.choice for line in self.lines.values() if line.right == "voted")
