"""What book-keeping promises (election.books.BookKeeping), on every store."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from election.books import BookKeeping, Books
from election.errors import OperatorRefusal
from election.leaf import Kind, Leaf, act_digest, ballot_digest
from election.log import Frontier
from election.ports import Act, Cast, RegionTurnout
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW, polling_opens, pseudonym, total, vote, withdrawal

DONE = Act(0, NOW, "open", "{}", "it is morning", "Aigerim", "Berik", "done")
NONE: dict[Kind, int] = {"cast": 0, "ballot": 0, "redo": 0, "void": 0, "paper": 0, "action": 0}


def numbered(books: Books) -> bytes:
    """A bulletin that says nothing but its number."""
    return b"%d" % (1 if books.last is None else int(books.last) + 1)


def keyed(number: int, *keys: int) -> Cast:
    """A vote whose leaves have these keys."""
    first, second = (key.to_bytes(16, "big") for key in keys)
    return vote(number, leaf_keys=(first, second, bytes(16)))


async def drawn_from(store: DurableStore, at_least: int = 0) -> Books:
    """The books that a bulletin published now is drawn up from."""
    seen: list[Books] = []

    def draw_up(books: Books) -> bytes:
        seen.append(books)
        return numbered(books)

    await store.books.publish(draw_up, at_least=at_least)
    return seen[-1]


def is_of_one_moment(books: Books) -> bool:
    """Each vote is a right used, an envelope and two leaves."""
    used = sum(region.telegram + region.sms for region in books.regions)
    casts, ballots = (books.placed[kind] + books.waiting[kind] for kind in ("cast", "ballot"))
    return used == books.standing == casts == ballots


async def test_the_books_are_what_a_bulletin_is_made_of(store: DurableStore) -> None:
    books: BookKeeping = store.books
    for act in (books.books(), books.publish(numbered, at_least=0)):
        with pytest.raises(OperatorRefusal) as refusal:
            await act
        assert refusal.value.code == "no_election"
    assert await books.bulletins() == []
    assert await books.leaves(0, 10) == []


async def test_leaves_go_into_the_log_in_the_order_of_their_keys_behind_those_that_are_there(
    store: DurableStore,
) -> None:
    await polling_opens(store)
    first, second, later = keyed(1, 9, 2), keyed(2, 4, 7), keyed(3, 3, 1)
    await store.ledger.cast(first)
    await store.ledger.cast(second)
    await drawn_from(store)
    await store.ledger.cast(later)
    books = await drawn_from(store)
    log = [
        Leaf("ballot", ballot_digest(first.sealed_ballot)),
        Leaf("cast", second.receipt_digest),
        Leaf("ballot", ballot_digest(second.sealed_ballot)),
        Leaf("cast", first.receipt_digest),
        Leaf("ballot", ballot_digest(later.sealed_ballot)),
        Leaf("cast", later.receipt_digest),
    ]
    assert await store.books.leaves(0, 100) == log
    frontier = Frontier()
    for leaf in log:
        frontier.append(leaf.hash)
    assert books.frontier == frontier.packed()
    assert (books.placed, books.waiting) == (NONE | {"cast": 3, "ballot": 3}, NONE)


async def test_leaves_are_read_from_one_place_to_before_another(store: DurableStore) -> None:
    await polling_opens(store)
    for number in range(5):
        await store.ledger.cast(vote(number))
    await drawn_from(store)
    log = await store.books.leaves(0, 10)
    assert len(log) == 10
    assert [await store.books.leaves(*ends) for ends in ((0, 3), (3, 9), (9, 99))] == [log[:3], log[3:9], log[9:]]
    assert await store.books.leaves(4, 4) == await store.books.leaves(10, 20) == []


async def test_leaves_wait_until_there_are_votes_enough_to_hide_each_other(store: DurableStore) -> None:
    await polling_opens(store)
    for _ in range(5):
        await store.office.propose(DONE)
    await store.ledger.cast(vote(1))
    await store.ledger.cast(vote(2))
    before = NONE | {"action": 5, "cast": 2, "ballot": 2}
    books = await drawn_from(store, at_least=3)
    assert (books.placed, books.waiting, books.frontier) == (NONE, before, Frontier().packed())
    assert await store.books.leaves(0, 100) == []
    await store.ledger.cast(vote(3))
    books = await drawn_from(store, at_least=3)
    assert (books.placed, books.waiting) == (before | {"cast": 3, "ballot": 3}, NONE)
    await store.office.propose(DONE)
    assert (await drawn_from(store)).placed["action"] == 6, "without any vote, where nothing is asked for"


async def test_what_a_bulletin_refuses_undoes_everything(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    before = await store.books.books()

    def refuses(books: Books) -> bytes:
        assert books.placed["cast"] == 1
        raise OperatorRefusal("not_reconciled", "The figures do not agree.")

    with pytest.raises(OperatorRefusal) as refusal:
        await store.books.publish(refuses, at_least=0)
    assert refusal.value.code == "not_reconciled"
    assert await store.books.books() == before
    assert before.waiting == NONE | {"cast": 1, "ballot": 1}
    assert await store.books.bulletins() == await store.books.leaves(0, 10) == []


async def test_bulletins_published_at_once_follow_each_other_and_none_is_lost(
    store: DurableStore, other: DurableStore
) -> None:
    await polling_opens(store)
    made = await asyncio.gather(*((store, other)[n % 2].books.publish(numbered, at_least=0) for n in range(20)))
    expected = [b"%d" % number for number in range(1, 21)]
    assert sorted(made, key=int) == list(await other.books.bulletins()) == expected


async def test_what_is_published_and_what_is_read_is_of_one_moment_while_votes_come(
    store: DurableStore, other: DurableStore
) -> None:
    await polling_opens(store, members=80)
    drawn: list[Books] = []

    def draw_up(books: Books) -> bytes:
        drawn.append(books)
        return numbered(books)

    async def votes(where: DurableStore, numbers: range) -> None:
        for number in numbers:
            await where.ledger.cast(vote(number))

    async def looks(act: Callable[[], object], end: asyncio.Task[object]) -> None:
        while not end.done():
            await act()  # type: ignore[misc]
            await asyncio.sleep(0)  # a look need not wait for anything

    async def reads() -> None:
        drawn.append(await other.books.books())

    async with asyncio.TaskGroup() as group:
        halves = [
            group.create_task(votes(where, range(n, 80, 4))) for n, where in enumerate((store, other, store, other))
        ]
        end = asyncio.ensure_future(asyncio.gather(*halves))
        for act in (lambda: store.books.publish(draw_up, at_least=0), reads):
            group.create_task(looks(act, end))  # type: ignore[arg-type]
    assert len({books.standing for books in drawn}) > 3, "it was looked at while votes came"
    assert all(map(is_of_one_moment, drawn))
    assert (await drawn_from(store)).placed == NONE | {"cast": 80, "ballot": 80}


async def test_a_receipt_is_found_under_the_first_bulletin_whose_log_holds_it(store: DurableStore) -> None:
    await polling_opens(store)
    early, late = vote(1), vote(2)
    told = [await store.books.bulletin_of(early.receipt_digest)]
    await store.ledger.cast(early)
    for at_least in (9, 1, 1):
        told.append(await store.books.bulletin_of(early.receipt_digest))
        await drawn_from(store, at_least)
    await store.ledger.cast(late)
    told += [await store.books.bulletin_of(vote.receipt_digest) for vote in (early, late)]
    await drawn_from(store)
    told += [await store.books.bulletin_of(vote.receipt_digest) for vote in (early, late)]
    assert told == [None, 0, 0, 2, 2, 0, 2, 4]
    assert await store.books.bulletin_of(b"never given to anybody") is None
    assert await store.books.bulletin_of(ballot_digest(early.sealed_ballot)) is None, "a ballot is no receipt"


async def test_of_two_receipts_that_fell_alike_the_earlier_is_told(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    await drawn_from(store)
    await store.ledger.cast(vote(2, receipt_digest=vote(1).receipt_digest))
    assert await store.books.bulletin_of(vote(1).receipt_digest) == 1
    await drawn_from(store)
    assert await store.books.bulletin_of(vote(1).receipt_digest) == 1


async def test_the_books_tell_what_stands_what_paper_puts_aside_and_what_is_in_the_urn(store: DurableStore) -> None:
    await polling_opens(store)
    for number in (1, 2, 3):
        await store.ledger.cast(vote(number))
    await store.ledger.hand_out_paper(withdrawal(1))
    await store.ledger.hand_out_paper(withdrawal(4, after=0))
    books = await store.books.books()
    assert (books.standing, books.paper_over, books.urn) == (3, 1, 0)
    assert list(books.regions) == list(await store.ledger.turnout())
    assert books.regions[1] == RegionTurnout("r1", 3, 0, 0, 0, 2)
    await store.office.move(["open"], "closed", NOW)
    await store.ledger.withdraw(withdrawal(2))
    assert ((await store.books.books()).standing, await total(store, "void")) == (2, 1)
    await store.office.cut(pseudonym)
    books = await store.books.books()
    assert (books.standing, books.paper_over, books.urn, books.record.stage) == (0, 1, 1, "closed")


async def test_the_books_tell_the_acts_done_and_the_last_bulletin_as_it_was_published(store: DurableStore) -> None:
    await polling_opens(store)
    await store.office.propose(replace(DONE, state="pending", approver=""))
    number = await store.office.propose(DONE)
    books = await store.books.books()
    assert (books.last, books.acts) == (None, [replace(DONE, number=number)])
    assert books.record == await store.ledger.election()
    for body in (b"\x00first", b"\xffsecond"):
        assert await store.books.publish(lambda _, body=body: body, at_least=0) == body
        assert (await store.books.books()).last == body
    assert await store.books.bulletins() == [b"\x00first", b"\xffsecond"]
    assert await store.books.leaves(0, 10) == [Leaf("action", act_digest(books.acts[0]))]
