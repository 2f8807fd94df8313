"""Repairs of a member's identity: what the committee sees of her, and changes of her number that wait.

A change of a number is announced to the old one, which can object, and is in force a day later. The guarded acts
themselves are in election/deeds/members.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from election.deeds.deed import About
from election.errors import OperatorRefusal
from election.names import masked_name
from election.phone import masked
from election.ports import Letter, Member

WAIT = timedelta(hours=24)
"""Between the second person's word on a change of a number and the change: the old number may object so long."""
QUIET = timedelta(hours=72)
"""So long before the opening no number changes."""
DIGITS = 4
STOPPED, DROPPED = "number-stopped", "number-dropped"
"""Acts: the old number objected; the change became impossible while it waited."""
THE_MEMBER = "the member"
Ended = Literal["done", "dropped"]


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A change of a member's number that two persons have decided on. `digits` stand in the SMS to the old number."""

    act: int
    member_id: str
    language: str
    sealed_phone: bytes
    digits: str
    due_at: datetime
    state: Literal["waiting", "done", "stopped", "dropped"]


@dataclass(frozen=True, slots=True)
class Untold:
    """A change that waits and of which the member's Telegram account has heard nothing yet."""

    change: NumberChange
    account: str
    door: str


@dataclass(frozen=True, slots=True)
class Card:
    """A member as the committee needs her. `line` is what her number is by itself; `shared`: others on the roll have it
    too. `confirmed`: she may vote by it all the same, `confirmed_there` counts all who may. `locked`: by wrong codes,
    hers or another's who was confirmed on her phone. `frozen`: accounts that have shown her phone and tried too many;
    not those of other members. `change`: of her number, that waits."""

    member: Member
    name: str
    line: str
    shared: bool
    confirmed: bool
    confirmed_there: int
    locked: bool
    frozen: int
    change: NumberChange | None


class Repairing(Protocol):
    """The durable store as repairs need it. Same promises as election.ports.Ledger."""

    async def card(self, member_id: str) -> Card | None:
        """The member with this number, or None."""

    async def has_phone(self, phone_key: bytes) -> bool:
        """Whether anybody on the roll has this phone."""

    async def changes_from(self, phone_key: bytes) -> Sequence[NumberChange]:
        """Changes of numbers that wait or were stopped, of members whose phone this was then; the newest first."""

    async def changes_of(self, member_id: str) -> Sequence[NumberChange]:
        """The same of one member."""

    async def stop(self, act: int, now: datetime) -> bool:
        """The old number objects: the change that waits does not come, and an act says so; whether it waited."""

    async def due(self, now: datetime) -> Sequence[NumberChange]:
        """Changes that wait and whose hour has come, in order."""

    async def put_in_force(
        self, change: NumberChange, letter: Letter, salt: Callable[[str], bytes], now: datetime
    ) -> Ended | None:
        """The member has the new number: she signs in anew, the roll gets its next version and hash, `letter` goes to
        the new number; one transaction. It is dropped instead, and an act says so, if she has used her right meanwhile,
        somebody else has the new number, or the voting is closed. None if it did not wait any more.

        Raises OperatorRefusal `roll_moved_on` where the roll changed in this very moment; then nothing was done.
        """

    async def untold(self) -> Sequence[Untold]:
        """Changes that wait and are not yet told in Telegram, of members who are signed in there."""

    async def told(self, act: int) -> None:
        """It is told in Telegram."""


class Strongroom(Protocol):
    """What repairs need of the vault."""

    def open_phone(self, sealed_phone: bytes) -> str:
        """A phone as it is kept; never to be shown whole."""

    def phone_key(self, e164: str) -> bytes:
        """The key under which a phone is looked up."""

    def seal_phone(self, e164: str) -> bytes:
        """A phone as it is kept."""

    def seal_letter(self, body: str) -> bytes:
        """A letter's body, sealed for the outbox."""

    def new_code(self, digits: int) -> str:
        """So many random digits."""

    def roll_salt(self, member_id: str) -> bytes:
        """The member's salt in the hashes of the frozen roll."""


