"""The roll in the store: taking in what a file holds, and fixing it by a hash."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Select, func, select, text, update

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


_HOLD_ELECTION = text("LOCK TABLE election IN EXCLUSIVE MODE")
_FIND_SHARED = text(
    """UPDATE voter SET reach = 'shared' WHERE line = 'mobile' AND phone_key IN
       (SELECT phone_key FROM voter WHERE phone_key IS NOT NULL GROUP BY phone_key HAVING count(*) > 1)"""
)
_FORGET_COUNTS = text("DELETE FROM branch_count")
BRANCHES = "region, branch, electorate, enrolled, telegram, sms, paper, paper_roll, void"
COUNT_BRANCHES = """SELECT region, branch, count(*), count(CASE WHEN enrolled THEN 1 END),
              count(CASE WHEN "right" = 'voted' AND voted_by = 'telegram' THEN 1 END),
              count(CASE WHEN "right" = 'voted' AND voted_by = 'sms' THEN 1 END),
              count(CASE WHEN "right" = 'paper' THEN 1 END),
              count(CASE WHEN reach <> 'mobile' THEN 1 END),
              count(CASE WHEN "right" = 'void' THEN 1 END)
       FROM voter GROUP BY region, branch"""
"""What `branch_count` must say, in the columns that `BRANCHES` names."""
_COUNT_AGAIN = text(f"INSERT INTO branch_count ({BRANCHES}) {COUNT_BRANCHES}")
_KEEP_SIZES = text(
    """INSERT INTO roll_size (version, region, branch, members)
       SELECT CAST(:version AS bigint), region, branch, count(*) FROM voter GROUP BY region, branch"""
)
FROZEN: Select[Any] = select(
    voter.c.member_id,
    voter.c.name,
    voter.c.region,
    voter.c.branch,
    voter.c.cell,
    voter.c.language,
    voter.c.reach,
    voter.c.phone_key,
)
"""The fields that a roll is fixed by."""


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

    async def languages(self) -> Mapping[str, int]:
        """How many members can vote by phone, by the language that the roll names for them."""
        by_language = (
            select(voter.c.language, func.count().label("members"))
            .where(voter.c.reach == "mobile")
            .group_by(voter.c.language)
        )
        return await self._keeper.survey(
            lambda connection: {row.language: row.members for row in connection.execute(by_language)}
        )


def row_hashes(connection: Connection, salt: Callable[[str], bytes]) -> list[bytes]:
    """The salted hash of each row, in ascending order, so that it tells nothing of the rows' own. About 100 bytes of
    memory a member."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(FROZEN.order_by(voter.c.member_id))
    return sorted(row_hash(row, salt) for row in rows)


def row_hash(row: Sequence[Any], salt: Callable[[str], bytes]) -> bytes:
    """The hash of a row of `FROZEN`: SHA-256 over the member's salt and each field behind its length, phones by their
    keys only."""
    *words, phone = row
    fields = [salt(words[0]), *(str(word).encode() for word in words), phone or b""]
    return hashlib.sha256(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).digest()


def roll_digest(hashes: Sequence[bytes]) -> str:
    """One hash of all: SHA-256 (hex) of the published file of row hashes, a line of hex each."""
    hashed = hashlib.sha256()
    for first in range(0, len(hashes), _AT_ONCE):
        hashed.update(b"".join(b"%s\n" % each.hex().encode() for each in hashes[first : first + _AT_ONCE]))
    return hashed.hexdigest()


def hold_election(connection: Connection) -> None:
    """From here to the end of the transaction no freeze, no import and no vote; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_ELECTION)


def _import(
    connection: Connection,
    chunks: Iterable[Sequence[RollMember]],
    phone_key: Callable[[str], bytes],
    seal_phone: Callable[[str], bytes],
    on_members: Callable[[int], None],
) -> ImportSummary:
    hold_election(connection)
    if connection.execute(select(election.c.roll_frozen_at)).scalar_one() is not None:
        raise OperatorRefusal("roll_frozen", "The roll is frozen; from then on a file proposes a change of it.")
    before = _members(connection)
    read = 0

    def rows() -> Iterator[Sequence[Row]]:
        nonlocal read
        for chunk in chunks:
            yield [row_of(member, phone_key, seal_phone) for member in chunk]
            read += len(chunk)
            on_members(read)

    take_in_rows(connection, rows())
    version = count_again(connection)
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


def count_again(connection: Connection) -> int:
    """After rows were put in: find shared phones over the whole roll, count branches; the roll's next
    version."""
    connection.execute(_FIND_SHARED)
    connection.execute(_FORGET_COUNTS)
    connection.execute(_COUNT_AGAIN)
    version = connection.execute(
        update(election).values(roll_version=election.c.roll_version + 1).returning(election.c.roll_version)
    ).scalar_one()
    connection.execute(_KEEP_SIZES, {"version": version})
    return int(version)


def row_of(member: RollMember, phone_key: Callable[[str], bytes], seal_phone: Callable[[str], bytes]) -> Row:
    """The member as a row of the table, her phone by its key and sealed."""
    return (
        member.member_id,
        member.name,
        phone_key(member.phone) if member.phone else None,
        seal_phone(member.phone) if member.phone else b"",
        member.region,
        member.branch,
        member.cell,
        member.language,
        line_of(member),
    )


def line_of(member: RollMember) -> str:
    """What her number is by itself, whoever shares it."""
    return "mobile" if member.status == "shared" else member.status


def _members(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(voter)).scalar_one()
