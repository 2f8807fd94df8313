"""A small election to hold stores against: members with numbers, votes, letters."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from election.definition import Channel
from election.ports import Cast, Letter, Withdrawal
from storage.durable.store import DurableStore
from storage.roll_files.staging import StagedMember

NOW = datetime(2026, 12, 1, 9, 3, 7, 123456, tzinfo=UTC)
K_ENV = b"the envelope key of these tests"
SEAL_KEY = b"the key of the seals in all tests"


def member(number: int, **others: Any) -> StagedMember:
    """The n-th member, of one of three regions, with a phone of her own."""
    plain = StagedMember(
        f"m{number:05d}", f"Мүше {number}", phone(number), "mobile", f"r{number % 3}", "b", "c", "kk", number
    )
    return plain._replace(**others)


def phone(number: int) -> str:
    return f"+7701{number:07d}"


def phone_key(e164: str) -> bytes:
    return hashlib.sha256(e164.encode()).digest()


def seal_phone(e164: str) -> bytes:
    return b"sealed " + e164.encode()


def letter(body: bytes = b"sealed words", **others: Any) -> Letter:
    return replace(Letter("notice", b"sealed phone", body, NOW), **others)


def salt(member_id: str) -> bytes:
    return hmac.digest(b"salts", member_id.encode(), "sha256")[:16]


def pseudonym(member_id: str) -> bytes:
    return hmac.digest(K_ENV, member_id.encode(), "sha256")[:16]


def vote(number: int, /, channel: Channel = "telegram", **others: Any) -> Cast:
    """A vote of the n-th member; its ballot, seen from outside, tells whose it is, so that tests can follow it."""
    plain = Cast(
        member_id=f"m{number:05d}",
        channel=channel,
        pseudonym=pseudonym(f"m{number:05d}"),
        leaf_keys=(secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)),
        sealed_ballot=ballot(number),
        receipt_digest=hashlib.sha256(b"receipt" + number.to_bytes(4, "big")).digest(),
        notice=letter(),
        now=NOW,
    )
    return replace(plain, **others)


def again(person: int, number: int, channel: Channel = "telegram", **others: Any) -> Cast:
    """The `number`-th vote of the n-th member."""
    told = b"%05d again %d" % (person, number)
    new = {"sealed_ballot": b"ballot " + told, "receipt_digest": hashlib.sha256(b"receipt " + told).digest()}
    return vote(person, channel, **({"number": number} | new | others))


def withdrawal(person: int, after: int = 1) -> Withdrawal:
    """Her ballot, the one of her vote of this number, is taken out; or paper handed out after so many votes."""
    member_id = f"m{person:05d}"
    return Withdrawal(
        member_id,
        pseudonym(member_id),
        after,
        secrets.token_bytes(16),
        hashlib.sha256(member_id.encode()).digest(),
        NOW,
    )


def ballot(number: int) -> bytes:
    return b"ballot %05d" % number


async def take_in(store: DurableStore, people: Sequence[StagedMember]) -> Any:
    return await store.roll.import_roll([people], phone_key, seal_phone)


async def polling_opens(store: DurableStore, members: int = 10) -> None:
    """An election with this many members (numbers from 0), open."""
    await store.office.load_election("the definition", "its digest")
    await take_in(store, [member(number) for number in range(members)])
    await store.office.move(["draft"], "open", NOW)


async def total(store: DurableStore, name: str) -> int:
    """A count of the turnout over all regions."""
    return sum(getattr(region, name) for region in await store.ledger.turnout())
