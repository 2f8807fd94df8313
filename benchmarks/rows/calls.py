"""Calls a vote: what Telegram's pace is spent on."""

import asyncio
from collections import Counter

from benchmarks.bench import Bench
from benchmarks.election import TOKEN, Place, made, phone
from benchmarks.member import Member
from benchmarks.program import dauys
from benchmarks.row import Aim, Comparison, Found, Row
from benchmarks.world import World, world

_QUIET = 1.0


async def measure(bench: Bench) -> Found:
    """One member after another, each a whole conversation; a pair is a member."""
    members = range(1, bench.pairs + 2)
    async with (
        world(members, [TOKEN]) as outside,
        made(Place(bench.folder / "election"), len(members)) as election,
        dauys(election.place, outside.box.url, role="all"),
    ):
        await _until_quiet(outside)
        found = await bench.interleaved("conversations", {"calls": lambda pair: _conversation(outside, pair + 1)})
    calls = found["calls"]
    updates = [float(each["updates"]) for each in calls]
    separate = [float(each.total() - each["updates"]) for each in calls]
    names = ", ".join(f"{count} {name}" for name, count in sorted(calls[0].items()) if name != "updates")
    comparison = Comparison(
        "separate calls : a conversation", separate, [1.0] * len(calls), "calls", Aim(3, at_most=True)
    )
    remark = f"A conversation was {updates[0]:.0f} messages and presses of the member, and these calls: {names}."
    return Found([comparison], [remark])


async def _conversation(outside: World, number: int) -> Counter[str]:
    """The calls made for one member, and `updates`: how often she did something."""
    before = outside.calls.copy()
    member = Member(outside.box, phone(number), TOKEN)
    await member.votes()
    await _until_quiet(outside)
    return (outside.calls - before) + Counter(updates=member.acts)


async def _until_quiet(outside: World) -> None:
    """Until nobody has called for a while: what is still on its way belongs to what was before."""
    seen = -1
    while seen != outside.calls.total():
        seen = outside.calls.total()
        await asyncio.sleep(_QUIET)


ROW = Row(
    "calls",
    "separate calls to Telegram in a conversation",
    "Calls of the Bot API that one member costs from /start to her receipt, beside the answers that ride on the "
    "webhook's own responses: a count, so it is the same on every machine. Telegram's pace is spent on them.",
    measure,
)
