"""Who is it? A phone is shown, a code goes to the number on the roll, the code comes back in the same chat.

It is one file, because what a code may do and how often it may be tried is read as a whole.
"""

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from election import codes
from election.definition import Channel
from election.errors import (
    AccountFrozen,
    AccountTaken,
    CodeExpired,
    CodesDelayed,
    CodeTooSoon,
    MemberLocked,
    NoMoreCodes,
    Stranger,
    WhichMember,
    WrongCode,
)
from election.ports import CodeRequest, Fleeting, Ledger, Letter, Limit, Member, Signal

_HOUR = 3_600
_ELECTION = 45 * 86_400
_WHICH_TRIES = (Limit(10, 3_600),)
_CONTACTS = (Limit(5, 3_600),)
"""So many contacts of others, shared in one chat, are noted."""
Purpose = Literal["sign-in", "redo", "void"]
"""What a code is good for, and for nothing else."""


class Secrets(Protocol):
    """What sign-in needs of the vault. All keyed; nothing here is ever logged."""

    def phone_key(self, e164: str) -> bytes:
        """The key under which a phone is looked up."""

    def phone_key_of(self, sealed_phone: bytes) -> bytes:
        """The same key, of a phone as it is kept."""

    def new_code(self, digits: int) -> str:
        """A fresh random code, leading zeros included."""

    def code_mac(self, code: str, election: str, member: str, chat: str, purpose: str) -> bytes:
        """What is kept of a code."""

    def seal_letter(self, body: str) -> bytes:
        """A letter's body, sealed for the outbox."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A chat that wants to sign in. By SMS `account` and `chat` are the phone's key, never the phone. `door` is the
    bot, in Telegram only."""

    channel: Channel
    account: str
    chat: str
    door: str = ""

    @property
    def place(self) -> str:
        """The name of this chat in the fleeting store."""
        return f"{self.channel}:{self.account}:{self.chat}"


@dataclass(frozen=True, slots=True)
class _Challenge:
    """`member` is empty for a stranger; `phone` is the key of the phone that was shown. `home`: her region and branch.
    `which`: several share the phone, and she has not said yet which of them she is; `member` is the first of them."""

    member: str
    phone: str
    purpose: Purpose
    mac: bytes
    expires: datetime
    home: tuple[str, str] | tuple[()] = ()
    which: bool = False

    def packed(self) -> bytes:
        told = [self.member, self.phone, self.purpose, self.mac.hex(), self.expires.timestamp(), *self.home]
        return json.dumps([*told, True] if self.which else told).encode()

    @classmethod
    def unpacked(cls, packed: bytes) -> "_Challenge":
        member, phone, purpose, mac, expires, *home = json.loads(packed)
        which = home[-1:] == [True]
        ends = datetime.fromtimestamp(expires, UTC)
        return cls(member, phone, purpose, bytes.fromhex(mac), ends, tuple(home[:-1] if which else home), which)


def one_of(members: Sequence[Member], typed: str) -> Member | None:
    """The member whose number was typed."""
    said = typed.strip().casefold()
    return next((member for member in members if member.id.casefold() == said), None)


