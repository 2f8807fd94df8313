"""`dauys roll check`: what a committee should look at on the roll before the opening."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dauys import settings
from dauys.commands.roll_findings import say_findings
from dauys.terminal import answer
from dauys.wiring import Hall, open_hall
from election import phone, roll_check
from election.election_file import parse
from election.errors import OperatorRefusal
from election.roll_check import Branch, Run

_MOST = 20
"""Of each kind so many are named; all are counted."""
_IDS = 5
_AT_ONCE = 2_000
_PAPER_ONLY = ("none", "invalid", "landline", "shared", "gone")


def show(as_json: bool) -> None:
    """The findings, as tables or as one JSON object. Nothing is changed."""
    found = asyncio.run(_found())
    if as_json:
        answer(found)
    else:
        say_findings(found)


async def _found() -> dict[str, Any]:
    async with open_hall(settings.read()) as hall:
        looks = hall.store.roll_looks
        sizes = await looks.sizes()
        reaches = await looks.reaches()
        members = sum(sum(reach.values()) for reach in reaches.values())
        if not members:
            raise OperatorRefusal("no_roll", "The roll is empty; run `dauys roll import FILE` first.")
        return {
            "roll_version": max(sizes, default=0),
            "members": members,
            "shared": await _shared(hall),
            "consecutive": await _consecutive(hall),
            "late": await _late(hall, sizes),
            "grown": [
                {
                    "branch": _named(grown.branch),
                    "members": grown.members,
                    "before": grown.before,
                    "at_first": grown.at_first,
                }
                for grown in roll_check.growth(sizes)[:_MOST]
            ],
            "paper_only": _paper_only(reaches),
            "no_contest": await _no_contest(hall, reaches),
        }


async def _shared(hall: Hall) -> dict[str, Any]:
    shared = await hall.store.roll_looks.shared(_MOST)
    largest = []
    for each in shared.largest:
        holders = await hall.store.roll_looks.holders([each.phone_key])
        masked = phone.masked(hall.strongroom.open_phone(each.sealed_phone))
        largest.append({"phone": masked, "members": each.members, **_who(holders)})
    return {"phones": shared.phones, "members": shared.members, "largest": largest}


async def _consecutive(hall: Hall) -> dict[str, Any]:
    open_phone = hall.strongroom.open_phone
    numbers = await hall.store.roll_looks.phones(lambda sealed: int(open_phone(sealed)))
    runs = sorted(roll_check.runs(numbers), key=lambda run: (-run.phones, run.first))
    longest = [
        {
            "first": phone.masked(f"+{run.first}"),
            "last": phone.masked(f"+{run.last}"),
            "phones": run.phones,
            **await _who_has(hall, run),
        }
        for run in runs[:_MOST]
    ]
    return {"runs": len(runs), "phones": sum(run.phones for run in runs), "longest": longest}


async def _who_has(hall: Hall, run: Run) -> dict[str, Any]:
    branches: Counter[str] = Counter()
    ids: list[str] = []
    for first in range(run.first, run.last + 1, _AT_ONCE):
        some = range(first, min(first + _AT_ONCE, run.last + 1))
        keys = [hall.strongroom.phone_key(f"+{number}") for number in some]
        holders = await hall.store.roll_looks.holders(keys)
        branches.update(_named((region, branch)) for _, region, branch in holders)
        ids = sorted([*ids, *(member for member, _, _ in holders)])[:_IDS]
    return {"branches": dict(branches.most_common(3)), "member_ids": ids}


def _who(holders: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    branches = Counter(_named((region, branch)) for _, region, branch in holders)
    return {"branches": dict(branches.most_common(3)), "member_ids": [member for member, _, _ in holders[:_IDS]]}


async def _late(hall: Hall, sizes: Mapping[int, Mapping[Branch, int]]) -> dict[str, Any]:
    """How the versions of the roll grew, and each change since the freeze with those who decided it."""
    record = await hall.store.ledger.election()
    changes = (await hall.store.books.books()).roll_changes if record else ()
    acts = {act.number: act for act in await hall.store.office.acts("done")}
    return {
        "versions": [
            {"version": size.version, "members": size.members, "more": size.more}
            for size in roll_check.by_version(sizes)
        ],
        "changes": [
            {
                "version": change.version,
                "at": change.at.isoformat(timespec="seconds"),
                "what": change.what,
                "by": [acts[change.act].proposer, acts[change.act].approver],
                "reason": acts[change.act].reason,
            }
            for change in changes
        ],
    }


def _paper_only(reaches: Mapping[Branch, Mapping[str, int]]) -> dict[str, Any]:
    """Members whom no code can reach, why, and the branches that have most of them."""
    why = Counter({reach: sum(branch.get(reach, 0) for branch in reaches.values()) for reach in _PAPER_ONLY})
    counted = [(sum(kinds.values()), kinds.get("mobile", 0), _named(branch)) for branch, kinds in reaches.items()]
    counted.sort(key=lambda count: (count[1] - count[0], count[2]))
    rows = [
        {"branch": branch, "members": members, "paper_only": members - reached}
        for members, reached, branch in counted
        if reached < members
    ]
    return {
        "members": why.total(),
        "why": {name: count for name, count in why.items() if count},
        "branches": rows[:_MOST],
    }


async def _no_contest(hall: Hall, reaches: Mapping[Branch, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Branches whose members have nothing to vote in; none before an election is loaded."""
    record = await hall.store.ledger.election()
    if record is None:
        return []
    definition = parse(record.definition)
    return [
        {"branch": _named(branch), "members": sum(kinds.values())}
        for branch, kinds in sorted(reaches.items())
        if not definition.style(*branch)
    ]


def _named(branch: Branch) -> str:
    return " · ".join(filter(None, branch)) or "(no region, no branch)"
