"""A small election in which everything has happened that a store keeps: no table of it is empty."""

from datetime import timedelta

from election.broadcasts import Plan
from election.ports import Act, CodeRequest
from election.roll_change import KIND, RollChangeProposal
from storage.durable.roll_change import Phones
from storage.durable.store import DurableStore
from tests.storage.durable.polling import (
    NOW,
    again,
    letter,
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

SOON = NOW + timedelta(minutes=5)
PHONES = Phones(phone_key, seal_phone, salt)


async def prepared(store: DurableStore) -> None:
    """Loaded, with keys and a frozen roll; two share a phone, one has a landline; open."""
    await store.office.load_election("the definition", "its digest")
    await store.office.set_public_key(b"the public key", [b"one", b"two", b"three"], 2)
    await take_in(store, [member(number, phone=phone(number - number % 2 * (number > 18))) for number in range(20)])
    await take_in(store, [member(20, status="landline"), member(0, name="Named again")])
    await store.office.freeze_roll(salt, NOW)
    number = await store.office.propose(_act("open"))
    await store.office.decide(number, "Berik", SOON)
    await store.office.propose(_act("close"))
    await store.office.move(["draft"], "open", NOW)


async def voted(store: DurableStore) -> None:
    """Members have signed in and voted, again and on paper; letters are on their way; a bulletin is published."""
    for number in range(14):
        request = CodeRequest("telegram", f"chat {number}", phone_key(phone(number)), NOW)
        await store.ledger.note_phone_tried(request)
        await store.ledger.record_code(f"m{number:05d}", letter(kind="code", expires_at=SOON))
        await store.ledger.enrol(f"m{number:05d}", "telegram", f"chat {number}", "a bot")
    await store.ledger.enrol("m00014", "sms", "")
    await store.ledger.record_wrong_code("m00014")
    await store.ledger.set_preferences("m00003", language="ru", silent=True)
    for number in range(10):
        await store.ledger.cast(vote(number, "sms" if number % 3 else "telegram", redo_from=NOW))
    await store.ledger.cast(again(1, 2, "telegram"))
    await store.ledger.cast(again(2, 2, "sms", reason="not-me"))
    await store.ledger.disown("m00003", 1)
    await store.ledger.hand_out_paper(withdrawal(4))
    await store.ledger.hand_out_paper(withdrawal(11, after=0))
    await store.books.publish(lambda _: b"the first bulletin", at_least=0)
    for number in (12, 13):
        await store.ledger.cast(vote(number))
    await store.books.publish(lambda _: b"the second bulletin", at_least=10)


async def done_beside_it(store: DurableStore) -> None:
    """Letters in several states, somebody leads, the roll has changed, a broadcast is planned."""
    items = await store.outbox.claim(NOW, 8)
    await store.outbox.sent(items[0].id, "SM1", NOW)
    await store.outbox.sent(items[1].id, "SM2", NOW)
    await store.outbox.delivered("SM2", "delivered", SOON)
    await store.outbox.later(items[2].id, SOON, NOW)
    await store.outbox.settled(items[3].id, "failed", NOW)
    await store.outbox.settled(items[4].id, "unknown", NOW)
    await store.leases.lead("clock", "a process", 60, NOW)
    await store.leases.lead("other", "a process", 60, NOW)
    people = [member(15, name="Renamed", phone=phone(115)), member(30, region="r9")]
    found = await store.roll_changes.difference([people], phone_key, lambda _: None)
    payload = RollChangeProposal("/roll.csv", "ab" * 32, {}, "KZ", found.added, found.changed).packed()
    act = Act(0, NOW, KIND, payload, "late", "Aigerim", "Berik", "done", None)
    await store.roll_changes.apply(act, found, [people], PHONES, SOON)
    await store.broadcasts.plan(Plan("reminder", ("sms",), NOW, NOW, "Aigerim"), 3)


async def closed(store: DurableStore) -> None:
    """Closed, and a ballot withdrawn."""
    await store.office.move(["open"], "closed", SOON)
    await store.ledger.withdraw(withdrawal(5))


async def cut(store: DurableStore) -> None:
    """The ballots are in the urn."""
    await store.office.cut(pseudonym)
    await store.office.move(["closed"], "counted", SOON)
    await store.books.publish(lambda _: b"the last bulletin", at_least=0)


STEPS = (prepared, voted, done_beside_it, closed, cut)


def _act(kind: str) -> Act:
    return Act(0, NOW, kind, "{}", "it is time", "Aigerim", "", "pending", SOON + timedelta(minutes=30))
