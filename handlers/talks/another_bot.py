"""Several bots may share one election. A member belongs to the one she began with; another shows her the way there."""

from collections.abc import Sequence

from handlers.speech import Action, Reply
from handlers.visit import Visit


async def show_the_way(visit: Visit) -> Sequence[Reply]:
    """What somebody is told at a bot that is not hers; nothing where she is right."""
    name = await _elsewhere(visit)
    if not name:
        return []
    way = Action(visit.text("own-bot-button"), link=f"https://t.me/{name}?start=vote")
    return [visit.incoming.reply(visit.text("own-bot", bot=name), actions=(way,))]


async def _elsewhere(visit: Visit) -> str:
    """The name of the bot she belongs to, if this is another one.

    The session remembers where she began; from the sign-in on the store does too. A bot that is not served any more
    gives her up to the one she writes to. As long as the name of her own is not known, every bot serves her.
    """
    session, here = visit.session, visit.incoming.address.door
    if visit.by_sms or session.door == here:
        return ""
    ledger, account = visit.house.ledger, visit.incoming.address.sender
    if not session.door and session.member:
        session.door = await ledger.door_of("telegram", account)
    if session.door == here:
        return ""
    if session.door:
        name = visit.house.doors.name(session.door)
        if name is not None or not visit.house.doors:
            return name or ""
    if session.member:
        await ledger.move_to_door("telegram", account, here)
    session.door = here
    return ""
