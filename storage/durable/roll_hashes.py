"""The hash of a roll that changes, without hashing all of it while everybody waits.

It is over the hashes of all rows. They are made beforehand, and in the transaction of the change those of the rows that
it touches are put in place of what they were: a roll of the same version has the same rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from storage.durable.roll import FROZEN, row_hash, row_hashes
from storage.durable.roll_intake import Row
from storage.durable.schema import election, voter

ROLL_VERSION = select(election.c.roll_version)
_WITH_IDS = FROZEN.where(voter.c.member_id.in_(bindparam("ids", expanding=True)))
_WITH_PHONES = FROZEN.where(voter.c.phone_key.in_(bindparam("phones", expanding=True)))
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Hashed:
    """The hashes of all rows of the roll of this version, in ascending order."""

    version: int
    hashes: Sequence[bytes]


class Touched:
    """The rows that a change touches: those it puts, and those whose phone is or was shared, whose reach may change.
    Made before the change begins."""

    def __init__(self, connection: Connection, salt: Callable[[str], bytes]) -> None:
        self._connection = connection
        self._salt = salt
        self._ids: set[str] = set()
        self._before: set[bytes] = set()
        self._note(FROZEN.where(voter.c.reach == "shared"), {})

    def note(self, rows: Sequence[Row]) -> None:
        """These rows are about to be put."""
        self._note(_WITH_IDS, {"ids": [member_id for member_id, *_ in rows]})
        self._note(_WITH_PHONES, {"phones": [phone for _, _, phone, *_ in rows if phone]})
        self._ids.update(member_id for member_id, *_ in rows)

    def replaced(self, hashes: Sequence[bytes]) -> Sequence[bytes]:
        """The hashes of all rows after the change, given those before it; in ascending order."""
        ids = sorted(self._ids)
        after = [each for each in hashes if each not in self._before]
        for first in range(0, len(ids), _AT_ONCE):
            rows = self._connection.execute(_WITH_IDS, {"ids": ids[first : first + _AT_ONCE]})
            after += [row_hash(row, self._salt) for row in rows]
        return sorted(after)

    def _note(self, statement: Select[Any], sought: dict[str, Any]) -> None:
        for row in self._connection.execute(statement, sought):
            if row.member_id not in self._ids:
                self._ids.add(row.member_id)
                self._before.add(row_hash(row, self._salt))


def hash_roll(connection: Connection, salt: Callable[[str], bytes]) -> Hashed:
    """The hashes of the roll as it is, from one consistent view."""
    return Hashed(connection.execute(ROLL_VERSION).scalar_one(), row_hashes(connection, salt))
