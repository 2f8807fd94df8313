"""What everybody of the commission may look at: turnout, the newest bulletin, the head of the log."""

import json
from collections.abc import Sequence

from handlers.notices import ROOT_TOLD
from handlers.speech import Reply
from handlers.staff import Work, screen
from handlers.talks import enquiries
from handlers.visit import Visit

KEY = "wat"


async def show(visit: Visit) -> Sequence[Reply]:
    """Figures that are public already, or will be with the next bulletin."""
    lines = [enquiries.stage(visit), await enquiries.turnout_told(visit), await _newest(visit)]
    return screen(visit, "\n\n".join(lines), heading=visit.title)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """There is nothing to be said here."""
    return None


async def _newest(visit: Visit) -> str:
    bulletins = await visit.house.books.bulletins()
    if not bulletins:
        return visit.text("staff-no-bulletin")
    bulletin = json.loads(bulletins[-1])
    log = bulletin["log"]
    return "\n".join(
        [
            visit.text("bulletin-head", number=bulletin["number"]),
            visit.text("bulletin-log", size=log["size"], root=log["root"][:ROOT_TOLD]),
        ]
    )


WORK = Work(KEY, "staff-watch", frozenset({"organiser", "committee", "clerk", "observer", "operator"}), show, hear)
