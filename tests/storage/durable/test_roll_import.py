"""Taking in a roll, on every store."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import pytest

from election.errors import OperatorRefusal
from election.ports import BoxCount, ElectionRecord
from storage.durable.roll import SqlRoll, roll_digest
from storage.durable.store import DurableStore, keeper_of
from storage.roll_files import Staging, open_roll
from tests.storage.durable.polling import (
    NOW,
    SEAL_KEY,
    member,
    phone,
    phone_key,
    polling_opens,
    salt,
    seal_phone,
    take_in,
    total,
    vote,
)

ROLL = """member_id;name;phone;region
1;One;8 701 000 00 01;Алматы
2;Two;87010000002;Алматы
3;Three;;Алматы
4;Four;12;Шымкент
5;Five;8 7172 55 55 55;Шымкент
6;Six;8 701 000 00 06;Шымкент
7;Seven;+7 (701) 000-00-06;Шымкент
"""


async def test_the_counts_are_those_of_the_files_report(store: DurableStore, tmp_path: Path) -> None:
    file = tmp_path / "roll.csv"
    file.write_text(ROLL, encoding="utf-8")
    heard: list[int] = []
    with Staging() as staging:
        report = staging.load(open_roll(file, mapping=None, default_region="KZ"))
        summary = await store.roll.import_roll(staging.members(chunk=3), phone_key, seal_phone, heard.append)
    kept = asdict(summary)
    assert {name: kept[name] for name in kept if name in report.counts()} == {
        name: count for name, count in report.counts().items() if name in kept
    }
    assert (summary.roll_version, summary.read, summary.added, summary.absent) == (1, 7, 7, 0)
    assert (summary.can_vote_by_phone, summary.shared_phone_members, summary.landline) == (2, 2, 1)
    assert heard == [3, 6, 7]


async def test_importing_again_updates_and_never_doubles(store: DurableStore) -> None:
    await take_in(store, [member(1), member(2), member(3)])
    summary = await take_in(store, [member(2, phone=phone(22), region="new"), member(4)])
    assert (summary.roll_version, summary.read, summary.added, summary.absent, summary.members) == (2, 2, 1, 2, 4)
    found = await store.ledger.member("m00002")
    assert found is not None
    assert (found.region, found.sealed_phone) == ("new", seal_phone(phone(22)))
    assert await store.ledger.member_by_phone(phone_key(phone(2))) is None
    assert await store.ledger.member("m00003") is not None
    assert {region.region: region.electorate for region in await store.ledger.turnout()} == {"r0": 1, "r1": 2, "new": 1}


async def test_a_member_who_enrolled_or_voted_keeps_that(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.enrol("m00001", "telegram", "555")
    await store.ledger.cast(vote(1))
    await store.ledger.record_wrong_code("m00001")
    await take_in(store, [member(1, name="Renamed", region="moved")])
    found = await store.ledger.member_by_account("telegram", "555")
    assert found is not None
    assert (found.id, found.region, found.right, found.enrolled, found.wrong_codes) == (
        "m00001",
        "moved",
        "voted",
        True,
        1,
    )
    moved = next(region for region in await store.ledger.turnout() if region.region == "moved")
    assert (moved.electorate, moved.enrolled, moved.telegram) == (1, 1, 1)
    assert (await total(store, "telegram"), await store.office.box()) == (1, BoxCount(1, 1, 0))


async def test_a_phone_shared_across_two_imports_holds_both_back_until_one_of_them_changes_it(
    store: DurableStore,
) -> None:
    await take_in(store, [member(1)])
    summary = await take_in(store, [member(2, phone=phone(1))])
    assert (summary.shared_phone_members, summary.can_vote_by_phone) == (2, 0)
    assert await store.ledger.member_by_phone(phone_key(phone(1))) is None
    summary = await take_in(store, [member(2)])
    assert (summary.shared_phone_members, summary.can_vote_by_phone) == (0, 2)
    found = await store.ledger.member_by_phone(phone_key(phone(1)))
    assert found is not None
    assert (found.id, found.reach) == ("m00001", "mobile")


async def test_a_fixed_line_of_two_members_is_a_fixed_line_and_not_a_shared_mobile(store: DurableStore) -> None:
    summary = await take_in(
        store, [member(1, status="landline", phone=phone(9)), member(2, status="landline", phone=phone(9))]
    )
    assert (summary.landline, summary.shared_phone_members) == (2, 0)


async def test_an_import_that_breaks_off_leaves_the_roll_as_it_was(store: DurableStore) -> None:
    await take_in(store, [member(1), member(2)])

    def breaking():  # type: ignore[no-untyped-def]
        yield [member(1, name="Changed"), member(3)]
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="gone"):
        await store.roll.import_roll(breaking(), phone_key, seal_phone)
    assert await store.ledger.member("m00003") is None
    assert await store.ledger.member_by_phone(phone_key(phone(2))) is not None
    await store.office.load_election("text", "digest")
    assert (await store.office.freeze_roll(salt, NOW)).roll_version == 1


@pytest.mark.parametrize("freeze_first", [True, False])
async def test_a_freeze_that_meets_an_import_fixes_the_roll_that_is_there(
    url: str, store: DurableStore, other: DurableStore, freeze_first: bool
) -> None:
    await store.office.load_election("text", "digest")
    await take_in(store, [member(number) for number in range(500)])
    chunks = [[member(number, name="Changed")] for number in range(100)]
    importing = store.roll.import_roll(chunks, phone_key, seal_phone)
    freezing = other.office.freeze_roll(salt, NOW)
    both = (freezing, importing) if freeze_first else (importing, freezing)
    answers = await asyncio.gather(*both, return_exceptions=True)
    (record,) = (answer for answer in answers if isinstance(answer, ElectionRecord))
    (imported,) = (answer for answer in answers if not isinstance(answer, ElectionRecord))
    assert record.roll_version == (1 if isinstance(imported, OperatorRefusal) else 2)
    assert await store.ledger.election() == record
    async with await keeper_of(url, SEAL_KEY) as keeper:
        assert roll_digest(await SqlRoll(keeper).hashes(salt)) == record.roll_digest
