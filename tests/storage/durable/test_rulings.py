"""What the store promises of rulings on candidates, the hour of closing and what is told of both, on every store."""

from datetime import timedelta
from typing import Any

import pytest

from election.broadcasts import Broadcast, Plan, Scope, a_word
from election.deeds.deed import payload
from election.definition import Words
from election.errors import OperatorRefusal
from election.ports import Act, ElectionRecord, Member
from election.rulings import Ruling
from storage.durable.broadcasts import put_plan
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW, again, polling_opens, pseudonym, vote

LATER = NOW + timedelta(hours=3)
WORDS = Words("сәлем", "привет", "hello")
WHO = {"contest": "chair", "candidate": "2", "name": "Айгүл", "title": "Председатель"}


async def done(store: DurableStore, kind: str, **about: str | int) -> Act:
    """A guarded act of two persons."""
    act = Act(0, NOW, kind, payload("club", about), "due", "Aigerim", "Berik", "done")
    return await store.office.enact(act, {}, NOW)


async def election(store: DurableStore) -> ElectionRecord:
    record = await store.ledger.election()
    assert record is not None
    return record


async def found(store: DurableStore, number: int) -> Member:
    one = await store.ledger.member(f"m{number:05d}")
    assert one is not None
    return one


async def taken(store: DurableStore, plan: Plan) -> Broadcast:
    broadcast = await store.broadcasts.take(await store.broadcasts.plan(plan, 1), "me", NOW)
    assert broadcast is not None
    return broadcast


async def met(store: DurableStore, plan: Plan) -> dict[str, bool]:
    """Whom it reaches, by either way, and whether she is told that she may vote again."""
    broadcast = await taken(store, plan)
    each = [await store.broadcasts.recipients(broadcast, leg, "", 20, NOW) for leg in range(len(plan.legs))]
    return {one.member_id: one.again for page in each for one in page}


def announcing(act: int, only: Scope, **others: Any) -> Plan:
    return Plan("announcement", ("telegram", "sms"), NOW, NOW, "Aigerim", act=act, only=only, **others)


async def test_rulings_are_kept_in_the_order_in_which_they_were_made(store: DurableStore) -> None:
    await polling_opens(store)
    assert (await election(store)).rulings == ()
    first, second = await done(store, "strike", **WHO), await done(store, "unstrike", **WHO)
    assert (await election(store)).rulings == (
        Ruling("chair", "2", True, first.number, NOW),
        Ruling("chair", "2", False, second.number, NOW),
    )
    assert await store.books.inspect() == []


@pytest.mark.parametrize(
    ("before", "kind", "code"), [([], "unstrike", "not_struck"), (["strike"], "strike", "struck_already")]
)
async def test_what_is_ruled_already_is_not_ruled_again(
    store: DurableStore, before: list[str], kind: str, code: str
) -> None:
    await polling_opens(store)
    for each in before:
        await done(store, each, **WHO)
    record, acts = await election(store), await store.office.acts()
    with pytest.raises(OperatorRefusal) as refused:
        await done(store, kind, **WHO)
    assert refused.value.code == code
    assert (await election(store), await store.office.acts()) == (record, acts)


async def test_after_the_cut_who_is_struck_off_stays_so(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    await store.office.move(["open"], "closed", NOW)
    await done(store, "strike", **WHO)
    await store.office.cut(pseudonym)
    with pytest.raises(OperatorRefusal) as refused:
        await done(store, "unstrike", **WHO)
    assert refused.value.code == "box_cut"


async def test_the_hour_of_closing_moves_to_later_only_and_not_after_the_close(store: DurableStore) -> None:
    await polling_opens(store)
    assert (await election(store)).extended_to is None
    await done(store, "extend", until=LATER.isoformat(), hour="12:03")
    assert (await election(store)).extended_to == LATER
    for hours in (0, -1):
        with pytest.raises(OperatorRefusal):
            await done(store, "extend", until=(LATER + timedelta(hours=hours)).isoformat(), hour="")
    await store.office.move(["open"], "closed", NOW)
    with pytest.raises(OperatorRefusal):
        await done(store, "extend", until=(LATER + timedelta(hours=1)).isoformat(), hour="")
    assert (await election(store)).extended_to == LATER
    assert await store.books.inspect() == []


async def test_a_ruling_that_no_act_made_is_found(store: DurableStore) -> None:
    await polling_opens(store)
    await done(store, "strike", **WHO)
    other = '[["chair", "1", true, 1, "2026-12-01T09:03:07+00:00"]]'
    await store.ledger._keeper.write(
        lambda connection: connection.exec_driver_sql(f"UPDATE election SET rulings = '{other}'").close()
    )
    assert [damage.table for damage in await store.books.inspect()] == ["election"]


async def test_a_vote_notes_the_newest_ruling_and_one_after_a_newer_grants_a_redo(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, ruling=0))
    await store.ledger.cast(vote(2, ruling=3))
    assert [(await found(store, number)).ruling for number in (1, 2)] == [0, 3]
    await store.ledger.cast(again(1, 2, ruling=3))
    await store.ledger.cast(again(2, 2, ruling=3))
    assert [((await found(store, n)).ruling, (await found(store, n)).granted) for n in (1, 2)] == [(3, 1), (3, 0)]
    assert await store.books.inspect() == []


