"""An officer signs in: her own contact, and a code to the phone that the election's file has of her.

Whoever else tries sees the same words and gets no SMS. It is apart from a member's sign-in: an officer need not be on
the roll, and none of a member's codes is spent.
"""

import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from election import codes
from election.definition import Commission, Officer
from election.errors import CodeExpired, CodeTooSoon, MemberLocked, WrongCode
from election.ports import Fleeting, Ledger, Letter, Limit
from election.sign_in import Asker

AT_WORK = timedelta(hours=12)
"""So long an officer stays signed in."""
_PURPOSE = "staff"
_SENDS = (Limit(1, 60), Limit(3, 3_600), Limit(10, 86_400))
_WRONG = (Limit(codes.WRONG_BEFORE_LOCK, 86_400),)


class Secrets(Protocol):
    """What it needs of the vault."""

    def new_code(self, digits: int) -> str:
        """A fresh random code, leading zeros included."""

    def code_mac(self, code: str, election: str, member: str, chat: str, purpose: str) -> bytes:
        """What is kept of a code."""

    def seal_phone(self, e164: str) -> bytes:
        """A phone as it is kept."""

    def seal_letter(self, body: str) -> bytes:
        """A letter's body, sealed for the outbox."""


def officer_with(commission: Commission, phone: str) -> Officer | None:
    """The officer with this phone in E.164."""
    return next((officer for officer in commission.officers if officer.phone and officer.phone == phone), None)


class StaffSignIn:
    """The rules of it. It keeps nothing about anybody."""

    def __init__(self, ledger: Ledger, fleeting: Fleeting, secrets: Secrets) -> None:
        self._ledger = ledger
        self._fleeting = fleeting
        self._secrets = secrets

    async def ask(
        self, asker: Asker, officer: Officer | None, *, election: str, wording: Callable[[str], str], now: datetime
    ) -> None:
        """Send a code to this officer; to nobody, nothing, which cannot be told from outside. Raises CodeTooSoon."""
        name = officer.name if officer else ""
        await self._must_not_be_too_many(f"staff-asks:{asker.place}", now)
        if name:
            await self._must_not_be_too_many(f"staff-codes:{name}", now)
        code = self._secrets.new_code(codes.DIGITS_WITH_CONTACT)
        kept = json.dumps([name, self._mac(code, election, name, asker).hex()]).encode()
        life = int(codes.LIFE.total_seconds())
        await self._fleeting.put_secret(f"staff:{asker.place}", kept, codes.TRIES, life, now)
        if officer:
            await self._ledger.post(
                Letter(
                    kind="code",
                    sealed_phone=self._secrets.seal_phone(officer.phone),
                    sealed_body=self._secrets.seal_letter(wording(code)),
                    due_at=now,
                    expires_at=now + codes.LIFE - timedelta(minutes=1),
                )
            )

    async def answer(
        self, asker: Asker, typed: str, officers: Sequence[Officer], *, election: str, now: datetime
    ) -> Officer:
        """Who it is, by the code. Raises CodeExpired, WrongCode, or MemberLocked after fifteen wrong ones in a day."""
        key = f"staff:{asker.place}"
        taken = await self._fleeting.take_try(key, now)
        if taken is None:
            raise CodeExpired
        name, kept = json.loads(taken.value)
        officer = next((each for each in officers if each.name == name), None)
        right = hmac.compare_digest(self._mac(typed, election, name, asker), bytes.fromhex(kept))
        if officer is None or not right:
            if await self._fleeting.spend(f"staff-wrong:{name or asker.place}", _WRONG, now) > 0:
                raise MemberLocked
            raise WrongCode(taken.tries_left)
        if not await self._fleeting.consume(key, taken.value):
            raise CodeExpired
        return officer

    def _mac(self, code: str, election: str, name: str, asker: Asker) -> bytes:
        return self._secrets.code_mac(code, election, f"officer:{name}", asker.chat, _PURPOSE)

    async def _must_not_be_too_many(self, key: str, now: datetime) -> None:
        wait = await self._fleeting.spend(key, _SENDS, now)
        if wait > 0:
            raise CodeTooSoon(timedelta(seconds=wait))
