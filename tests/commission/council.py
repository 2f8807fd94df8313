"""An election whose acts need two persons, and the commission that does them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from election.deeds.deed import About, proposal_digest
from election.ports import Act
from storage.roll_files.staging import StagedMember
from tests.voters import FILE, Booth, booth

ORGANISER, COMMITTEE, CLERK = "Aigerim", "Berik", "Dana"
_PEOPLE = {
    ORGANISER: "organiser",
    COMMITTEE: "committee",
    "Bolat": "committee",
    CLERK: "clerk",
    "Dina": "clerk",
    "Observer One": "observer",
    "Operator One": "operator",
}
COMMISSION = FILE.replace(
    "two_person = false",
    "\n".join(
        ["two_person = true"]
        + [
            f'[[commission.member]]\nname = "{name}"\nrole = "{role}"\nphone = "+7777000000{place}"'
            for place, (name, role) in enumerate(_PEOPLE.items())
        ]
    ),
)


@asynccontextmanager
async def election(
    folder: Path, *, file: str = COMMISSION, roll: Sequence[StagedMember] = (), opened: bool = True
) -> AsyncIterator[Booth]:
    """Two persons have opened it."""
    async with booth(folder, file=file, roll=roll, opened=False) as made:
        if opened:
            await decides(made, "open", {})
            made.hand.moves(seconds=2)
        yield made


async def decides(hall: Booth, kind: str, about: About) -> Act:
    """One of the committee proposes, an organiser approves."""
    commission, now = hall.hall.commission, hall.hand()
    act = await commission.propose(kind, COMMITTEE, "decision 17", now, about)
    return await commission.approve(act.number, ORGANISER, now, proposal_digest(act))


async def decides_on(hall: Booth, kind: str, number: int, *, new_phone: str = "", ticket: int = 0) -> Act:
    """The same, of an act on the n-th member."""
    repairs = hall.hall.repairs
    card = await repairs.card(f"m{number:06d}")
    return await decides(hall, kind, repairs.about(kind, card, new_phone=new_phone, ticket=ticket))
