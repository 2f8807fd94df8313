"""The polling station: may she vote, is it open, is the ballot valid? Then into the box, and only then a receipt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from election import ballot, receipt
from election.definition import Channel, Contest
from election.errors import AlreadyVoted, NothingToVoteIn, NotSignedIn
from election.ports import Cast, Fleeting, Ledger, Letter, Member, RegionTurnout
from election.standing import Standing, StandingReader

_TURNOUT_AGE = 3


class Strongroom(Protocol):
    """What the station needs of the vault."""

    def seal(self, public_key: bytes, ballot: bytes) -> bytes:
        """The ballot, sealed to the election's public key; always the same length for the same length."""

    def pseudonym(self, election: str, member_id: str) -> bytes:
        """The member's pseudonym on the outer envelope. Raises VaultError once K_env is destroyed."""

    def receipt_bytes(self, election: str, member_id: str, number: int) -> bytes:
        """What the member's receipt is made of, the same each time; empty once K_env is destroyed."""

    def token(self, size: int) -> bytes:
        """So many random bytes."""

    def seal_letter(self, body: str) -> bytes:
        """A letter's body, sealed for the outbox."""


@dataclass(frozen=True, slots=True)
class Voter:
    """A signed-in member and what she votes in."""

    member: Member
    style: tuple[Contest, ...]


class Station:
    """One object serves every chat; it keeps nothing about anybody."""

    def __init__(self, ledger: Ledger, fleeting: Fleeting, strongroom: Strongroom, standing: StandingReader) -> None:
        self._ledger = ledger
        self._fleeting = fleeting
        self._strongroom = strongroom
        self._standing = standing
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
        return Voter(member, standing.definition.style(member.region, member.branch))

    async def may_vote(self, member_id: str, now: datetime) -> Voter:
        """The voter, if she may vote now. Raises AlreadyVoted, NothingToVoteIn, NotOpenYet, Paused or Closed."""
        voter = await self.voter(member_id, now)
        if voter.member.right != "open":
            raise AlreadyVoted
        (await self.standing(now)).must_be_open(now)
        if not voter.style:
            raise NothingToVoteIn
        return voter

    async def cast(
        self, voter: Voter, channel: Channel, marks: ballot.Marks, notice: Callable[[], str], now: datetime
    ) -> str:
        """Seal the ballot of a voter whom `may_vote` has just let in, and put it into the box; the receipt. Returns
        only after the vote is durable.

        Raises AlreadyVoted, NotOpenYet, Paused or Closed where that has changed since, and InvalidMarks. A second
        cast of one member never succeeds.
        """
        member_id = voter.member.id
        standing = await self.standing(now)
        ballot.check(standing.definition, voter.style, marks)
        key = standing.record.public_key
        if key is None:
            raise NotSignedIn
        plain = ballot.encode(standing.definition, marks)
        typed = await self.receipt_of(member_id, now)
        await self._ledger.cast(
            Cast(
                member_id=member_id,
                channel=channel,
                pseudonym=self._strongroom.pseudonym(standing.definition.id, member_id),
                envelope_key=self._strongroom.token(16),
                sealed_ballot=self._strongroom.seal(key, plain),
                receipt_digest=receipt.digest(typed),
                notice=Letter(
                    kind="notice",
                    sealed_phone=voter.member.sealed_phone,
                    sealed_body=self._strongroom.seal_letter(notice()),
                    due_at=now,
                ),
                now=now,
            )
        )
        return typed

    async def receipt_of(self, member_id: str, now: datetime) -> str:
        """The member's receipt: the same each time, so that a lost answer can be given again. Empty after the cut."""
        standing = await self.standing(now)
        made_of = self._strongroom.receipt_bytes(standing.definition.id, member_id, 1)
        return receipt.from_bytes(made_of) if made_of else ""

    async def is_in_the_box(self, typed: str) -> bool | None:
        """Whether a ballot with this receipt is in the box; None when it is not a receipt at all."""
        read = receipt.read(typed)
        return None if read is None else await self._ledger.receipt_known(receipt.digest(read))

    async def turnout(self, now: datetime) -> Sequence[RegionTurnout]:
        """Turnout by region, at most three seconds old: watching cannot touch voting."""
        if self._turnout is None or now - self._turnout[0] > timedelta(seconds=_TURNOUT_AGE):
            self._turnout = (now, await self._ledger.turnout())
        return self._turnout[1]
