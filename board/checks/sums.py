"""The sums that must come out within one bulletin."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from board.checks.bulletin import CHANNELS, STAGES, Bulletin
from board.checks.complaints import wrong_complaints
from board.checks.paper import wrong_paper
from board.checks.rulings import wrong_rulings

FEWEST_VOTERS = 10
OTHER_REGIONS = "*"


def wrong_sums(bulletin: Bulletin) -> Iterator[str]:
    """Everything within one bulletin that does not add up, a sentence each."""
    yield from _roll(bulletin)
    yield from _turnout(bulletin)
    yield from _small_cells(bulletin)
    yield from _log(bulletin)
    yield from _box(bulletin)
    yield from _hours(bulletin)
    yield from wrong_complaints(bulletin)
    yield from wrong_rulings(bulletin)
    yield from wrong_paper(bulletin)


def _roll(told: Bulletin) -> Iterator[str]:
    versions = [version for version, _ in told.changes]
    if len(versions) != told.roll_changes:
        yield f"{told.roll_changes} changes of the roll are counted, and {len(versions)} are told"
    if versions and (versions != sorted(set(versions)) or versions[-1] != told.roll_version):
        yield f"the changes of the roll that are told do not lead to its version {told.roll_version}"
    if not {act for _, act in told.changes} <= set(told.acts):
        yield "a change of the roll is told, and the act that made it is not"


def _turnout(told: Bulletin) -> Iterator[str]:
    if sum(told.by_channel.values()) != told.voted:
        yield f"the channels add up to {sum(told.by_channel.values())}, not to the {told.voted} who voted"
    for name, whole in (("electorate", told.electorate), ("enrolled", told.enrolled), ("voted", told.voted)):
        total = sum(row.figures[name] for row in told.by_region)
        if total != whole:
            yield f"the regions add up to {total} in “{name}”, not to {whole}"
    if told.voted + told.void > told.electorate:
        yield f"{told.voted} voted and {told.void} withdrew, but {told.electorate} are on the roll"
    if told.by_phone + told.void > told.enrolled:
        yield f"{told.by_phone + told.void} members voted by phone, but {told.enrolled} signed in"
    if max(told.enrolled, told.paper_roll) > told.electorate:
        yield f"more are signed in or on the paper roll than the {told.electorate} on the roll"
    for row in told.by_region:
        if max(row.figures["voted"], row.figures["enrolled"]) > row.figures["electorate"]:
            yield f"the region {row.name!a} has more votes or sign-ins than members"
    reasons = sum(sum(row.figures.values()) for row in told.reasons)
    if reasons != told.redos:
        yield f"the reasons for voting again add up to {reasons}, not to {told.redos}"


def _small_cells(told: Bulletin) -> Iterator[str]:
    names = [row.name for row in told.by_region]
    named = [name for name in names if name != OTHER_REGIONS]
    if named != sorted(set(named)) or names[len(named) :] not in ([], [OTHER_REGIONS]):
        yield "the regions are not in order, or one stands twice"
    if bool(told.merged) != (OTHER_REGIONS in names) or not set(named).isdisjoint(told.merged):
        yield "the regions that are told together are not those that are not told alone"
    if len(names) > 1 and min(row.figures["voted"] for row in told.by_region) < FEWEST_VOTERS:
        yield f"a row tells on fewer than {FEWEST_VOTERS} voters"
    branches = [row.name for row in told.reasons]
    if branches != [*sorted(set(branches) - {""}), *([""] if "" in branches else [])]:
        yield "the branches are not in order, or one stands twice"
    if len(branches) > 1 and min(sum(row.figures.values()) for row in told.reasons) < FEWEST_VOTERS:
        yield f"a branch tells on fewer than {FEWEST_VOTERS} who voted again"


def _hours(told: Bulletin) -> Iterator[str]:
    """Every member who has voted stands in one hour, that of her first vote, and leaves it no more."""
    if told.hours is None:
        return
    for row in told.hours:
        if row.start.minute or row.start.second or row.end <= row.start or (row.end - row.start) % timedelta(hours=1):
            yield f"a row of the hours, from {row.start}, is not one of whole hours"
    if any(after.start < before.end for before, after in pairwise(told.hours)):
        yield "the hours are not in order, or one stands twice"
    if len(told.hours) > 1 and min(sum(row.votes.values()) for row in told.hours) < FEWEST_VOTERS:
        yield f"a row of the hours tells on fewer than {FEWEST_VOTERS} voters"
    first = {channel: told.by_hours(channel) for channel in CHANNELS}
    by_phone = told.by_phone + told.void + told.paper_over
    if first["telegram"] + first["sms"] != by_phone:
        yield f"the hours add up to {first['telegram'] + first['sms']} first votes by phone, not to {by_phone}"
    paper = told.by_channel["paper"] - told.paper_over
    if first["paper"] != paper:
        yield f"the hours add up to {first['paper']} first votes on paper, not to {paper}"
    for channel in ("telegram", "sms"):
        if told.by_channel[channel] > first[channel] + told.redos:
            yield f"more votes by {channel} stand than there were in all hours, with those cast again"


def _log(told: Bulletin) -> Iterator[str]:
    if told.size != sum(told.leaves.values()):
        yield f"the log has {told.size} leaves, but {sum(told.leaves.values())} by kind"
    for kind, number, of in (
        ("ballot", told.all_leaves("cast"), "receipts"),
        ("redo", told.redos, "votes cast again"),
        ("void", told.void, "ballots withdrawn"),
        ("paper", told.by_channel["paper"], "votes on paper"),
        ("action", len(told.acts), "acts told"),
    ):
        if told.all_leaves(kind) != number:
            yield f"there are {told.all_leaves(kind)} leaves “{kind}”, but {number} {of}"
    if told.final and any(told.waiting.values()):
        yield "it is the last one, but leaves still wait for the log"


def _box(told: Bulletin) -> Iterator[str]:
    removed = told.all_leaves("redo") + told.all_leaves("void") + told.paper_over
    left = told.all_leaves("ballot") - removed
    if left != told.by_phone:
        yield f"{left} ballots stand (cast again, withdrawn, replaced by paper: {removed}), but {told.by_phone} voted"
    before_the_cut = told.urn == 0 and told.standing == told.by_phone + told.paper_over and told.stage != "counted"
    after_the_cut = told.standing == 0 and told.urn == told.by_phone and STAGES[told.stage] >= STAGES["closed"]
    if not before_the_cut and not after_the_cut:
        yield f"the box holds {told.standing} envelopes and {told.urn} ballots, but {told.by_phone} voted by phone"
    if told.paper_over > told.by_channel["paper"]:
        yield "paper replaces more ballots than there are votes on paper"
    if told.final and STAGES[told.stage] < STAGES["closed"]:
        yield "it is the last one, but voting is not closed"
    if told.result_digest and not (told.final and told.stage == "counted"):
        yield "it has a result before the count"
