"""Turnout by branch and by hour, counted beside the votes, and held against the roll: on every store."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from election.ports import Act
from election.roll_change import KIND, RollChangeProposal
from storage.durable import upgrade
from storage.durable.roll_change import Phones
from storage.durable.store import DurableStore, open_store
from tests.storage.durable.polling import (
    NOW,
    SEAL_KEY,
    again,
    member,
    phone_key,
    polling_opens,
    salt,
    seal_phone,
    take_in,
    vote,
    withdrawal,
)
from tests.storage.durable.test_casting_under_load import acknowledged, caster, go

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
BRANCHES = 40


async def hours(store: DurableStore) -> dict[tuple[datetime, str], int]:
    return dict((await store.books.books()).hours)


async def branches(store: DurableStore) -> dict[tuple[str, str], tuple[int, int]]:
    """Members and votes by phone of each."""
    return {(region, branch): (members, voted) for region, branch, members, voted in await store.office.styles()}


async def is_in_order(store: DurableStore) -> bool:
    return list(await store.books.inspect()) == []


async def polling_opens_in_branches(store: DurableStore, members: int) -> None:
    """Every region has some of the branches; every tenth member is of no branch, every twentieth of no region."""
    await store.office.load_election("the definition", "its digest")
    homes = [("" if n % 20 == 0 else f"r{n % 3}", "" if n % 10 == 0 else f"b{n % BRANCHES}") for n in range(members)]
    people = [member(n, region=region, branch=branch) for n, (region, branch) in enumerate(homes)]
    await take_in(store, people)
    await store.office.move(["draft"], "open", NOW)


async def test_votes_of_several_processes_in_one_hour_are_all_counted_in_their_branches(
    url: str, store: DurableStore
) -> None:
    await polling_opens_in_branches(store, 600)
    with caster(url, 0, 600, 16) as one, caster(url, 0, 600, 16) as two, caster(url, 0, 600, 16) as three:
        processes = (one, two, three)
        for process in processes:
            go(process)
        told = await asyncio.gather(*(asyncio.to_thread(acknowledged, process) for process in processes))
    assert sorted(number for numbers in told for number in numbers) == list(range(600))
    assert await hours(store) == {(NINE, "telegram"): 600}
    counted = await branches(store)
    assert all(members == voted for members, voted in counted.values())
    assert counted["", ""] == (30, 30)
    assert sum(voted for (_, branch), (_, voted) in counted.items() if not branch) == 60
    assert await is_in_order(store)


async def test_votes_over_the_turn_of_an_hour_are_counted_in_their_own_whatever_the_clock_of_the_door_is(
    store: DurableStore,
) -> None:
    await polling_opens(store)
    last = NINE + HOUR - timedelta(microseconds=1)
    far = (NINE + HOUR).astimezone(timezone(timedelta(hours=5, minutes=30)))
    sent = [vote(0, now=NINE), vote(1, now=last), vote(2, "sms", now=last), vote(3, now=NINE + HOUR), vote(4, now=far)]
    await asyncio.gather(*(store.ledger.cast(each) for each in sent))
    assert await hours(store) == {(NINE, "telegram"): 2, (NINE, "sms"): 1, (NINE + HOUR, "telegram"): 2}
    assert await is_in_order(store)


async def test_nothing_that_comes_later_takes_a_first_vote_out_of_its_hour(store: DurableStore) -> None:
    await polling_opens(store)
    later = NINE + 3 * HOUR
    for number in range(4):
        await store.ledger.cast(vote(number))
    await store.ledger.cast(again(1, 2, "sms", now=later))
    await store.ledger.cast(again(2, 2, now=later))
    await store.ledger.hand_out_paper(replace(withdrawal(2, after=2), now=later))
    await store.ledger.hand_out_paper(replace(withdrawal(3), now=later))
    before = {(NINE, "telegram"): 4}
    assert await hours(store) == before
    await store.ledger.hand_out_paper(replace(withdrawal(5, after=0), now=later))
    assert await hours(store) == before | {(later, "paper"): 1}
    await store.office.move(["open"], "closed", later)
    await store.ledger.withdraw(replace(withdrawal(0), now=later))
    assert await hours(store) == before | {(later, "paper"): 1}
    assert await branches(store) == {("r0", "b"): (4, 0), ("r1", "b"): (3, 1), ("r2", "b"): (3, 0)}
    assert await is_in_order(store)


async def test_a_vote_that_is_refused_is_counted_nowhere(store: DurableStore) -> None:
    await polling_opens(store)
    sent = [vote(1), vote(1), vote(2), vote(1, now=NINE + HOUR)]
    answers = await asyncio.gather(*(store.ledger.cast(each) for each in sent), return_exceptions=True)
    assert answers.count(None) == 2
    assert await hours(store) == {(NINE, "telegram"): 2}
    assert await is_in_order(store)


async def test_a_change_of_the_roll_moves_members_between_branches_and_no_hour(store: DurableStore) -> None:
    await polling_opens_in_branches(store, 20)
    await store.office.freeze_roll(salt, NOW)
    await store.ledger.cast(vote(1))
    await store.ledger.cast(vote(2, "sms", now=NINE + HOUR))
    before = await hours(store)
    people = [member(3, region="r9", branch="new"), member(77, region="r9", branch="")]
    found = await store.roll_changes.difference([people], phone_key, lambda _: None)
    payload = RollChangeProposal("/roll.csv", "ab" * 32, {}, "KZ", found.added, found.changed).packed()
    act = Act(0, NOW, KIND, payload, "late", "Aigerim", "Berik", "done", None)
    await store.roll_changes.apply(act, found, [people], Phones(phone_key, seal_phone, salt), NOW)
    await store.ledger.cast(vote(77, now=NINE + 2 * HOUR))
    counted = await branches(store)
    assert (counted["r9", "new"], counted["r9", ""], ("r0", "b3") in counted) == ((1, 0), (1, 1), False)
    assert await hours(store) == before | {(NINE + 2 * HOUR, "telegram"): 1}
    assert await is_in_order(store)


async def test_a_store_of_an_older_program_is_counted_from_its_roll(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with open_store(f"sqlite:///{path}", SEAL_KEY) as store:
        await polling_opens_in_branches(store, 60)
        for number in range(30):
            await store.ledger.enrol(f"m{number:05d}", "telegram", str(number))
            await store.ledger.cast(vote(number, "sms" if number % 3 else "telegram", now=NINE + HOUR))
        await store.ledger.hand_out_paper(withdrawal(4))
        await store.ledger.hand_out_paper(withdrawal(40, after=0))
        expected = await branches(store), await store.ledger.turnout()
    old = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{old}")
    config = Config()
    config.set_main_option("script_location", str(Path(upgrade.__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")  # before there were seals
    engine.dispose()
    with closing(sqlite3.connect(old, isolation_level=None)) as file:
        file.execute("ATTACH ? AS new", (str(path),))
        for table in ("election", "voter", "account", "envelope", "leaf", "outbox"):
            known = [row[0] for row in file.execute("SELECT name FROM pragma_table_info(?)", (table,))]
            listed = ", ".join(f'"{column}"' for column in known if column != "seal")
            file.execute(f"DELETE FROM main.{table}")
            file.execute(f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM new.{table}")
        file.execute("DETACH new")
    async with open_store(f"sqlite:///{old}", SEAL_KEY) as store:
        assert (await branches(store), await store.ledger.turnout()) == expected
        told = await hours(store)
        assert {hour for hour, _ in told} == {NINE}, "that of the opening"
        assert sum(told.values()) == 31
        assert told[NINE, "paper"] == 1
        assert await is_in_order(store)
