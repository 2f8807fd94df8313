"""The result: that it adds up, follows the rules, and counts as many ballots as stand in the log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from board.checks.bulletin import Bulletin, in_languages
from board.checks.reading import Broken, Fields
from board.checks.rules import Contest, Rules


@dataclass(frozen=True, slots=True)
class Line:
    """What one candidate got."""

    candidate: str
    name: Mapping[str, str]
    votes: int
    rank: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one contest."""

    id: str
    title: Mapping[str, str]
    choose: int
    cast: int
    blank: int
    void: int
    marked: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Result:
    """The published result."""

    fields: Fields
    election: str
    definition_digest: str
    contests: Sequence[Outcome]
    cast: int
    counted: int
    void_ballots: int
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
    if sum(outcome.cast for outcome in result.contests) < result.counted:
        yield f"{result.counted} ballots were counted, and the contests together hold fewer"
    for outcome, contest in zip(result.contests, rules.contests, strict=True):
        for problem in _wrong_outcome(outcome, contest, result.counted):
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
    votes = [line.votes for line in outcome.lines]
    if not outcome.marked <= sum(votes) <= outcome.choose * outcome.marked or max(votes, default=0) > outcome.marked:
        yield f"{sum(votes)} votes cannot come of {outcome.marked} ballots that give 1 to {outcome.choose} each"
    first = {got: place for place, got in reversed([*enumerate(votes, 1)])}  # equals share a rank: 1, 2, 2, 4
    if votes != sorted(votes, reverse=True) or any(line.rank != first[line.votes] for line in outcome.lines):
        yield "the candidates are not in the order of their votes"


def _outcome(told: Fields) -> Outcome:
    outcome = Outcome(
        id=told.text("id"),
        title=in_languages(told, "title"),
        choose=told.number("choose"),
        cast=told.number("cast"),
        blank=told.number("blank"),
        void=told.number("void"),
        marked=told.number("marked"),
        lines=[_line(line) for line in told.rows("results")],
    )
    told.end()
    return outcome


def _line(told: Fields) -> Line:
    line = Line(told.text("candidate"), in_languages(told, "name"), told.number("votes"), told.number("rank"))
    told.end()
    return line
