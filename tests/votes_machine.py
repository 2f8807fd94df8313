"""Whatever members do, whenever and however often: the real thing answers as the notebook does, and counts as it does.

A run is an election of three members and fifty acts, drawn by Hypothesis as a text, a letter an act: a tenth of the
time that its RuleBasedStateMachine takes, and no act comes much oftener than another. The longer proof has
such a machine.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from election.errors import RedoTooSoon, Refusal
from election.ports import Stage
from tests.votes_acts import ACTS, STEPS, Tally
from tests.votes_model import Line, No, Notebook
from tests.votes_place import ON_PAPER, REGIONS, Place

_FIRST = 0x4E00
_LETTERS = st.text(
    st.characters(min_codepoint=_FIRST, max_codepoint=_FIRST + len(ACTS) - 1), min_size=STEPS, max_size=STEPS
)


class Deed(NamedTuple):
    """What is done to both."""

    name: str
    really: Callable[[], Awaitable[Any]]
    noted: Callable[[], Any]


def hold_elections(file: str, *, runs: int) -> Tally:
    """So many runs by this election file. A difference fails, and is shown by the simplest run that leads to it."""
    with polling_place(file) as (place, loop, tally):

        @settings(max_examples=runs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(_LETTERS.map(lambda letters: [ACTS[ord(letter) - _FIRST] for letter in letters]))
        def votes_are_counted_as_noted(acts: Sequence[tuple[Any, ...]]) -> None:
            loop.run_until_complete(_whole(Election(place, tally), acts))

        votes_are_counted_as_noted()
    return tally


async def _whole(election: "Election", acts: Sequence[tuple[Any, ...]]) -> None:
    await election.begins()
    for act in acts:
        await election.step(act)
    await election.ends()


@contextmanager
def polling_place(file: str) -> Iterator[tuple[Place, asyncio.AbstractEventLoop, Tally]]:
    """A place open for elections by this file, in memory if the machine has files there."""
    in_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=in_memory) as folder, asyncio.Runner() as runner:
        place = Place(Path(folder), file)
        runner.run(place.opens())
        try:
            yield place, runner.get_loop(), Tally()
        finally:
            runner.run(place.shuts())


class Election:
    """One election beside its notebook."""

    def __init__(self, place: Place, tally: Tally) -> None:
        self._place, self._tally = place, tally
        self._book = Notebook(place.definition, {who: Line(mobile=who != ON_PAPER) for who in REGIONS})
        self._numbers: dict[str, int] = {}  # of the votes of those let in
        self._came: dict[str, tuple[int, str, str, Any]] = {}  # the last vote of each, accepted or not

    async def begins(self) -> None:
        await self._place.begins()

    async def step(self, act: tuple[Any, ...]) -> None:
        await getattr(self, f"_{act[0]}")(*act[1:])
        self._tally.steps += 1
        self._tally.acts[act[0]] += 1

    async def ends(self) -> None:
        """The close, and what is left; then the cut and the count."""
        await self._closes()
        left, lines = self._place.left(), self._book.lines
        voted = {who: line for who, line in lines.items() if line.casts and line.right != "void"}
        _alike("turnout", left.turnout, self._turnout())
        _alike("leaves", left.leaves, self._book.leaves)
        _alike("rights", left.rights, {who: (line.right, line.casts, line.granted) for who, line in lines.items()})
        _alike("the box", left.box, {who: line.choice for who, line in voted.items()})
        _alike("the count", +Counter(await self._place.counts()), self._book.counted())
        self._tally.runs += 1
        self._tally.answers.update(("in the end", line.right) for line in lines.values())

    async def _votes(self, who: str, door: str, choice: str) -> None:
        await self._do(*await self._vote(who, door, choice, again=False))

    async def _votes_again(self, who: str, door: str, choice: str) -> None:
        await self._do(*await self._vote(who, door, choice, again=True))

    async def _comes_in(self, who: str) -> None:
        await self._vote(who, "sms", "", again=True)

    async def _casts_late(self, who: str, door: str, choice: str) -> None:
        """Who came in some time ago, and may have voted since."""
        if who in self._numbers:
            await self._do(self._cast(who, door, choice))

    async def _comes_once_more(self, who: str) -> None:
        if who in self._came:
            noted = partial(self._book.puts_in, who, *self._came[who])
            await self._do(Deed("comes once more", partial(self._place.comes_once_more, who), noted))

    async def _disowns(self, who: str, digits: str) -> None:
        really = partial(self._place.disowns, who, digits, self._book.lines[who].casts)
        await self._do(Deed("disowns", really, partial(self._book.disowns, who, digits, self._place.hand())))

    async def _withdraws(self, who: str) -> None:
        await self._do(*await self._withdrawal(who))

    async def _takes_paper(self, who: str) -> None:
        await self._do(*await self._paper(who))

    async def _at_once(self, one: str, other: str, first: str, second: str) -> None:
        ways: dict[str, Callable[[str], Awaitable[Sequence[Deed]]]] = {
            "votes": lambda who: self._vote(who, "sms", "103", again=True),
            "takes_paper": self._paper,
            "withdraws": self._withdrawal,
        }
        await self._do(*await ways[first](one), *await ways[second](other))

    async def _waits(self, minutes: float) -> None:
        self._place.hand.moves(minutes=minutes)

    async def _pauses(self) -> None:
        await self._moves("open", "paused")

    async def _resumes(self) -> None:
        await self._moves("paused", "open")

    async def _closes(self) -> None:
        await self._moves("open", "closed")
        await self._moves("paused", "closed")

    async def _moves(self, expected: Stage, stage: Stage) -> None:
        if self._book.stage == expected:
            await self._place.moves(expected, stage)
            self._book.moves(stage, self._place.hand())
            self._place.hand.moves(seconds=2)  # the station may keep its reading for one

    async def _restarts(self) -> None:
        await self._place.restarts()

    async def _publishes(self) -> None:
        await self._place.publishes()

    async def _vote(self, who: str, door: str, choice: str, *, again: bool) -> Sequence[Deed]:
        noted = partial(self._book.let_in, who, self._place.hand(), again=again)
        (number,) = await self._do(Deed("let in", partial(self._place.let_in, who, again=again), noted))
        if isinstance(number, str):
            return ()
        self._numbers[who] = number
        return (self._cast(who, door, choice),)

    def _cast(self, who: str, door: str, choice: str) -> Deed:
        vote = (self._numbers[who], door, choice, self._place.hand())

        def noted() -> None:
            self._came[who] = vote
            self._book.puts_in(who, *vote)

        return Deed("votes", partial(self._place.puts_in, who, door, choice), noted)

    async def _withdrawal(self, who: str) -> Sequence[Deed]:
        noted = partial(self._book.may_withdraw, who, self._place.hand())
        (number,) = await self._do(Deed("may withdraw", partial(self._place.may_withdraw, who), noted))
        if isinstance(number, str):
            return ()
        return (Deed("withdraws", partial(self._place.withdraws, who), partial(self._book.withdraws, who, number)),)

    async def _paper(self, who: str) -> Sequence[Deed]:
        number = self._book.lines[who].casts
        really, noted = (partial(each.takes_paper, who, number) for each in (self._place, self._book))
        return (Deed("takes paper", really, noted),)

    def _turnout(self) -> dict[str, tuple[int, ...]]:
        counted = Counter((REGIONS[who], line.counted_as) for who, line in self._book.lines.items())
        return {
            region: tuple(counted[region, kind] for kind in ("telegram", "sms", "paper", "void"))
            for region in set(REGIONS.values())
        }

    async def _do(self, *deeds: Deed) -> Sequence[Any]:
        """Do them, several at once; what was heard, which is what the notebook says."""
        heard = await _all_heard(deeds)
        for deed, word in zip(deeds, heard, strict=True):
            try:
                expected = deed.noted()
            except No as no:
                expected = str(no)
            _alike(deed.name, word, expected)
            self._tally.answers[deed.name, word.split()[0] if isinstance(word, str) else "yes"] += 1
        return heard


async def _all_heard(deeds: Sequence[Deed]) -> Sequence[Any]:
    if len(deeds) < 2:
        return [await _heard(deed) for deed in deeds]
    return await asyncio.gather(*map(_heard, deeds))


async def _heard(deed: Deed) -> Any:
    """What came of it: a refusal by its code."""
    try:
        return await deed.really()
    except Refusal as refusal:
        return f"{refusal.code} {refusal.opens}" if isinstance(refusal, RedoTooSoon) else refusal.code


def _alike(what: str, found: Any, noted: Any) -> None:
    assert found == noted, f"{what}: {found!r}, but by the notebook {noted!r}"
