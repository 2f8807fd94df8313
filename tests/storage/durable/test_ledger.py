"""What a ledger promises (election.ports.Ledger), on every store."""

import asyncio

import pytest

from election.errors import AccountTaken, AlreadyVoted, Closed, NotOpenYet, Paused, Refusal
from election.ports import BoxCount, CodeRequest, Ledger, Member, RegionTurnout
from storage.durable.store import DurableStore
from tests.storage.durable.polling import (
    NOW,
    letter,
    member,
    phone,
    phone_key,
    polling_opens,
    seal_phone,
    take_in,
    total,
    vote,
)


async def test_the_ledger_is_what_the_rules_ask_for(store: DurableStore) -> None:
    ledger: Ledger = store.ledger
    assert await ledger.election() is None


async def test_an_election_is_read_as_it_was_loaded_and_moved(store: DurableStore) -> None:
    await store.office.load_election("text", "digest")
    await store.office.move(["draft"], "open", NOW)
    record = await store.ledger.election()
    assert record is not None
    assert (record.definition, record.digest, record.stage) == ("text", "digest", "open")
    assert (record.opened_at, record.closed_at) == (NOW, None)
    assert (record.public_key, record.roll_version, record.roll_frozen_at) == (None, 0, None)


async def test_a_member_is_found_by_id_by_phone_and_by_account(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.enrol("m00003", "telegram", "555")
    expected = Member("m00003", "r0", "b", "kk", "mobile", "open", True, 0, 0, seal_phone(phone(3)))
    assert await store.ledger.member("m00003") == expected
    assert await store.ledger.member_by_phone(phone_key(phone(3))) == expected
    assert await store.ledger.member_by_account("telegram", "555") == expected
    assert await store.ledger.member("m99999") is None
    assert await store.ledger.member_by_phone(phone_key(phone(99999))) is None
    assert await store.ledger.member_by_account("telegram", "556") is None
    assert await store.ledger.member_by_account("sms", "555") is None


@pytest.mark.parametrize("status", ["shared", "landline"])
async def test_a_phone_that_takes_no_code_finds_nobody(store: DurableStore, status: str) -> None:
    await take_in(store, [member(1, phone=phone(7), status=status), member(2, phone=phone(7), status=status)])
    assert await store.ledger.member_by_phone(phone_key(phone(7))) is None


async def test_phones_shown_by_an_account_are_counted_once_each(store: DurableStore) -> None:
    def shown(number: int, account: str = "555") -> CodeRequest:
        return CodeRequest("telegram", account, phone_key(phone(number)), NOW)

    assert [await store.ledger.note_phone_tried(shown(number)) for number in (1, 1, 2, 1, 3)] == [1, 1, 2, 2, 3]
    assert await store.ledger.note_phone_tried(shown(1, "556")) == 1


async def test_a_code_is_counted_and_its_letter_queued_together(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.record_code("m00001", letter(kind="code", sealed_body=b"words"))
    await store.ledger.record_code("m00001", None)
    found = await store.ledger.member("m00001")
    assert found is not None
    assert found.codes_sent == 2
    assert [item.sealed_body for item in await store.outbox.claim(NOW, 10)] == [b"words"]
    with pytest.raises(LookupError):
        await store.ledger.record_code("nobody", letter())
    assert await store.outbox.claim(NOW, 10) == []


async def test_wrong_codes_add_up(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store)
    counts = await asyncio.gather(
        *(where.ledger.record_wrong_code("m00001") for where in (store, other) for _ in range(10))
    )
    assert sorted(counts) == list(range(1, 21))


async def test_enrolling_counts_once_however_often_it_is_done(store: DurableStore) -> None:
    await polling_opens(store)
    for _ in range(3):
        await store.ledger.enrol("m00001", "telegram", "555")
        await store.ledger.enrol("m00002", "sms", phone(2))
    assert await total(store, "enrolled") == 2


async def test_an_account_has_one_member_and_a_member_one_account(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.enrol("m00001", "telegram", "555")
    with pytest.raises(AccountTaken):
        await store.ledger.enrol("m00001", "telegram", "556")
    with pytest.raises(AccountTaken):
        await store.ledger.enrol("m00002", "telegram", "555")
    refused = await store.ledger.member("m00002")
    assert refused is not None
    assert not refused.enrolled
    assert await total(store, "enrolled") == 1


async def test_accounts_are_bound_one_to_one_when_many_try_at_once(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=20)
    wishes = [(f"m{person:05d}", str(account)) for person in range(20) for account in range(20)]

    async def enrol(where: DurableStore, person: str, account: str) -> tuple[str, str] | None:
        try:
            await where.ledger.enrol(person, "telegram", account)
        except AccountTaken:
            return None
        return person, account

    done = await asyncio.gather(*(enrol((store, other)[n % 2], *wish) for n, wish in enumerate(wishes)))
    bound = [pair for pair in done if pair is not None]
    assert len(bound) == len({person for person, _ in bound}) == len({account for _, account in bound})
    for person, account in bound:
        found = await store.ledger.member_by_account("telegram", account)
        assert found is not None
        assert found.id == person
    assert await total(store, "enrolled") == len(bound) > 0


async def test_a_vote_uses_the_right_fills_the_box_counts_and_queues_its_notice(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, notice=letter(b"you have voted")))
    await store.ledger.cast(vote(2, "sms"))
    found = await store.ledger.member("m00001")
    assert found is not None
    assert found.right == "voted"
    assert await store.office.box() == BoxCount(voted=2, standing=2, urn=0)
    assert list(await store.ledger.turnout()) == [
        RegionTurnout("r0", 4, 0, 0, 0, 0),
        RegionTurnout("r1", 3, 0, 1, 0, 0),
        RegionTurnout("r2", 3, 0, 0, 1, 0),
    ]
    assert b"you have voted" in [item.sealed_body for item in await store.outbox.claim(NOW, 10)]


async def test_a_second_vote_is_refused_and_changes_nothing(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    with pytest.raises(AlreadyVoted):
        await store.ledger.cast(vote(1, "sms", receipt_digest=b"another"))
    assert await store.office.box() == BoxCount(1, 1, 0)
    assert (await total(store, "telegram"), await total(store, "sms")) == (1, 0)
    assert await store.books.bulletin_of(b"another") is None
    assert (await store.outbox.counts()) == {"waiting": 1}


async def test_a_right_that_is_used_refuses_a_second_vote_whatever_its_pseudonym(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    with pytest.raises(AlreadyVoted):
        await store.ledger.cast(vote(1, pseudonym=b"another pseudony"))
    answers = await asyncio.gather(
        store.ledger.cast(vote(2)), store.ledger.cast(vote(2, pseudonym=b"a third pseudony")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [type(None), AlreadyVoted]
    assert await store.office.box() == BoxCount(2, 2, 0)


async def test_an_envelope_that_stands_refuses_a_second_one_whatever_the_right_says(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    stolen, honest = vote(2, pseudonym=vote(1).pseudonym), vote(3)
    refused, taken = await asyncio.gather(store.ledger.cast(stolen), store.ledger.cast(honest), return_exceptions=True)
    assert isinstance(refused, AlreadyVoted)
    assert taken is None
    found = await store.ledger.member("m00002")
    assert found is not None
    assert found.right == "open"
    assert await store.office.box() == BoxCount(2, 2, 0)


@pytest.mark.parametrize(
    ("stage", "refusal"), [("draft", NotOpenYet), ("paused", Paused), ("closed", Closed), ("counted", Closed)]
)
async def test_a_vote_outside_the_hours_changes_nothing(
    store: DurableStore, stage: str, refusal: type[Refusal]
) -> None:
    await polling_opens(store)
    await store.office.move(["open"], stage, NOW)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        await store.ledger.cast(vote(1))
    found = await store.ledger.member("m00001")
    assert found is not None
    assert found.right == "open"
    assert await store.office.box() == BoxCount(0, 0, 0)
    assert await total(store, "telegram") == 0
    assert await store.outbox.counts() == {}


async def test_a_vote_of_nobody_is_a_fault_and_disturbs_no_other(store: DurableStore) -> None:
    await polling_opens(store)
    fault, taken = await asyncio.gather(
        store.ledger.cast(vote(777)), store.ledger.cast(vote(1)), return_exceptions=True
    )
    assert isinstance(fault, LookupError)
    assert taken is None
    assert await store.office.box() == BoxCount(1, 1, 0)


async def test_a_receipt_is_known_once_its_ballot_is_in_the_box(store: DurableStore) -> None:
    await polling_opens(store)
    digest = vote(1).receipt_digest
    assert await store.books.bulletin_of(digest) is None
    await asyncio.gather(store.ledger.cast(vote(1)), store.ledger.cast(vote(2, receipt_digest=digest)))
    assert await store.books.bulletin_of(digest) == 0, "it waits for the next bulletin"
    assert await store.office.box() == BoxCount(2, 2, 0)


async def test_a_chosen_language_goes_before_the_rolls_and_outlives_an_import(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.set_preferences("m00001", language="en")
    await store.ledger.set_preferences("m00001", silent=True)
    await take_in(store, [member(1, language="ru")])
    found = await store.ledger.member("m00001")
    assert found is not None
    assert found.language == "en"
