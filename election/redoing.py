"""A vote again: who may replace her ballot, when, and how often. The old one stands until the new one is in."""

from datetime import datetime, timedelta

from election.definition import Policy
from election.errors import AlreadyVoted, NoMoreRedos, RedoTooSoon
from election.ports import Member

DISOWNED_MOST = 5
"""How often a member may say that a vote was not hers, and vote again without waiting."""


def must_be_allowed(policy: Policy, member: Member, now: datetime, ruling: int = 0) -> None:
    """Raise AlreadyVoted where the rules give no redo to her at all, NoMoreRedos or RedoTooSoon where not now.

    `ruling`: the newest on her ballot. After one that came behind her last vote she may vote again, whatever the rules.
    """
    if member.right != "voted":
        raise AlreadyVoted
    if member.ruling < ruling:
        return
    if policy.redo_limit is not None:
        allowed = policy.redo_limit + member.granted
        if allowed == 0:
            raise AlreadyVoted
        if member.casts - 1 >= allowed:
            raise NoMoreRedos
    if member.redo_from is not None and now < member.redo_from:
        raise RedoTooSoon(member.redo_from)


def wait_until(policy: Policy, now: datetime) -> datetime | None:
    """When the wait for the next redo is over: on a full minute, so that it does not tell the second of the vote."""
    if policy.redo_limit == 0:
        return None
    end = now + policy.redo_wait
    return end if end.second == end.microsecond == 0 else end.replace(second=0, microsecond=0) + timedelta(minutes=1)
