"""The hour of closing and who is struck off: both as the rules have it, but for acts that are told."""

from collections.abc import Iterator

from board.checks.bulletin import Bulletin
from board.checks.rules import Rules


def wrong_rulings(told: Bulletin) -> Iterator[str]:
    """What does not add up within one bulletin, a sentence each."""
    if told.ruled is None:
        return
    struck, given_back = _acts(told, "strike"), _acts(told, "unstrike")
    if len(told.struck_off) != struck - given_back:
        yield f"{len(told.struck_off)} candidates are struck off; {struck} acts struck off, {given_back} gave back"
    ruled_on = {(each.contest, each.candidate) for each in told.ruled}
    if len(ruled_on) != len(told.ruled) or len(ruled_on) > struck:
        yield "a candidate stands twice among those struck off, or without an act that is told"


def changed_rulings(before: Bulletin, after: Bulletin) -> Iterator[str]:
    """What went where it cannot go from one bulletin to the next, a sentence each."""
    if before.ruled is None:
        return
    if after.ruled is None:
        yield "the hour of closing and who is struck off are no longer told"
        return
    if not {(each.contest, each.candidate) for each in before.ruled} <= {
        (each.contest, each.candidate) for each in after.ruled
    }:
        yield "a ruling on a candidate that was told is no longer told"
    if before.stage != "draft" and before.closes != after.closes:
        if before.closes is None or after.closes is None or after.closes < before.closes:
            yield "the hour of closing was moved, and not to a later one"
        elif _acts(after, "extend") == _acts(before, "extend"):
            yield "the hour of closing was moved by no act that is told"


def not_of_the_rules(rules: Rules, told: Bulletin) -> Iterator[str]:
    """Where a bulletin has candidates or an hour that the rules have not, a sentence each."""
    if told.ruled is None or told.definition_digest != rules.definition_digest:
        return
    contests = {contest.id: contest for contest in rules.contests}
    for each in told.ruled:
        contest = contests.get(each.contest)
        if contest is None or (contest.title, contest.candidates.get(each.candidate)) != (each.title, each.name):
            yield f"bulletin {told.number} has a ruling on somebody who is no candidate of rules.json"
    if not _acts(told, "extend") and told.closes != rules.closes:
        yield f"bulletin {told.number} has another hour of closing than rules.json, and no act that moved it"


def _acts(told: Bulletin, what: str) -> int:
    return sum(f"what={what}" in incident for incident in told.incidents)
