"""Open and close at the hours of the election file. The close is an act on record, not only an hour that passes.

What is opened or closed cannot be undone, so a clock that has just jumped is not believed: see scheduler/steady.py. The
hour of closing holds for votes all the same.
"""

from datetime import datetime

from election.commission import Commission
from election.errors import NoElection
from election.standing import StandingReader
from scheduler.steady import Steady


class Hours:
    """Looks at the election's hours."""

    def __init__(self, standing: StandingReader, commission: Commission, steady: Steady) -> None:
        self._standing = standing
        self._commission = commission
        self._steady = steady

    async def run(self, now: datetime) -> dict[str, int]:
        """Do what is due: {"opened": 0 or 1, "closed": 0 or 1}. A missed hour is caught up once.

        An election whose closing hour has passed before it was opened is not opened.
        """
        try:
            standing = await self._standing.now_standing(now)
        except NoElection:
            return {"opened": 0, "closed": 0}
        stage, opens = standing.record.stage, standing.definition.opens
        if not self._steady.runs(now):
            return {"opened": 0, "closed": 0}
        due_to_open = stage == "draft" and opens is not None and now >= opens and not standing.is_past(now)
        due_to_close = stage in {"open", "paused"} and standing.is_past(now)
        return {
            "opened": int(due_to_open and await self._commission.by_the_timetable("open", now)),
            "closed": int(due_to_close and await self._commission.by_the_timetable("close", now)),
        }
