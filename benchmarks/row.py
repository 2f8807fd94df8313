"""What a row of the benchmarks says: comparisons, each a ratio with its spread, and remarks."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from benchmarks.bench import Bench

T = TypeVar("T")


class NotRunError(Exception):
    """Why a row, or a part of one, could not be measured here: one sentence."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What the ratio is to be."""

    value: float
    at_most: bool = False

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.value if self.at_most else ratio >= self.value

    def __str__(self) -> str:
        return f"at {'most' if self.at_most else 'least'} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours against another, pair by pair: the ratio is ours divided by the other's."""

    what: str
    ours: Sequence[float]
    other: Sequence[float]
    unit: str
    aim: Aim | None = None

    @property
    def ratios(self) -> list[float]:
        return [one / two for one, two in zip(self.ours, self.other, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)


def compared(
    what: str, ours: Sequence[T], other: Sequence[T], value: Callable[[T], float], unit: str, aim: Aim | None = None
) -> Comparison:
    """A comparison by one value of what was measured."""
    return Comparison(what, [value(each) for each in ours], [value(each) for each in other], unit, aim)


@dataclass(frozen=True, slots=True)
class Found:
    """What a row has found."""

    comparisons: Sequence[Comparison]
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One subject. `reading` is the sentence on how to read its figures."""

    name: str
    title: str
    reading: str
    measure: Callable[[Bench], Awaitable[Found]]
