"""The count: a pure function of the definition and the opened ballots, and the sums that it must come out at.

It is one file, because both are read together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from election import ballot
from election.definition import Candidate, Contest, Definition, Language, Words
from election.rulings import Struck

CSV_HEADINGS = ("contest", "title", "cast", "blank", "void", "rank", "candidate", "name", "votes", "share", "on_paper")


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """What one candidate got. Equal votes share a rank: 1, 2, 2, 4; who is struck off has none.

    `share` is of the ballots with valid marks in the contest, 0 to 1, rounded to six places; None if there are
    none. Where several may be chosen the shares of a contest may add up to more than 1.
    """

    candidate: Candidate
    votes: int
    share: float | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class OnPaper:
    """The part of a contest that came on paper; `rest` are its blank and void ballots. Told only where each of these
    figures, and what is left of each by phone, is ten or more."""

    votes: Mapping[str, int]
    rest: int


@dataclass(frozen=True, slots=True)
class ContestResult:
    """What came of one contest. `cast`: readable ballots that contain it; each is blank, void in it, or marked.
    `struck`: candidates who are struck off; `dropped`: marks for them on valid ballots, which count for nothing."""

    id: str
    title: Words
    choose: int
    cast: int
    blank: int
    void: int
    marked: int
    results: tuple[CandidateResult, ...]
    """Most votes first, equals in the order of the file; those struck off behind all others."""
    struck: frozenset[str] = frozenset()
    dropped: int = 0
    paper: OnPaper | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The whole result. `cast`: all ballots opened, each either counted or, being unreadable, void. `paper`: ballots
    from the boxes of paper stations, which are in the contests beside those by phone."""

    contests: tuple[ContestResult, ...]
    cast: int
    counted: int
    void_ballots: int
    paper: int = 0


def count(definition: Definition, ballots: Iterable[bytes], struck: Struck | None = None) -> Result:
    """Count opened ballots, in whatever order they come.

    Bytes that are no ballot of this election are a void ballot; hand in b"" for one that could not be opened.
    Too many marks, or none where a blank vote may not be, are void in that contest alone; so are marks for nobody but
    candidates who are struck off. Beside others such marks are dropped.
    """
    boxes = {contest.id: _Box(contest, (struck or {}).get(contest.id, frozenset())) for contest in definition.contests}
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
        problems += _contest_problems(contest, result.counted + result.paper)
    contest_ballots = sum(contest.cast for contest in result.contests)
    if contest_ballots < result.counted + result.paper:
        counted = result.counted + result.paper
        problems.append(f"{counted} ballots were counted, but the contests together hold {contest_ballots}.")
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
                **({"dropped": contest.dropped} if contest.struck else {}),
                "results": [
                    {
                        "candidate": line.candidate.id,
                        "name": line.candidate.name.said(language),
                        "votes": line.votes,
                        "share": line.share,
                        "rank": line.rank,
                    }
                    | ({"struck": True} if line.candidate.id in contest.struck else {})
                    | ({"on_paper": contest.paper.votes[line.candidate.id]} if contest.paper else {})
                    for line in contest.results
                ],
            }
            for contest in result.contests
        ],
        "totals": {"cast": result.cast, "counted": result.counted, "void_ballots": result.void_ballots},
        "paper": result.paper,
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
            on_paper = str(contest.paper.votes[line.candidate.id]) if contest.paper else ""
            rows.append((*of_contest, str(line.rank or ""), *of_candidate, on_paper))
    return rows


def outcome(
    contest: Contest,
    cast: int,
    blank: int,
    void: int,
    votes: Mapping[str, int],
    struck: frozenset[str] = frozenset(),
    dropped: int = 0,
) -> ContestResult:
    """The result of a contest from its figures; what is neither blank nor void is marked. Who has no vote may be left
    out of `votes`."""
    marked = cast - blank - void

    def line(candidate: Candidate) -> CandidateResult:
        hers = votes.get(candidate.id, 0)
        if candidate.id in struck:
            return CandidateResult(candidate, 0, None, None)
        ahead = sum(1 for other in contest.candidates if votes.get(other.id, 0) > hers)
        return CandidateResult(candidate, hers, round(hers / marked, 6) if marked else None, ahead + 1)

    by_votes = sorted(contest.candidates, key=lambda candidate: (candidate.id in struck, -votes.get(candidate.id, 0)))
    lines = tuple(line(candidate) for candidate in by_votes)
    return ContestResult(contest.id, contest.title, contest.choose, cast, blank, void, marked, lines, struck, dropped)


class _Box:
    """The ballots of one contest while they are counted."""

    def __init__(self, contest: Contest, struck: frozenset[str]) -> None:
        self._contest = contest
        self._struck = struck
        self._cast = self._blank = self._void = self._dropped = 0
        self._votes: Counter[str] = Counter()

    def add(self, chosen: tuple[str, ...]) -> None:
        self._cast += 1
        if ballot.breaks_rules(self._contest, chosen):
            self._void += 1
        elif not chosen:
            self._blank += 1
        else:
            valid = [each for each in chosen if each not in self._struck]
            self._dropped += len(chosen) - len(valid)
            self._void += not valid
            self._votes.update(valid)

    def result(self) -> ContestResult:
        struck, dropped = self._struck, self._dropped
        return outcome(self._contest, self._cast, self._blank, self._void, self._votes, struck, dropped)


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
