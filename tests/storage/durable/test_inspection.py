"""Whatever a hand in the database does to one row, the inspection finds it and names the table.

It is one file, since both stores are struck in the same election.
"""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from election.damage import StoreDamaged
from storage.durable import upgrade
from storage.durable.seals import SEAL_BYTES, SEALED, Seals
from storage.durable.store import DurableStore, open_store
from storage.durable.upgrade import bring_up_to_date
from tests.storage.durable import little_election
from tests.storage.durable.polling import SEAL_KEY, member, phone_key, polling_opens, seal_phone, vote

TRIES = 500
TOLD_OUTSIDE = {"bulletin", "share_commitment"}
"""Of these the last row is told by published bulletins alone."""
EMPTY = {"before the cut": {"urn"}, "after the cut": {"envelope", "rhythm", "signal"}}


async def test_a_store_nobody_has_touched_is_in_order_after_whatever_was_done(store: DurableStore) -> None:
    assert await store.books.inspect() == []
    for step in little_election.STEPS:
        await step(store)
        assert await store.books.inspect() == [], step.__name__


async def _made(folder: Path, steps: int) -> Path:
    path = folder / "store.db"
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        for step in little_election.STEPS[:steps]:
            await step(store)
    return path


@pytest.fixture(scope="module", params=EMPTY)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A store that has held an election, and its tables with rows."""
    steps = 3 if request.param == "before the cut" else 5
    path = asyncio.run(_made(tmp_path_factory.mktemp("inspected"), steps))
    return path, set(SEALED) - EMPTY[request.param]


@pytest.fixture
def hand(file: tuple[Path, set[str]]) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection, for whom nothing is checked."""
    with closing(sqlite3.connect(file[0], isolation_level=None)) as opened:
        opened.execute("PRAGMA ignore_check_constraints = ON")
        opened.execute("PRAGMA foreign_keys = OFF")
        opened.execute("PRAGMA synchronous = OFF")
        yield opened


class Vandal:
    """Changes a random column of a random row of a random table to a random value, and can undo it."""

    def __init__(self, hand: sqlite3.Connection, chance: random.Random, tables: set[str]) -> None:
        self._hand = hand
        self._chance = chance
        self._tables = sorted(tables)

    def strike(self, table: str = "") -> tuple[str, str, list[str]]:
        """One change that the database lets pass: what was done, and the statements' table and undoing."""
        while True:
            struck = table or self._chance.choice(self._tables)
            done = self._once(struck)
            if done is not None:
                return struck, *done

    def undo(self, table: str, before: list[Any]) -> None:
        self._hand.execute("BEGIN")
        self._hand.execute(f"DELETE FROM {table}")
        for row in before:
            self._hand.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        self._hand.execute("COMMIT")

    def rows(self, table: str) -> list[Any]:
        return self._hand.execute(f"SELECT * FROM {table}").fetchall()

    def _once(self, table: str) -> tuple[str, list[Any]] | None:
        columns = self._hand.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
        before = self.rows(table)
        name, kind = self._chance.choice(columns)
        row = self._chance.choice(before)
        place = [each for each, _ in columns].index(name)
        value = self._other(kind, row[place], [each[place] for each in before])
        itself = " AND ".join(f'"{each}" IS ?' for each, _ in columns)
        try:
            changed = self._hand.execute(f'UPDATE {table} SET "{name}" = ? WHERE {itself}', (value, *row)).rowcount
        except sqlite3.IntegrityError:
            return None  # the table itself does not let it pass
        assert changed == 1
        if self.rows(table) == before:
            return None
        return f"{table}.{name}: {row[place]!r} became {value!r}", before

    def _other(self, kind: str, value: Any, column: list[Any]) -> Any:
        chance = self._chance
        values: list[Any] = [None, chance.choice(column)]
        if kind == "INTEGER":
            values += [0, 1, (value or 0) + 1, -(value or 1), chance.getrandbits(62)]
        elif kind == "BLOB":
            some = value or b"\0"
            spot = chance.randrange(len(some))
            flipped = some[:spot] + bytes([some[spot] ^ 1 << chance.randrange(8)]) + some[spot + 1 :]
            values += [flipped, flipped, b"", some[:-1], some + b"\0", chance.randbytes(SEAL_BYTES)]
        else:
            values += ["", "open", (value or "") + " ", (value or "x")[:-1], "Ә" * chance.randrange(1, 9)]
        return chance.choice(values)


