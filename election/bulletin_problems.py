"""What does not reconcile in a bulletin: with the books it was drawn from, and with the bulletin before.

One bulletin must add up in itself, agree with the rights of the members and with the box, and go on from the last one:
most figures can only grow. A sentence for each thing that does not, which names both figures.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from election import bulletin_complaints as complaints
from election import bulletin_paper as paper
from election import bulletin_rulings as rulings
from election.books import Books
from election.leaf import KINDS
from election.ports import RegionTurnout
from election.turnout import CHANNELS, OTHER_REGIONS

_STAGES = {"draft": 0, "open": 1, "paused": 1, "closed": 2, "counted": 3}
_AFTER_CLOSE = {"closed", "counted"}
_ONLY_GROW = {
    "void": "ballots withdrawn",
    "redos": "votes cast again",
    "paper_over": "ballots that paper replaces",
    "roll_changes": "changes of the roll",
    "roll_version": "the version of the roll",
}
_BY_THE_ROLL = {
    "roll_digest": "the hash of the roll",
    "roll_changes": "the number of its changes",
    "electorate": "the electorate",
    "paper_roll": "the paper roll",
}


def problems(books: Books, bulletin: Mapping[str, Any], previous: Mapping[str, Any] | None) -> list[str]:
    """Everything that does not reconcile in `bulletin`, drawn from `books`, after `previous`; empty when all does."""
    found = [
        *_roll(books, bulletin),
        *(problem for region in books.regions for problem in _region(region)),
        *_leaves(books, bulletin),
        *_box(bulletin),
        *_hours(bulletin),
        *_end(bulletin),
        *complaints.problems(bulletin, books.acts),
        *rulings.problems(books, bulletin, previous),
        *paper.problems(bulletin),
    ]
    if previous is not None:
        found += [*_rules(bulletin, previous), *_roll_since(bulletin, previous), *_growth(bulletin, previous)]
        found += [*_log_since(bulletin, previous), *_incidents_since(bulletin, previous)]
        found += complaints.problems_since(bulletin, previous)
        found += paper.problems_since(bulletin, previous)
    return found


def _roll(books: Books, bulletin: Mapping[str, Any]) -> Iterator[str]:
    record = books.record
    if record.roll_frozen_at is None or not record.roll_digest:
        yield "The roll is not frozen, so no figure has a base: dauys roll freeze."
    if record.stage not in _STAGES:
        yield f"There is no such stage of an election as “{record.stage}”."
    if record.digest != bulletin["definition_digest"]:
        yield "The rules kept in the store are not those that the bulletin names."
    versions = [change.version for change in books.roll_changes]
    if versions != sorted(set(versions)) or (versions and versions[-1] != record.roll_version):
        yield f"The changes of the roll do not lead to its version {record.roll_version}."
    for change in books.roll_changes:
        if change.act not in {act.number for act in books.acts}:
            yield f"Version {change.version} of the roll was made by no act on record."


def _region(region: RegionTurnout) -> Iterator[str]:
    where = f'Region "{region.region}"'
    by_phone = region.telegram + region.sms
    figures = (region.electorate, region.enrolled, region.telegram, region.sms, region.paper, region.void)
    if min(*figures, region.paper_roll) < 0:
        yield f"{where}: a count is below zero."
    if max(region.enrolled, region.paper_roll) > region.electorate:
        yield (
            f"{where}: {region.enrolled} signed in and {region.paper_roll} on the paper roll,"
            f" but {region.electorate} are on the roll."
        )
    if by_phone + region.paper + region.void > region.electorate:
        yield (
            f"{where}: {by_phone + region.paper} voted and {region.void} withdrew,"
            f" but {region.electorate} are on the roll."
        )
    if by_phone + region.void > region.enrolled:
        yield f"{where}: {by_phone + region.void} ballots by phone, but {region.enrolled} signed in."


def _leaves(books: Books, bulletin: Mapping[str, Any]) -> Iterator[str]:
    log = bulletin["log"]
    if log["size"] != sum(log["leaves"].values()):
        yield f"The log has {log['size']} leaves, but {sum(log['leaves'].values())} are counted in it."
    leaves = _all_leaves(bulletin)
    for kind, number, of in (
        ("ballot", leaves["cast"], "receipts"),
        ("redo", bulletin["redos"], "reasons noted for voting again"),
        ("void", bulletin["void"], "ballots counted as withdrawn"),
        ("paper", bulletin["by_channel"]["paper"], "votes on paper"),
        ("action", len(books.acts), "acts on record"),
    ):
        if leaves[kind] != number:
            yield f"There are {leaves[kind]} leaves “{kind}”, but {number} {of}."
    by_phone = _by_phone(bulletin)
    left = leaves["ballot"] - leaves["redo"] - leaves["void"] - bulletin["paper_over"]
    if left != by_phone:
        yield (
            f"{leaves['ballot']} ballots less {leaves['redo']} cast again, {leaves['void']} withdrawn and"
            f" {bulletin['paper_over']} that paper replaces are {left}, but {by_phone} members have voted by phone."
        )


def _box(bulletin: Mapping[str, Any]) -> Iterator[str]:
    by_phone, paper_over = _by_phone(bulletin), bulletin["paper_over"]
    standing, urn, stage = bulletin["standing"], bulletin["urn"], bulletin["stage"]
    before_the_cut = urn == 0 and standing == by_phone + paper_over and stage != "counted"
    after_the_cut = standing == 0 and urn == by_phone and stage in _AFTER_CLOSE
    if not before_the_cut and not after_the_cut:
        yield (
            f"{standing} envelopes are in the box and {urn} ballots in the urn, but {by_phone} members have voted by"
            f" phone and {paper_over} more have taken a paper ballot afterwards (stage: {stage})."
        )
    if paper_over > bulletin["by_channel"]["paper"]:
        yield f"Paper replaces {paper_over} ballots, but {bulletin['by_channel']['paper']} voted on paper."


def _hours(bulletin: Mapping[str, Any]) -> Iterator[str]:
    """Whoever has voted is in one hour, that of her first vote: a withdrawal, paper after it and a vote again, which
    may go by the other channel, change what stands and no hour."""
    first, standing = _by_hours(bulletin), bulletin["by_channel"]
    paper = standing["paper"] - bulletin["paper_over"]
    by_phone = _by_phone(bulletin) + bulletin["void"] + bulletin["paper_over"]
    if first["paper"] != paper:
        yield f"The hours have {first['paper']} votes on paper, but {paper} members voted so, and not by phone before."
    if first["telegram"] + first["sms"] != by_phone:
        yield (
            f"The hours have {first['telegram'] + first['sms']} votes by phone, but {by_phone} members have ever voted"
            " so."
        )
    for channel in ("telegram", "sms"):
        if standing[channel] > first[channel] + bulletin["redos"]:
            yield (
                f"{standing[channel]} votes by {channel} stand, but the hours have {first[channel]} and"
                f" {bulletin['redos']} were cast again."
            )


def _end(bulletin: Mapping[str, Any]) -> Iterator[str]:
    if bulletin["final"] and bulletin["stage"] not in _AFTER_CLOSE:
        yield f"It is to be the last one, but the election is {bulletin['stage']}."
    if bulletin["final"] and any(bulletin["log"]["waiting"].values()):
        yield "It is to be the last one, but leaves still wait to be put into the log."
    if bulletin["result_digest"] and not (bulletin["final"] and bulletin["stage"] == "counted"):
        yield "A result is published with the last bulletin, when the ballots are counted."


def _rules(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    if bulletin["at"] < previous["at"]:  # both in UTC and to the second, so they compare as texts
        yield f"It is {bulletin['at']}, but the bulletin before is of {previous['at']}: the clock went back."
    if bulletin["election"] != previous["election"]:
        yield f"It is of the election {bulletin['election']}, the bulletin before of {previous['election']}."
    if _STAGES.get(bulletin["stage"], 0) < _STAGES[previous["stage"]]:
        yield f"The election was {previous['stage']} and is {bulletin['stage']} again."
    changed = any(bulletin[name] != previous[name] for name in ("definition_digest", "rules_digest", "keys_digest"))
    if changed and previous["stage"] != "draft":
        yield "The rules or the keys are not those of the bulletin before."
    if previous["final"] and not bulletin["final"]:
        yield "The last bulletin has been published already."
    if previous["result_digest"] not in {"", bulletin["result_digest"]}:
        yield "The result is not the one that was published."


def _roll_since(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    if bulletin["roll_version"] == previous["roll_version"]:
        for figure, name in _BY_THE_ROLL.items():
            if bulletin[figure] != previous[figure]:
                yield f"The roll is version {bulletin['roll_version']} as before, but {name} has changed."
    elif bulletin["roll_changes"] <= previous["roll_changes"]:
        yield f"The roll is version {bulletin['roll_version']} now, but no change of it is on record."


def _growth(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    for figure, name in _ONLY_GROW.items():
        if bulletin[figure] < previous[figure]:
            yield f"“{figure}” ({name}) was {previous[figure]} and is {bulletin[figure]}."
    ever_voted = bulletin["voted"] + bulletin["void"]
    if ever_voted < previous["voted"] + previous["void"]:
        yield (
            f"{previous['voted'] + previous['void']} had voted, those who withdrew among them; now it is {ever_voted}."
        )
    now, before = _by_hours(bulletin), _by_hours(previous)
    for channel in CHANNELS:
        if now[channel] < before[channel]:
            yield f"The hours had {before[channel]} votes by {channel} and have {now[channel]}."
    if bulletin["by_channel"]["paper"] < previous["by_channel"]["paper"]:
        yield f"{previous['by_channel']['paper']} had voted on paper; now it is {bulletin['by_channel']['paper']}."
    if bulletin["roll_version"] != previous["roll_version"]:
        return  # members may have come, gone or moved
    if bulletin["enrolled"] < previous["enrolled"]:
        yield f"{previous['enrolled']} had signed in; now it is {bulletin['enrolled']}."
    if bulletin["void"] == previous["void"]:
        earlier = _voted_by_region(previous)
        for region, voted in _voted_by_region(bulletin).items():
            if voted < earlier.get(region, 0):
                yield f'Region "{region}": {earlier[region]} had voted; now it is {voted}.'


def _log_since(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    now, before = bulletin["log"], previous["log"]
    for kind in KINDS:
        if now["leaves"][kind] < before["leaves"][kind]:
            yield f"The log had {before['leaves'][kind]} leaves “{kind}” and has {now['leaves'][kind]}."
        if _all_leaves(bulletin)[kind] < _all_leaves(previous)[kind]:
            yield f"Leaves “{kind}” that waited to be put into the log are gone."
    if now["size"] == before["size"] and now["root"] != before["root"]:
        yield f"The log has {now['size']} leaves as before, but another root."


def _incidents_since(bulletin: Mapping[str, Any], previous: Mapping[str, Any]) -> Iterator[str]:
    told = {frozenset(incident.items()) for incident in bulletin["incidents"]}
    for incident in previous["incidents"]:
        if frozenset(incident.items()) not in told:
            yield f"The incident “{incident['what']}” of {incident['at']} is no longer told."


def _by_phone(bulletin: Mapping[str, Any]) -> int:
    return int(bulletin["by_channel"]["telegram"] + bulletin["by_channel"]["sms"])


def _by_hours(bulletin: Mapping[str, Any]) -> Mapping[str, int]:
    rows = bulletin.get("hours", [])  # bulletins of older programs have none
    return {channel: sum(row[channel] for row in rows) for channel in CHANNELS}


def _all_leaves(bulletin: Mapping[str, Any]) -> Mapping[str, int]:
    log = bulletin["log"]
    return {kind: log["leaves"][kind] + log["waiting"][kind] for kind in KINDS}


def _voted_by_region(bulletin: Mapping[str, Any]) -> Mapping[str, int]:
    return {row["region"]: row["voted"] for row in bulletin["by_region"] if row["region"] != OTHER_REGIONS}
