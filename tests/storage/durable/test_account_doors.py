"""Which bot an account belongs to (election.ports.Ledger.door_of and move_to_door), on every store."""

import asyncio

import pytest

from election.errors import AccountTaken
from storage.durable.store import DurableStore
from tests.storage.durable.polling import polling_opens


async def test_an_account_belongs_to_the_bot_it_was_bound_at(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=3)
    assert await store.ledger.door_of("telegram", "555") == ""
    await store.ledger.enrol("m00001", "telegram", "555", "1000001")
    assert await other.ledger.door_of("telegram", "555") == "1000001"
    await store.ledger.enrol("m00001", "telegram", "555", "1000002")
    assert await other.ledger.door_of("telegram", "555") == "1000001", "who is bound already stays where she is"
    await store.ledger.enrol("m00002", "telegram", "556")
    assert await store.ledger.door_of("telegram", "556") == ""


async def test_an_account_moves_to_another_bot_and_takes_nobody_along(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=3)
    for number in (1, 2):
        await store.ledger.enrol(f"m0000{number}", "telegram", f"55{number}", "1000001")
    await store.ledger.move_to_door("telegram", "551", "1000002")
    await store.ledger.move_to_door("telegram", "unknown", "1000002")
    assert await other.ledger.door_of("telegram", "551") == "1000002"
    assert await other.ledger.door_of("telegram", "552") == "1000001"
    member = await other.ledger.member_by_account("telegram", "551")
    assert member is not None
    assert member.id == "m00001"


async def test_of_two_bots_that_bind_a_member_at_once_one_has_her(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=3)
    await asyncio.gather(
        *((store, other)[n % 2].ledger.enrol("m00001", "telegram", "555", f"100000{n % 2}") for n in range(20))
    )
    assert await store.ledger.door_of("telegram", "555") in {"1000000", "1000001"}
    with pytest.raises(AccountTaken):
        await store.ledger.enrol("m00002", "telegram", "555", "1000001")
