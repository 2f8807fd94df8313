"""Strike a candidate off, and give her back on appeal: from the opening until the cut."""

from collections.abc import Mapping
from datetime import datetime

from election import rulings
from election.deeds.deed import About, Check, Deed
from election.definition import Candidate, Contest, Definition
from election.errors import OperatorRefusal
from election.ports import ElectionRecord

_STAGES = frozenset({"open", "paused", "closed"})


def deeds() -> Mapping[str, Deed]:
    """Both acts."""
    return {kind: Deed(_possible(kind)) for kind in rulings.KINDS}


def ruling(contest: Contest, candidate: Candidate) -> About:
    """The particulars: who, where, and how both are called."""
    return {
        "contest": contest.id,
        "candidate": candidate.id,
        "name": candidate.name.ru,
        "title": contest.title.ru,
    }


def named(about: About, definition: Definition) -> tuple[Contest, Candidate]:
    """Whom an act is about. Raises OperatorRefusal `no_candidate` where the file has nobody so, and so called."""
    contest, candidate = rulings.find(definition, str(about.get("candidate", "")), str(about.get("contest", "")))
    if about != ruling(contest, candidate):
        raise OperatorRefusal("no_candidate", "Whom this is about is not who the file says; propose it again.")
    return contest, candidate


def _possible(kind: str) -> Check:
    async def check(about: About, record: ElectionRecord, definition: Definition, now: datetime) -> None:
        if record.stage == "draft":
            raise OperatorRefusal(
                "wrong_stage", "The election is not open yet: take the candidate out of the file and load it again."
            )
        if record.stage not in _STAGES:
            raise OperatorRefusal("wrong_stage", f"The election is {record.stage}: rulings are made until the cut.")
        contest, candidate = named(about, definition)
        rulings.must_be_possible(kind, contest, candidate.id, record.rulings)

    return check
