"""What the rehearsal asks of randomness; `random.Random(seed)` and `secrets.SystemRandom()` both give it."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Chance(Protocol):
    """A source of chance, handed in so that a rehearsal can be repeated."""

    def random(self) -> float: ...

    def getrandbits(self, k: int, /) -> int: ...

    def randint(self, a: int, b: int) -> int: ...

    def sample(self, population: Sequence[T], k: int) -> list[T]: ...
