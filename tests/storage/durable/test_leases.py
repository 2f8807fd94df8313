"""What leases promise (election.ports.Leases), on every store."""

import asyncio
from datetime import timedelta

from election.ports import Leases
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW


async def test_leases_are_what_the_rules_ask_for(store: DurableStore) -> None:
    leases: Leases = store.leases
    await leases.release("clock", "nobody")


async def test_who_leads_renews_and_nobody_else_leads_until_it_has_run_out(
    store: DurableStore, other: DurableStore
) -> None:
    assert await store.leases.lead("clock", "one", 15, NOW)
    assert not await other.leases.lead("clock", "two", 15, NOW + timedelta(seconds=14))
    assert await store.leases.lead("clock", "one", 15, NOW + timedelta(seconds=14))
    assert not await other.leases.lead("clock", "two", 15, NOW + timedelta(seconds=28, microseconds=999_999))
    assert await other.leases.lead("clock", "two", 15, NOW + timedelta(seconds=29))
    assert not await store.leases.lead("clock", "one", 15, NOW + timedelta(seconds=30))


async def test_roles_are_led_apart(store: DurableStore) -> None:
    assert await store.leases.lead("clock", "one", 15, NOW)
    assert await store.leases.lead("sender", "two", 15, NOW)


async def test_a_role_given_up_is_free_at_once_and_only_its_holder_gives_it_up(store: DurableStore) -> None:
    assert await store.leases.lead("clock", "one", 15, NOW)
    await store.leases.release("clock", "two")
    assert not await store.leases.lead("clock", "two", 15, NOW)
    await store.leases.release("clock", "one")
    assert await store.leases.lead("clock", "two", 15, NOW)


async def test_of_many_who_ask_at_once_one_leads_whenever_the_role_is_free(
    store: DurableStore, other: DurableStore
) -> None:
    for minutes in range(5):
        now = NOW + timedelta(minutes=minutes)
        answers = await asyncio.gather(
            *((store, other)[n % 2].leases.lead("clock", f"{minutes}:{n}", 15, now) for n in range(40))
        )
        assert answers.count(True) == 1
