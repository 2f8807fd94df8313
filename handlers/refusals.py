"""Refusals into words, in one place. A test proves that every refusal of the closed list is known here."""

import math
from datetime import timedelta

from election import errors
from handlers.visit import Visit

_PLAIN: dict[type[errors.Refusal], str] = {
    errors.NoElection: "no-election",
    errors.Paused: "paused",
    errors.Closed: "closed",
    errors.AlreadyVoted: "already-voted",
    errors.NoMoreRedos: "no-more-redos",
    errors.NotThatVote: "not-that-vote",
    errors.NotAReceipt: "check-unreadable",
    errors.NothingToVoteIn: "nothing-to-vote-in",
    errors.InvalidMarks: "invalid-marks",
    errors.StruckOff: "struck-off",
    errors.NotSignedIn: "not-signed-in",
    errors.NotOwnContact: "not-own-contact",
    errors.PhoneUnreadable: "phone-unreadable",
    errors.NoMoreCodes: "no-more-codes",
    errors.MemberLocked: "member-locked",
    errors.AccountFrozen: "account-frozen",
    errors.AccountTaken: "account-taken",
    errors.SmsVotingOff: "sms-voting-off",
    errors.Stranger: "not-signed-in",
    errors.NoSuchComplaint: "complaint-unknown",
    errors.ComplaintDecided: "complaint-over",
    errors.StoreUnavailable: "try-again",
}


def words(visit: Visit, refusal: errors.Refusal) -> str:
    """What the member is told, and what she can do."""
    match refusal:
        case errors.NotOpenYet(opens=opens):
            return visit.text("opens-at", hour=visit.hour(opens)) if opens else visit.text("not-open-yet")
        case errors.RedoTooSoon(opens=opens):
            return visit.text("redo-too-soon", hour=visit.hour(opens)) if opens else visit.text("already-voted")
        case errors.WrongCode(tries_left=left):
            return visit.text("wrong-code", left=left) if left else visit.here("wrong-code-last")
        case errors.CodeTooSoon(wait=wait):
            return _too_soon(visit, wait)
        case errors.CodesDelayed(wait=wait):
            return visit.text("codes-delayed", minutes=_minutes(wait))
        case errors.TooManyComplaints(today=today):
            return visit.text("complaints-today" if today else "complaints-all")
        case errors.WhichMember():
            return visit.here("which-member")
        case errors.CodeExpired():
            return visit.here("code-expired")
        case _:
            return visit.text(_PLAIN[type(refusal)])


def _too_soon(visit: Visit, wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    if seconds <= 90:
        return visit.text("code-too-soon", seconds=seconds)
    return visit.text("code-too-soon-minutes", minutes=_minutes(wait))


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))
