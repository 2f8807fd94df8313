"""Numbered changes of the frozen roll, on every store."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from election.books import RollChange
from election.errors import OperatorRefusal
from election.leaf import act_digest
from election.ports import Act, Withdrawal
from election.roll_change import KIND, Difference, RollChangeProposal
from storage.durable.roll import roll_digest
from storage.durable.roll_change import Phones
from storage.durable.store import DurableStore
from storage.roll_files.staging import StagedMember
from tests.storage.durable.polling import (
    NOW,
    member,
    phone,
    phone_key,
    polling_opens,
    pseudonym,
    salt,
    seal_phone,
    take_in,
    total,
    vote,
)

LATER = NOW + timedelta(minutes=5)
PHONES = Phones(phone_key, seal_phone, salt)


def _proposed(added: int, changed: int) -> Act:
    payload = RollChangeProposal("/roll.csv", "ab" * 32, {}, "KZ", added, changed).packed()
    return Act(0, NOW, KIND, payload, "late members", "Aigerim", "", "pending", NOW + timedelta(minutes=30))


async def _frozen(store: DurableStore, members: int = 6) -> None:
    await polling_opens(store, members)
    await store.office.freeze_roll(salt, NOW)


async def _looked(store: DurableStore, people: Sequence[StagedMember]) -> Difference:
    return await store.roll_changes.difference([people], phone_key, lambda _: None)


async def _changed(store: DurableStore, people: Sequence[StagedMember]) -> Act:
    """The change that these members make, proposed by one and approved by another."""
    found = await _looked(store, people)
    number = await store.office.propose(_proposed(found.added, found.changed))
    return await _approved(store, number, found, people)


async def _approved(
    store: DurableStore, number: int, found: Difference, people: Sequence[StagedMember], who: str = "Berik"
) -> Act:
    act = await store.office.act(number)
    assert act is not None
    return await store.roll_changes.apply(replace(act, approver=who), found, [people], PHONES, LATER)


async def _refused(change: object) -> OperatorRefusal:
    with pytest.raises(OperatorRefusal) as refusal:
        await change  # type: ignore[misc]
    assert refusal.value.sentence.endswith(".")
    return refusal.value


async def _untouched(store: DurableStore, version: int = 1) -> None:
    """Neither the roll nor the record of changes nor the log knows of a change."""
    books = await store.books.books()
    assert (books.record.roll_version, len(books.roll_changes)) == (version, version - 1)
    assert books.record.roll_digest == roll_digest(await store.roll.hashes(salt))
    assert books.waiting["action"] == len(books.acts) == version - 1


async def test_a_change_adds_and_changes_and_leaves_the_others_and_is_numbered(store: DurableStore) -> None:
    await _frozen(store)
    before = (await store.books.books()).record.roll_digest
    people = [member(1), member(2, name="Renamed", phone=phone(22), region="new"), member(9)]
    done = await _changed(store, people)
    books = await store.books.books()
    assert books.record.roll_version == 2
    assert books.record.roll_digest == roll_digest(await store.roll.hashes(salt)) != before
    assert books.roll_changes == [RollChange(books.roll_changes[0].number, 2, LATER, "1 added, 1 changed", done.number)]
    assert (list(books.acts), books.waiting["action"]) == ([done], 1)
    assert (done.state, done.approver, done.kind) == ("done", "Berik", "roll-change")
    assert {region.region: region.electorate for region in books.regions} == {"r0": 3, "r1": 2, "r2": 1, "new": 1}
    assert await total(store, "paper_roll") == 0
    found = await store.ledger.member_by_phone(phone_key(phone(22)))
    assert found is not None
    assert (found.id, found.region, found.right) == ("m00002", "new", "open")
    assert await store.ledger.member_by_phone(phone_key(phone(2))) is None
    await store.ledger.cast(vote(9))


async def test_the_leaf_of_a_change_is_that_of_its_act(store: DurableStore) -> None:
    await _frozen(store)
    done = await _changed(store, [member(9)])
    await store.books.publish(lambda _: b"a bulletin", at_least=0)
    assert [leaf.digest for leaf in await store.books.leaves(0, 9)] == [act_digest(done)]


async def test_one_persons_change_is_appended_as_done(store: DurableStore) -> None:
    await _frozen(store)
    found = await _looked(store, [member(9)])
    alone = replace(_proposed(1, 0), approver="Aigerim", state="done", expires_at=None)
    done = await store.roll_changes.apply(alone, found, [[member(9)]], PHONES, LATER)
    books = await store.books.books()
    assert (list(books.acts), books.record.roll_version, books.waiting["action"]) == ([done], 2, 1)


async def test_who_is_on_the_roll_exactly_so_is_told_apart_and_a_second_time_all_are(store: DurableStore) -> None:
    await _frozen(store)
    same: list[str] = []
    people = [[member(1), member(2, name="Other")], [member(3), member(9, status="shared")]]
    found = await store.roll_changes.difference(people, phone_key, same.extend)
    assert (found, same) == (Difference(1, 1, 1, ()), ["m00001", "m00003"])
    await _changed(store, [each for chunk in people for each in chunk])
    again = await _looked(store, [each for chunk in people for each in chunk])
    assert (again.added, again.changed) == (0, 0)
    refusal = await _refused(_changed(store, [member(1)]))
    assert refusal.code == "roll_unchanged"
    assert (await store.books.books()).record.roll_version == 2


@pytest.mark.parametrize("right", ["voted", "paper"])
async def test_who_has_used_her_right_keeps_what_the_vote_hangs_on(store: DurableStore, right: str) -> None:
    await _frozen(store)
    await _uses_her_right(store, right)
    for field, other in (("phone", phone(77)), ("region", "r9"), ("branch", "cb")):
        people = [member(9), member(1, row=7, **{field: other})]
        refusal = await _refused(_changed(store, people))
        assert refusal.code == "roll_change_refused"
        assert f"row 7, member m00001: {field}." in refusal.sentence
    await _untouched(store)
    assert await store.ledger.member("m00009") is None
    assert len(await store.office.acts("pending")) == 3


async def _uses_her_right(store: DurableStore, right: str = "voted") -> None:
    await store.ledger.enrol("m00001", "telegram", "555")
    await store.ledger.cast(vote(1))
    if right == "paper":
        out = Withdrawal("m00001", pseudonym("m00001"), 1, b"a random key, 16", bytes(32), NOW)
        await store.ledger.hand_out_paper(out)


async def test_who_has_voted_may_get_another_name_language_and_cell_and_her_vote_stays(store: DurableStore) -> None:
    await _frozen(store)
    await _uses_her_right(store)
    await _changed(store, [member(1, name="Married", language="ru", cell="7")])
    found = await store.ledger.member_by_account("telegram", "555")
    assert found is not None
    assert (found.right, found.enrolled, found.language, found.casts) == ("voted", True, "ru", 1)
    assert (await total(store, "telegram"), await total(store, "enrolled")) == (1, 1)


async def test_a_vote_that_comes_between_the_look_and_the_change_is_not_overridden(store: DurableStore) -> None:
    await _frozen(store)
    people = [member(1, region="moved"), member(9)]
    found = await _looked(store, people)
    number = await store.office.propose(_proposed(1, 1))
    await store.ledger.enrol("m00001", "telegram", "555")
    await store.ledger.cast(vote(1))
    assert (await _refused(_approved(store, number, found, people))).code == "roll_change_refused"
    await _untouched(store)


async def test_whose_phone_is_another_one_signs_in_anew(store: DurableStore) -> None:
    await _frozen(store)
    for number in (1, 2):
        await store.ledger.enrol(f"m0000{number}", "telegram", f"55{number}")
    await _changed(store, [member(1, phone=phone(11)), member(2, name="Other")])
    assert await store.ledger.member_by_account("telegram", "551") is None
    kept = await store.ledger.member_by_account("telegram", "552")
    assert kept is not None
    assert kept.enrolled
    assert await total(store, "enrolled") == 1
    await store.ledger.enrol("m00001", "telegram", "561")


async def test_a_change_that_brings_a_phone_a_second_time_holds_both_back_and_the_hash_says_so(
    store: DurableStore,
) -> None:
    await _frozen(store)
    await _changed(store, [member(9, phone=phone(1))])
    reaches = [found.reach for number in (1, 9) if (found := await store.ledger.member(f"m{number:05d}"))]
    assert (reaches, await total(store, "paper_roll")) == (["shared", "shared"], 2)
    assert (await store.books.books()).record.roll_digest == roll_digest(await store.roll.hashes(salt))
    await _changed(store, [member(9, phone=phone(9))])
    assert await total(store, "paper_roll") == 0
    assert (await store.books.books()).record.roll_digest == roll_digest(await store.roll.hashes(salt))


async def test_what_is_not_approved_in_order_changes_nothing(store: DurableStore) -> None:
    await _frozen(store)
    people = [member(9)]
    found = await _looked(store, people)
    number = await store.office.propose(_proposed(1, 0))
    assert (await _refused(_approved(store, number, found, people, "Aigerim"))).code == "same_person"
    other = await store.office.propose(_proposed(2, 0))
    assert (await _refused(_approved(store, other, found, people))).code == "roll_moved_on"
    late = await store.office.propose(replace(_proposed(1, 0), expires_at=LATER))
    assert (await _refused(_approved(store, late, found, people))).code == "act_too_old"
    await _untouched(store)
    await _approved(store, number, found, people)
    await _untouched(store, version=2)
    assert (await _refused(_approved(store, number, found, people))).code == "roll_moved_on"
    assert (await _refused(_approved(store, other, await _looked(store, people), people))).code == "roll_unchanged"
    await _untouched(store, version=2)


async def test_the_roll_changes_neither_before_the_freeze_nor_after_the_close(store: DurableStore) -> None:
    await polling_opens(store)
    assert (await _refused(_changed(store, [member(19)]))).code == "wrong_stage"
    await store.office.freeze_roll(salt, NOW)
    await store.office.move(["open"], "closed", NOW)
    assert (await _refused(_changed(store, [member(19)]))).code == "wrong_stage"
    assert await store.ledger.member("m00019") is None


async def test_of_two_who_approve_at_once_one_changes_the_roll(store: DurableStore, other: DurableStore) -> None:
    await _frozen(store)
    people = [member(9)]
    found = await _looked(store, people)
    number = await store.office.propose(_proposed(1, 0))
    outcomes = await asyncio.gather(
        *(_approved(each, number, found, people) for each in (store, other)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Act) for outcome in outcomes) == 1
    await _untouched(store, version=2)


async def test_votes_and_sign_ins_during_a_change_are_all_counted(store: DurableStore, other: DurableStore) -> None:
    await _frozen(store, 60)
    people = [member(number, name="Renamed") for number in range(60)] + [member(number) for number in range(60, 80)]

    async def votes(number: int) -> None:
        await store.ledger.enrol(f"m{number:05d}", "telegram", str(number))
        await store.ledger.cast(vote(number))

    await asyncio.gather(*(votes(number) for number in range(30)), _changed(other, people))
    assert (await total(store, "enrolled"), await total(store, "telegram")) == (30, 30)
    assert (await total(store, "electorate"), (await store.office.box()).standing) == (80, 30)
    await _untouched_counts(store)


async def _untouched_counts(store: DurableStore) -> None:
    """The counters are those that counting anew gives."""
    before = await store.ledger.turnout()
    await _changed(store, [member(79, name="Renamed once more")])
    assert await store.ledger.turnout() == before


async def test_before_the_freeze_a_file_is_just_taken_in(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    await take_in(store, [member(1)])
    await take_in(store, [member(2)])
    books = await store.books.books()
    assert (books.record.roll_version, books.roll_changes, books.acts) == (2, [], [])
