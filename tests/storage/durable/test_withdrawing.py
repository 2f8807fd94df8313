"""What takes a right or a ballot back (election.ports.Ledger, and Office.cut), on every store."""

import asyncio
from datetime import timedelta

import pytest

from election.errors import AlreadyVoted, Closed, NotOpenYet, OperatorRefusal, Paused, Refusal
from election.leaf import Leaf, ballot_digest
from election.ports import BoxCount, Member, RegionTurnout, Stage
from storage.durable.store import DurableStore
from tests.storage.durable.polling import NOW, again, polling_opens, pseudonym, total, vote, withdrawal

LATER = NOW + timedelta(hours=2)


async def found(store: DurableStore, number: int) -> Member:
    one = await store.ledger.member(f"m{number:05d}")
    assert one is not None
    return one


async def removing(store: DurableStore) -> list[Leaf]:
    """The leaves that say that a ballot is out, in the log or not yet."""
    await store.books.publish(lambda _: b"bulletin", at_least=0)
    return [leaf for leaf in await store.books.leaves(0, 1000) if leaf.kind not in ("cast", "ballot")]


async def closes(store: DurableStore) -> None:
    assert await store.office.move(["open"], "closed", NOW)


async def nothing_changes(store: DurableStore, number: int, act: object, refusal: type[Exception]) -> None:
    before = await store.books.books(), await found(store, number)
    with pytest.raises(refusal):
        await act  # type: ignore[misc]
    assert (await store.books.books(), await found(store, number)) == before


# A vote that was not hers


async def test_who_disowns_her_vote_may_vote_once_more_and_at_once(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, redo_from=LATER))
    before = await store.books.books()
    assert await store.ledger.disown("m00001", 1)
    member = await found(store, 1)
    assert (member.disowned, member.granted, member.redo_from) == (1, 1, None)
    assert (member.right, member.casts) == ("voted", 1), "her vote stands until the next one is in"
    assert await store.books.books() == before


async def test_a_vote_is_disowned_once(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    done = await asyncio.gather(*((store, other)[n % 2].ledger.disown("m00001", 1) for n in range(10)))
    assert sorted(done) == [False] * 9 + [True]
    await store.ledger.cast(again(1, 2, redo_from=LATER))
    assert not await store.ledger.disown("m00001", 1), "that is another's vote by now"
    assert ((await found(store, 1)).granted, (await found(store, 1)).redo_from) == (1, LATER)
    assert await store.ledger.disown("m00001", 2)
    assert ((await found(store, 1)).granted, (await found(store, 1)).disowned) == (2, 2)


async def test_only_a_vote_that_stands_can_be_disowned(store: DurableStore) -> None:
    await polling_opens(store)
    assert not await store.ledger.disown("m00001", 1)
    assert not await store.ledger.disown("m00001", 0)
    assert not await store.ledger.disown("nobody", 1)
    await store.ledger.cast(vote(1))
    assert not await store.ledger.disown("m00001", 2)
    await store.ledger.hand_out_paper(withdrawal(1))
    assert not await store.ledger.disown("m00001", 1)
    assert ((await found(store, 1)).granted, (await found(store, 1)).disowned) == (0, 0)


# Taken out after the close


async def test_a_ballot_withdrawn_after_the_close_is_out_for_good(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, "sms", redo_from=LATER))
    await store.ledger.cast(vote(2))
    await closes(store)
    await store.ledger.withdraw(withdrawal(1))
    member = await found(store, 1)
    assert (member.right, member.redo_from) == ("void", None)
    assert await store.office.box() == BoxCount(voted=1, standing=1, urn=0)
    assert list(await store.ledger.turnout()) == [
        RegionTurnout("r0", 4, 0, 0, 0, 0),
        RegionTurnout("r1", 3, 0, 0, 0, 0, void=1),
        RegionTurnout("r2", 3, 0, 1, 0, 0),
    ]
    assert await removing(store) == [Leaf("void", ballot_digest(vote(1).sealed_ballot))]
    assert await store.office.cut(pseudonym) == 1
    assert await store.office.urn() == [vote(2).sealed_ballot]


