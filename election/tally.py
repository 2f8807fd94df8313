"""The count: a pure function of the definition and the opened ballots, and the sums that it must come out at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from election import ballot
from election.definition import Candidate, Contest, Definition, Language, Words

CSV_HEADINGS = ("contest", "title", "cast", "blank", "void", "rank", "candidate", "name", "votes", "share")


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """What one candidate got. Equal votes share a rank: 1, 2, 2, 4.

    `share` is of the ballots with valid marks in the contest, 0 to 1, rounded to six places; None if there are
    none. Where several may be chosen the shares of a contest may add up to more than 1.
    """

    candidate: Candidate
    votes: int
    share: float | None
    rank: int


@dataclass(frozen=True, slots=True)
class ContestResult:
    """What came of one contest. `cast`: readable ballots that contain it; each is blank, void in it, or marked."""

    id: str
    title: Words
    choose: int
    cast: int
    blank: int
    void: int
    marked: int
    results: tuple[CandidateResult, ...]
    """Most votes first, equals in the order of the file."""


@dataclass(frozen=True, slots=True)
class Result:
    """The whole result. `cast`: all ballots opened, each either counted or, being unreadable, void."""

    contests: tuple[ContestResult, ...]
    cast: int
    counted: int
    void_ballots: int


def count(definition: Definition, ballots: Iterable[bytes]) -> Result:
    """Count opened ballots, in whatever order they come.

    Bytes that are no ballot of this election are a void ballot; hand in b"" for one that could not be opened.
    Too many marks, or none where a blank vote may not be, are void in that contest alone.
    """
    boxes = {contest.id: _Box(contest) for contest in definition.contests}
    cast = counted = void_ballots = 0
    for data in ballots:
        cast += 1
        try:
            marks = ballot.decode(definition, data)
        except ballot.Spoilt:
            void_ballots += 1
            continue
        counted += 1
        for contest_id, chosen in marks.items():
            boxes[contest_id].add(chosen)
    return Result(tuple(box.result() for box in boxes.values()), cast, counted, void_ballots)


def reconcile(
    result: Result, voted: int, urn: int, *, superseded: int = 0, withdrawn: int = 0, paper: int = 0
) -> list[str]:
    """Everything that does not add up, a sentence each; empty when the result reconciles.

    `voted`: ballots accepted by phone in the whole election, redos among them; `urn`: sealed ballots after the
    cut; `superseded`: ballots replaced by a later one; `withdrawn`: ballots taken out by their members after the
    close; `paper`: ballots set aside since the member voted on paper.
    """
    problems = []
    if urn != result.cast:
        problems.append(f"The urn holds {urn} sealed ballots, but {result.cast} were opened.")
    if result.cast != result.counted + result.void_ballots:
        problems.append(
            f"{result.cast} ballots were opened, but {result.counted} counted and {result.void_ballots} void"
            f" make {result.counted + result.void_ballots}."
        )
    void = result.void_ballots + withdrawn
    accounted = result.counted + superseded + void + paper
    if voted != accounted:
        problems.append(
            f"{voted} votes were cast, but {result.counted} counted, {superseded} superseded,"
            f" {void} void and {paper} replaced by paper make {accounted}."
        )
    for contest in result.contests:
        problems += _contest_problems(contest, result.counted)
    contest_ballots = sum(contest.cast for contest in result.contests)
    if contest_ballots < result.counted:
        problems.append(f"{result.counted} ballots were counted, but the contests together hold {contest_ballots}.")
    return problems


def as_json(result: Result, problems: Sequence[str], language: Language = "ru") -> dict[str, object]:
    """What `dauys tally --json` prints; `problems` is what `reconcile` said. Titles and names are plain strings."""
    return {
        "contests": [
            {
                "id": contest.id,
                "title": contest.title.said(language),
                "cast": contest.cast,
                "blank": contest.blank,
                "void": contest.void,
                "marked": contest.marked,
                "results": [
                    {
                        "candidate": line.candidate.id,
                        "name": line.candidate.name.said(language),
                        "votes": line.votes,
                        "share": line.share,
                        "rank": line.rank,
                    }
                    for line in contest.results
                ],
            }
            for contest in result.contests
        ],
        "totals": {"cast": result.cast, "counted": result.counted, "void_ballots": result.void_ballots},
        "reconciles": not problems,
        "problems": list(problems),
    }


def csv_rows(result: Result, language: Language = "ru") -> list[tuple[str, ...]]:
    """The result as a table, a row for each candidate, under `CSV_HEADINGS`, which are the first row."""
    rows: list[tuple[str, ...]] = [CSV_HEADINGS]
    for contest in result.contests:
        of_contest = (
            contest.id,
            contest.title.said(language),
            str(contest.cast),
            str(contest.blank),
            str(contest.void),
        )
        for line in contest.results:
            share = "" if line.share is None else f"{line.share:.6f}"
            of_candidate = (line.candidate.id, line.candidate.name.said(language), str(line.votes), share)
            rows.append((*of_contest, str(line.rank), *of_candidate))
    return rows


class _Box:
    """The ballots of one contest while they are counted."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self._cast = self._blank = self._void = self._marked = 0
        self._votes: Counter[str] = Counter()

    def add(self, chosen: tuple[str, ...]) -> None:
        self._cast += 1
        if ballot.breaks_rules(self._contest, chosen):
            self._void += 1
        elif not chosen:
            self._blank += 1
        else:
            self._marked += 1
            self._votes.update(chosen)

    def result(self) -> ContestResult:
        contest = self._contest
        by_votes = sorted(contest.candidates, key=lambda candidate: -self._votes[candidate.id])
        return ContestResult(
            contest.id,
            contest.title,
            contest.choose,
            self._cast,
            self._blank,
            self._void,
            self._marked,
            tuple(self._line(candidate) for candidate in by_votes),
        )

    def _line(self, candidate: Candidate) -> CandidateResult:
        votes = self._votes[candidate.id]
        ahead = sum(1 for other in self._contest.candidates if self._votes[other.id] > votes)
        share = round(votes / self._marked, 6) if self._marked else None
        return CandidateResult(candidate, votes, share, ahead + 1)


def _contest_problems(contest: ContestResult, counted: int) -> list[str]:
    where = f'Contest "{contest.id}"'
    problems = []
    if contest.cast > counted:
        problems.append(f"{where}: {contest.cast} ballots, but only {counted} were counted in all.")
    if contest.cast != contest.blank + contest.void + contest.marked:
        problems.append(
            f"{where}: {contest.cast} ballots, but {contest.blank} blank, {contest.void} void and"
            f" {contest.marked} with marks make {contest.blank + contest.void + contest.marked}."
        )
    votes = sum(line.votes for line in contest.results)
    if not contest.marked <= votes <= contest.choose * contest.marked:
        problems.append(
            f"{where}: {votes} votes on {contest.marked} ballots with marks, where each gives 1 to {contest.choose}."
        )
    problems += [
        f'{where}: candidate "{line.candidate.id}" has {line.votes} votes on {contest.marked} ballots.'
        for line in contest.results
        if line.votes > contest.marked
    ]
    return problems
