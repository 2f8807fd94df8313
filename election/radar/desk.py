"""The committee's cases: looked at, closed with a word, and who is behind one for the two who had it opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from election.deeds.deed import about_of
from election.election_file import parse
from election.errors import OperatorRefusal
from election.phone import masked
from election.ports import Ledger, Office
from election.radar.case import Case, Radar, found_case

OPEN_NAMES = "open-names"


@dataclass(frozen=True, slots=True)
class Behind:
    """A member behind a case; her phone is masked."""

    member_id: str
    phone: str


class RadarDesk:
    """Who may do what with a case. `open_phone` opens a phone as it is kept."""

    def __init__(self, radar: Radar, ledger: Ledger, office: Office, open_phone: Callable[[bytes], str]) -> None:
        self._radar = radar
        self._ledger = ledger
        self._office = office
        self._open_phone = open_phone

    async def cases(self) -> Sequence[Case]:
        """All cases, the newest first."""
        return await self._radar.cases()

    async def case(self, number: int) -> Case:
        """One. Raises OperatorRefusal `no_such_case`."""
        return await found_case(self._radar, number)

    async def looked_at(self, number: int, by: str) -> None:
        """Somebody of the committee has looked at it. Nothing changes where another has."""
        case = await self.case(number)
        if case.state == "new":
            await self._radar.set_state(number, "looked", await self._of_committee(by), "")

    async def close(self, number: int, by: str, word: str) -> None:
        """Close it with a word. Raises OperatorRefusal `no_such_case`, `no_reason`, `case_closed`, `not_an_officer`."""
        who = await self._of_committee(by)
        case = await self.case(number)
        if not word.strip():
            raise OperatorRefusal("no_reason", "Say with --reason what the committee has found.")
        if not await self._radar.set_state(number, "closed", who, word.strip()):
            raise OperatorRefusal("case_closed", f"Case {number} is closed already, by {case.by}.")

    async def names(self, number: int, by: str) -> Sequence[Behind]:
        """The members behind a case, for the two of a proposal that opened it. Raises OperatorRefusal `names_closed`
        for everybody else."""
        case = await self.case(number)
        acts = [act for act in await self._office.acts("done") if act.kind == OPEN_NAMES]
        two = {name for act in acts if about_of(act)["case"] == number for name in (act.proposer, act.approver)}
        if by not in two:
            raise OperatorRefusal(
                "names_closed",
                f"The names behind case {number} are closed: two of the committee open them, for the two of them.",
            )
        kept = await self._radar.behind(case)
        return [Behind(member, masked(self._open_phone(phone)) if phone else "") for member, phone in kept]

    async def _of_committee(self, by: str) -> str:
        """The name on record. Raises OperatorRefusal `not_an_officer`."""
        record = await self._ledger.election()
        commission = parse(record.definition).commission if record else None
        names = [officer.name for officer in commission.officers if officer.role == "committee"] if commission else []
        if by in names:
            return by
        if not by and commission and not commission.two_person:
            return names[0] if names else "the operator"
        listed = ", ".join(names) or "nobody: name them in [[commission.member]]"
        raise OperatorRefusal("not_an_officer", f"Cases are the committee's; add --as with one of: {listed}.")
