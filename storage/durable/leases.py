"""Who leads: of several processes with one role, the one that holds its lease.

The promises are election.ports.Leases's.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, text

from storage.durable.column_types import Moment
from storage.durable.keeper import Keeper
from storage.durable.schema import lease

_TAKE = text(
    """INSERT INTO lease (role, holder, until) VALUES (:role, :holder, :until)
       ON CONFLICT (role) DO UPDATE SET holder = excluded.holder, until = excluded.until
       WHERE lease.holder = excluded.holder OR lease.until <= :now
       RETURNING role"""
).bindparams(bindparam("until", type_=Moment()), bindparam("now", type_=Moment()))


class _Wish(NamedTuple):
    role: str
    holder: str
    until: datetime
    now: datetime


class SqlLeases:
    """election.ports.Leases over a keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def lead(self, role: str, holder: str, seconds: int, now: datetime) -> bool:
        """See election.ports.Leases."""
        wish = _Wish(role, holder, now + timedelta(seconds=seconds), now)
        return await self._keeper.write_together(_take_each, wish)  # never behind a long act of the office

    async def release(self, role: str, holder: str) -> None:
        """See election.ports.Leases."""
        held = delete(lease).where(lease.c.role == role, lease.c.holder == holder)
        await self._keeper.write(lambda connection: _done(connection.execute(held)))


def _take_each(connection: Connection, wishes: Sequence[_Wish]) -> Sequence[bool]:
    return [connection.execute(_TAKE, wish._asdict()).first() is not None for wish in wishes]


def _done(_: Any) -> None:
    return None