class Repairs:
    """The rules over them."""

    def __init__(self, store: Repairing, strongroom: Strongroom, number_changed: Callable[[str], str]) -> None:
        """`number_changed`: the words to the new number, in the member's language."""
        self._store = store
        self._strongroom = strongroom
        self._number_changed = number_changed

    async def card(self, member_id: str) -> Card:
        """The member with this number, as it is written on the roll. Raises OperatorRefusal `no_such_member`."""
        return must_be_somebody(await self._store.card(member_id.strip()))

    def phone(self, card: Card) -> str:
        """Her number as it may be shown, empty if she has none."""
        return masked(self._strongroom.open_phone(card.member.sealed_phone)) if card.member.sealed_phone else ""

    def about(self, kind: str, card: Card, *, new_phone: str = "", ticket: int = 0) -> About:
        """The particulars of a guarded act on this member: who she is, as far as it may be shown, and what hangs on
        it. `new_phone` (E.164) for a change of the number: its record holds it sealed. `ticket` of the complaint that
        led to a vote again."""
        if kind == "redo":
            return {"member": card.member.id, "ticket": ticket}
        who: dict[str, str | int] = {"member": card.member.id, "who": masked_name(card.name), "phone": self.phone(card)}
        if kind == "void":
            return who | {"vote": card.member.casts}
        if kind != "number":
            return who
        return who | {
            "new": masked(new_phone),
            "phone_key": self._strongroom.phone_key(new_phone).hex(),
            "sealed": self._strongroom.seal_phone(new_phone).hex(),
            "digits": self._strongroom.new_code(DIGITS),
        }

    async def object_from(self, phone: str, digits: str, now: datetime) -> bool:
        """The old number says no: whether a change of it is stopped, now or already. `digits` are those of the SMS;
        without any it must be the only change that waits there. Anybody can forge a sender: all it does is that the
        change has to be proposed again."""
        found = await self._store.changes_from(self._strongroom.phone_key(phone))
        return await self._object([change for change in found if not digits or change.digits == digits], now)

    async def object_in_chat(self, member_id: str, digits: str, now: datetime) -> bool:
        """The same, by the member in her own chat."""
        found = await self._store.changes_of(member_id)
        return await self._object([change for change in found if change.digits == digits], now)

    async def put_due_in_force(self, now: datetime) -> dict[Ended, int]:
        """Every change whose hour has come, once; how many were done, and dropped."""
        ended: dict[Ended, int] = {"done": 0, "dropped": 0}
        for change in await self._store.due(now):
            body = self._strongroom.seal_letter(self._number_changed(change.language))
            letter = Letter("notice", change.sealed_phone, body, now)
            end = await self._store.put_in_force(change, letter, self._strongroom.roll_salt, now)
            if end is not None:
                ended[end] += 1
        return ended

    async def _object(self, changes: Sequence[NumberChange], now: datetime) -> bool:
        waiting = [change for change in changes if change.state == "waiting"]
        if len(waiting) > 1:
            return False
        if not waiting:
            return bool(changes)
        return await self._store.stop(waiting[0].act, now)


def must_be_somebody(card: Card | None) -> Card:
    """Raises OperatorRefusal `no_such_member`."""
    if card is None:
        raise OperatorRefusal(
            "no_such_member", "Nobody on the roll has this member number; type it as the roll has it."
        )
    return card


def must_be_far_from_the_opening(opens: datetime | None, now: datetime) -> None:
    """Raises OperatorRefusal `opening_near` where a change of a number would begin to wait, or end to, in the last 72
    hours before the opening."""
    if opens is not None and now < opens < now + WAIT + QUIET:
        raise OperatorRefusal(
            "opening_near", "No number changes in the last 72 hours before the opening; she can vote on paper."
        )
