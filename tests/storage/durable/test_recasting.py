"""What a ledger promises of a vote again (election.ports.Ledger), on every store."""

import asyncio
from datetime import timedelta

import pytest

from election.errors import AlreadyVoted, Closed, NotOpenYet, Paused, Refusal
from election.leaf import Leaf, ballot_digest
from election.ports import BoxCount, Cast, Member, Stage
from storage.durable.store import DurableStore
from tests.storage.durable.polling import (
    NOW,
    again,
    letter,
    member,
    polling_opens,
    pseudonym,
    take_in,
    total,
    vote,
    withdrawal,
)

LATER = NOW + timedelta(hours=2)


async def found(store: DurableStore, number: int) -> Member:
    one = await store.ledger.member(f"m{number:05d}")
    assert one is not None
    return one


async def counted(store: DurableStore) -> list[bytes]:
    """The ballots that come out of the box, at the end."""
    await store.office.move(["open"], "closed", NOW)
    await store.office.cut(pseudonym)
    return list(await store.office.urn())


async def log(store: DurableStore) -> list[Leaf]:
    """All leaves, in the log or not yet."""
    await store.books.publish(lambda _: b"bulletin", at_least=0)
    return sorted(await store.books.leaves(0, 1000), key=lambda leaf: (leaf.kind, leaf.digest))


async def refused(store: DurableStore, cast: Cast, refusal: type[Refusal] = AlreadyVoted) -> None:
    """It is, and nothing has changed."""
    before = await store.books.books(), await store.outbox.counts(), await store.ledger.member(cast.member_id)
    with pytest.raises(refusal):
        await store.ledger.cast(cast)
    assert before == (
        await store.books.books(),
        await store.outbox.counts(),
        await store.ledger.member(cast.member_id),
    )
    assert await store.books.bulletin_of(cast.receipt_digest) is None


async def test_a_vote_again_takes_the_place_of_the_one_before(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, redo_from=NOW))
    await store.ledger.cast(vote(2))
    await store.ledger.cast(again(1, 2, redo_from=LATER, notice=letter(b"you have voted again")))
    assert (await found(store, 1)).redo_from == LATER
    await store.ledger.cast(again(1, 3))
    member_now = await found(store, 1)
    assert (member_now.right, member_now.casts, member_now.redo_from) == ("voted", 3, None)
    assert await store.office.box() == BoxCount(voted=2, standing=2, urn=0)
    assert b"you have voted again" in [item.sealed_body for item in await store.outbox.claim(NOW, 10)]
    assert sorted(await counted(store)) == sorted([again(1, 3).sealed_ballot, vote(2).sealed_ballot])


async def test_a_vote_again_puts_its_own_leaves_down_and_one_that_names_the_ballot_it_replaces(
    store: DurableStore,
) -> None:
    await polling_opens(store)
    casts = [vote(1), again(1, 2), again(1, 3)]
    for cast in casts:
        await store.ledger.cast(cast)
    ballots = [ballot_digest(cast.sealed_ballot) for cast in casts]
    expected = [Leaf("ballot", digest) for digest in ballots]
    expected += [Leaf("cast", cast.receipt_digest) for cast in casts]
    expected += [Leaf("redo", digest) for digest in ballots[:2]]
    assert await log(store) == sorted(expected, key=lambda leaf: (leaf.kind, leaf.digest))
    assert [await store.books.bulletin_of(cast.receipt_digest) for cast in casts] == [1, 1, 1]


async def test_its_leaves_lie_where_their_keys_say(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, leaf_keys=(b"\x03" * 16, b"\x05" * 16, b"")))
    await store.ledger.cast(again(1, 2, leaf_keys=(b"\x04" * 16, b"\x02" * 16, b"\x01" * 16)))
    await store.books.publish(lambda _: b"bulletin", at_least=0)
    old, new = ballot_digest(vote(1).sealed_ballot), ballot_digest(again(1, 2).sealed_ballot)
    assert await store.books.leaves(0, 10) == [
        Leaf("redo", old),
        Leaf("ballot", new),
        Leaf("cast", vote(1).receipt_digest),
        Leaf("cast", again(1, 2).receipt_digest),
        Leaf("ballot", old),
    ]


