"""What the office promises (election.ports.Office), on every store."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import delete

from election.errors import OperatorRefusal
from election.leaf import ballot_digest
from election.ports import Act, BoxCount, Letter, Office
from storage.durable.office import SqlOffice
from storage.durable.roll import SqlRoll, roll_digest
from storage.durable.schema import voter
from storage.durable.store import DurableStore, keeper_of
from tests.storage.durable.polling import (
    NOW,
    SEAL_KEY,
    ballot,
    member,
    phone_key,
    polling_opens,
    pseudonym,
    salt,
    seal_phone,
    take_in,
    vote,
)

PROPOSAL = Act(0, NOW, "close", '{"why": 1}', "it is evening", "Aigerim", "", "pending", NOW + timedelta(minutes=30))


async def refused(act: object) -> str:
    with pytest.raises(OperatorRefusal) as refusal:
        await act  # type: ignore[misc]
    assert refusal.value.sentence.endswith(".")
    return refusal.value.code


async def test_the_office_is_what_the_rules_ask_for(store: DurableStore) -> None:
    office: Office = store.office
    assert await office.acts() == []


async def test_the_definition_and_the_key_can_change_in_draft_only(store: DurableStore) -> None:
    await store.office.load_election("one", "1")
    await store.office.load_election("two", "2")
    await store.office.set_public_key(b"early", [b"a"], 1)
    await store.office.set_public_key(b"key", [b"first", b"second", b"third"], 2)
    await store.office.move(["draft"], "open", NOW)
    assert await refused(store.office.load_election("three", "3")) == "not_draft"
    assert await refused(store.office.set_public_key(b"late", [], 0)) == "not_draft"
    record = await store.ledger.election()
    assert record is not None
    assert (record.definition, record.public_key) == ("two", b"key")
    assert await store.office.commitments() == (2, (b"first", b"second", b"third"))


async def test_before_the_ceremony_there_are_no_commitments(store: DurableStore) -> None:
    assert await store.office.commitments() == (0, ())


async def test_a_frozen_roll_has_a_version_and_a_hash_and_takes_no_more(store: DurableStore) -> None:
    assert await refused(store.office.freeze_roll(salt, NOW)) == "no_election"
    await store.office.load_election("text", "digest")
    assert await refused(store.office.freeze_roll(salt, NOW)) == "no_roll"
    await take_in(store, [member(1)])
    await take_in(store, [member(2)])
    record = await store.office.freeze_roll(salt, NOW)
    assert (record.roll_version, record.roll_frozen_at, len(record.roll_digest)) == (2, NOW, 64)
    assert await store.office.freeze_roll(salt, NOW + timedelta(days=1)) == record
    assert await refused(take_in(store, [member(3)])) == "roll_frozen"
    assert await store.ledger.member("m00003") is None


CHANGES = [
    {},
    {"name": "Other"},
    {"phone": "+77019999999"},
    {"region": "r9"},
    {"branch": "cb"},
    {"language": "ru"},
    {"cell": ""},
]


async def test_the_hash_of_the_roll_tells_of_every_field(url: str) -> None:
    hashes = []
    async with await keeper_of(url, SEAL_KEY) as keeper:
        for change in CHANGES:
            for people in ([member(1), member(2, **change)], [member(2, **change), member(1)]):
                await keeper.write(lambda connection: connection.execute(delete(voter)).rowcount)
                await SqlRoll(keeper).import_roll([people], phone_key, seal_phone)
                hashes.append(roll_digest(await SqlRoll(keeper).hashes(salt)))
    assert hashes[::2] == hashes[1::2]
    assert len(set(hashes)) == len(CHANGES)


async def test_acts_are_numbered_in_order_and_read_by_state(store: DurableStore) -> None:
    first = await store.office.propose(PROPOSAL)
    done = replace(PROPOSAL, state="done", approver="Berik", expires_at=None)
    second = await store.office.propose(done)
    assert second > first
    assert await store.office.acts() == [replace(PROPOSAL, number=first), replace(done, number=second)]
    assert await store.office.acts("pending") == [replace(PROPOSAL, number=first)]
    assert await store.office.act(first) == replace(PROPOSAL, number=first)
    assert await store.office.act(first + second + 1) is None


async def test_an_act_is_decided_by_somebody_else_in_time_and_once(store: DurableStore) -> None:
    number = await store.office.propose(PROPOSAL)
    assert await refused(store.office.decide(number, "Aigerim", NOW)) == "same_person"
    assert await refused(store.office.decide(number, "Berik", NOW + timedelta(minutes=30))) == "act_too_old"
    assert await refused(store.office.decide(number + 1, "Berik", NOW)) == "no_such_act"
    decided = await store.office.decide(number, "Berik", NOW)
    assert decided == replace(PROPOSAL, number=number, state="done", approver="Berik")
    assert await refused(store.office.decide(number, "Dana", NOW)) == "act_not_pending"


async def test_a_guarded_act_its_record_and_its_effect_are_one(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    opening = replace(PROPOSAL, kind="open", proposer="Aigerim")
    number = await store.office.propose(opening)
    assert await refused(store.office.enact(replace(opening, number=number, approver="Aigerim"), {}, NOW)) == (
        "same_person"
    )
    assert await stage(store) == "draft"
    done = await store.office.enact(replace(opening, number=number, approver="Berik"), {}, NOW)
    assert (done.state, done.approver, await stage(store)) == ("done", "Berik", "open")
    assert (await store.books.books()).waiting.get("action") == 1


async def test_an_act_whose_effect_is_refused_stays_as_it_was(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    number = await store.office.propose(replace(PROPOSAL, kind="resume"))
    act = replace(PROPOSAL, kind="resume", number=number, approver="Berik")
    assert await refused(store.office.enact(act, {}, NOW)) == "wrong_stage"
    assert await store.office.acts("pending") == [replace(PROPOSAL, kind="resume", number=number)]
    assert (await store.books.books()).waiting.get("action", 0) == 0


async def test_an_act_by_one_person_gets_its_number_when_it_is_done(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    alone = Act(0, NOW, "open", "{}", "", "Aigerim", "Aigerim", "done")
    done = await store.office.enact(alone, {}, NOW)
    assert [done] == await store.office.acts("done")
    assert await refused(store.office.enact(alone, {}, NOW)) == "wrong_stage"
    assert [done] == await store.office.acts()


@pytest.mark.parametrize("column", ["payload", "reason", "kind", "proposer"])
async def test_a_proposal_that_was_altered_in_the_store_is_not_approved(url: str, column: str) -> None:
    async with await keeper_of(url, SEAL_KEY) as keeper:
        office = SqlOffice(keeper)
        await office.load_election("text", "digest")
        number = await office.propose(replace(PROPOSAL, kind="open"))
        await foreign_write(url, f"UPDATE act SET {column} = 'resume' WHERE number = {number}")
        act = replace(PROPOSAL, kind="open", number=number, approver="Berik")
        assert await refused(office.enact(act, {}, NOW)) == "proposal_altered"
        assert len(await office.acts("pending")) == 1


async def test_a_letter_that_has_nothing_to_do_with_a_code_is_queued(store: DurableStore) -> None:
    await store.ledger.post(Letter("code", b"phone", b"body", NOW, NOW + timedelta(minutes=9)))
    [letter] = await store.outbox.claim(NOW, 10)
    assert (letter.kind, letter.sealed_phone, letter.sealed_body) == ("code", b"phone", b"body")


async def foreign_write(url: str, statement: str) -> None:
    """By somebody who has the database and not the key."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.partition(":///")[2], isolation_level=None)) as hand:
            hand.execute(statement)
        return
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("SET session_replication_role = replica")  # no trigger sees it
        await connection.execute(statement)
    finally:
        await connection.close()


