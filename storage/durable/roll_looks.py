"""The roll as `dauys roll check` reads it: by statements that count, and phones one by one, in bounded memory."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, text

from storage.durable.keeper import Keeper
from storage.durable.schema import roll_size, voter

_AT_ONCE = 2_000
_PHONES = select(voter.c.sealed_phone).where(voter.c.line == "mobile")
_SHARED = (
    select(func.min(voter.c.sealed_phone).label("sealed_phone"), voter.c.phone_key, func.count().label("members"))
    .where(voter.c.reach == "shared")
    .group_by(voter.c.phone_key)
    .order_by(func.count().desc(), voter.c.phone_key)
)
_SHARED_IN_ALL = text(
    """SELECT count(*), coalesce(sum(members), 0)
       FROM (SELECT count(*) AS members FROM voter WHERE reach = 'shared' GROUP BY phone_key) AS shared"""
)
_HOLDERS = (
    select(voter.c.member_id, voter.c.region, voter.c.branch)
    .where(voter.c.phone_key.in_(bindparam("phone_keys", expanding=True)))
    .order_by(voter.c.member_id)
)
_REACHES = select(voter.c.region, voter.c.branch, voter.c.reach, func.count()).group_by(
    voter.c.region, voter.c.branch, voter.c.reach
)
_SIZES = select(roll_size.c.version, roll_size.c.region, roll_size.c.branch, roll_size.c.members)


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A mobile of several members."""

    sealed_phone: bytes
    phone_key: bytes
    members: int


@dataclass(frozen=True, slots=True)
class SharedPhones:
    """How many phones are shared, by how many members, and those shared by most."""

    phones: int
    members: int
    largest: Sequence[SharedPhone]


class SqlRollLooks:
    """Looks over the whole roll. Each is from one consistent view, and nobody waits for it."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def phones(self, number_of: Callable[[bytes], int]) -> "array[int]":
        """All mobiles in ascending order, as numbers, eight bytes each; one of several members as often as it stands
        there. `number_of` opens one."""

        def look(connection: Connection) -> "array[int]":
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(_PHONES)
            return array("Q", sorted(array("Q", (number_of(sealed) for (sealed,) in rows))))

        return await self._keeper.survey(look)

    async def shared(self, most: int) -> SharedPhones:
        """Mobiles of several members; of those shared by most, so many."""

        def look(connection: Connection) -> SharedPhones:
            phones, members = connection.execute(_SHARED_IN_ALL).one()
            largest = [SharedPhone(*row) for row in connection.execute(_SHARED.limit(most))]
            return SharedPhones(int(phones), int(members), largest)

        return await self._keeper.survey(look)

    async def holders(self, phone_keys: Sequence[bytes]) -> Sequence[tuple[str, str, str]]:
        """Who has these phones: (member id, region, branch), in order. For some thousand phones at a time."""
        return await self._keeper.survey(
            lambda connection: [tuple(row) for row in connection.execute(_HOLDERS, {"phone_keys": list(phone_keys)})]
        )

    async def reaches(self) -> Mapping[tuple[str, str], Mapping[str, int]]:
        """For each region and branch, how many members can be reached how."""

        def look(connection: Connection) -> Mapping[tuple[str, str], Mapping[str, int]]:
            found: dict[tuple[str, str], dict[str, int]] = {}
            for region, branch, reach, members in connection.execute(_REACHES):
                found.setdefault((region, branch), {})[reach] = members
            return found

        return await self._keeper.survey(look)

    async def sizes(self) -> Mapping[int, Mapping[tuple[str, str], int]]:
        """For each version of the roll kept, the members of each region and branch."""

        def look(connection: Connection) -> Mapping[int, Mapping[tuple[str, str], int]]:
            found: dict[int, dict[tuple[str, str], int]] = {}
            for version, region, branch, members in connection.execute(_SIZES):
                found.setdefault(version, {})[region, branch] = members
            return found

        return await self._keeper.survey(look)
