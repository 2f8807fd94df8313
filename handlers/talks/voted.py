"""After the vote: the receipt, in which nothing tells what was chosen."""

from handlers.speech import Action, Reply
from handlers.visit import Visit


def show(visit: Visit, receipt: str) -> list[Reply]:
    """The vote is in the box. The same for everybody."""
    visit.session.enter("voted")
    return [
        visit.incoming.reply(visit.here("receipt", receipt=receipt), heading=_heading(visit), actions=_after(visit))
    ]


async def repeat(visit: Visit) -> list[Reply]:
    """The answer to the message that cast the vote, once more."""
    voter = await visit.house.station.voter(visit.session.member, visit.now)
    receipt = await visit.house.station.receipt_of(visit.session.member, visit.now)
    return show(visit, receipt) if receipt and voter.member.right == "voted" else await again(visit)


async def again(visit: Visit) -> list[Reply]:
    """Somebody who has voted comes back, or tries a second time. Her receipt is said again while that is possible."""
    visit.session.forget_draft()
    visit.session.enter("voted")
    member = await visit.house.station.voter(visit.session.member, visit.now)
    if member.member.right == "paper" or (not visit.proved and not visit.by_sms):
        return [visit.incoming.reply(visit.text("already-voted"), heading=visit.title, actions=_after(visit))]
    receipt = await visit.house.station.receipt_of(visit.session.member, visit.now)
    if not receipt:
        return [visit.incoming.reply(visit.text("already-voted"), heading=visit.title, actions=_after(visit))]
    text = visit.text("already-voted-receipt", receipt=receipt)
    return [visit.incoming.reply(text, heading=visit.title, actions=_after(visit))]


def _heading(visit: Visit) -> str:
    return visit.text("in-the-box")


def _after(visit: Visit) -> tuple[Action, ...]:
    return (Action(visit.text("turnout-button"), visit.payload("turn"), row=0),)
