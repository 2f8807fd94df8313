"""From one bulletin to the next: the numbers, the chain of hashes, and what can only grow."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from board.checks.bulletin import CHANNELS, STAGES, Bulletin
from board.checks.complaints import fewer_complaints
from board.checks.paper import wrong_growth_of_paper
from board.checks.rulings import changed_rulings
from board.checks.sums import OTHER_REGIONS
from election.leaf import KINDS


def broken_links(bulletins: Sequence[Bulletin]) -> Iterator[str]:
    """Everything in numbers, hashes and times that does not follow on, a sentence each."""
    if bulletins and bulletins[0].previous:
        yield "bulletin 1 names one before it"
    for number, bulletin in enumerate(bulletins, 1):
        if bulletin.number != number:
            yield f"bulletins/{number}.json says that it is number {bulletin.number}"
    for before, after in pairwise(bulletins):
        if after.previous != before.digest:
            yield f"bulletin {after.number} does not name the hash of bulletin {before.number}"
        if after.at < before.at:
            yield f"bulletin {after.number} is older than bulletin {before.number}"


def wrong_growth(bulletins: Sequence[Bulletin]) -> Iterator[str]:
    """Every figure that went where it cannot go from one bulletin to the next, a sentence each."""
    for before, after in pairwise(bulletins):
        looks = (_rules, _roll, _counts, _regions, _hours, fewer_complaints, changed_rulings, wrong_growth_of_paper)
        for look in looks:
            for problem in look(before, after):
                yield f"bulletin {after.number}: {problem}"


def _rules(before: Bulletin, after: Bulletin) -> Iterator[str]:
    if STAGES[after.stage] < STAGES[before.stage]:
        yield f"the election was {before.stage} and is {after.stage} again"
    if before.stage != "draft" and _fixed(before) != _fixed(after):
        yield "the rules or the keys have changed since voting began"
    if before.final and not after.final:
        yield "it comes after the last one"
    if before.result_digest not in ("", after.result_digest):
        yield "it names another result than the one before"


def _fixed(told: Bulletin) -> tuple[object, ...]:
    return told.definition_digest, told.rules_digest, told.keys_digest, told.two_person, told.title


def _roll(before: Bulletin, after: Bulletin) -> Iterator[str]:
    if after.roll_version == before.roll_version:
        if (after.roll_digest, after.roll_changes, after.electorate, after.paper_roll) != (
            before.roll_digest,
            before.roll_changes,
            before.electorate,
            before.paper_roll,
        ):
            yield f"the roll has changed, and its version is still {after.roll_version}"
    elif after.roll_version < before.roll_version or after.roll_changes <= before.roll_changes:
        yield "the roll has another version, and no change of it is told"


def _counts(before: Bulletin, after: Bulletin) -> Iterator[str]:
    figures = [
        ("votes and withdrawals", before.voted + before.void, after.voted + after.void),
        ("withdrawals", before.void, after.void),
        ("votes on paper", before.by_channel["paper"], after.by_channel["paper"]),
        ("votes cast again", before.redos, after.redos),
        ("ballots that paper replaces", before.paper_over, after.paper_over),
        ("leaves in the log", before.size, after.size),
    ]
    figures += [(f"leaves “{kind}” in the log", before.leaves[kind], after.leaves[kind]) for kind in KINDS]
    figures += [(f"leaves “{kind}”", before.all_leaves(kind), after.all_leaves(kind)) for kind in KINDS]
    if after.roll_version == before.roll_version:
        figures.append(("members signed in", before.enrolled, after.enrolled))
    for name, earlier, now in figures:
        if now < earlier:
            yield f"{earlier} {name} became {now}"
    if after.size == before.size and after.root != before.root:
        yield "no leaf was added to the log, and its root has changed"
    if not before.incidents <= after.incidents:
        yield "an incident that was told is no longer told"


def _regions(before: Bulletin, after: Bulletin) -> Iterator[str]:
    if after.roll_version != before.roll_version or after.void != before.void:
        return  # members may have moved, or withdrawn a ballot
    earlier = {row.name: row.figures["voted"] for row in before.by_region if row.name != OTHER_REGIONS}
    for row in after.by_region:
        if row.figures["voted"] < earlier.get(row.name, 0):
            yield f"{earlier[row.name]} votes in the region {row.name!a} became {row.figures['voted']}"


def _hours(before: Bulletin, after: Bulletin) -> Iterator[str]:
    """At every moment up to which both have whole rows, the later one has as many votes or more."""
    if before.hours is None:
        return
    if after.hours is None:
        yield "the hours are no longer told"
        return
    ends = {row.end for row in before.hours} & {row.end for row in after.hours}
    for channel in CHANNELS:
        for end in sorted(ends):
            earlier, now = (
                sum(row.votes[channel] for row in told if row.end <= end) for told in (before.hours, after.hours)
            )
            if now < earlier:
                yield f"{earlier} first votes by {channel} before {end} became {now}"
        if after.by_hours(channel) < before.by_hours(channel):
            yield f"{before.by_hours(channel)} first votes by {channel} became {after.by_hours(channel)}"
