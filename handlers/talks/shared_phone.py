"""A phone on which several members were confirmed: by SMS the one who writes says which of them she is."""

from collections.abc import Sequence
from dataclasses import replace

from election.errors import WhichMember
from election.ports import Member
from election.sign_in import one_of
from handlers.visit import Visit


def who(visit: Visit, confirmed: Sequence[Member]) -> Member:
    """Of these members the one whose number was just sent (`VOTE m123`, or at first the number alone), else the one who
    wrote last. Raises WhichMember where nobody has said it yet."""
    phrase = visit.phrase
    known = next((member for member in confirmed if member.id == visit.session.member), None)
    said = phrase.rest if phrase.meaning == "start" else "" if known else phrase.text
    named = one_of(confirmed, said)
    if named is not None:
        visit.phrase = replace(phrase, text="", meaning="start", rest="", numbers=())
        return named
    if known is None:
        raise WhichMember
    return known
