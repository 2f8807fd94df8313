"""After the vote: the receipt, in which nothing tells what was chosen."""

from handlers.speech import Action, Reply
from handlers.visit import Visit


def show(visit: Visit, receipt: str) -> list[Reply]:
    """The vote is in the box. The same for everybody."""
    visit.session.enter("voted")
    text = visit.here("receipt", receipt=receipt)
    return [visit.incoming.reply(text, heading=visit.text("in-the-box"), actions=_after(visit, ruled=False))]


async def repeat(visit: Visit) -> list[Reply]:
    """The answer to the message that cast the vote, once more."""
    voter = await visit.house.station.voter(visit.session.member, visit.now)
    receipt = await visit.house.station.receipt_of(voter.member, visit.now)
    return show(visit, receipt) if receipt and voter.member.right == "voted" else await again(visit)


async def again(visit: Visit) -> list[Reply]:
    """Somebody who has voted comes back, or tries a second time. Her receipt is said again while that is possible."""
    visit.session.forget_draft()
    visit.session.enter("voted")
    voter = await visit.house.station.voter(visit.session.member, visit.now)
    if voter.member.right == "paper":
        return [
            visit.incoming.reply(visit.text("on-paper"), heading=visit.title, actions=_after(visit, ruled=False)[:1])
        ]
    if voter.member.right == "void":
        return [visit.incoming.reply(visit.text("withdrawn"), heading=visit.title)]
    receipt = ""
    if voter.member.right == "voted" and (visit.proved or visit.by_sms):
        receipt = await visit.house.station.receipt_of(voter.member, visit.now)
    text = visit.text("already-voted-receipt", receipt=receipt) if receipt else visit.text("already-voted")
    ruled = voter.member.right == "voted" and voter.member.ruling < visit.standing.ruling(voter.style)
    return [visit.incoming.reply(text, heading=visit.title, actions=_after(visit, ruled=ruled))]


def _after(visit: Visit, *, ruled: bool) -> tuple[Action, ...]:
    """The same whatever was chosen and however often: a button too many tells less than one that is missing. `ruled`: a
    ruling on her ballot came since she voted."""
    turnout = Action(visit.text("turnout-button"), visit.payload("turn"), row=0)
    label = _again_label(visit, ruled=ruled)
    return (turnout, Action(visit.text(label), visit.payload("again"), row=1)) if label else (turnout,)


def _again_label(visit: Visit, *, ruled: bool) -> str:
    record, definition = visit.standing.record, visit.standing.definition
    if record.stage == "closed" and record.closed_at:
        return "withdraw" if visit.now < record.closed_at + definition.policy.void_window else ""
    limit = definition.policy.redo_limit
    if visit.standing.is_past(visit.now) or (limit == 0 and not ruled):
        return ""
    return "vote-again-once" if limit in (0, 1) else "vote-again"
