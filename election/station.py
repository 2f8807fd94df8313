"""The polling station: may she vote, is it open, is the ballot valid? Then into the box, and only then a receipt."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from election import ballot, receipt, redoing
from election.books import BookKeeping
from election.definition import Channel, Contest
from election.errors import (
    AlreadyVoted,
    Closed,
    NoMoreRedos,
    NotAReceipt,
    NothingToVoteIn,
    NotOpenYet,
    NotSignedIn,
    NotThatVote,
    StruckOff,
)
from election.ports import Cast, Fleeting, Ledger, Letter, Limit, Member, RegionTurnout, Signal, Withdrawal
from election.standing import Standing, StandingReader

_TURNOUT_AGE = 3
_NOTICE_TRIES = (Limit(5, 3_600), Limit(20, 86_400))
"""Digits of a notice are four: a forged sender must not find them by trying."""


class Strongroom(Protocol):
    """What the station needs of the vault."""

    def seal(self, public_key: bytes, ballot: bytes) -> bytes:
        """The ballot, sealed to the election's public key; always the same length for the same length."""

    def pseudonym(self, election: str, member_id: str) -> bytes:
        """The member's pseudonym on the outer envelope. Raises VaultError once K_env is destroyed."""

    def receipt_bytes(self, election: str, member_id: str, number: int) -> bytes:
        """What the member's receipt is made of, the same each time; empty once K_env is destroyed."""

    def notice_digits(self, election: str, member_id: str, number: int) -> str:
        """Four digits, in the notice of a member's n-th vote alone."""

    def token(self, size: int) -> bytes:
        """So many random bytes."""

    def seal_letter(self, body: str) -> bytes:
        """A letter's body, sealed for the outbox."""


@dataclass(frozen=True, slots=True)
class Voter:
    """A signed-in member and what she votes in. `number`: 1 for a first vote, n for the one in place of her n-1st."""

    member: Member
    style: tuple[Contest, ...]
    number: int = 1


