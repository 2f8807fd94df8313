"""A draft with marks for a candidate who has been struck off since: they are taken out of it, and she is told."""

from collections.abc import Sequence
from dataclasses import replace

from election.station import Voter
from handlers.speech import Reply
from handlers.talks import contest
from handlers.visit import Visit


def take_out(visit: Visit, voter: Voter) -> list[str]:
    """Take such marks out, and bring her to the first contest that has lost one; the candidates' names.

    A contest in which nothing is left counts as not answered: it is not blank unless she says so.
    """
    session = visit.session
    touched: list[int] = []
    names: list[str] = []
    for place, each in enumerate(voter.style):
        marked = session.marks.get(each.id, [])
        out = visit.standing.struck(each.id).intersection(marked)
        if not out:
            continue
        touched.append(place)
        names += [candidate.name.said(visit.language) for candidate in each.candidates if candidate.id in out]
        session.marks[each.id] = [candidate for candidate in marked if candidate not in out]
        if not session.marks[each.id]:
            del session.marks[each.id]
    if touched:
        first = touched[0]
        session.enter("contest", first)
        session.edit = all(each.id in session.marks for place, each in enumerate(voter.style) if place != first)
    return names


def tell(visit: Visit, voter: Voter, names: Sequence[str], footer: str = "") -> list[Reply]:
    """The contest to be answered anew, and why."""
    note = visit.text("draft-struck", name=", ".join(names))
    return [replace(reply, text=f"{note}\n\n{reply.text}") for reply in contest.show(visit, voter, footer)]
