"""The committee looks a member up by her number, sees as much of her as it needs, and mends what is wrong."""

from collections.abc import Iterator, Sequence

from election.deeds.members import KINDS
from election.errors import PhoneUnreadable
from election.names import masked_name
from election.phone import from_contact
from election.repairs import Card
from handlers.speech import Action, Reply
from handlers.staff import Work, screen, staff
from handlers.talks.staff import proposing
from handlers.visit import Visit

KEY = "mem"


async def show(visit: Visit) -> Sequence[Reply]:
    """The member she has looked up, or the question for one."""
    notes = visit.session.staff
    if "member" not in notes:
        return screen(visit, visit.text("staff-members-ask"))
    card = await visit.house.repairs.card(notes["member"])
    if notes.get("awaits"):
        return screen(visit, visit.text("staff-number-ask"))
    buttons = [
        Action(visit.text(f"staff-do-{kind}"), visit.payload(staff(KEY, kind)), row=row)
        for row, kind in enumerate(_possible(visit, card))
    ]
    heading = visit.text("staff-member", member=card.member.id)
    return screen(visit, "\n".join(_told(visit, card)), *buttons, heading=heading)


async def hear(visit: Visit) -> Sequence[Reply] | None:
    """A member's number, a new phone of hers, or what is to be done."""
    notes, repairs = visit.session.staff, visit.house.repairs
    if visit.order:
        kind = visit.order[0]
        if kind not in KINDS or "member" not in notes:
            return None
        notes["awaits"] = kind == "number"
        if kind == "number":
            return None
        return proposing.ask_reason(visit, kind, repairs.about(kind, await repairs.card(notes["member"])))
    if notes.get("awaits"):
        return await _hear_phone(visit)
    card = await repairs.card(visit.phrase.text)
    notes["member"] = card.member.id
    return None


async def _hear_phone(visit: Visit) -> Sequence[Reply]:
    notes, repairs = visit.session.staff, visit.house.repairs
    try:
        phone = from_contact("".join(sign for sign in visit.phrase.text if sign.isdecimal() or sign == "+"))
    except PhoneUnreadable:
        return screen(visit, visit.text("phone-unreadable"), fresh=True)
    notes.pop("awaits")
    about = repairs.about("number", await repairs.card(notes["member"]), new_phone=phone)
    return proposing.ask_reason(visit, "number", about)


def _told(visit: Visit, card: Card) -> Iterator[str]:
    member = card.member
    yield visit.text("staff-member-who", who=masked_name(card.name), phone=visit.house.repairs.phone(card) or "-")
    yield visit.text("staff-member-where", where=", ".join(filter(None, [member.region, member.branch])) or "-")
    yield visit.text(f"staff-member-right-{member.right}")
    if card.locked:
        yield visit.text("staff-member-locked")
    if card.frozen:
        yield visit.text("staff-member-frozen", number=card.frozen)
    if card.shared:
        yield visit.text("staff-member-shared", number=card.confirmed_there)
    if card.confirmed:
        yield visit.text("staff-member-confirmed")
    if card.change:
        yield visit.text("staff-member-number", hour=visit.hour(card.change.due_at))


def _possible(visit: Visit, card: Card) -> Iterator[str]:
    """What may be mended as things stand; whether it is allowed the rules say when it is proposed."""
    stage, right = visit.standing.record.stage, card.member.right
    if card.locked or card.frozen:
        yield "unlock"
    if right == "open" and card.line == "mobile" and card.change is None and stage in {"draft", "open", "paused"}:
        yield "number"
    if card.shared and not card.confirmed and stage in {"draft", "open", "paused"}:
        yield "confirm"
    if right == "voted" and stage in {"open", "paused"}:
        yield "redo"
    if right == "voted" and stage in {"open", "paused", "closed"}:
        yield "void"


WORK = Work(KEY, "staff-members", frozenset({"committee"}), show, hear)
