"""What a committee should look at on a roll before it opens. A finding is a question, never a verdict.

**Consecutive phones.** SIM cards bought in bulk have numbers in a row. A run is at least five numbers of the roll, each
at most two after the one before: one card may have gone elsewhere. By chance such a run is rare: in a country with
ten million numbers a prefix, where a roll of 835,000 has one number of a hundred, less than one is to be expected on
the whole roll. Innocent reasons there are: an employer or a school that bought for its people, a family, a village in
which the carrier gave its numbers out in order.

**Branches that grew.** By ten members and a tenth or more, against the version of the roll before or against the first
one: what grows little by little shows in the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

FEWEST_IN_A_ROW = 5
NEAR = 2
FEWEST_MORE = 10
_A_TENTH = 10

Branch = tuple[str, str]
"""Region and branch."""


@dataclass(frozen=True, slots=True)
class Run:
    """Phones in a row, from the first to the last, as numbers; `phones` of them are on the roll."""

    first: int
    last: int
    phones: int


@dataclass(frozen=True, slots=True)
class Growth:
    """A branch that grew: its members now, in the version before, and in the first version kept."""

    branch: Branch
    members: int
    before: int
    at_first: int


@dataclass(frozen=True, slots=True)
class VersionSize:
    """A version of the roll: its members, and how many more than in the version before."""

    version: int
    members: int
    more: int


def runs(ascending: Sequence[int]) -> Iterator[Run]:
    """The runs among phones in ascending order; one that comes twice counts once."""
    first = last = -NEAR - 1
    phones = 0
    for phone in (*ascending, None):
        if phone is not None and phone - last <= NEAR:
            phones += phone != last
            last = phone
            continue
        if phones >= FEWEST_IN_A_ROW:
            yield Run(first, last, phones)
        if phone is not None:
            first, last, phones = phone, phone, 1


def growth(sizes: Mapping[int, Mapping[Branch, int]]) -> list[Growth]:
    """The branches that grew, by the sizes of each version kept, those that grew most first."""
    if len(sizes) < 2:
        return []
    versions = sorted(sizes)
    at_first, before, now = sizes[versions[0]], sizes[versions[-2]], sizes[versions[-1]]
    found = [
        Growth(branch, members, before.get(branch, 0), at_first.get(branch, 0))
        for branch, members in now.items()
        if _much_more(members, before.get(branch, 0)) or _much_more(members, at_first.get(branch, 0))
    ]
    return sorted(found, key=lambda grown: (min(grown.before, grown.at_first) - grown.members, grown.branch))


def by_version(sizes: Mapping[int, Mapping[Branch, int]]) -> list[VersionSize]:
    """Each version kept but the first, and how it grew."""
    totals = [(version, sum(sizes[version].values())) for version in sorted(sizes)]
    return [VersionSize(version, members, members - before) for (_, before), (version, members) in pairwise(totals)]


def _much_more(members: int, before: int) -> bool:
    return members - before >= FEWEST_MORE and (members - before) * _A_TENTH >= before