async def test_a_vote_again_is_refused_unless_it_follows_the_one_that_stands(store: DurableStore) -> None:
    await polling_opens(store)
    await refused(store, again(1, 2))
    await store.ledger.cast(vote(1))
    await refused(store, again(1, 3))
    await store.ledger.cast(again(1, 2))
    for number in (2, 4):
        await refused(store, again(1, number, sealed_ballot=b"another", receipt_digest=b"another"))
    assert await counted(store) == [again(1, 2).sealed_ballot]


async def test_a_vote_again_is_refused_where_paper_or_a_withdrawal_has_ended_it(store: DurableStore) -> None:
    await polling_opens(store)
    for number in (1, 2):
        await store.ledger.cast(vote(number))
    await store.ledger.hand_out_paper(withdrawal(1))
    await refused(store, again(1, 2))
    await store.office.move(["open"], "closed", NOW)
    await store.ledger.withdraw(withdrawal(2))
    await store.office.move(["closed"], "open", NOW)
    await refused(store, again(2, 2))


async def test_a_vote_again_outside_the_hours_leaves_the_old_one_standing(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    shut: dict[Stage, type[Refusal]] = {"draft": NotOpenYet, "paused": Paused, "closed": Closed, "counted": Closed}
    for stage, refusal in shut.items():
        await store.office.move(["open"], stage, NOW)
        await refused(store, again(1, 2), refusal)
        await store.office.move([stage], "open", NOW)
    assert await counted(store) == [vote(1).sealed_ballot]


async def test_of_many_votes_again_at_once_one_is_taken(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    wishes = [again(1, 2, sealed_ballot=b"wish %d" % n, receipt_digest=b"receipt %d" % n) for n in range(20)]
    answers = await asyncio.gather(
        *((store, other)[n % 2].ledger.cast(wish) for n, wish in enumerate(wishes)), return_exceptions=True
    )
    (taken,) = [wish for wish, answer in zip(wishes, answers, strict=True) if answer is None]
    assert [type(answer) for answer in answers].count(AlreadyVoted) == 19
    kinds = [leaf.kind for leaf in await log(store)]
    assert (kinds.count("cast"), kinds.count("ballot"), kinds.count("redo")) == (2, 2, 1)
    assert await total(store, "telegram") == 1
    assert await counted(store) == [taken.sealed_ballot]


async def test_votes_again_of_many_members_are_all_taken(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=40)
    await asyncio.gather(*(store.ledger.cast(vote(number)) for number in range(40)))
    await asyncio.gather(
        *((store, other)[n % 2].ledger.cast(again(n, 2, "sms" if n < 15 else "telegram")) for n in range(40))
    )
    assert (await total(store, "telegram"), await total(store, "sms")) == (25, 15)
    assert sorted(await counted(store)) == sorted(again(n, 2).sealed_ballot for n in range(40))


async def test_a_vote_again_is_counted_where_it_came_from_and_nowhere_else(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, "telegram"))
    await store.ledger.cast(vote(2, "telegram"))
    seen = []
    for cast in (again(1, 2, "sms"), again(1, 3, "sms"), again(1, 4, "telegram"), again(2, 2, "telegram")):
        await store.ledger.cast(cast)
        seen.append([(region.telegram, region.sms) for region in await store.ledger.turnout()])
    assert seen == [
        [(0, 0), (0, 1), (1, 0)],
        [(0, 0), (0, 1), (1, 0)],
        [(0, 0), (1, 0), (1, 0)],
        [(0, 0), (1, 0), (1, 0)],
    ]


async def test_why_members_voted_again_is_counted_by_branch_and_never_by_member(store: DurableStore) -> None:
    await store.office.load_election("the definition", "its digest")
    await take_in(store, [member(number, branch="ab"[number // 3]) for number in range(6)])
    await store.office.move(["draft"], "open", NOW)
    for number in range(5):
        await store.ledger.cast(vote(number))
    assert (await store.books.books()).reasons == {}
    await store.ledger.cast(again(0, 2))
    await store.ledger.cast(again(0, 3, reason="not-me"))
    await store.ledger.cast(again(1, 2, reason="not-me"))
    await store.ledger.cast(again(3, 2))
    assert (await store.books.books()).reasons == {("a", "again"): 1, ("a", "not-me"): 2, ("b", "again"): 1}