async def test_votes_that_wait_together_each_note_their_own(store: DurableStore) -> None:
    import asyncio

    await polling_opens(store)
    await asyncio.gather(*(store.ledger.cast(vote(number, ruling=number % 3)) for number in range(9)))
    assert [(await found(store, number)).ruling for number in range(9)] == [0, 1, 2] * 3


async def test_an_act_is_announced_once(store: DurableStore) -> None:
    await polling_opens(store)
    paused, _ = await done(store, "pause"), await done(store, "resume")
    acts = await store.broadcasts.unannounced(("pause", "resume"), NOW - timedelta(days=1))
    assert [act.kind for act in acts] == ["pause", "resume"]
    number = await store.broadcasts.plan(announcing(paused.number, Scope()), 3)
    assert await store.broadcasts.plan(announcing(paused.number, Scope()), 9) == number
    acts = await store.broadcasts.unannounced(("pause", "resume"), NOW - timedelta(days=1))
    assert [act.kind for act in acts] == ["resume"]
    assert await store.broadcasts.unannounced(("pause", "resume"), NOW + timedelta(seconds=1)) == []
    assert await store.broadcasts.unannounced(("strike",), NOW - timedelta(days=1)) == []


async def test_announcements_go_before_messages_and_a_word_before_all(store: DurableStore) -> None:
    await polling_opens(store)
    message = await store.broadcasts.plan(Plan("message", ("telegram",), NOW, NOW, "me", text=WORDS), 1)
    announcement = await store.broadcasts.plan(announcing(1, Scope()), 1)
    word = await store.broadcasts.plan(a_word("m00001", WORDS, "me", NOW), 1)
    order = []
    for _ in range(3):
        waiting = await store.broadcasts.next(NOW)
        assert waiting is not None
        order.append(waiting.number)
        await store.broadcasts.stop(waiting.number, NOW)
    assert order == [word, announcement, message]
    assert [each.number for each in await store.broadcasts.broadcasts()] == [announcement, message]


async def test_an_announcement_reaches_those_of_the_contest_and_tells_who_may_vote_again(store: DurableStore) -> None:
    await polling_opens(store)
    for number in range(1, 8):
        await store.ledger.enrol(f"m{number:05d}", "telegram", f"{9000 + number}")
    await store.ledger.cast(vote(1))
    await store.ledger.cast(vote(4, ruling=1))
    await store.ledger.cast(vote(2))
    act = await done(store, "strike", **WHO)
    r1 = Scope(regions=("r1",), ruling=1)  # members 1, 4, 7
    assert await met(store, announcing(act.number, r1)) == {"m00001": True, "m00004": False, "m00007": False}
    await store.ledger.set_preferences("m00001", silent=True)
    await store.ledger.set_preferences("m00007", silent=True)
    other = await done(store, "unstrike", **WHO)
    told = await met(store, announcing(other.number, Scope(("r1",), ("b",), ruling=2)))
    assert told == {"m00001": True, "m00004": True}, "who may vote again is told even if she said STOP"
    assert await met(store, announcing(99, Scope(branches=("no such",)))) == {}
    reach = await store.broadcasts.reach(announcing(other.number, Scope(("r1",), ruling=2)), NOW)
    assert reach == {("telegram", "kk"): 2}


async def test_a_word_reaches_one_member_by_the_way_that_is_open_to_her(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.enrol("m00001", "telegram", "9001", "7")
    await store.ledger.set_preferences("m00001", silent=True)
    for member in ("m00001", "m00002"):
        broadcast = await taken(store, a_word(member, WORDS, "me", NOW))
        pages = [await store.broadcasts.recipients(broadcast, leg, "", 20, NOW) for leg in (0, 1)]
        ways = [each.way for page in pages for each in page]
        assert ways == (["telegram"] if member == "m00001" else ["sms"])
        assert {each.member_id for page in pages for each in page} == {member}


async def test_what_was_said_to_one_member_is_wiped_once_it_has_left(store: DurableStore) -> None:
    await polling_opens(store)
    word = await taken(store, a_word("m00001", WORDS, "me", NOW))
    assert word.plan.text == WORDS
    await store.broadcasts.end(word.number, "me", NOW)
    after = await store.broadcasts.broadcast(word.number)
    assert after is not None
    assert (after.state, after.plan.text) == ("done", None)


async def test_a_word_is_planned_in_somebody_elses_transaction(store: DurableStore) -> None:
    await polling_opens(store)
    keeper = store.ledger._keeper
    number = await keeper.write(lambda connection: put_plan(connection, a_word("m00003", WORDS, "me", NOW), 1))
    kept = await store.broadcasts.broadcast(number)
    assert kept is not None
    assert (kept.plan.only, kept.plan.text) == (Scope(member="m00003"), WORDS)
