"""Complaints in a bulletin: totals of the whole election, and never a place or a kind but one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from election.complaints import DECIDED, FEWEST, Counts
from election.ports import Act

_ENDED = ("upheld", "rejected", "no_fault")
_ONLY_GROW = ("filed", *_ENDED, "pressed")


def in_public(counts: Counts) -> Mapping[str, int]:
    """What a bulletin tells of them. How many were pressed is told from ten complaints on: among fewer a boss might
    know whose it was."""
    told = {"filed": counts.filed, "open": counts.open} | {name: getattr(counts, name) for name in _ENDED}
    return told | ({"pressed": counts.pressed} if counts.filed >= FEWEST else {})


def problems(bulletin: Mapping[str, Any], acts: Sequence[Act]) -> Iterator[str]:
    """What does not reconcile in itself or with the acts on record, a sentence each."""
    told = bulletin["complaints"]
    ended = sum(told[name] for name in _ENDED)
    if told["filed"] != told["open"] + ended:
        yield f"{told['filed']} complaints were filed, but {told['open']} wait and {ended} are decided."
    on_record = sum(act.kind == DECIDED for act in acts)
    if ended != on_record:
        yield f"{ended} complaints are decided, but {on_record} decisions are on record."
    if told.get("pressed", 0) > told["filed"]:
        yield f"{told['pressed']} say that they were pressed, but {told['filed']} complaints were filed."


def problems_since(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    """What cannot follow on the bulletin before, a sentence each."""
    now, before = bulletin["complaints"], previous.get("complaints", {})  # bulletins of older programs have none
    for figure in _ONLY_GROW:
        if now.get(figure, 0) < before.get(figure, 0):
            yield f"Of complaints “{figure}” was {before[figure]} and is {now.get(figure, 0)}."
