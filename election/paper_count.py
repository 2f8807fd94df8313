"""Paper ballots counted: two clerks who must agree, and their votes joined with those by phone."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from election import tally
from election.definition import Contest, Definition
from election.turnout import FEWEST_VOTERS


@dataclass(frozen=True, slots=True)
class ContestCount:
    """What lay in a station's box of one contest: each of `ballots` is blank, void in it, or marked."""

    contest: str
    ballots: int
    blank: int
    void: int
    votes: Mapping[str, int]

    @property
    def marked(self) -> int:
        """Ballots with valid marks."""
        return self.ballots - self.blank - self.void


@dataclass(frozen=True, slots=True)
class PaperCount:
    """What was counted at one station, in the order of the election's contests."""

    station: str
    contests: tuple[ContestCount, ...]

    def packed(self) -> str:
        """The same text for the same count."""
        told = [[each.contest, each.ballots, each.blank, each.void, dict(each.votes)] for each in self.contests]
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def unpacked(cls, station: str, packed: str) -> "PaperCount":
        """The count of this text."""
        return cls(station, tuple(ContestCount(*each) for each in json.loads(packed)))


@dataclass(frozen=True, slots=True)
class Entry:
    """What one clerk has counted; `stands` once another one has counted the same."""

    clerk: str
    count: PaperCount
    stands: bool


def held(definition: Definition, styles: Collection[tuple[str, str]]) -> tuple[Contest, ...]:
    """The contests on ballots of these regions and branches."""
    return tuple(contest for contest in definition.contests if any(contest.is_for(*style) for style in styles))


def wrong(count: PaperCount, definition: Definition, styles: Collection[tuple[str, str]], cast: int) -> list[str]:
    """Everything in a count that cannot be, a sentence each. `styles`: the regions and branches that the station
    serves; `cast`: how many ballots were in its box when it closed."""
    due = held(definition, styles)
    if [each.contest for each in count.contests] != [contest.id for contest in due]:
        return [f"The contests of this station are {', '.join(contest.id for contest in due) or 'none'}."]
    found = []
    for each, contest in zip(count.contests, due, strict=True):
        of_all = all(contest.is_for(*style) for style in styles)
        found += [f"Contest {contest.id}: {problem}" for problem in _wrong_contest(each, contest, cast, of_all)]
    return found


def differing(one: PaperCount, other: PaperCount) -> list[tuple[str, str]]:
    """Where two counts of a station differ: (contest, `ballots`, `blank`, `void` or the id of a candidate), without
    the figures, so that who counts again is not led."""
    found = []
    for left, right in zip(one.contests, other.contests, strict=True):
        for name in ("ballots", "blank", "void"):
            if getattr(left, name) != getattr(right, name):
                found.append((left.contest, f"*{name}"))
        found += [(left.contest, each) for each in left.votes if left.votes[each] != right.votes.get(each)]
    return found


def joined(result: tally.Result, definition: Definition, counts: Sequence[PaperCount], cast: int) -> tally.Result:
    """The votes by phone and those on paper as one result; `cast` ballots were in the stations' boxes.

    Who is struck off by phone is so on paper. Where one may be chosen a paper marked for her becomes void. Where
    several may, marks for her are dropped, and a paper with no other mark is void in the clerks' count already, who
    know by then; as many as cannot have another mark become void here in any case.
    """
    on_paper = {
        by_phone.id: _together(contest, by_phone.struck, counts)
        for by_phone, contest in zip(result.contests, definition.contests, strict=True)
    }
    contests = tuple(
        _both(by_phone, contest, *on_paper[contest.id])
        for by_phone, contest in zip(result.contests, definition.contests, strict=True)
    )
    return replace(result, contests=contests, paper=cast)


def _wrong_contest(count: ContestCount, contest: Contest, cast: int, of_all: bool) -> Iterator[str]:
    votes = sum(count.votes.values())
    if min(count.ballots, count.blank, count.void, *count.votes.values()) < 0:
        yield "a figure is below zero."
        return
    if list(count.votes) != [candidate.id for candidate in contest.candidates]:
        yield "its candidates are not those of the election."
        return
    if count.ballots > cast or (of_all and count.ballots != cast):
        yield f"{count.ballots} ballots, but {cast} were in the box when the station closed."
    if count.marked < 0:
        yield f"{count.blank} blank and {count.void} void are more than {count.ballots} ballots."
    elif not count.marked <= votes <= contest.choose * count.marked or max(count.votes.values()) > count.marked:
        yield f"{votes} votes cannot come of {count.marked} ballots with marks, each of 1 to {contest.choose}."
    if count.blank and not contest.blank:
        yield "a ballot without a mark is void here, for the rules allow no blank vote."


def _together(contest: Contest, struck: Collection[str], counts: Sequence[PaperCount]) -> tuple[ContestCount, int]:
    """All stations' counts of this contest as they count, and how many marks were dropped."""
    found = [each for count in counts for each in count.contests if each.contest == contest.id]
    votes = {candidate.id: sum(each.votes[candidate.id] for each in found) for candidate in contest.candidates}
    dropped = sum(votes[who] for who in struck)
    void = sum(each.void + _void_by_strike_off(each, contest, struck) for each in found)
    kept = {who: 0 if who in struck else number for who, number in votes.items()}
    ballots, blank = (sum(getattr(each, name) for each in found) for name in ("ballots", "blank"))
    return ContestCount(contest.id, ballots, blank, void, kept), dropped


def _void_by_strike_off(count: ContestCount, contest: Contest, struck: Collection[str]) -> int:
    """Of the marked ballots, those on which no mark is left."""
    left = sum(number for who, number in count.votes.items() if who not in struck)
    return count.marked - left if contest.choose == 1 else max(0, count.marked - left)


def _both(by_phone: tally.ContestResult, contest: Contest, paper: ContestCount, dropped: int) -> tally.ContestResult:
    phone = {line.candidate.id: line.votes for line in by_phone.results}
    whole = tally.outcome(
        contest,
        by_phone.cast + paper.ballots,
        by_phone.blank + paper.blank,
        by_phone.void + paper.void,
        {who: number + paper.votes[who] for who, number in phone.items()},
        by_phone.struck,
        by_phone.dropped + dropped,
    )
    rest = paper.blank + paper.void, by_phone.blank + by_phone.void
    cells = [*rest, *(each[who] for each in (phone, paper.votes) for who in phone if who not in by_phone.struck)]
    large = min(cells) >= FEWEST_VOTERS
    return replace(whole, paper=tally.OnPaper(dict(paper.votes), rest[0]) if large else None)
