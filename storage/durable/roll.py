"""The roll in the store: taking in what a file holds, and fixing it by a hash."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, func, select, text, update

from election.errors import OperatorRefusal
from storage.durable.keeper import Keeper
from storage.durable.roll_intake import Row, take_in_rows
from storage.durable.schema import election, voter

_AT_ONCE = 2_000


class RollMember(Protocol):
    """A member as a roll file leaves her: `phone` is E.164 or empty, `status` what it is good for."""

    @property
    def member_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def branch(self) -> str: ...
    @property
    def cell(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. `members` and what follows count the whole roll, not the file.

    `read` members stood in the file, `added` of them were new. `absent` members are on the roll and not in this
    file: they are kept.
    """

    roll_version: int
    read: int
    added: int
    absent: int
    members: int
    can_vote_by_phone: int
    no_phone: int
    invalid_phone: int
    landline: int
    shared_phone_members: int


_HOLD_ELECTION = text("LOCK TABLE election IN EXCLUSIVE MODE")  # no freeze, no other import and no vote meanwhile
_FIND_SHARED = text(
    """UPDATE voter SET reach = 'shared' WHERE line = 'mobile' AND phone_key IN
       (SELECT phone_key FROM voter WHERE phone_key IS NOT NULL GROUP BY phone_key HAVING count(*) > 1)"""
)
_FORGET_COUNTS = text("DELETE FROM region_count")
_COUNT_AGAIN = text(
    """INSERT INTO region_count (region, electorate, enrolled, telegram, sms, paper, paper_roll, void)
       SELECT region, count(*), count(CASE WHEN enrolled THEN 1 END),
              count(CASE WHEN "right" = 'voted' AND voted_by = 'telegram' THEN 1 END),
              count(CASE WHEN "right" = 'voted' AND voted_by = 'sms' THEN 1 END),
              count(CASE WHEN "right" = 'paper' THEN 1 END),
              count(CASE WHEN reach <> 'mobile' THEN 1 END),
              count(CASE WHEN "right" = 'void' THEN 1 END)
       FROM voter GROUP BY region"""
)
_FROZEN = select(
    voter.c.member_id,
    voter.c.name,
    voter.c.region,
    voter.c.branch,
    voter.c.cell,
    voter.c.language,
    voter.c.reach,
    voter.c.phone_key,
).order_by(voter.c.member_id)


def _unheard(_: int) -> None:
    return None


class SqlRoll:
    """Takes a roll file's members into the store."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def import_roll(
        self,
        chunks: Iterable[Sequence[RollMember]],
        phone_key: Callable[[str], bytes],
        seal_phone: Callable[[str], bytes],
        on_members: Callable[[int], None] = _unheard,
    ) -> ImportSummary:
        """Take in members, each id once, all or none of them, in bounded memory; `on_members(n)` hears how many so far.

        Who is on the roll already is updated and keeps her right, her account and her codes; who is not among these
        members is kept. Shared phones are found over the whole roll. Runs in the caller's thread and lets nobody
        else write meanwhile. Raises OperatorRefusal `roll_frozen` once the roll is fixed.
        """
        return await self._keeper.write_here(
            lambda connection: _import(connection, chunks, phone_key, seal_phone, on_members)
        )

    async def hashes(self, salt: Callable[[str], bytes]) -> Sequence[bytes]:
        """The salted hash of each row, in ascending order; `salt` is a member's, secret and always the same."""
        return await self._keeper.survey(lambda connection: row_hashes(connection, salt))


def row_hashes(connection: Connection, salt: Callable[[str], bytes]) -> list[bytes]:
    """The salted hash of each row, in ascending order, so that it tells nothing of the rows' own.

    SHA-256 over the member's salt and each field behind its length, phones by their keys only. About 100 bytes of
    memory a member.
    """
    found = []
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(_FROZEN):
        *words, phone = row
        fields = [salt(row.member_id), *(str(word).encode() for word in words), phone or b""]
        found.append(hashlib.sha256(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).digest())
    return sorted(found)


def roll_digest(hashes: Sequence[bytes]) -> str:
    """One hash of all: SHA-256 (hex) of the published file of row hashes, a line of hex each."""
    hashed = hashlib.sha256()
    for each in hashes:
        hashed.update(each.hex().encode() + b"\n")
    return hashed.hexdigest()


def _import(
    connection: Connection,
    chunks: Iterable[Sequence[RollMember]],
    phone_key: Callable[[str], bytes],
    seal_phone: Callable[[str], bytes],
    on_members: Callable[[int], None],
) -> ImportSummary:
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_ELECTION)
    if connection.execute(select(election.c.roll_frozen_at)).scalar_one() is not None:
        raise OperatorRefusal("roll_frozen", "The roll is frozen, and from then on no file is imported.")
    before = _members(connection)
    read = 0

    def rows() -> Iterator[Sequence[Row]]:
        nonlocal read
        for chunk in chunks:
            yield [_row(member, phone_key, seal_phone) for member in chunk]
            read += len(chunk)
            on_members(read)

    take_in_rows(connection, rows())
    connection.execute(_FIND_SHARED)
    connection.execute(_FORGET_COUNTS)
    connection.execute(_COUNT_AGAIN)
    version = connection.execute(
        update(election).values(roll_version=election.c.roll_version + 1).returning(election.c.roll_version)
    ).scalar_one()
    members = _members(connection)
    reached: Counter[str] = Counter(
        dict(connection.execute(select(voter.c.reach, func.count()).group_by(voter.c.reach)).all())
    )
    return ImportSummary(
        roll_version=version,
        read=read,
        added=members - before,
        absent=members - read,
        members=members,
        can_vote_by_phone=reached["mobile"],
        no_phone=reached["none"],
        invalid_phone=reached["invalid"],
        landline=reached["landline"],
        shared_phone_members=reached["shared"],
    )


def _row(member: RollMember, phone_key: Callable[[str], bytes], seal_phone: Callable[[str], bytes]) -> Row:
    return (
        member.member_id,
        member.name,
        phone_key(member.phone) if member.phone else None,
        seal_phone(member.phone) if member.phone else b"",
        member.region,
        member.branch,
        member.cell,
        member.language,
        "mobile" if member.status == "shared" else member.status,
    )


def _members(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(voter)).scalar_one()
