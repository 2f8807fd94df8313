"""Paper stations as a bulletin tells them: adding up to the members on paper, and whatever does not add up by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from board.checks.bulletin import Bulletin

_ONLY_GROW = ("stations", "issued", "spoilt", "returned")


def wrong_paper(told: Bulletin) -> Iterator[str]:
    """What does not add up within one bulletin, a sentence each."""
    paper = told.paper
    if paper is None:
        return
    on_paper = told.by_channel["paper"]
    if paper["issued"] != on_paper + paper["spoilt"]:
        yield f"{paper['issued']} paper ballots are issued, to {on_paper} members, and {paper['spoilt']} are spoilt"
    accounted = sum(paper[name] for name in ("cast", "spoilt", "returned", "out", "missing"))
    if paper["issued"] + paper["excess"] != accounted:
        yield f"{paper['issued']} paper ballots are issued, {paper['excess']} are too many, and {accounted} are told"
    stations = _named(told)
    if (paper["missing"] or paper["excess"]) and not stations:
        yield "paper ballots are missing or too many, and no station is named"
    for station in stations:
        name = station["station"]
        if station["act"] not in told.acts:
            yield f"the paper station {name!a} is told, and the act that closed it is not"
        given = station["issued"] - station["spoilt"]
        if station["issued"] == station["cast"] + station["spoilt"] + station["returned"] and given <= station["roll"]:
            yield f"the paper station {name!a} is told as an incident, and it adds up"


def wrong_growth_of_paper(before: Bulletin, after: Bulletin) -> Iterator[str]:
    """What went where it cannot go from one bulletin to the next, a sentence each."""
    if before.paper is None:
        return
    if after.paper is None:
        yield "the paper stations are no longer told"
        return
    for figure in _ONLY_GROW:
        if after.paper[figure] < before.paper[figure]:
            yield f"{before.paper[figure]} of paper “{figure}” became {after.paper[figure]}"


def _named(told: Bulletin) -> Sequence[Mapping[str, Any]]:
    return [incident for incident in told.fields.told["incidents"] if "station" in incident]
