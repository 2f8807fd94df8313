"""The result: that it adds up, follows the rules, and counts as many ballots as stand in the log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from board.checks.bulletin import Bulletin, in_languages
from board.checks.reading import Broken, Fields
from board.checks.rules import Contest, Rules
from board.checks.sums import FEWEST_VOTERS


@dataclass(frozen=True, slots=True)
class Line:
    """What one candidate got. Who is struck off has no rank."""

    candidate: str
    name: Mapping[str, str]
    votes: int
    rank: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one contest. `on_paper`: of the votes of each candidate, and under an empty name of blank and void
    ballots, what came on paper; None where that is not told."""

    id: str
    title: Mapping[str, str]
    choose: int
    cast: int
    blank: int
    void: int
    marked: int
    dropped: int
    on_paper: Mapping[str, int] | None
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Result:
    """The published result. `paper`: ballots of paper stations, in the contests beside those that were opened."""

    fields: Fields
    election: str
    definition_digest: str
    contests: Sequence[Outcome]
    cast: int
    counted: int
    void_ballots: int
    paper: int
    signature: bytes


def read(told: Fields) -> Result:
    """The result. Raises Broken."""
    if told.text("kind") != "result":
        raise Broken("is no result")
    totals = told.counts("totals", ("cast", "counted", "void_ballots"))
    result = Result(
        fields=told,
        election=told.text("election"),
        definition_digest=told.hash("definition_digest", empty=True),
        contests=[_outcome(contest) for contest in told.rows("contests")],
        **totals,
        paper=told.number("paper") if told.has("paper") else 0,
        signature=bytes.fromhex(told.hash("signature", 64)),
    )
    told.end()
    return result


def wrong_result(result: Result, digest: str, rules: Rules, last: Bulletin, standing: int) -> Iterator[str]:
    """Everything in the result that does not fit, a sentence each. `standing`: ballots that stand in the log."""
    if digest != last.result_digest:
        yield f"result.json is not the file whose hash bulletin {last.number} names"
    if (result.election, result.definition_digest) != (rules.election, rules.definition_digest):
        yield "result.json is of another election or of other rules"
    if result.cast != result.counted + result.void_ballots:
        yield f"{result.cast} ballots were opened, {result.counted} counted and {result.void_ballots} void"
    if result.cast != last.urn or result.cast != standing:
        yield (
            f"{result.cast} ballots were opened; {standing} stand in the log, {last.urn} in the urn of bulletin"
            f" {last.number}"
        )
    if [contest.id for contest in result.contests] != [contest.id for contest in rules.contests]:
        yield "result.json has other contests than rules.json"
        return
    if last.paper is not None and result.paper != last.paper["cast"]:
        yield f"{result.paper} ballots on paper are counted; {last.paper['cast']} were in the boxes of the stations"
    counted = result.counted + result.paper
    if sum(outcome.cast for outcome in result.contests) < counted:
        yield f"{counted} ballots were counted, and the contests together hold fewer"
    struck = {
        (outcome.id, line.candidate) for outcome in result.contests for line in outcome.lines if line.rank is None
    }
    if struck != last.struck_off:
        yield f"who is struck off in result.json is not who is in bulletin {last.number}"
    for outcome, contest in zip(result.contests, rules.contests, strict=True):
        for problem in _wrong_outcome(outcome, contest, counted):
            yield f"contest {contest.id!a}: {problem}"


def _wrong_outcome(outcome: Outcome, contest: Contest, counted: int) -> Iterator[str]:
    candidates = {line.candidate: line.name for line in outcome.lines}
    if (outcome.title, outcome.choose, candidates) != (contest.title, contest.choose, contest.candidates) or len(
        candidates
    ) != len(outcome.lines):
        yield "its title or its candidates are not those of the rules"
    if outcome.cast > counted or (contest.for_all and outcome.cast != counted):
        yield f"{outcome.cast} ballots hold it, {counted} were counted"
    if outcome.cast != outcome.blank + outcome.void + outcome.marked:
        yield f"{outcome.cast} ballots are not {outcome.blank} blank, {outcome.void} void and {outcome.marked} marked"
    if outcome.blank and not contest.blank:
        yield "blank votes are counted where the rules allow none"
    out = [line for line in outcome.lines if line.rank is None]
    ranked = outcome.lines[: len(outcome.lines) - len(out)]
    votes = [line.votes for line in outcome.lines]
    if not outcome.marked <= sum(votes) <= outcome.choose * outcome.marked or max(votes, default=0) > outcome.marked:
        yield f"{sum(votes)} votes cannot come of {outcome.marked} ballots that give 1 to {outcome.choose} each"
    if votes[len(ranked) :] != [0] * len(out) or (outcome.dropped and not out):
        yield "marks for who is struck off are counted, or the struck off are not the last"
    if outcome.dropped > outcome.choose * (outcome.cast - outcome.blank):
        yield f"{outcome.dropped} marks cannot have been dropped from its ballots"
    votes = votes[: len(ranked)]
    first = {got: place for place, got in reversed([*enumerate(votes, 1)])}  # equals share a rank: 1, 2, 2, 4
    if votes != sorted(votes, reverse=True) or any(line.rank != first[line.votes] for line in ranked):
        yield "the candidates are not in the order of their votes"
    if outcome.on_paper is not None:
        yield from _wrong_part(outcome, outcome.on_paper, [line.candidate for line in out])


def _wrong_part(outcome: Outcome, on_paper: Mapping[str, int], struck: Sequence[str]) -> Iterator[str]:
    """What came on paper is a part of each figure, and no part tells on few."""
    whole = {line.candidate: line.votes for line in outcome.lines} | {"": outcome.blank + outcome.void}
    if on_paper.keys() != whole.keys():
        yield "what came on paper is not told of each candidate"
        return
    told = [who for who in whole if who not in struck]
    if any(on_paper[who] > whole[who] for who in whole):
        yield "more votes came on paper than there are"
    elif min(min(on_paper[who], whole[who] - on_paper[who]) for who in told) < FEWEST_VOTERS:
        yield f"what came on paper tells on fewer than {FEWEST_VOTERS}"


def _outcome(told: Fields) -> Outcome:
    outcome = Outcome(
        id=told.text("id"),
        title=in_languages(told, "title"),
        choose=told.number("choose"),
        cast=told.number("cast"),
        blank=told.number("blank"),
        void=told.number("void"),
        marked=told.number("marked"),
        dropped=told.number("dropped") if told.has("dropped") else 0,
        on_paper=_on_paper(told.fields("paper")) if told.has("paper") else None,
        lines=[_line(line) for line in told.rows("results")],
    )
    told.end()
    return outcome


def _line(told: Fields) -> Line:
    struck = told.has("struck")
    if struck and not told.flag("struck"):
        raise Broken("has a candidate who is said not to be struck off, where nothing is to be said")
    rank = None if struck else told.number("rank")
    line = Line(told.text("candidate"), in_languages(told, "name"), told.number("votes"), rank)
    told.end()
    return line


def _on_paper(told: Fields) -> Mapping[str, int]:
    found = {"": told.number("rest")}
    for row in told.rows("votes"):
        candidate = row.text("candidate")
        if candidate in found:
            raise Broken("tells of one candidate on paper twice")
        found[candidate] = row.number("votes")
        row.end()
    told.end()
    return found
