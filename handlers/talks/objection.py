"""A member's number is about to change, and it was not she who asked: the old number says NO, or she presses a button.

It is heard before anybody is recognised, for a phone that several share may object too.
"""

from handlers.speech import Action, Address, Incoming, Language, Reply
from handlers.texts import Texts
from handlers.visit import Visit

MARK = "number:"
"""How the button begins. It hangs on no screen of the conversation, and stays in force as long as the change waits."""
_ASKED_SOMETHING = frozenset({"contest", "review", "change", "withdraw"})
"""Steps at which a NO without digits answers something else."""


async def hear(visit: Visit) -> list[Reply]:
    """The change is stopped; nothing if this is no objection, or to no change."""
    digits = _digits(visit)
    if digits is None:
        return []
    repairs = visit.house.repairs
    if visit.by_sms:
        stopped = await repairs.object_from(visit.incoming.claimed_phone, digits, visit.now)
    else:
        member = await visit.house.ledger.member_by_account("telegram", visit.incoming.address.sender)
        stopped = member is not None and await repairs.object_in_chat(member.id, digits, visit.now)
    if not stopped:
        return []
    visit.session.language = visit.session.language or visit.phrase.language
    return [visit.incoming.reply(visit.text("number-stays"))]


def told(texts: Texts, language: Language, account: str, door: str, phone: str, hour: str, digits: str) -> Reply:
    """The message to her Telegram, which answers nothing: what is coming, and the button against it."""
    text = texts.said(language, "number-coming-chat", phone=phone, hour=hour)
    no = Action(texts.said(language, "not-me"), f"{MARK}{digits}", row=0)
    return Incoming(id="", address=Address("telegram", account, account, door)).reply(text, actions=(no,), fresh=True)


def _digits(visit: Visit) -> str | None:
    """Those of the SMS or the button, empty for a bare NO by SMS; None for anything else."""
    if visit.incoming.press:
        mark, digits = visit.incoming.press[: len(MARK)], visit.incoming.press[len(MARK) :]
        return digits if mark == MARK and digits else None
    if visit.phrase.meaning != "no":
        return None
    if visit.phrase.rest:
        return visit.phrase.rest
    return "" if visit.by_sms and visit.session.step not in _ASKED_SOMETHING else None
