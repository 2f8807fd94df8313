"""Complaints as a bulletin tells them: of their shape, adding up, and only growing."""

from collections.abc import Iterator, Mapping

from board.checks.bulletin import Bulletin

FEWEST_COMPLAINTS = 10
_ENDED = ("upheld", "rejected", "no_fault")
_DECISION = "what=complaint-decided"


def wrong_complaints(told: Bulletin) -> Iterator[str]:
    """What does not add up within one bulletin, a sentence each."""
    counts = told.complaints
    if counts is None:
        return
    ended = sum(counts[name] for name in _ENDED)
    if counts["filed"] != counts["open"] + ended:
        yield f"{counts['filed']} complaints were filed, but {counts['open']} wait and {ended} are decided"
    decisions = sum(_DECISION in incident for incident in told.incidents)
    if ended != decisions:
        yield f"{ended} complaints are decided, but {decisions} decisions are told"
    if ("pressed" in counts) != (counts["filed"] >= FEWEST_COMPLAINTS):
        yield f"how many were pressed is told exactly where {FEWEST_COMPLAINTS} complaints or more were filed"
    if counts.get("pressed", 0) > counts["filed"]:
        yield f"{counts['pressed']} say that they were pressed, but {counts['filed']} complaints were filed"


def fewer_complaints(before: Bulletin, after: Bulletin) -> Iterator[str]:
    """What went where it cannot go from one bulletin to the next, a sentence each."""
    if before.complaints is None:
        return
    if after.complaints is None:
        yield "complaints are no longer told"
        return
    earlier, now = _only_growing(before.complaints), _only_growing(after.complaints)
    for figure in earlier:
        if now.get(figure, 0) < earlier[figure]:
            yield f"{earlier[figure]} complaints “{figure}” became {now.get(figure, 0)}"


def _only_growing(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {figure: number for figure, number in counts.items() if figure != "open"}
