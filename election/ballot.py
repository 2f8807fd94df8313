"""The inner ballot: what a member marked, as bytes of one length for the whole election.

    version      1 byte
    election    8 bytes   of a hash over the ids of the election, of its contests and of their candidates, in order
    contests    2 bytes   how many follow
    for each contest, in the order of the file:
      number    2 bytes   its place in the file, from 0
      marks     whole bytes, 1 bit a candidate in the order of the file, the first candidate in the highest
    zeros       up to `ballot_size`

Equal choices are equal bytes. A ballot written by one file is not read by another in which a contest or a
candidate was added, taken out or moved; titles and names may change.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from election.definition import Contest, Definition
from election.errors import InvalidMarks

Marks = Mapping[str, tuple[str, ...]]
"""Contest id -> ids of the candidates chosen; an empty tuple is a blank vote in that contest."""

MOST_CONTESTS = 2**16 - 1

_VERSION = 1
_TAG_BYTES = 8
_HEAD_BYTES = 1 + _TAG_BYTES + 2
_STEP = 32


@dataclass(eq=False)
class Spoilt(Exception):
    """These bytes are no ballot of this election. `reason` tells nothing about a choice."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def check(definition: Definition, style: Sequence[Contest], marks: Marks) -> None:
    """Raise InvalidMarks, naming the contest where it is one, unless these marks fill this style by the rules."""
    contests = {contest.id: contest for contest in style}
    for contest_id in marks:
        if contest_id not in contests:
            raise InvalidMarks(contest_id)
    for contest in style:
        if (
            contest.id not in marks
            or not _known(contest, marks[contest.id])
            or breaks_rules(contest, marks[contest.id])
        ):
            raise InvalidMarks(contest.id)
    if not _form(definition).is_style(marks):
        raise InvalidMarks


def breaks_rules(contest: Contest, chosen: Sequence[str]) -> bool:
    """Whether too many are chosen, or none where a blank vote may not be."""
    return len(chosen) > contest.choose or (not chosen and not contest.blank)


def ballot_size(definition: Definition) -> int:
    """Bytes of every ballot of this election: what its longest ballot style needs, up to a multiple of 32."""
    return _form(definition).size


def encode(definition: Definition, marks: Marks) -> bytes:
    """The ballot, `ballot_size` bytes. Raises InvalidMarks for marks that `check` refuses as a style of their own."""
    check(definition, [contest for contest in definition.contests if contest.id in marks], marks)
    form = _form(definition)
    entries = b"".join(
        number.to_bytes(2, "big") + _bits(contest, marks[contest.id])
        for number, contest in enumerate(definition.contests)
        if contest.id in marks
    )
    return (form.head + len(marks).to_bytes(2, "big") + entries).ljust(form.size, b"\0")


def decode(definition: Definition, data: bytes) -> Marks:
    """The marks of a ballot. Raises Spoilt unless it is written exactly as `encode` writes.

    Only the form is judged, and that the contests make up a ballot style: whether the marks of a contest keep
    its rules is for the count, which voids them in that contest alone.
    """
    form = _form(definition)
    if len(data) != form.size:
        raise Spoilt("a ballot of the wrong length")
    if data[: len(form.head)] != form.head:
        raise Spoilt("a ballot of another version or another election")
    marks: dict[str, tuple[str, ...]] = {}
    place, last = _HEAD_BYTES, -1
    for _ in range(int.from_bytes(data[len(form.head) : _HEAD_BYTES], "big")):
        number = int.from_bytes(data[place : place + 2], "big")
        if not last < number < len(definition.contests):
            raise Spoilt("a contest that is unknown or out of order")
        contest = definition.contests[number]
        end = place + _entry_size(contest)
        marks[contest.id] = _chosen(contest, data[place + 2 : end])
        place, last = end, number
    if place > form.size or any(data[place:]):
        raise Spoilt("something is written after the last contest")
    if not form.is_style(marks):
        raise Spoilt("contests that no member has together")
    return marks


class _Form:
    """What is worked out once for an election: the head of its ballots, their size, the possible styles."""

    def __init__(self, definition: Definition) -> None:
        self._styles = frozenset(frozenset(contest.id for contest in style) for style in _styles(definition))
        self.head = bytes([_VERSION]) + _tag(definition)
        longest = max((sum(map(_entry_size, style)) for style in _styles(definition)), default=0)
        self.size = -(-(_HEAD_BYTES + longest) // _STEP) * _STEP

    def is_style(self, contest_ids: Iterable[str]) -> bool:
        """Whether some member could have exactly these contests on her ballot."""
        return frozenset(contest_ids) in self._styles


class _Itself:
    """A definition as a key of the cache: equal to itself alone, for to hash a large file at each vote is slow."""

    __slots__ = ("definition",)

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __hash__(self) -> int:
        return id(self.definition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.definition is other.definition


def _form(definition: Definition) -> _Form:
    return _cached_form(_Itself(definition))


@lru_cache(maxsize=4)
def _cached_form(key: _Itself) -> _Form:
    return _Form(key.definition)


def _styles(definition: Definition) -> Iterator[list[Contest]]:
    """Every ballot style there can be: any region with any branch, of those named and of none of those."""
    contests = definition.contests
    for region in {None}.union(*(contest.regions or () for contest in contests)):
        here = [contest for contest in contests if contest.regions is None or region in contest.regions]
        everywhere = [contest for contest in here if contest.branches is None]
        narrowed: dict[str, list[Contest]] = {}
        for contest in here:
            for branch in contest.branches or ():
                narrowed.setdefault(branch, []).append(contest)
        yield from (style for style in (everywhere, *(everywhere + more for more in narrowed.values())) if style)


def _tag(definition: Definition) -> bytes:
    ids = hashlib.sha256(f"dauys ballot\0{definition.id}".encode())
    for contest in definition.contests:
        ids.update(f"\0\0{contest.id}".encode())
        for candidate in contest.candidates:
            ids.update(f"\0{candidate.id}".encode())
    return ids.digest()[:_TAG_BYTES]


def _entry_size(contest: Contest) -> int:
    return 2 + (len(contest.candidates) + 7) // 8


def _known(contest: Contest, chosen: Sequence[str]) -> bool:
    """Whether the chosen are candidates of the contest, each once."""
    return len(set(chosen)) == len(chosen) and set(chosen) <= {candidate.id for candidate in contest.candidates}


def _bits(contest: Contest, chosen: Sequence[str]) -> bytes:
    width = 8 * (_entry_size(contest) - 2)
    places = (place for place, candidate in enumerate(contest.candidates) if candidate.id in chosen)
    return sum(1 << (width - 1 - place) for place in places).to_bytes(width // 8, "big")


def _chosen(contest: Contest, data: bytes) -> tuple[str, ...]:
    width = 8 * (_entry_size(contest) - 2)
    bits = format(int.from_bytes(data, "big"), f"0{width}b")
    if "1" in bits[len(contest.candidates) :]:
        raise Spoilt("a mark beside the candidates")
    return tuple(candidate.id for candidate, bit in zip(contest.candidates, bits, strict=False) if bit == "1")
