"""A guarded act that is being done."""

from dataclasses import dataclass
from datetime import datetime

from election.deeds.deed import About
from election.ports import Act, Extra


@dataclass(frozen=True, slots=True)
class Done:
    """The act with its number, its particulars, what only its effect may know, and when it is done."""

    act: Act
    about: About
    extra: Extra
    now: datetime
