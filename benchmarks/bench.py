"""How a run goes: how large, how many pairs, in which order, and what is shown meanwhile."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of one row. `folder` is empty and on a real disk; `show(what, done, of)` draws the bar. `people`: how
    many come on day one; 0: as the row has it."""

    folder: Path
    pairs: int
    quick: bool
    show: Callable[[str, int, int], None]
    people: int = 0

    def size(self, full: int, quick: int) -> int:
        """How much of something: the whole amount, or what is enough to see that it works."""
        return quick if self.quick else full

    def begins(self, what: str) -> None:
        """Tell what is being prepared."""
        self.show(what, 0, 0)

    async def interleaved(self, what: str, variants: Mapping[str, Callable[[int], Awaitable[T]]]) -> dict[str, list[T]]:
        """Every variant once a pair, in turn forwards and backwards, so that a slow minute strikes them alike.

        A variant is given the number of the pair. Before the first one each runs once unmeasured, as number 0.
        """
        found: dict[str, list[T]] = {name: [] for name in variants}
        steps = (self.pairs + 1) * len(variants)
        done = 0
        for pair in range(self.pairs + 1):
            for name in sorted(variants, reverse=bool(pair % 2)):
                self.show(f"{what}: {name}", done, steps)
                measured = await variants[name](pair)
                if pair:
                    found[name].append(measured)
                done += 1
        self.show(what, steps, steps)
        return found
