"""`dauys member …`: look one member up, and propose what mends her identity or her vote."""

import asyncio

from dauys import clock, settings
from dauys.commands.election import said_act
from dauys.settings import Settings
from dauys.terminal import answer, table
from dauys.wiring import Hall, open_hall
from election.deeds.deed import about_of
from election.errors import OperatorRefusal
from election.names import masked_name
from election.ports import Act
from storage.roll_files.phones import PhoneReader


def show(number: str, phone: str, as_json: bool) -> None:
    """Name and phone masked. `phone`: whether it is the one of a change that is proposed, so that who approves need not
    rely on its last digits."""
    options = settings.read()

    async def run() -> dict[str, object]:
        async with open_hall(options) as hall:
            found = await _card(hall, number)
            if phone:
                found["proposed_number"] = await _is_proposed(hall, number, _mobile(options, phone))
            return found

    found = asyncio.run(run())
    if as_json:
        answer(found)
        return
    rows = [(name.replace("_", " "), _shown(value)) for name, value in found.items() if name != "member"]
    table(f"Member {found['member']}", ("", ""), rows)


def propose(kind: str, number: str, who: str, reason: str, as_json: bool, *, phone: str = "", ticket: int = 0) -> None:
    """Propose a guarded act on a member."""
    options = settings.read()
    new_phone = _mobile(options, phone) if kind == "number" else ""

    async def run() -> Act:
        async with open_hall(options) as hall:
            card = await hall.repairs.card(number)
            about = hall.repairs.about(kind, card, new_phone=new_phone, ticket=ticket)
            return await hall.commission.propose(kind, who, reason, clock.now(), about)

    said_act(asyncio.run(run()), as_json)


async def _card(hall: Hall, number: str) -> dict[str, object]:
    card = await hall.repairs.card(number)
    member = card.member
    return {
        "member": member.id,
        "name": masked_name(card.name),
        "phone": hall.repairs.phone(card),
        "region": member.region,
        "branch": member.branch,
        "right": member.right,
        "locked": card.locked,
        "blocked_accounts": card.frozen,
        "shared": card.shared,
        "confirmed": card.confirmed,
        "confirmed_on_phone": card.confirmed_there,
        "number_changes_at": card.change.due_at.isoformat(timespec="seconds") if card.change else None,
    }


async def _is_proposed(hall: Hall, number: str, phone: str) -> bool:
    """Whether a change of her number to this phone waits for a second person."""
    key = hall.strongroom.phone_key(phone).hex()
    waiting = [about_of(act) for act in await hall.commission.waiting(clock.now()) if act.kind == "number"]
    return any((about["member"], about["phone_key"]) == (number.strip(), key) for about in waiting)


def _mobile(options: Settings, text: str) -> str:
    found = PhoneReader(options.DEFAULT_REGION).read(text)
    if found.kind != "mobile" or found.e164 is None:
        raise OperatorRefusal("not_a_mobile", "This is not the number of a mobile; write it as +77010000000.")
    return found.e164


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None or value == "" else str(value)
