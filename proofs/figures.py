"""A table of what happened, for people."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from proofs.crowd import Crowd
from proofs.ledger import Held
from proofs.troubles import Trouble

_FAULT = re.compile(r"level='?(?:error|warning)'? event='?(\w+)")


def lines(crowd: Crowd, held: Held, troubles: Sequence[Trouble], journal: str) -> Iterator[str]:
    """One line a trouble, and the sums."""
    diaries = crowd.diaries
    came = {diary.phone: crowd.codes(diary) for diary in diaries}
    begun, told = diaries[0].came, max(diary.told for diary in diaries)
    by_sms = sum(diary.channel == "sms" for diary in diaries)
    yield (
        f"{len(diaries)} members, {by_sms} of them by SMS, came in {diaries[-1].came - begun:.0f} s; "
        f"the last receipt after {told - begun:.0f} s"
    )
    yield f"{'since':38}{'at':>6}{'took':>7}{'voting':>8}{'repeats':>9}{'codes again':>13}{'longest wait':>14}"
    repeats = _since(troubles, (at for diary in diaries for at in diary.repeats))
    codes = _since(troubles, (at for codes in came.values() for at in codes[1:]))
    for number, trouble in enumerate(troubles):
        after = troubles[number + 1].begun if number + 1 < len(troubles) else told
        waits = [wait for diary in diaries for at, wait in diary.waits if trouble.begun <= at <= after]
        yield (
            f"{trouble.name:38}{trouble.begun - begun:5.0f}s{trouble.took:6.1f}s{trouble.under_way:8}"
            f"{repeats[number]:9}{codes[number]:13}{max(waits, default=0):13.1f}s"
        )
    unanswered = sum(not diary.receipt for diary in diaries)
    yield (
        f"votes lost {held.lost(diaries)}, doubled {held.doubled()}, members unanswered {unanswered}, "
        f"extra codes {held.codes - len(diaries)}, of which {held.codes - sum(map(len, came.values()))} never came"
    )
    faults = Counter(_FAULT.findall(journal))
    yield "journal: " + (", ".join(f"{event} {count}" for event, count in faults.most_common()) or "no faults")


def _since(troubles: Sequence[Trouble], moments: Iterable[float]) -> Counter[int]:
    """How many of the moments lie between each trouble and the next."""
    return Counter(max(n for n, trouble in enumerate(troubles) if n == 0 or trouble.begun <= at) for at in moments)
