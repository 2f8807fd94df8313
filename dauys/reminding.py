"""How the committee is reminded of complaints: an SMS to the phones in the election's file, with no word of any."""

from datetime import datetime, timedelta

from dauys.wiring import Hall
from election.complaint_desk import committee
from election.ports import Letter
from handlers import notices
from handlers.texts import Texts

_LIFE = timedelta(hours=6)


async def remind_committee(hall: Hall, waiting: int, now: datetime) -> int:
    """Put a letter to each member of the committee into the outbox; how many."""
    _, definition = await hall.election(now)
    body = notices.complaints_due(Texts(), waiting)
    phones = [officer.phone for officer in committee(definition) if officer.phone]
    for phone in phones:
        sealed = hall.strongroom.seal_phone(phone), hall.strongroom.seal_letter(body)
        await hall.store.ledger.post(Letter("notice", *sealed, due_at=now, expires_at=now + _LIFE))
    return len(phones)
