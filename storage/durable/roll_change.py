"""Numbered changes of the frozen roll: looked at without holding anybody up, then done in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from election.errors import OperatorRefusal
from election.ports import Act, Right
from election.roll_change import (
    MOST_NAMED,
    Difference,
    OnRoll,
    Refused,
    RollChangeProposal,
    must_be_as_proposed,
    must_be_possible,
    must_stay,
)
from storage.durable.keeper import Keeper
from storage.durable.office import decide_act, propose_act
from storage.durable.roll import RollMember, count_again, hold_election, line_of, roll_digest, row_of
from storage.durable.roll_hashes import ROLL_VERSION, Hashed, Touched, hash_roll
from storage.durable.roll_intake import Row, put_rows
from storage.durable.schema import account, election, roll_change, voter

_ON_ROLL: Select[Any] = select(
    voter.c.member_id,
    voter.c.right,
    voter.c.name,
    voter.c.phone_key,
    voter.c.region,
    voter.c.branch,
    voter.c.cell,
    voter.c.language,
    voter.c.line,
).where(voter.c.member_id.in_(bindparam("ids", expanding=True)))


class FileMember(RollMember, Protocol):
    """A member as a roll file leaves her, and the row of the file that says so."""

    @property
    def row(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Phones:
    """How phones are kept, and the salts of the published hashes."""

    phone_key: Callable[[str], bytes]
    seal_phone: Callable[[str], bytes]
    roll_salt: Callable[[str], bytes]


class SqlRollChanges:
    """Changes of the roll after the freeze."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def difference(
        self,
        chunks: Iterable[Sequence[FileMember]],
        phone_key: Callable[[str], bytes],
        as_they_are: Callable[[Sequence[str]], None],
    ) -> Difference:
        """What these members, each id once, would change; in bounded memory, and nobody waits for it.

        `as_they_are` hears, chunk by chunk, the ids of those who are on the roll exactly so already.
        """
        version = await self._keeper.read(lambda connection: connection.execute(ROLL_VERSION).scalar_one())
        looked = _Looked()
        for chunk in chunks:
            on_roll = await self._keeper.read(lambda connection, chunk=chunk: _on_roll(connection, chunk))  # type: ignore[misc]
            differing = {member.member_id for member in looked.take(chunk, on_roll, phone_key)}
            as_they_are([member.member_id for member in chunk if member.member_id not in differing])
        return looked.difference(version)

    async def apply(
        self, act: Act, found: Difference, chunks: Iterable[Sequence[FileMember]], phones: Phones, now: datetime
    ) -> Act:
        """Do what the act says with these members, as `found` by `difference`, all or nothing, together with the
        record of it; the act as it stands on record then. An act with a number is approved by its `approver`, another
        one is appended as done. New members are added, known ones take what the file says; whose phone is another
        one signs in anew. The roll gets its next version and hash, and the change its number.

        Runs in the caller's thread and lets nobody else write meanwhile. Raises OperatorRefusal, and then nothing was
        done: what `Office.decide` raises, `roll_moved_on`, `roll_change_refused`, `roll_unchanged`, `wrong_stage`.
        """
        hashed = await self._keeper.survey(lambda connection: hash_roll(connection, phones.roll_salt))
        return await self._keeper.write_here(
            lambda connection: _apply(connection, act, found, hashed, chunks, phones, now),
        )


class _Looked:
    """What was found while the members of a file were held against the roll."""

    def __init__(self) -> None:
        self.added = 0
        self.changed = 0
        self.refused: list[Refused] = []
        self.new_phones: list[str] = []

    def take(
        self,
        chunk: Sequence[FileMember],
        on_roll: dict[str, tuple[Right, OnRoll]],
        phone_key: Callable[[str], bytes],
    ) -> list[FileMember]:
        """The members of the chunk who are not on the roll exactly so."""
        differing = []
        self.new_phones = []
        for member in chunk:
            after = _as_row(member, phone_key)
            known = on_roll.get(member.member_id)
            if known is None:
                self.added += 1
                differing.append(member)
                continue
            right, before = known
            if before == after:
                continue
            self.changed += 1
            differing.append(member)
            if before.phone != after.phone:
                self.new_phones.append(member.member_id)
            if (fields := must_stay(right, before, after)) and len(self.refused) < MOST_NAMED:
                self.refused.append(Refused(member.row, member.member_id, fields))
        return differing

    def difference(self, version: int) -> Difference:
        """All of it."""
        return Difference(version, self.added, self.changed, tuple(self.refused))


def _as_row(member: FileMember, phone_key: Callable[[str], bytes]) -> OnRoll:
    phone = phone_key(member.phone) if member.phone else None
    return OnRoll(member.name, phone, member.region, member.branch, member.cell, member.language, line_of(member))


def _on_roll(connection: Connection, chunk: Sequence[FileMember]) -> dict[str, tuple[Right, OnRoll]]:
    found = connection.execute(_ON_ROLL, {"ids": [member.member_id for member in chunk]})
    return {row.member_id: (row.right, OnRoll(*row[2:])) for row in found}


def _apply(
    connection: Connection,
    act: Act,
    found: Difference,
    hashed: Hashed,
    chunks: Iterable[Sequence[FileMember]],
    phones: Phones,
    now: datetime,
) -> Act:
    hold_election(connection)
    stage, frozen, version = connection.execute(
        select(election.c.stage, election.c.roll_frozen_at, election.c.roll_version)
    ).one()
    if stage not in ("draft", "open", "paused") or frozen is None:
        raise OperatorRefusal("wrong_stage", f"The election is {stage}; its roll cannot change now.")
    if not version == found.roll_version == hashed.version:
        raise OperatorRefusal("roll_moved_on", "The roll has changed in this very moment: propose it again.")
    done = _on_record(connection, act, now)
    looked, touched = _Looked(), Touched(connection, phones.roll_salt)

    def rows() -> Iterable[Sequence[Row]]:
        for chunk in chunks:
            differing = looked.take(chunk, _on_roll(connection, chunk), phones.phone_key)
            _sign_out(connection, looked.new_phones)
            put = [row_of(member, phones.phone_key, phones.seal_phone) for member in differing]
            touched.note(put)
            yield put

    put_rows(connection, rows())
    difference = looked.difference(version)
    must_be_possible(difference)
    proposal = RollChangeProposal.of(done)
    must_be_as_proposed(proposal, difference)
    new_version = count_again(connection)
    digest = roll_digest(touched.replaced(hashed.hashes))
    connection.execute(update(election).values(roll_digest=digest))
    connection.execute(insert(roll_change).values(version=new_version, at=now, what=proposal.said, act=done.number))
    return done


def _on_record(connection: Connection, act: Act, now: datetime) -> Act:
    if act.number:
        return decide_act(connection, act.number, act.approver, now)
    return replace(act, number=propose_act(connection, act))


def _sign_out(connection: Connection, member_ids: Sequence[str]) -> None:
    """Her account has proved a phone that is hers no more."""
    if member_ids:
        connection.execute(delete(account).where(account.c.member_id.in_(member_ids)))
        hers = voter.c.member_id.in_(member_ids)
        connection.execute(update(voter).where(hers).values(enrolled=False, confirmed=0))
