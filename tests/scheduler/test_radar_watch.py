"""The radar at its hours, over a real store: cases once, whoever looks and however often."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from election.ports import Signal
from election.radar.case import Finding
from election.radar.watch import Watch
from election.standing import StandingReader
from scheduler.radar import RadarWatch
from storage.durable.store import DurableStore, open_store
from tests.storage.durable.polling import SEAL_KEY, member, phone_key, pseudonym, salt, seal_phone, vote
from tests.voters import FILE

OPENED = datetime(2026, 12, 1, 9, tzinfo=UTC)
BRANCHES, EACH = 12, 40


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DurableStore]:
    """Twelve branches of forty, of whom eighteen vote in three hours; in one twenty more in the third, one a minute."""
    async with open_store(f"sqlite:///{tmp_path / 'store.db'}", SEAL_KEY) as opened:
        await opened.office.load_election(FILE, "its digest")
        people = [member(n, region="r", branch=f"b{n % BRANCHES}") for n in range(BRANCHES * EACH)]
        await opened.roll.import_roll([people], phone_key, seal_phone)
        await opened.office.freeze_roll(salt, OPENED)
        await opened.office.move(["draft"], "open", OPENED)
        chance = random.Random(4)
        came = [(number, chance.randrange(10_800)) for number in range(BRANCHES * 18)]
        came += [(BRANCHES * (18 + number) + 5, 7_200 + 60 * number) for number in range(20)]
        await asyncio.gather(
            *(opened.ledger.cast(vote(number, now=OPENED + timedelta(seconds=at))) for number, at in came)
        )
        yield opened


async def no_roll() -> Sequence[Finding]:
    return []


def watch(store: DurableStore) -> RadarWatch:
    return RadarWatch(StandingReader(store.ledger), store.radar, no_roll, Watch(random.Random(5), draws=150))


async def look_all_along(radar: RadarWatch) -> int:
    return sum([(await radar.run(OPENED + timedelta(minutes=10 * n)))["cases"] for n in range(1, 19)])


async def test_a_harvest_makes_its_cases_once_and_a_new_process_makes_none_again(store: DurableStore) -> None:
    made = await look_all_along(watch(store))
    cases = await store.radar.cases()
    assert len(cases) == made
    assert {(case.detector, case.branch) for case in cases} >= {("burst", "b5")}
    assert {case.branch for case in cases} == {"b5"}
    assert await look_all_along(watch(store)) == 0
    assert len(await store.radar.cases()) == made


async def test_what_was_noted_by_the_way_makes_cases_too(store: DurableStore) -> None:
    for number in range(6):
        await store.ledger.note_signal(Signal("contact", OPENED, "r", "b3", f"m0000{number}"))
    await watch(store).run(OPENED + timedelta(minutes=10))
    (case,) = [case for case in await store.radar.cases() if case.detector == "contacts"]
    assert (case.region, case.branch, case.numbers) == ("r", "b3", {"times": 6, "members": 6})


async def test_the_roll_is_looked_over_once_for_each_version(store: DurableStore) -> None:
    asked = []

    async def roll() -> Sequence[Finding]:
        asked.append(1)
        return [Finding("roll-run", ("r", "b1"), OPENED, OPENED, {"phones": 9}, 9)]

    radar = RadarWatch(StandingReader(store.ledger), store.radar, roll, Watch(random.Random(5), draws=50))
    before = OPENED - timedelta(minutes=1)
    assert (await radar.run(before))["cases"] >= 1
    await radar.run(before)
    assert len(asked) == 1
    assert [case.numbers for case in await store.radar.cases() if case.detector == "roll-run"] == [{"phones": 9}]


async def test_before_the_opening_and_after_the_cut_nothing_is_found(tmp_path: Path, store: DurableStore) -> None:
    async with open_store(f"sqlite:///{tmp_path / 'empty.db'}", SEAL_KEY) as empty:
        assert await watch(empty).run(OPENED) == {"cases": 0}
    await store.office.move(["open"], "closed", OPENED)
    await store.office.cut(pseudonym)
    assert await look_all_along(watch(store)) == 0
    await store.office.move(["closed"], "counted", OPENED)
    assert await look_all_along(watch(store)) == 0