async def stage(store: DurableStore) -> str:
    record = await store.ledger.election()
    assert record is not None
    return record.stage


async def test_of_many_who_decide_at_once_one_does(store: DurableStore, other: DurableStore) -> None:
    number = await store.office.propose(PROPOSAL)
    answers = await asyncio.gather(
        *((store, other)[n % 2].office.decide(number, f"Officer {n}", NOW) for n in range(20)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Act) for answer in answers) == 1


async def test_the_stage_moves_only_from_where_it_is_expected(store: DurableStore) -> None:
    assert not await store.office.move(["draft"], "open", NOW)
    await store.office.load_election("text", "digest")
    assert not await store.office.move(["open"], "closed", NOW)
    assert await store.office.move(["draft", "paused"], "open", NOW)
    assert await store.office.move(["open"], "paused", NOW)
    assert await store.office.move(["draft", "paused"], "open", NOW + timedelta(hours=1))
    assert await store.office.move(["open", "paused"], "closed", NOW + timedelta(hours=2))
    record = await store.ledger.election()
    assert record is not None
    assert record.stage == "closed"
    assert (record.opened_at, record.closed_at) == (NOW, NOW + timedelta(hours=2))


async def test_the_cut_moves_every_ballot_and_repeats_harmlessly(store: DurableStore) -> None:
    await polling_opens(store, members=30)
    await asyncio.gather(*(store.ledger.cast(vote(number)) for number in range(20)))
    assert await refused(store.office.cut(pseudonym)) == "not_closed"
    await store.office.move(["open"], "closed", NOW)
    assert await store.office.cut(pseudonym) == 20
    assert await store.office.cut(pseudonym) == 20
    assert sorted(await store.office.urn()) == [ballot(number) for number in range(20)]
    assert await store.office.box() == BoxCount(voted=20, standing=0, urn=20)
    await store.office.move(["closed"], "counted", NOW)
    assert await store.office.cut(pseudonym) == 20


async def test_the_urn_does_not_keep_the_order_of_casting(store: DurableStore) -> None:
    await polling_opens(store, members=60)
    order = []
    for number in range(60):
        sent = vote(number)
        order.append(sent.sealed_ballot)
        await store.ledger.cast(sent)
    await store.office.move(["open"], "closed", NOW)
    await store.office.cut(pseudonym)
    urn = list(await store.office.urn())
    assert urn != order
    assert urn == sorted(order, key=ballot_digest)


async def test_styles_tell_members_and_votes_of_each_region_and_branch(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    await take_in(
        store, [member(1, region="a", branch="x"), member(2, region="a", branch="y"), member(3, region="a", branch="x")]
    )
    await store.office.move(["draft"], "open", NOW)
    await store.ledger.cast(vote(3))
    assert list(await store.office.styles()) == [("a", "x", 2, 1), ("a", "y", 1, 0)]


async def test_an_opening_freezes_the_roll_that_was_hashed_for_it_and_no_other(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    await take_in(store, [member(1)])
    before = await store.office.roll_as_it_is(salt)
    assert (await store.ledger.election()).roll_frozen_at is None  # type: ignore[union-attr]
    await take_in(store, [member(2)])
    opening = replace(PROPOSAL, kind="open", state="done", approver="Berik")
    assert await refused(store.office.enact(opening, before, NOW)) == "roll_moved_on"
    await store.office.enact(opening, await store.office.roll_as_it_is(salt), NOW)
    record = await store.ledger.election()
    assert record is not None
    assert (record.stage, record.roll_frozen_at) == ("open", NOW)
    assert record.roll_digest == roll_digest(await store.roll.hashes(salt))
    assert await store.office.roll_as_it_is(salt) == {}
