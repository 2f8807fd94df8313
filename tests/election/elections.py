"""Elections for tests: by hand, and by Hypothesis with members who live in them."""

from hypothesis import strategies as st

from election.ballot import Marks
from election.definition import Candidate, Contest, Definition, Words


def words(text: str) -> Words:
    return Words(f"{text} (kk)", f"{text} (ru)", f"{text} (en)")


def contest(
    contest_id: str,
    candidates: int,
    *,
    choose: int = 1,
    blank: bool = True,
    regions: frozenset[str] | None = None,
    branches: frozenset[str] | None = None,
) -> Contest:
    """A contest whose candidates are called 1, 2, 3 …"""
    listed = tuple(Candidate(str(n), words(f"N{n}")) for n in range(1, candidates + 1))
    return Contest(
        contest_id, words(contest_id), listed, choose=choose, blank=blank, regions=regions, branches=branches
    )


def election(*contests: Contest, election_id: str = "club-2026") -> Definition:
    return Definition(id=election_id, title=words("Club"), contests=contests)


PLACES = ["A", "B", "C", "D"]


@st.composite
def contests(draw: st.DrawFn, number: int) -> Contest:
    candidates = draw(st.integers(1, 100))
    some = st.none() | st.frozensets(st.sampled_from(PLACES), min_size=1)
    return contest(
        f"c{number}",
        candidates,
        choose=draw(st.integers(1, candidates)),
        blank=draw(st.booleans()),
        regions=draw(some),
        branches=draw(some),
    )


@st.composite
def elections(draw: st.DrawFn) -> Definition:
    return election(*[draw(contests(number)) for number in range(draw(st.integers(1, 6)))])


@st.composite
def marks_in(draw: st.DrawFn, style: tuple[Contest, ...]) -> Marks:
    """Marks that keep every rule of this ballot style, in any order."""
    marks = {}
    for known in draw(st.permutations(style)):
        ids = [candidate.id for candidate in known.candidates]
        least = 0 if known.blank else 1
        marks[known.id] = tuple(
            draw(st.lists(st.sampled_from(ids), min_size=least, max_size=known.choose, unique=True))
        )
    return marks
