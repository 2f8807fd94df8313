"""Guarded acts on one member: unlock, change of her number, a shared phone confirmed, her ballot void, a vote again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from election import repairs
from election.deeds.deed import About, Deed, Prepare
from election.definition import Definition
from election.errors import OperatorRefusal
from election.phone import masked
from election.ports import ElectionRecord, Extra
from election.repairs import Card, Repairing

KINDS = ("unlock", "number", "confirm", "void", "redo")


class Strongroom(repairs.Strongroom, Protocol):
    """What these acts need of the vault."""

    def pseudonym(self, election: str, member_id: str) -> bytes:
        """The member's pseudonym on the outer envelope."""

    def receipt_bytes(self, election: str, member_id: str, number: int) -> bytes:
        """Empty once K_env is destroyed."""

    def token(self, size: int) -> bytes:
        """So many random bytes."""


class Wording(Protocol):
    """What a member is told by SMS, in her language."""

    def unlocked(self, language: str) -> str:
        """She can sign in again."""

    def confirmed(self, language: str, member: str) -> str:
        """To a shared phone: this member may vote from it."""

    def voided(self, language: str) -> str:
        """The committee has taken her ballot out."""

    def redo(self, language: str) -> str:
        """She may vote once more."""

    def number_coming(self, language: str, phone: str, hour: str, digits: str, *, answered_by_sms: bool) -> str:
        """To the old number: what is coming, and how to object."""


def deeds(store: Repairing, strongroom: Strongroom, wording: Wording) -> Mapping[str, Deed]:
    """Every act on one member. `about` has her number under `member`."""

    async def look(about: About) -> Card:
        return repairs.must_be_somebody(await store.card(str(about.get("member", ""))))

    async def can_unlock(about: About, record: ElectionRecord, _: Definition, now: datetime) -> None:
        card = await look(about)
        if not card.locked and not card.frozen:
            raise OperatorRefusal("not_locked", "Nothing is locked: neither her sign-in nor an account with her phone.")

    async def can_change_number(about: About, record: ElectionRecord, definition: Definition, now: datetime) -> None:
        card = await look(about)
        _roll_must_be_frozen(record)
        if card.member.right != "open":
            raise OperatorRefusal(
                "has_voted", "She has used her right, and on the old number hangs her vote: it stays."
            )
        if card.line != "mobile":
            raise OperatorRefusal("no_old_number", "No SMS can reach an old number of hers, so nobody could object.")
        if card.change is not None:
            raise OperatorRefusal("number_waits", "Another change of her number waits already.")
        repairs.must_be_far_from_the_opening(definition.opens if record.stage == "draft" else None, now)
        key = _must_be_the_phone(about, strongroom)
        if await store.has_phone(key):
            raise OperatorRefusal("phone_taken", "Somebody on the roll has the new number already.")

    async def can_confirm(about: About, record: ElectionRecord, definition: Definition, now: datetime) -> None:
        card = await look(about)
        _roll_must_be_frozen(record)
        if not card.shared or card.confirmed:
            raise OperatorRefusal("nothing_to_confirm", "She shares no phone, or is confirmed on it already.")
        if card.confirmed_there >= definition.policy.shared_phone_limit:
            raise OperatorRefusal("phone_is_full", "As many as the rules allow are confirmed on this phone already.")

    async def can_void(about: About, record: ElectionRecord, definition: Definition, now: datetime) -> None:
        card = await look(about)
        if record.stage not in ("open", "paused", "closed"):
            raise OperatorRefusal("wrong_stage", f"The election is {record.stage}; no ballot can be made void now.")
        _a_vote_must_stand(card)
        if card.member.casts != about.get("vote"):
            raise OperatorRefusal("vote_moved_on", "She has voted again since; propose it anew.")
        if not strongroom.receipt_bytes(definition.id, card.member.id, card.member.casts):
            raise OperatorRefusal("box_is_cut", "The box is cut: nobody can tell whose ballot is whose any more.")

    async def can_redo(about: About, record: ElectionRecord, _: Definition, now: datetime) -> None:
        card = await look(about)
        if record.stage not in ("open", "paused"):
            raise OperatorRefusal("wrong_stage", f"The election is {record.stage}, so nobody can vote again now.")
        _a_vote_must_stand(card)

    def letter(words: Callable[[str], str]) -> Prepare:
        async def prepare(about: About, _: Definition, now: datetime) -> Extra:
            return {"letter": strongroom.seal_letter(words((await look(about)).member.language))}

        return prepare

    async def tell_the_old_number(about: About, definition: Definition, now: datetime) -> Extra:
        card = await look(about)
        due = (now + repairs.WAIT).astimezone(ZoneInfo(definition.timezone))
        body = wording.number_coming(
            card.member.language,
            str(about["new"]),
            f"{due:%H:%M %d.%m}",
            str(about["digits"]),
            answered_by_sms=definition.policy.sms_voting,
        )
        return {"letter": strongroom.seal_letter(body)}

    async def take_out(about: About, definition: Definition, now: datetime) -> Extra:
        card = await look(about)
        return {
            "letter": strongroom.seal_letter(wording.voided(card.member.language)),
            "pseudonym": strongroom.pseudonym(definition.id, card.member.id),
            "leaf_key": strongroom.token(16),
        }

    async def limit_and_letter(about: About, definition: Definition, now: datetime) -> Extra:
        card = await look(about)
        body = wording.confirmed(card.member.language, card.member.id)
        return {"letter": strongroom.seal_letter(body), "limit": bytes([definition.policy.shared_phone_limit])}

    return {
        "unlock": Deed(can_unlock, prepare=letter(wording.unlocked)),
        "number": Deed(can_change_number, prepare=tell_the_old_number),
        "confirm": Deed(can_confirm, prepare=limit_and_letter),
        "void": Deed(can_void, prepare=take_out),
        "redo": Deed(can_redo, prepare=letter(wording.redo)),
    }


def _roll_must_be_frozen(record: ElectionRecord) -> None:
    if record.stage not in ("draft", "open", "paused"):
        raise OperatorRefusal("wrong_stage", f"The election is {record.stage}; its roll cannot change now.")
    if record.roll_frozen_at is None:
        raise OperatorRefusal("roll_not_frozen", "The roll is not frozen; `dauys roll import FILE` takes changes in.")


def _a_vote_must_stand(card: Card) -> None:
    if card.member.right != "voted":
        raise OperatorRefusal("no_vote_stands", "No vote of hers by phone stands in the box.")


def _must_be_the_phone(about: About, strongroom: repairs.Strongroom) -> bytes:
    """The key of the new phone; what is shown of it, its key and the sealed number must be of one phone."""
    try:
        sealed = bytes.fromhex(str(about.get("sealed", "")))
    except ValueError:
        sealed = b""
    phone = strongroom.open_phone(sealed) if sealed else ""
    if not phone or (masked(phone), strongroom.phone_key(phone).hex()) != (about.get("new"), about.get("phone_key")):
        raise OperatorRefusal("proposal_altered", "The new number is not the one that is shown: propose it again.")
    return strongroom.phone_key(phone)
