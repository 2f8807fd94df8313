"""The seal on every row: what it covers, and how one is made outside the database.

A seal is a keyed code over the name of the table and the columns of the row. Its key is not in the store, so that who
can only write there cannot make one. The place of a leaf is not under its seal, since a million leaves get theirs at
once; `inspection` holds places against the log.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from storage.durable.schema import metadata

SEAL = "seal"
SEAL_BYTES = 16
BROKEN = b""
"""The seal of a row that was damaged when the program itself came to change it: no later change makes it whole."""
VERSION_TABLE = "alembic_version"

_PACK = msgspec.msgpack.Encoder().encode  # typed, and one form for one row


def covered(table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Of a table's columns those under its seal, in the order in which they are sealed."""
    return tuple(sorted(str(column) for column in columns if column != SEAL and (table, column) != ("leaf", "place")))


SEALED: Mapping[str, tuple[str, ...]] = {
    **{str(table.name): covered(table.name, table.columns.keys()) for table in metadata.sorted_tables},
    VERSION_TABLE: ("version_num",),
}
"""Every table of the store, and its columns under the seal."""


class Seals:
    """Makes seals with one key, of 16 bytes or more. Text is given as its bytes."""

    def __init__(self, key: bytes) -> None:
        self._begun = hashlib.blake2b(key=key, digest_size=SEAL_BYTES)  # copied: a third of the cost of making it anew

    def of(self, table: str, *row: Any) -> bytes:
        """The seal of a row, given its covered columns in order."""
        seal = self._begun.copy()
        seal.update(_PACK((table, row)))
        return seal.digest()

    def again(self, table: str, seal: bytes | None, *both: Any) -> bytes:
        """The seal of a row that changes, given as it was and then as it will be. Damage stays damage."""
        half = len(both) // 2
        return self.of(table, *both[half:]) if seal == self.of(table, *both[:half]) else BROKEN
