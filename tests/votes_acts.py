"""What can happen in an election of `tests.votes_machine`, by which rules, and what must have been heard in the end."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.voters import FILE
from tests.votes_place import MEMBERS, ON_PAPER

STEPS = 50
RUNS = int(os.environ.get("RUNS", "2000"))
"""In all test files together. Two thousand take a minute of a processor; the longer proof has ten times as many."""


def _file(rules: str, hours: str = "") -> str:
    return FILE.replace("timezone =", f"{hours}\ntimezone =") + f"\n[policy]\n{rules}\n"


AGAIN_ONCE = _file("redo_limit = 1", hours="closes = 2026-12-02T00:03:00")  # ten hours after the opening
AGAIN_ALWAYS = _file('redo_limit = "unlimited"\nredo_wait = "90m"\nvoid_window = "3h"')
AGAIN_NEVER = _file("redo_limit = 0")

_BALLOTS = [(who, door, choice) for who in MEMBERS for door in ("telegram", "sms") for choice in ("101", "102", "")]
_PAIRS = [("votes", "votes"), ("votes", "takes_paper"), ("takes_paper", "votes"), ("withdraws", "withdraws")]
_OFTEN: Sequence[tuple[Any, ...]] = (
    ("waits", 1),  # what stands in a simplified run where the act does not matter
    *(("votes", *ballot) for ballot in 2 * _BALLOTS),
    *(("votes", who, "sms", "101") for who in 2 * (ON_PAPER, "nobody")),
    *(("votes_again", *ballot) for ballot in 2 * _BALLOTS),
    *(("comes_in", who) for who in 2 * MEMBERS),
    *(("casts_late", *ballot) for ballot in _BALLOTS[::3]),
    *(("comes_once_more", who) for who in MEMBERS),
    *(("disowns", who, digits) for who in MEMBERS for digits in ("", "right", "wrong")),
    *(("withdraws", who) for who in 2 * MEMBERS),
    *(("takes_paper", who) for who in (MEMBERS[0], ON_PAPER)),
    *(("at_once", MEMBERS[1], MEMBERS[1], *pair) for pair in _PAIRS),
    ("at_once", *MEMBERS[:2], "votes", "votes"),
    *(("waits", minutes) for minutes in 2 * (0.7, 59, 61, 89, 120, 121, 240, 600, 1_441)),
    *[("pauses",), ("resumes",), ("closes",)] * 2,
)
ACTS = (*8 * _OFTEN, ("restarts",), *[("publishes",)] * 2)
"""All that can happen, the likelier the more often it stands here. What takes long is rare."""


ANSWERS = {
    "let in": "yes already_voted paused closed not_signed_in",
    "votes": "yes already_voted paused closed",
    "comes once more": "already_voted paused closed",
    "disowns": "yes not_that_vote already_voted paused closed",
    "takes paper": "yes already_voted paused closed",
    "may withdraw": "yes not_open_yet closed",
    "withdraws": "yes",
    "in the end": "open voted paper void",
}
"""All that must be heard in a hundred runs, whatever the rules."""


class Tally:
    """What was seen: how many whole runs, how many steps, how often each act was done and had each answer."""

    def __init__(self) -> None:
        self.runs = self.steps = 0
        self.acts: Counter[str] = Counter()
        self.answers: Counter[tuple[str, str]] = Counter()

    def missing(self, answers: Mapping[str, str] = ANSWERS) -> set[object]:
        """What was never done and never heard."""
        wanted = {(act, answer) for act, heard in answers.items() for answer in heard.split()}
        return {act[0] for act in ACTS}.difference(self.acts) | wanted.difference(self.answers)