async def test_of_a_vote_cast_again_the_last_ballot_is_withdrawn(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    await store.ledger.cast(again(1, 2))
    await closes(store)
    await nothing_changes(store, 1, store.ledger.withdraw(withdrawal(1, after=1)), AlreadyVoted)
    await store.ledger.withdraw(withdrawal(1, after=2))
    assert Leaf("void", ballot_digest(again(1, 2).sealed_ballot)) in await removing(store)
    assert await store.office.cut(pseudonym) == 0


async def test_nothing_is_withdrawn_but_between_close_and_count(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    before: tuple[Stage, ...] = ("open", "draft", "paused", "counted")
    for was, stage in zip(("open", *before), before, strict=False):
        assert await store.office.move([was], stage, NOW)
        await nothing_changes(store, 1, store.ledger.withdraw(withdrawal(1)), NotOpenYet)


async def test_who_has_no_vote_standing_withdraws_nothing(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    await store.ledger.cast(vote(2))
    await store.ledger.hand_out_paper(withdrawal(2))
    await closes(store)
    await nothing_changes(store, 2, store.ledger.withdraw(withdrawal(2)), AlreadyVoted)
    await nothing_changes(store, 3, store.ledger.withdraw(withdrawal(3, after=0)), AlreadyVoted)
    await nothing_changes(store, 1, store.ledger.withdraw(withdrawal(1, after=2)), AlreadyVoted)
    with pytest.raises(LookupError):
        await store.ledger.withdraw(withdrawal(777))


async def test_a_ballot_is_withdrawn_once_however_many_ask(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    await closes(store)
    answers = await asyncio.gather(
        *((store, other)[n % 2].ledger.withdraw(withdrawal(1)) for n in range(10)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyVoted"] * 9 + ["NoneType"]
    assert (await total(store, "void"), await total(store, "telegram")) == (1, 0)
    assert len(await removing(store)) == 1


# On paper


async def test_paper_uses_a_right_that_was_open_and_says_so_in_the_log(store: DurableStore) -> None:
    await polling_opens(store)
    out = withdrawal(1, after=0)
    await store.ledger.hand_out_paper(out)
    assert (await found(store, 1)).right == "paper"
    assert await store.office.box() == BoxCount(0, 0, 0)
    assert list(await store.ledger.turnout())[1] == RegionTurnout("r1", 3, 0, 0, 0, 1)
    assert await removing(store) == [Leaf("paper", out.nothing)]
    with pytest.raises(AlreadyVoted):
        await store.ledger.cast(vote(1))


async def test_paper_after_a_vote_moves_the_count_and_names_the_ballot_which_stands_until_the_cut(
    store: DurableStore,
) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1, "sms", redo_from=LATER))
    await store.ledger.cast(again(1, 2, "sms", redo_from=LATER))
    await nothing_changes(store, 1, store.ledger.hand_out_paper(withdrawal(1, after=1)), AlreadyVoted)
    await nothing_changes(store, 1, store.ledger.hand_out_paper(withdrawal(1, after=0)), AlreadyVoted)
    await store.ledger.hand_out_paper(withdrawal(1, after=2))
    member = await found(store, 1)
    assert (member.right, member.redo_from) == ("paper", None)
    assert list(await store.ledger.turnout())[1] == RegionTurnout("r1", 3, 0, 0, 0, 1)
    assert await store.office.box() == BoxCount(voted=0, standing=1, urn=0)
    assert Leaf("paper", ballot_digest(again(1, 2).sealed_ballot)) in await removing(store)


async def test_paper_is_handed_out_once_however_many_clerks_ask(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    answers = await asyncio.gather(
        *((store, other)[n % 2].ledger.hand_out_paper(withdrawal(1)) for n in range(10)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyVoted"] * 9 + ["NoneType"]
    await nothing_changes(store, 1, store.ledger.hand_out_paper(withdrawal(1)), AlreadyVoted)
    assert (await total(store, "paper"), await total(store, "telegram")) == (1, 0)
    assert len(await removing(store)) == 1
    with pytest.raises(LookupError):
        await store.ledger.hand_out_paper(withdrawal(777, after=0))


async def test_of_paper_and_a_vote_at_once_one_is_had(store: DurableStore, other: DurableStore) -> None:
    await polling_opens(store, members=20)
    people = range(20)
    votes = [(store, other)[n % 2].ledger.cast(vote(n)) for n in people]
    papers = [(other, store)[n % 2].ledger.hand_out_paper(withdrawal(n, after=0)) for n in people]
    answers = await asyncio.gather(*votes, *papers, return_exceptions=True)
    for cast, handed_out in zip(answers[:20], answers[20:], strict=True):
        assert {type(cast), type(handed_out)} == {type(None), AlreadyVoted}
    box = await store.office.box()
    assert box.voted == box.standing == await total(store, "telegram") == 20 - await total(store, "paper")


async def test_no_paper_is_handed_out_but_while_voting_runs(store: DurableStore) -> None:
    await polling_opens(store)
    await store.ledger.cast(vote(1))
    shut: dict[Stage, type[Refusal]] = {"draft": NotOpenYet, "paused": Paused, "closed": Closed, "counted": Closed}
    for stage, refusal in shut.items():
        await store.office.move(["open"], stage, NOW)
        await nothing_changes(store, 1, store.ledger.hand_out_paper(withdrawal(1)), refusal)
        await nothing_changes(store, 2, store.ledger.hand_out_paper(withdrawal(2, after=0)), refusal)
        await store.office.move([stage], "open", NOW)


# The cut


async def test_the_cut_leaves_the_ballots_of_members_on_paper_aside_and_repeats_harmlessly(
    store: DurableStore,
) -> None:
    await polling_opens(store)
    for number in range(6):
        await store.ledger.cast(vote(number))
    await store.ledger.cast(again(1, 2))
    await store.ledger.hand_out_paper(withdrawal(1, after=2))
    await store.ledger.hand_out_paper(withdrawal(2))
    await store.ledger.hand_out_paper(withdrawal(7, after=0))
    asked: list[str] = []

    def told(member_id: str) -> bytes:
        asked.append(member_id)
        return pseudonym(member_id)

    with pytest.raises(OperatorRefusal) as refusal:
        await store.office.cut(told)
    assert refusal.value.code == "not_closed"
    assert await store.office.box() == BoxCount(voted=4, standing=6, urn=0)
    await closes(store)
    for _ in range(3):
        assert await store.office.cut(told) == 4
        assert sorted(await store.office.urn()) == sorted(vote(number).sealed_ballot for number in (0, 3, 4, 5))
        assert await store.office.box() == BoxCount(voted=4, standing=0, urn=4)
    assert sorted(asked) == ["m00001", "m00002"], "of nobody else, and never once the envelopes are gone"
