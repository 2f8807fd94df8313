"""A small election in which everything has happened that a store keeps: no table of it is empty."""

from dataclasses import replace
from datetime import timedelta

from election import paper
from election.broadcasts import Plan, a_word
from election.complaints import DECIDED, Decision, Filing, Question
from election.deeds.deed import payload
from election.deeds.paper import opening
from election.definition import Words
from election.paper_count import ContestCount, PaperCount
from election.ports import Act, CodeRequest, Signal
from election.radar.case import Finding
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
    told = RollChangeProposal("/roll.csv", "ab" * 32, {}, "KZ", found.added, found.changed).packed()
    act = Act(0, NOW, KIND, told, "late", "Aigerim", "Berik", "done", None)
    await store.roll_changes.apply(act, found, [people], PHONES, SOON)
    await store.broadcasts.plan(Plan("reminder", ("sms",), NOW, NOW, "Aigerim"), 3)
    await store.ledger.note_signal(Signal("contact", NOW, "r1", "b", "m00001"))
    await _complained(store)
    await _mended(store)
    await _on_paper(store)
    await store.radar.keep([Finding("burst", ("r1", "b"), NOW, SOON, {"votes": 20}, 9)], SOON)


async def _complained(store: DurableStore) -> None:
    """Two members complain; one is asked, the other's complaint is decided."""
    for number in (3, 6):
        member_id, message = f"m{number:05d}", bytes([number])
        await store.complaints.file(Filing(member_id, "sms", "other", False, b"sealed words", message, NOW, SOON))
    word = a_word("m00003", Words("", "", ""), "Berik", NOW)
    await store.complaints.ask(Question(101, "Berik", b"sealed question", word, NOW))
    act = Act(0, NOW, DECIDED, "{}", "", "Berik", "Berik", "done", None)
    await store.complaints.decide(Decision(102, "rejected", b"sealed reason", act, word))


async def _on_paper(store: DurableStore) -> None:
    """A station has handed out ballots, one of them spoilt, is closed, and two clerks agree on its count."""
    await store.office.enact(_of_station(paper.OPEN, dict(opening("South", ["r0"], []))), {}, NOW)
    for number in (9, 18):
        await store.ledger.hand_out_paper(replace(withdrawal(number, after=int(number < 10)), station="South"))
    await store.papers.exchange("South", "m00009", 1)
    await store.papers.give_back("South", "m00018")
    (station,) = await store.papers.stations()
    await store.office.enact(_of_station(paper.CLOSE, dict(station.account(1).as_about())), {}, NOW)
    count = PaperCount("South", (ContestCount("chair", 1, 0, 0, {"101": 1}),))
    for clerk in ("Clerk One", "Clerk Two"):
        await store.papers.enter_count(count, clerk, _of_station(paper.COUNT, {"station": "South"}), alone=False)


def _of_station(kind: str, about: dict[str, str | int]) -> Act:
    return Act(0, NOW, kind, payload("primaries", about), "", "Clerk One", "Clerk Two", "done")


async def _mended(store: DurableStore) -> None:
    """A member's number is about to change, another is confirmed on a phone that two share."""
    about = {"phone_key": phone_key(phone(116)).hex(), "sealed": seal_phone(phone(116)).hex(), "digits": "4471"}
    for kind, told in (("number", {"member": "m00016", **about}), ("confirm", {"member": "m00018"})):
        act = Act(0, NOW, kind, payload("primaries", told), "late", "Aigerim", "Berik", "done", None)
        await store.office.enact(act, {"letter": b"sealed words", "limit": b"\3"}, SOON)


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