class SignIn:
    """The rules of section 3. A stranger is treated like a member in everything that can be seen, but gets no SMS."""

    def __init__(self, ledger: Ledger, fleeting: Fleeting, secrets: Secrets) -> None:
        self._ledger = ledger
        self._fleeting = fleeting
        self._secrets = secrets

    async def ask_by_letter(
        self,
        asker: Asker,
        phone: str,
        *,
        election: str,
        digits: int,
        hourly: int,
        wording: Callable[[str], str],
        now: datetime,
    ) -> None:
        """Send a code to this phone if it is on the roll; `wording` makes the text. Nothing tells whether it was.

        `hourly` is the budget of code messages of the whole election an hour.
        Raises AccountFrozen, AccountTaken, CodesDelayed, MemberLocked, CodeTooSoon or NoMoreCodes.
        """
        phone_key = self._secrets.phone_key(phone)
        member, which = await self._admit(asker, phone_key, hourly, now)
        code = await self._challenge(asker, member, phone_key, "sign-in", election, digits, now, which=which)
        if member:
            await self._send(member, code, wording, now)

    async def ask_for(
        self,
        asker: Asker,
        member: Member,
        purpose: Purpose,
        *,
        election: str,
        digits: int,
        hourly: int,
        wording: Callable[[str], str],
        now: datetime,
    ) -> None:
        """Send a fresh code for an act of a member who is signed in already. Raises as `ask_by_letter`."""
        phone_key = self._secrets.phone_key_of(member.sealed_phone)
        await self._admit(asker, phone_key, hourly, now, member.id)
        code = await self._challenge(asker, member, phone_key, purpose, election, digits, now)
        await self._send(member, code, wording, now)

    async def ask_in_reply(
        self,
        asker: Asker,
        phone: str,
        *,
        election: str,
        hourly: int,
        now: datetime,
        purpose: Purpose = "sign-in",
        member_id: str = "",
    ) -> str:
        """A code to be put into the reply to this very phone; where several share it, for the one with this id.

        Raises Stranger for a phone that cannot vote by phone, and otherwise as `ask_by_letter`.
        """
        phone_key = self._secrets.phone_key(phone)
        member, which = await self._holder(phone_key, member_id)
        if member is None or which:
            raise Stranger
        member, _ = await self._admit(asker, phone_key, hourly, now, member_id)
        if member is None:
            raise Stranger
        code = await self._challenge(asker, member, phone_key, purpose, election, codes.DIGITS_ALONE, now)
        await self._sent(member, None, now)
        return code

    async def answer(
        self, asker: Asker, guesses: Sequence[str], *, election: str, now: datetime, purpose: Purpose = "sign-in"
    ) -> tuple[Member, str]:
        """Sign in with a code, or prove oneself anew for the purpose: the member, and which of the guesses it was. One
        message is one try, however many readings of it there are.

        Raises CodeExpired, also for a code that was sent for something else, WrongCode, MemberLocked or AccountTaken;
        and WhichMember for a right code on a phone of several, before anybody is signed in: `say_who` goes on.
        """
        taken = await self._fleeting.take_try(f"code:{asker.place}", now)
        if taken is None:
            raise CodeExpired
        challenge = _Challenge.unpacked(taken.value)
        if (
            now >= challenge.expires
            or challenge.purpose != purpose
            or not await self._is_newest(asker, challenge.phone, now)
        ):
            raise CodeExpired
        matching = self._matching(challenge, guesses, election, asker.chat)
        if not matching:
            await self._count_wrong(challenge, guesses, election, taken.tries_left, now)
        if not await self._fleeting.consume(f"code:{asker.place}", taken.value):
            raise CodeExpired
        member = await self._ledger.member(challenge.member) if challenge.member else None
        if member is None:
            raise WrongCode(taken.tries_left)
        if member.wrong_codes >= codes.WRONG_BEFORE_LOCK:
            raise MemberLocked
        if challenge.which:
            raise WhichMember
        await self._ledger.enrol(member.id, asker.channel, asker.account, asker.door)
        return member, matching

    async def not_own(self, asker: Asker, phone: str, now: datetime) -> None:
        """A contact that is not the sender's own was shared: noted for the radar. The same is done for a phone that is
        not on the roll."""
        if await self._fleeting.spend(f"contacts:{asker.place}", _CONTACTS, now) > 0:
            return
        member = await self._ledger.member_by_phone(self._secrets.phone_key(phone))
        signal = Signal("contact", now, member.region, member.branch, member.id) if member else Signal("contact", now)
        await self._ledger.note_signal(signal)

    async def say_who(self, asker: Asker, phone: str, typed: str, now: datetime) -> Member:
        """Sign in on a phone of several, whose code was right, by one's member number.

        Raises WhichMember for a number that is none of theirs, and for any after ten in an hour; MemberLocked,
        AccountTaken.
        """
        phone_key = self._secrets.phone_key(phone)
        if await self._fleeting.spend(f"which:{phone_key.hex()}", _WHICH_TRIES, now) > 0:
            raise WhichMember
        member = one_of(await self._ledger.confirmed_by_phone(phone_key), typed)
        if member is None:
            raise WhichMember
        if member.wrong_codes >= codes.WRONG_BEFORE_LOCK:
            raise MemberLocked
        await self._ledger.enrol(member.id, asker.channel, asker.account, asker.door)
        return member

    async def _holder(self, phone_key: bytes, member_id: str = "") -> tuple[Member | None, bool]:
        """Whose phone it is. Where several were confirmed on it: the one with this id, or the first of them and True,
        since she has not said who she is; what is sent and what is wrong is counted on that one."""
        member = await self._ledger.member_by_phone(phone_key)
        if member is not None:
            return member, False
        confirmed = await self._ledger.confirmed_by_phone(phone_key)
        named = next((each for each in confirmed if each.id == member_id), None)
        if named is not None or not confirmed:
            return named, False
        return confirmed[0], True

    async def _admit(
        self, asker: Asker, phone_key: bytes, hourly: int, now: datetime, member_id: str = ""
    ) -> tuple[Member | None, bool]:
        if asker.channel == "telegram":
            await self._must_be_free(asker, phone_key, now)
        if await self._fleeting.count("budget", 0, _HOUR, now) >= hourly:
            raise CodesDelayed(timedelta(minutes=10))
        member, which = await self._holder(phone_key, member_id)
        wrong = member.wrong_codes if member else await self._count_stranger(phone_key.hex(), 0, now)
        if wrong >= codes.WRONG_BEFORE_LOCK:
            raise MemberLocked
        if member and member.codes_sent >= codes.SENDS_AN_ELECTION:
            raise NoMoreCodes
        wait = await self._fleeting.spend(f"sends:{phone_key.hex()}", codes.SENDS, now)
        if wait > 2 * 86_400:
            raise NoMoreCodes
        if wait > 0:
            raise CodeTooSoon(timedelta(seconds=wait))
        return member, which

    async def _must_be_free(self, asker: Asker, phone_key: bytes, now: datetime) -> None:
        request = CodeRequest(asker.channel, asker.account, phone_key, now)
        if await self._ledger.note_phone_tried(request) > codes.PHONES_AN_ACCOUNT:
            await self._fleeting.drop(f"code:{asker.place}")  # nor does the code sent before let it in
            raise AccountFrozen
        bound = await self._ledger.member_by_account(asker.channel, asker.account)
        if bound is None:
            return
        if not bound.sealed_phone or self._secrets.phone_key_of(bound.sealed_phone) != phone_key:
            raise AccountTaken

    async def _challenge(
        self,
        asker: Asker,
        member: Member | None,
        phone_key: bytes,
        purpose: Purpose,
        election: str,
        digits: int,
        now: datetime,
        *,
        which: bool = False,
    ) -> str:
        code = self._secrets.new_code(digits)
        name = member.id if member else ""
        mac = self._secrets.code_mac(code, election, name, asker.chat, purpose)
        kept = int(codes.REMEMBERED.total_seconds())
        home = (member.region, member.branch) if member else ()
        challenge = _Challenge(name, phone_key.hex(), purpose, mac, now + codes.LIFE, home, which)
        await self._fleeting.put_secret(f"code:{asker.place}", challenge.packed(), codes.TRIES, kept, now)
        await self._fleeting.put(f"newest:{challenge.phone}", asker.place.encode(), kept, now)
        await self._fleeting.put(
            self._issued(code, election, home), self._whose(name, election), int(codes.LIFE.total_seconds()), now
        )
        return code

    async def _send(self, member: Member, code: str, wording: Callable[[str], str], now: datetime) -> None:
        letter = Letter(
            kind="code",
            sealed_phone=member.sealed_phone,
            sealed_body=self._secrets.seal_letter(wording(code)),
            due_at=now,
            expires_at=now + codes.LIFE - timedelta(minutes=1),
        )
        await self._sent(member, letter, now)

    async def _sent(self, member: Member, letter: Letter | None, now: datetime) -> None:
        await self._ledger.record_code(member.id, letter)
        await self._fleeting.count("budget", 1, _HOUR, now)

    async def _is_newest(self, asker: Asker, phone: str, now: datetime) -> bool:
        return await self._fleeting.get(f"newest:{phone}", now) == asker.place.encode()

    def _matching(self, challenge: _Challenge, guesses: Sequence[str], election: str, chat: str) -> str:
        found = ""
        for guess in guesses:  # every reading is compared, so that time tells nothing
            mac = self._secrets.code_mac(guess, election, challenge.member, chat, challenge.purpose)
            if hmac.compare_digest(mac, challenge.mac):
                found = guess
        return found if challenge.member else ""  # a stranger's challenge matches nothing

    async def _count_wrong(
        self, challenge: _Challenge, guesses: Sequence[str], election: str, tries_left: int, now: datetime
    ) -> None:
        anothers = await self._is_anothers(challenge, guesses, election, now)
        if challenge.member:
            region, branch = challenge.home or ("", "")
            signal = Signal("other-chat", now, region, branch, challenge.member) if anothers else None
            wrong = await self._ledger.record_wrong_code(challenge.member, signal)
        else:
            wrong = await self._count_stranger(challenge.phone, 1, now)
        if wrong >= codes.WRONG_BEFORE_LOCK:
            raise MemberLocked
        raise WrongCode(tries_left)

    async def _is_anothers(self, challenge: _Challenge, guesses: Sequence[str], election: str, now: datetime) -> bool:
        """Whether one of the guesses is a code that was sent to somebody else of the same branch less than ten minutes
        ago. The same is asked for a stranger, whose like have no branch."""
        own = self._whose(challenge.member, election)
        met = [await self._fleeting.get(self._issued(guess, election, challenge.home), now) for guess in guesses]
        return any(whose not in (None, own) for whose in met)

    def _issued(self, code: str, election: str, home: tuple[str, ...]) -> str:
        """Under which a code is known to have been sent to somebody of this branch."""
        return f"issued:{self._secrets.code_mac(code, election, '', json.dumps(home), 'issued').hex()}"

    def _whose(self, member: str, election: str) -> bytes:
        return self._secrets.code_mac("", election, member, "", "whose")[:16]

    async def _count_stranger(self, phone: str, step: int, now: datetime) -> int:
        """A stranger's wrong codes: were they not counted, the lock would tell who is on the roll."""
        return await self._fleeting.count(f"wrong:{phone}", step, _ELECTION, now)
