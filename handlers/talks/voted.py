"""After the vote: the receipt, in which nothing tells what was chosen."""

from handlers.speech import Action, Reply
from handlers.visit import Visit


def show(visit: Visit, receipt: str) -> list[Reply]:
    """The vote is in the box. The same for everybody."""
    visit.session.enter("voted")
    text = visit.here("receipt", receipt=receipt)
    return [visit.incoming.reply(text, heading=visit.text("in-the-box"), actions=_after(visit))]


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
    if voter.member.right == "void":
        return [visit.incoming.reply(visit.text("withdrawn"), heading=visit.title)]
    receipt = ""
    if voter.member.right == "voted" and (visit.proved or visit.by_sms):
        receipt = await visit.house.station.receipt_of(voter.member, visit.now)
    text = visit.text("already-voted-receipt", receipt=receipt) if receipt else visit.text("already-voted")
    return [visit.incoming.reply(text, heading=visit.title, actions=_after(visit))]


def _after(visit: Visit) -> tuple[Action, ...]:
    """The same whatever was chosen and however often: a button too many tells less than one that is missing."""
    turnout = Action(visit.text("turnout-button"), visit.payload("turn"), row=0)
    label = _again_label(visit)
    return (turnout, Action(visit.text(label), visit.payload("again"), row=1)) if label else (turnout,)


def _again_label(visit: Visit) -> str:
    record, definition = visit.standing.record, visit.standing.definition
    if record.stage == "closed" and record.closed_at:
        return "withdraw" if visit.now < record.closed_at + definition.policy.void_window else ""
    if visit.standing.is_past(visit.now) or definition.policy.redo_limit == 0:
        return ""
    return "vote-again-once" if definition.policy.redo_limit == 1 else "vote-again"
