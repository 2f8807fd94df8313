"""What the radar makes of the roll: the findings of `dauys roll check`, by place, as cases."""

from collections import Counter
from collections.abc import Sequence

from dauys.wiring import Hall
from election import roll_check
from election.radar.case import Detector, Finding, Numbers, Place, merged

_MOST = 20
"""Of each kind so many are looked into."""
_AT_ONCE = 2_000
_FEWEST_ON_A_PHONE = 4
"""Members on one phone: three are a family."""


async def roll_findings(hall: Hall) -> Sequence[Finding]:
    """Phones in a row, phones of many, branches that grew. Nothing while the roll is not frozen."""
    record = await hall.store.ledger.election()
    if record is None or record.roll_frozen_at is None:
        return []
    frozen, members = record.roll_frozen_at, await hall.store.radar.members()
    told = merged({place: count for place, (count, _) in members.items()})

    def finding(detector: Detector, place: Place, numbers: Numbers, weight: int) -> Finding:
        return Finding(detector, told.get(place, ("", "")), frozen, frozen, numbers, weight)

    grown = roll_check.growth(await hall.store.roll_looks.sizes())[:_MOST]
    return [
        *(finding("roll-run", place, {"phones": phones}, phones) for place, phones in await _in_a_row(hall)),
        *(finding("roll-shared", place, {"members": count}, count) for place, count in await _shared(hall)),
        *(
            finding("roll-growth", each.branch, {"members": each.members, "before": _least(each)}, each.members)
            for each in grown
        ),
    ]


async def _in_a_row(hall: Hall) -> Sequence[tuple[Place, int]]:
    """Phones in a row by the place that has most of each run."""
    open_phone = hall.strongroom.open_phone
    numbers = await hall.store.roll_looks.phones(lambda sealed: int(open_phone(sealed)))
    found: Counter[Place] = Counter()
    for run in sorted(roll_check.runs(numbers), key=lambda run: -run.phones)[:_MOST]:
        homes: Counter[Place] = Counter()
        for first in range(run.first, run.last + 1, _AT_ONCE):
            some = range(first, min(first + _AT_ONCE, run.last + 1))
            keys = [hall.strongroom.phone_key(f"+{number}") for number in some]
            homes.update((region, branch) for _, region, branch in await hall.store.roll_looks.holders(keys))
        ((home, count),) = homes.most_common(1)
        if count >= roll_check.FEWEST_IN_A_ROW:
            found[home] += count
    return found.most_common()


async def _shared(hall: Hall) -> Sequence[tuple[Place, int]]:
    found: Counter[Place] = Counter()
    for each in (await hall.store.roll_looks.shared(_MOST)).largest:
        if each.members >= _FEWEST_ON_A_PHONE:
            holders = await hall.store.roll_looks.holders([each.phone_key])
            ((home, count),) = Counter((region, branch) for _, region, branch in holders).most_common(1)
            found[home] = max(found[home], count)
    return found.most_common()


def _least(grown: roll_check.Growth) -> int:
    return min(grown.before, grown.at_first)
