"""Repairs of identity (election.repairs.Repairing, and the acts on one member), on every store."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from election.deeds.deed import payload
from election.errors import OperatorRefusal
from election.leaf import Leaf, ballot_digest
from election.ports import Act, BoxCount, CodeRequest, Extra, Letter
from election.repairs import DROPPED, STOPPED, WAIT, Card, NumberChange, Repairing
from storage.durable.roll import roll_digest
from storage.durable.store import DurableStore
from tests.storage.durable.polling import (
    NOW,
    again,
    member,
    phone,
    phone_key,
    pseudonym,
    salt,
    seal_phone,
    take_in,
    vote,
    withdrawal,
)

DUE = NOW + WAIT
NEW = "+77029999934"
TO_NEW = Letter("notice", seal_phone(NEW), b"it is yours now", DUE)
LETTER: Extra = {"letter": b"sealed words"}


@pytest.fixture
async def town(store: DurableStore) -> AsyncIterator[DurableStore]:
    """Ten members; 6 to 9 share a phone; frozen and open."""
    await store.office.load_election("the definition", "its digest")
    await take_in(store, [member(number, phone=phone(min(number, 6))) for number in range(10)])
    await store.office.freeze_roll(salt, NOW)
    await store.office.move(["draft"], "open", NOW)
    yield store
    assert await store.books.inspect() == []


def named(number: int) -> str:
    return f"m{number:05d}"


async def enacted(
    store: DurableStore, kind: str, number: int, extra: Extra = LETTER, now: datetime = NOW, **about: str | int
) -> Act:
    told: Mapping[str, str | int] = {"member": named(number), **about}
    act = Act(0, now, kind, payload("primaries", told), "why", "Aigerim", "Berik", "done")
    return await store.office.enact(act, extra, now)


async def refused(store: DurableStore, act: object) -> str:
    """Its code; nothing has changed."""
    before = await store.office.acts(), await store.books.books(), await store.outbox.counts()
    with pytest.raises(OperatorRefusal) as refusal:
        await act  # type: ignore[misc]
    assert (await store.office.acts(), await store.books.books(), await store.outbox.counts()) == before
    return refusal.value.code


async def card(store: DurableStore, number: int) -> Card:
    found = await store.repairs.card(named(number))
    assert found is not None
    return found


async def changes_number(store: DurableStore, number: int, new: str = NEW) -> NumberChange:
    sealed = seal_phone(new).hex()
    await enacted(store, "number", number, phone_key=phone_key(new).hex(), sealed=sealed, digits="4471")
    change = (await card(store, number)).change
    assert change is not None
    return change


async def confirms(store: DurableStore, number: int, limit: int = 3) -> Act:
    return await enacted(store, "confirm", number, {**LETTER, "limit": bytes([limit])})


async def types_wrong_codes(store: DurableStore, number: int, often: int = 15) -> None:
    for _ in range(often):
        await store.ledger.record_wrong_code(named(number))


async def shows(store: DurableStore, account: str, phones: list[int]) -> int:
    """How many phones this account has shown after it."""
    return [
        await store.ledger.note_phone_tried(CodeRequest("telegram", account, phone_key(phone(number)), NOW))
        for number in phones
    ][-1]


async def letters(store: DurableStore) -> list[tuple[bytes, bytes]]:
    """Phones and words of all letters that wait."""
    items = await store.outbox.claim(NOW + timedelta(days=9), 100)
    for item in items:
        await store.outbox.settled(item.id, "failed", NOW)
    return [(item.sealed_phone, item.sealed_body) for item in items]


async def kinds(store: DurableStore) -> list[str]:
    return [act.kind for act in await store.office.acts("done")]


async def test_the_store_is_what_the_rules_ask_for(town: DurableStore) -> None:
    repairs: Repairing = town.repairs
    assert await repairs.card("nobody") is None
    assert await repairs.has_phone(phone_key(phone(1)))
    assert not await repairs.has_phone(phone_key(NEW))


async def test_a_card_tells_who_she_is_and_what_is_wrong(town: DurableStore) -> None:
    found = await card(town, 1)
    assert (found.name, found.line, found.shared, found.confirmed_there) == ("Мүше 1", "mobile", False, 0)
    assert (found.locked, found.frozen, found.change) == (False, 0, None)
    assert found.member == await town.ledger.member(named(1))
    assert (await card(town, 7)).shared


# Unlocking


async def test_fifteen_wrong_codes_are_forgotten_and_she_is_told(town: DurableStore) -> None:
    await types_wrong_codes(town, 1, 14)
    assert not (await card(town, 1)).locked
    await types_wrong_codes(town, 1, 1)
    assert (await card(town, 1)).locked
    await enacted(town, "unlock", 1)
    assert (await card(town, 1)).member.wrong_codes == 0
    assert await letters(town) == [(seal_phone(phone(1)), b"sealed words")]
    assert await refused(town, enacted(town, "unlock", 1)) == "not_locked"
    assert await refused(town, enacted(town, "unlock", 99)) == "no_such_member"


async def test_an_account_that_tried_too_many_phones_goes_on_with_hers_and_no_new_one(town: DurableStore) -> None:
    assert await shows(town, "hers", [1, 2, 3, 4, 5]) == 5
    assert (await card(town, 1)).frozen == 1
    await enacted(town, "unlock", 1)
    assert (await card(town, 1)).frozen == 0
    assert await shows(town, "hers", [1]) == 3
    assert await shows(town, "hers", [0]) == 4


async def test_another_members_account_and_one_that_never_showed_her_phone_stay_frozen(town: DurableStore) -> None:
    await town.ledger.enrol(named(2), "telegram", "his")
    await shows(town, "his", [2, 3, 4, 1])
    await shows(town, "strange", [2, 3, 4, 5])
    assert (await card(town, 1)).frozen == 0
    assert await refused(town, enacted(town, "unlock", 1)) == "not_locked"
    assert await shows(town, "his", [2]) == 4
    assert (await card(town, 2)).frozen == 2, "his own, and the strange one that showed his phone"


async def test_wrong_codes_are_forgiven_before_any_account_is_thawed(town: DurableStore) -> None:
    await types_wrong_codes(town, 1)
    await shows(town, "a manager's", [2, 3, 4, 1])
    await enacted(town, "unlock", 1)
    found = await card(town, 1)
    assert (found.locked, found.frozen) == (False, 1)


async def test_who_shares_a_confirmed_phone_is_locked_and_unlocked_with_it(town: DurableStore) -> None:
    for number in (6, 7):
        await confirms(town, number)
    await types_wrong_codes(town, 6)
    assert ((await card(town, 7)).locked, (await card(town, 8)).locked) == (True, False)
    await enacted(town, "unlock", 7)
    assert not (await card(town, 6)).locked


# Another number


async def test_a_number_waits_a_day_and_the_old_one_is_told(town: DurableStore) -> None:
    await town.ledger.enrol(named(1), "telegram", "her account", "a bot")
    change = await changes_number(town, 1)
    assert (change.member_id, change.state, change.due_at, change.digits) == (named(1), "waiting", DUE, "4471")
    assert await letters(town) == [(seal_phone(phone(1)), b"sealed words")]
    assert (await town.ledger.member_by_phone(phone_key(phone(1)))) is not None
    assert await town.repairs.due(DUE - timedelta(seconds=1)) == []
    assert await town.repairs.due(DUE) == [change]
    assert await town.repairs.changes_from(phone_key(phone(1))) == [change] == await town.repairs.changes_of(named(1))
    (untold,) = await town.repairs.untold()
    assert (untold.change, untold.account, untold.door) == (change, "her account", "a bot")
    await town.repairs.told(change.act)
    assert await town.repairs.untold() == []


async def test_in_force_she_has_the_new_number_and_signs_in_anew(town: DurableStore) -> None:
    await town.ledger.enrol(named(1), "telegram", "her account")
    change = await changes_number(town, 1)
    await letters(town)
    record = await town.ledger.election()
    assert await town.repairs.put_in_force(change, TO_NEW, salt, DUE) == "done"
    hers = await town.ledger.member_by_phone(phone_key(NEW))
    assert hers is not None
    assert (hers.id, hers.enrolled, hers.sealed_phone) == (named(1), False, seal_phone(NEW))
    assert await town.ledger.member_by_phone(phone_key(phone(1))) is None
    assert await town.ledger.member_by_account("telegram", "her account") is None
    assert await letters(town) == [(seal_phone(NEW), b"it is yours now")]
    after = await town.ledger.election()
    assert record is not None
    assert after is not None
    assert after.roll_version == record.roll_version + 1
    assert after.roll_digest == roll_digest(await town.roll.hashes(salt)) != record.roll_digest
    (told,) = (await town.books.books()).roll_changes
    assert (told.version, told.at, told.act) == (after.roll_version, DUE, change.act)
    assert await town.repairs.due(DUE) == await town.repairs.changes_of(named(1)) == []


async def test_of_two_clocks_one_puts_it_in_force(town: DurableStore, other: DurableStore) -> None:
    change = await changes_number(town, 1)
    ends = await asyncio.gather(
        *((town, other)[n % 2].repairs.put_in_force(change, TO_NEW, salt, DUE) for n in range(6)),
        return_exceptions=True,
    )
    assert ends.count("done") == 1
    assert all(end is None or isinstance(end, OperatorRefusal) for end in ends if end != "done")
    record = await town.ledger.election()
    assert record is not None
    assert record.roll_version == 2


async def test_an_objection_stops_it_once_and_is_on_record(town: DurableStore) -> None:
    change = await changes_number(town, 1)
    assert await town.repairs.stop(change.act, NOW)
    assert not await town.repairs.stop(change.act, NOW)
    assert (await kinds(town)).count(STOPPED) == 1
    assert [each.state for each in await town.repairs.changes_of(named(1))] == ["stopped"]
    assert await town.repairs.due(DUE) == []
    assert await town.repairs.put_in_force(change, TO_NEW, salt, DUE) is None
    assert await town.repairs.untold() == []
    await changes_number(town, 1)


async def test_who_votes_meanwhile_keeps_her_number(town: DurableStore) -> None:
    change = await changes_number(town, 1)
    await town.ledger.enrol(named(1), "sms", "")
    await town.ledger.cast(vote(1))
    assert await town.repairs.put_in_force(change, TO_NEW, salt, DUE) == "dropped"
    assert await town.ledger.member_by_phone(phone_key(phone(1))) is not None
    assert (await kinds(town))[-1] == DROPPED
    assert await refused(town, enacted(town, "number", 1, phone_key=phone_key(NEW).hex(), sealed="00", digits="1")) == (
        "has_voted"
    )


async def test_it_is_dropped_where_somebody_else_got_the_number_or_the_voting_is_closed(town: DurableStore) -> None:
    first, second = await changes_number(town, 1), await changes_number(town, 2)
    assert await town.repairs.put_in_force(first, TO_NEW, salt, DUE) == "done"
    assert await town.repairs.put_in_force(second, TO_NEW, salt, DUE) == "dropped"
    third = await changes_number(town, 3, "+77028888888")
    await town.office.move(["open"], "closed", DUE)
    assert await town.repairs.put_in_force(third, TO_NEW, salt, DUE) == "dropped"


async def test_one_change_of_a_member_waits_and_a_number_of_the_roll_is_refused(town: DurableStore) -> None:
    await changes_number(town, 1)
    another = {"phone_key": phone_key("+77028888888").hex(), "sealed": "00", "digits": "1"}
    assert await refused(town, enacted(town, "number", 1, **another)) == "has_voted"
    taken = {"phone_key": phone_key(phone(3)).hex(), "sealed": "00", "digits": "1"}
    assert await refused(town, enacted(town, "number", 2, **taken)) == "phone_taken"


async def test_who_leaves_a_shared_phone_frees_the_one_who_stays(town: DurableStore) -> None:
    for number in (7, 8, 9):
        change = await changes_number(town, number, f"+7702000000{number}")
        await town.repairs.put_in_force(change, replace(TO_NEW), salt, DUE)
    left = await town.ledger.member_by_phone(phone_key(phone(6)))
    assert left is not None
    assert left.id == named(6)


# A phone that several share


async def test_the_confirmed_can_be_reached_by_the_phone_they_share(town: DurableStore) -> None:
    record = await town.ledger.election()
    await confirms(town, 8)
    await confirms(town, 7)
    there = await town.ledger.confirmed_by_phone(phone_key(phone(6)))
    assert [(each.id, each.reach) for each in there] == [(named(7), "mobile"), (named(8), "mobile")]
    assert await town.ledger.member_by_phone(phone_key(phone(6))) is None
    assert await letters(town) == [(seal_phone(phone(6)), b"sealed words")] * 2
    await town.ledger.enrol(named(7), "sms", "")
    await town.ledger.cast(vote(7))
    assert await town.ledger.election() == record, "the roll is as it was frozen"
    assert await refused(town, confirms(town, 7)) == "nothing_to_confirm"
    assert await refused(town, confirms(town, 1)) == "nothing_to_confirm"


async def test_no_more_are_confirmed_on_a_phone_than_the_rules_allow(town: DurableStore, other: DurableStore) -> None:
    ends = await asyncio.gather(
        *((town, other)[number % 2].office.enact(*_confirmation(number)) for number in (6, 7, 8, 9)),
        return_exceptions=True,
    )
    assert sum(isinstance(end, Act) for end in ends) == 2
    assert (await card(town, 6)).confirmed_there == 2


def _confirmation(number: int) -> tuple[Act, Extra, datetime]:
    told = payload("primaries", {"member": named(number)})
    return Act(0, NOW, "confirm", told, "why", "Aigerim", "Berik", "done"), {**LETTER, "limit": b"\2"}, NOW


async def test_a_number_that_changes_takes_the_confirmation_along(town: DurableStore) -> None:
    await confirms(town, 7)
    change = await changes_number(town, 7)
    assert await town.repairs.put_in_force(change, TO_NEW, salt, DUE) == "done"
    found = await card(town, 7)
    assert (found.shared, found.confirmed) == (False, False)
    assert await town.ledger.confirmed_by_phone(phone_key(phone(6))) == []


# Void, and once more


def _out(number: int) -> Extra:
    return {**LETTER, "pseudonym": pseudonym(named(number)), "leaf_key": bytes([number]) * 16}


@pytest.mark.parametrize("stage", ["open", "paused", "closed"])
async def test_the_committee_takes_a_standing_ballot_out_for_good(town: DurableStore, stage: str) -> None:
    for number in (1, 2):
        await town.ledger.enrol(named(number), "sms", "")
        await town.ledger.cast(vote(number, "sms"))
    await letters(town)
    if stage != "open":
        await town.office.move(["open"], stage, NOW)  # type: ignore[arg-type]
    await enacted(town, "void", 1, _out(1), vote=1)
    found = await card(town, 1)
    assert (found.member.right, found.member.redo_from) == ("void", None)
    assert await town.office.box() == BoxCount(voted=1, standing=1, urn=0)
    assert await letters(town) == [(seal_phone(phone(1)), b"sealed words")]
    await town.books.publish(lambda _: b"bulletin", at_least=0)
    leaves = await town.books.leaves(0, 100)
    assert [leaf for leaf in leaves if leaf.kind == "void"] == [Leaf("void", ballot_digest(vote(1).sealed_ballot))]
    assert await refused(town, enacted(town, "void", 1, _out(1), vote=1)) == "vote_moved_on"


async def test_another_ballot_than_the_one_meant_is_not_taken_out(town: DurableStore) -> None:
    await town.ledger.enrol(named(1), "sms", "")
    await town.ledger.cast(vote(1))
    await town.ledger.cast(again(1, 2))
    assert await refused(town, enacted(town, "void", 1, _out(1), vote=1)) == "vote_moved_on"
    assert await refused(town, enacted(town, "void", 2, _out(2), vote=0)) == "vote_moved_on"
    await town.office.move(["open"], "closed", NOW)
    await town.office.cut(pseudonym)
    assert await refused(town, enacted(town, "void", 1, _out(1), vote=2)) == "box_is_cut"
    await town.office.move(["closed"], "counted", NOW)
    assert await refused(town, enacted(town, "void", 1, _out(1), vote=2)) == "wrong_stage"


async def test_a_vote_again_is_granted_at_once_where_one_stands(town: DurableStore) -> None:
    for number in (1, 2):
        await town.ledger.enrol(named(number), "sms", "")
        await town.ledger.cast(vote(number, redo_from=DUE))
    await enacted(town, "redo", 1, ticket=7)
    found = (await card(town, 1)).member
    assert (found.granted, found.redo_from, found.right) == (1, None, "voted")
    await enacted(town, "redo", 1, ticket=0)
    assert (await card(town, 1)).member.granted == 2
    assert await refused(town, enacted(town, "redo", 3, ticket=7)) == "no_vote_stands"
    await town.ledger.hand_out_paper(withdrawal(2))
    assert await refused(town, enacted(town, "redo", 2, ticket=7)) == "no_vote_stands"