async def test_of_500_random_changes_of_one_row_each_is_found_and_its_table_named(
    file: tuple[Path, set[str]], hand: sqlite3.Connection
) -> None:
    path, tables = file
    chance = random.Random(f"{len(tables)} tables, of which {min(tables)} is the first")
    vandal = Vandal(hand, chance, tables)
    struck: Counter[str] = Counter()
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        in_turn = sorted(tables)
        for number in range(TRIES // len(EMPTY)):
            table, what, before = vandal.strike(in_turn[number] if number < len(in_turn) else "")
            found = await store.books.inspect()
            assert [each.table for each in found] == [table], (what, found)
            vandal.undo(table, before)
            struck[table] += 1
        assert await store.books.inspect() == []
    assert set(struck) == tables


async def test_a_row_copied_over_another_one_is_found(file: tuple[Path, set[str]], hand: sqlite3.Connection) -> None:
    path, _ = file
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        for table in ("voter", "outbox", "leaf", "act", "bulletin"):
            vandal = Vandal(hand, random.Random(table), {table})
            before = vandal.rows(table)
            columns = [row[0] for row in hand.execute("SELECT name FROM pragma_table_info(?)", (table,))]
            keys = {row[0] for row in hand.execute("SELECT name FROM pragma_table_info(?) WHERE pk", (table,))}
            free = [each for each in columns if each not in keys | {"place", "carrier_id"}]
            assert len(keys) == 1
            copied = ", ".join(f'"{each}" = (SELECT "{each}" FROM {table} LIMIT 1)' for each in free)
            (key,) = keys
            last = f'(SELECT "{key}" FROM {table} ORDER BY "{key}" DESC LIMIT 1)'
            hand.execute(f'UPDATE {table} SET {copied} WHERE "{key}" = {last}')
            found = await store.books.inspect()
            assert [(each.table, each.rows) for each in found] == [(table, 1)]
            vandal.undo(table, before)


@pytest.mark.parametrize(
    "table",
    [
        "election",
        "log",
        "alembic_version",
        "voter",
        "branch_count",
        "hour_count",
        "leaf",
        "envelope",
        "urn",
        "bulletin",
        "redo_count",
        "rhythm",
        "complaint",
        "complaint_entry",
        "share_commitment",
        "roll_change",
        "number_change",
        "paper_station",
        "paper_issue",
        "paper_count",
    ],
)
async def test_a_missing_row_is_found_where_something_else_tells_of_it(
    file: tuple[Path, set[str]], hand: sqlite3.Connection, table: str
) -> None:
    path, tables = file
    if table not in tables:
        return
    vandal = Vandal(hand, random.Random(table), {table})
    before = vandal.rows(table)
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        for row in (before[:-1] if table in TOLD_OUTSIDE else before)[:4]:
            vandal.undo(table, [each for each in before if each != row])
            found = await store.books.inspect()
            assert [each.table for each in found] == [table], row
            vandal.undo(table, before)


async def test_what_the_program_changes_later_does_not_make_a_damaged_row_whole(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        await polling_opens(store, members=3)
        with closing(sqlite3.connect(path, isolation_level=None)) as hand:
            hand.execute("UPDATE voter SET granted = 9 WHERE member_id = 'm00001'")
        await store.ledger.cast(vote(1))
        await store.ledger.record_wrong_code("m00001")
        assert [str(each) for each in await store.books.inspect()] == ["1 row of voter"]
        await store.roll.import_roll([[member(1, name="Mended")]], phone_key, seal_phone)
        assert [each.table for each in await store.books.inspect()] == ["voter"]


async def test_text_that_is_none_stops_neither_the_votes_beside_it_nor_the_inspection(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        await polling_opens(store, members=3)
        with closing(sqlite3.connect(path, isolation_level=None)) as hand:
            hand.execute("UPDATE voter SET name = CAST(x'ff00fe' AS TEXT) WHERE member_id = 'm00001'")
        await asyncio.gather(*(store.ledger.cast(vote(number)) for number in range(3)))
        assert [str(each) for each in await store.books.inspect()] == ["1 row of voter"]


async def test_another_key_opens_nothing_and_says_why(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    async with open_store(url, SEAL_KEY):
        pass
    with pytest.raises(StoreDamaged, match="SECRET_KEY_FILE"):
        async with open_store(url, bytes(32)):
            pass


def _told_to_be(hand: sqlite3.Connection, revision: str) -> None:
    """As after an older program: a revision under a right seal."""
    seal = Seals(SEAL_KEY).of("alembic_version", revision.encode())
    hand.execute("UPDATE alembic_version SET version_num = ?, seal = ?", (revision, seal))


async def test_damage_is_not_sealed_by_the_next_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    async with open_store(url, SEAL_KEY) as store:
        await polling_opens(store, members=3)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as hand:
        _told_to_be(hand, "0006")
        hand.execute("UPDATE voter SET granted = 9 WHERE member_id = 'm00001'")
    with pytest.raises(StoreDamaged, match="1 row of voter"):
        bring_up_to_date(url, SEAL_KEY)


async def test_a_store_from_before_there_were_seals_is_sealed_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(Path(upgrade.__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.exec_driver_sql("INSERT INTO lease (role, holder, until) VALUES ('clock', 'somebody', 0)")
    engine.dispose()
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        assert await store.books.inspect() == []


async def test_no_change_of_a_row_of_postgresql_goes_unseen_even_where_triggers_are_off(
    made_postgres_emptied: str,
) -> None:
    chance = random.Random(5)
    async with open_store(made_postgres_emptied, SEAL_KEY) as store:
        for step in little_election.STEPS[:3]:
            await step(store)
        hand = await asyncpg.connect(made_postgres_emptied.replace("+asyncpg", ""))  # a superuser without the key
        try:
            for table in sorted(set(SEALED) - {"urn"}):
                await hand.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")
                for triggers in ("origin", "replica"):
                    await _strike_on_postgres(hand, chance, table, triggers)
                    assert [each.table for each in await store.books.inspect()] == [table]
                    await hand.execute("SET session_replication_role = replica")
                    await hand.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}")
        finally:
            await hand.close()
        assert await store.books.inspect() == []


async def _strike_on_postgres(hand: Any, chance: random.Random, table: str, triggers: str) -> None:
    """One change that the database lets pass."""
    await hand.execute(f"SET session_replication_role = {triggers}")
    kinds = dict(
        await hand.fetch(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1"
            " AND table_schema = 'public'",
            table,
        )
    )
    while True:
        column = chance.choice(sorted(kinds))
        value = {
            "bigint": f'coalesce("{column}", 0) + 1',
            "boolean": f'NOT "{column}"',
            "bytea": f"""coalesce("{column}", '') || '!'""",
        }.get(kinds[column], f"""coalesce("{column}", '') || '!'""")
        number = chance.randrange(await hand.fetchval(f"SELECT count(*) FROM {table}"))
        row = f"ctid = (SELECT ctid FROM {table} OFFSET {number} LIMIT 1)"
        try:
            await hand.execute(f'UPDATE {table} SET "{column}" = {value} WHERE {row}')
        except asyncpg.IntegrityConstraintViolationError:
            continue
        return
