"""Paper stations in a bulletin: the sums of all, and by name only those that did not add up when they closed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from election.paper import Account, PaperStation, incident
from election.ports import Act

INCIDENT = "paper"
"""What an incident is called that is a station which did not add up."""
_ONLY_GROW = ("stations", "issued", "spoilt", "returned")


def in_public(stations: Sequence[PaperStation]) -> Mapping[str, int]:
    """What a bulletin tells of them. `out`: ballots of stations that are not closed, in the box or in somebody's hand;
    `missing` and `excess`: by how many ballots closed stations have too few and too many. So issued + excess is always
    cast + spoilt + returned + out + missing. A station without a name is where ballots were handed out beside any."""
    accounts = [station.account(station.cast) for station in stations if not station.is_open]
    return {
        "stations": sum(1 for station in stations if station.name),
        "issued": sum(station.issued for station in stations),
        "cast": sum(account.cast for account in accounts),
        "spoilt": sum(station.spoilt for station in stations),
        "returned": sum(station.returned for station in stations),
        "out": sum(station.out for station in stations if station.is_open),
        "missing": sum(max(0, -account.difference) for account in accounts),
        "excess": sum(max(0, account.difference) for account in accounts),
    }


def incidents(acts: Sequence[Act]) -> Sequence[tuple[Act, Mapping[str, str | int]]]:
    """Each close that did not add up, with its figures under the station's name. A station that was opened again and
    then adds up does not take it back."""
    found = ((act, incident(act)) for act in acts)
    return [(act, _told(account)) for act, account in found if account is not None]


def problems(bulletin: Mapping[str, Any]) -> Iterator[str]:
    """What does not reconcile in itself or with the rights of members, a sentence each."""
    told, on_paper = bulletin["paper"], bulletin["by_channel"]["paper"]
    if told["issued"] - told["spoilt"] != on_paper:
        yield (
            f"{told['issued']} paper ballots were handed out, {told['spoilt']} of them for spoilt ones, but {on_paper}"
            " members are on paper."
        )
    accounted = told["cast"] + told["spoilt"] + told["returned"] + told["out"] + told["missing"]
    if told["issued"] + told["excess"] != accounted:
        yield f"{told['issued']} paper ballots were handed out, and {accounted} are accounted for."
    named = [each for each in bulletin["incidents"] if each["what"] == INCIDENT]
    if (told["missing"] or told["excess"]) and not named:
        yield "Paper ballots are missing or too many, and no station is named."


def problems_since(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    """What cannot follow on the bulletin before, a sentence each."""
    now, before = bulletin["paper"], previous.get("paper", {})  # bulletins of older programs have none
    for figure in _ONLY_GROW:
        if now[figure] < before.get(figure, 0):
            yield f"Of paper “{figure}” was {before[figure]} and is {now[figure]}."


def _told(account: Account) -> Mapping[str, str | int]:
    figures = ("station", "issued", "cast", "spoilt", "returned", "roll")
    return {"what": INCIDENT, **{name: getattr(account, name) for name in figures}}
