"""A change of a member's number, told to her Telegram with the button against it."""

from zoneinfo import ZoneInfo

from bot.door import TelegramDoor
from dauys import clock
from dauys.wiring import Hall
from election.phone import masked
from election.repairs import Untold
from handlers.member_letters import known
from handlers.talks import objection
from handlers.texts import Texts
from scheduler.repairs import Tell


def teller(hall: Hall, telegram: TelegramDoor) -> Tell:
    """Tells by this door. A chat that is closed to us is not tried again: the SMS has gone to the old number."""
    texts = Texts()

    async def tell(untold: Untold) -> bool:
        _, definition = await hall.election(clock.now())
        change = untold.change
        due = change.due_at.astimezone(ZoneInfo(definition.timezone))
        reply = objection.told(
            texts,
            known(change.language),
            untold.account,
            untold.door,
            masked(hall.strongroom.open_phone(change.sealed_phone)),
            f"{due:%H:%M %d.%m}",
            change.digits,
        )
        return (await telegram.send(reply)).final

    return tell