class Station:
    """One object serves every chat; it keeps nothing about anybody."""

    def __init__(
        self, ledger: Ledger, fleeting: Fleeting, strongroom: Strongroom, standing: StandingReader, books: BookKeeping
    ) -> None:
        self._ledger = ledger
        self._fleeting = fleeting
        self._strongroom = strongroom
        self._standing = standing
        self._books = books
        self._turnout: tuple[datetime, Sequence[RegionTurnout]] | None = None

    async def standing(self, now: datetime) -> Standing:
        """The election as it stands. Raises NoElection."""
        return await self._standing.now_standing(now)

    async def voter(self, member_id: str, now: datetime) -> Voter:
        """The member and her ballot style. Raises NotSignedIn when the roll no longer has her, or holds her back: a
        later import may have found her phone with another member."""
        member = await self._ledger.member(member_id)
        if member is None or member.reach != "mobile":
            raise NotSignedIn
        standing = await self.standing(now)
        return Voter(member, standing.definition.style(member.region, member.branch), member.casts + 1)

    async def may_vote(self, member_id: str, now: datetime, redo: int = 0) -> Voter:
        """The voter, if she may vote now; `redo` is the number of the vote she has been let in to cast in place of
        another. Raises AlreadyVoted, NothingToVoteIn, NotOpenYet, Paused or Closed, and for a redo what `may_redo`
        raises."""
        voter = await self.voter(member_id, now)
        standing = await self.standing(now)
        if voter.member.right != "open":
            if redo != voter.number:
                raise AlreadyVoted
            redoing.must_be_allowed(standing.definition.policy, voter.member, now, standing.ruling(voter.style))
        standing.must_be_open(now)
        if not voter.style:
            raise NothingToVoteIn
        return voter

    async def may_redo(self, member_id: str, now: datetime) -> Voter:
        """The voter who asks to vote again, if she may now; her number is that of the vote to come.

        Raises AlreadyVoted where nobody may, RedoTooSoon, NoMoreRedos, NotOpenYet, Paused or Closed.
        """
        voter = await self.voter(member_id, now)
        standing = await self.standing(now)
        standing.must_be_open(now)
        if voter.member.right != "open":
            redoing.must_be_allowed(standing.definition.policy, voter.member, now, standing.ruling(voter.style))
        return voter

    async def disown(self, member_id: str, digits: str, now: datetime) -> Voter:
        """The member says of her standing vote that it was not hers; `digits` are those of the notice, or empty where
        she says so in her own chat. From then on she may vote again at once. Repeats harmlessly.

        Raises NotThatVote for other digits, NoMoreRedos after five times, and what `may_redo` raises.
        """
        voter = await self.voter(member_id, now)
        if voter.member.right != "voted":
            raise AlreadyVoted if voter.member.right != "open" else NotThatVote
        standing = await self.standing(now)
        standing.must_be_open(now)
        await self._must_be_the_notice(voter, digits, now)
        if voter.member.disowned != voter.member.casts:
            ruled = len(standing.record.rulings)  # each may have granted one more
            if voter.member.granted >= redoing.DISOWNED_MOST + ruled:
                raise NoMoreRedos
            if await self._ledger.disown(member_id, voter.member.casts):
                home = voter.member.region, voter.member.branch
                await self._ledger.note_signal(Signal("not-me", now, *home, member_id))
        return await self.may_redo(member_id, now)

    async def cast(
        self, voter: Voter, channel: Channel, marks: ballot.Marks, notice: Callable[[str], str], now: datetime
    ) -> str:
        """Seal the ballot of a voter whom `may_vote` has just let in, and put it into the box; the receipt. Returns
        only after the vote is durable. `notice` makes the letter to her, with the digits by which she can disown it.

        Raises AlreadyVoted, NotOpenYet, Paused or Closed where that has changed since, InvalidMarks, StruckOff, and
        NotSignedIn for a chat that has proved a phone which is hers no more. A second cast of one member with one
        number never succeeds.
        """
        member_id = voter.member.id
        standing = await self.standing(now)
        definition = standing.definition
        ballot.check(definition, voter.style, marks)
        for contest_id, chosen in marks.items():
            if not standing.struck(contest_id).isdisjoint(chosen):
                raise StruckOff(contest_id)
        key = standing.record.public_key
        if key is None or not voter.member.enrolled:  # a change of the roll may have given her another phone
            raise NotSignedIn
        plain = ballot.encode(definition, marks)
        typed = self._receipt(definition.id, member_id, voter.number)
        await self._ledger.cast(
            Cast(
                member_id=member_id,
                channel=channel,
                pseudonym=self._strongroom.pseudonym(definition.id, member_id),
                sealed_ballot=self._strongroom.seal(key, plain),
                receipt_digest=receipt.digest(typed),
                leaf_keys=self._leaf_keys(),
                notice=Letter(
                    kind="notice",
                    sealed_phone=voter.member.sealed_phone,
                    sealed_body=self._strongroom.seal_letter(
                        notice(self._strongroom.notice_digits(definition.id, member_id, voter.number))
                    ),
                    due_at=now,
                ),
                now=now,
                number=voter.number,
                redo_from=redoing.wait_until(definition.policy, now),
                reason="not-me" if voter.number > 1 and voter.member.disowned == voter.number - 1 else "again",
                ruling=standing.ruling(voter.style),
            )
        )
        return typed

    async def may_withdraw(self, member_id: str, now: datetime) -> Voter:
        """The voter who wants her ballot out of the box after the close. Raises Closed when the window for that is
        over or she has no ballot there; NotOpenYet before the close."""
        voter = await self.voter(member_id, now)
        standing = await self.standing(now)
        if standing.record.stage in {"draft", "open", "paused"} and not standing.is_past(now):
            raise NotOpenYet
        closed_at = standing.record.closed_at
        over = closed_at is None or now >= closed_at + standing.definition.policy.void_window
        if standing.record.stage != "closed" or over or voter.member.right != "voted":
            raise Closed
        return voter

    async def withdraw(self, voter: Voter, now: datetime) -> None:
        """Take the standing ballot of a voter whom `may_withdraw` has let in out of the box, for good."""
        definition = (await self.standing(now)).definition
        await self._ledger.withdraw(
            Withdrawal(
                member_id=voter.member.id,
                pseudonym=self._strongroom.pseudonym(definition.id, voter.member.id),
                number=voter.member.casts,
                leaf_key=self._strongroom.token(16),
                nothing=self._strongroom.token(32),
                now=now,
            )
        )

    async def receipt_of(self, member: Member, now: datetime) -> str:
        """The receipt of the member's last vote: the same each time, so that a lost answer can be given again. Empty
        after the cut, or when she has not voted."""
        definition = (await self.standing(now)).definition
        return self._receipt(definition.id, member.id, member.casts) if member.casts else ""

    async def bulletin_of(self, typed: str) -> int | None:
        """The number of the bulletin under which the ballot with this receipt is in the box, 0 while it waits for the
        next one; None when there is none. Raises NotAReceipt."""
        read = receipt.read(typed)
        if read is None:
            raise NotAReceipt
        return await self._books.bulletin_of(receipt.digest(read))

    async def turnout(self, now: datetime) -> Sequence[RegionTurnout]:
        """Turnout by region, at most three seconds old: watching cannot touch voting."""
        if self._turnout is None or now - self._turnout[0] > timedelta(seconds=_TURNOUT_AGE):
            self._turnout = (now, await self._ledger.turnout())
        return self._turnout[1]

    def _receipt(self, election: str, member_id: str, number: int) -> str:
        made_of = self._strongroom.receipt_bytes(election, member_id, number)
        return receipt.from_bytes(made_of) if made_of else ""

    def _leaf_keys(self) -> tuple[bytes, bytes, bytes]:
        drawn = self._strongroom.token(48)
        return drawn[:16], drawn[16:32], drawn[32:]

    async def _must_be_the_notice(self, voter: Voter, digits: str, now: datetime) -> None:
        if not digits:
            return
        member = voter.member
        if await self._fleeting.spend(f"notice:{member.id}", _NOTICE_TRIES, now) > 0:
            raise NotThatVote
        definition = (await self.standing(now)).definition
        if not hmac.compare_digest(
            digits.encode(), self._strongroom.notice_digits(definition.id, member.id, member.casts).encode()
        ):
            raise NotThatVote
