"""Bulletins: their form, their chain, what they tell, and what makes them be refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from election.ballot import encode
from election.books import Books, RollChange
from election.bulletin import BulletinRefused, canonical, draw_up, make, signed
from election.bulletin_result import published
from election.bulletin_rules import public_rules
from election.errors import OperatorRefusal
from election.ports import RegionTurnout
from election.tally import count
from tests.board.little_election import ANOTHER_KEY, DEFINITION, KEY, MORNING, LittleElection, a_whole_election
from vault import signing

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


def _refused(little: LittleElection, spoil: Callable[[Books], Books] = lambda books: books, **how: Any) -> str:
    """What is said when the books, after `spoil`, are to become a bulletin."""
    with pytest.raises(BulletinRefused) as refused:
        _made(little, spoil, **how)
    assert refused.value.code == "bulletin_refused"
    return str(refused.value)


def _made(little: LittleElection, spoil: Callable[[Books], Books] = lambda books: books, **how: Any) -> dict[str, Any]:
    now = little.now + timedelta(hours=2)
    definition = how.pop("definition", little.definition)
    made = make(spoil(little.books()), definition, little.keys(), how.pop("at", now), how.pop("sign", KEY.sign), **how)
    told: dict[str, Any] = json.loads(made)
    return told


def _region(**figures: int | str) -> Callable[[Books], Books]:
    """Almaty with other figures."""

    def spoil(books: Books) -> Books:
        return replace(
            books,
            regions=[replace(each, **figures) if each.region == "Almaty" else each for each in books.regions],  # type: ignore[arg-type]
        )

    return spoil


def _hour(**more: int) -> Callable[[Books], Books]:
    """So many more in the hour of the first votes."""
    hour = MORNING + timedelta(hours=2)
    return lambda books: replace(
        books, hours=books.hours | {(hour, name): books.hours.get((hour, name), 0) + n for name, n in more.items()}
    )


def _record(**fields: Any) -> Callable[[Books], Books]:
    return lambda books: replace(books, record=replace(books.record, **fields))


@pytest.fixture
def little() -> LittleElection:
    """In the middle of the voting, two bulletins out."""
    made = LittleElection(3)
    made.act("open")
    made.publish()
    for member in range(0, 600, 7):
        if member % 10 != 9:
            made.cast(member, "sms" if member % 2 else "telegram")
    made.publish()
    for member in (0, 7, 14):
        made.cast(member, reason="not-me")
    made.hand_out_paper(21)
    made.hand_out_paper(39)
    return made


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_canonical_bytes_are_the_same_whatever_the_order_and_read_back_as_they_were(told: dict[str, Any]) -> None:
    try:
        data = canonical(told)
    except UnicodeEncodeError:
        return  # a lone half of a surrogate pair is no text
    assert canonical(dict(reversed(told.items()))) == data
    assert json.loads(data) == told
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1


def test_canonical_bytes_are_as_the_guide_says() -> None:
    told = {"б": "ә\n", "a": [1, True, None], "B": {}}
    assert canonical(told) == '{"B":{},"a":[1,true,null],"б":"ә\\n"}\n'.encode()
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_each_bulletin_is_signed_and_names_the_one_before() -> None:
    little = a_whole_election()
    before = ""
    for number, data in enumerate(little.bulletins, 1):
        told = json.loads(data)
        assert (told["number"], told["previous"]) == (number, before)
        signature = bytes.fromhex(told.pop("signature"))
        assert signing.verify(KEY.public_key, canonical(told), signature)
        assert signed(told, KEY.sign) == data
        before = sha256(data).hexdigest()


def test_a_bulletin_holds_no_percentage_and_no_fraction() -> None:
    for data in a_whole_election().bulletins:
        json.loads(data, parse_float=lambda text: pytest.fail(text))
        assert b"%" not in data
        assert b"percent" not in data


def test_the_figures_of_a_bulletin_are_those_of_the_books(little: LittleElection) -> None:
    told = _made(little)
    votes = len(little.voted)
    assert told["voted"] == votes + 2
    assert told["by_channel"]["paper"] == 2
    assert (told["standing"], told["paper_over"], told["urn"]) == (votes + 1, 1, 0)
    assert (told["redos"], told["reasons"]) == (3, [{"branch": "", "again": 0, "not_me": 3}])
    assert told["log"]["waiting"] == {"cast": 3, "ballot": 3, "redo": 3, "void": 0, "paper": 2, "action": 0}
    assert told["log"]["size"] == len(little.leaves)
    assert told["incidents"] == [{"act": 1, "at": "2026-12-01T04:00:00+00:00", "what": "open"}]
    first_votes = {"from": "2026-12-01T06:00:00+00:00", "telegram": 43, "sms": 35, "paper": 1}
    assert told["hours"] == [first_votes | {"to": "2026-12-01T09:00:00+00:00"}]
    assert told["title"] == {"kk": "Club (kk)", "ru": "Club (ru)", "en": "Club (en)"}


def test_the_same_books_give_the_same_bytes(little: LittleElection) -> None:
    assert _made(little) == _made(little)


def test_the_public_rules_say_everything_but_phones() -> None:
    told = public_rules(DEFINITION)
    assert told["commission"]["members"] == [{"name": "Aigerim", "role": "organiser"}]
    assert "+7701" not in json.dumps(told)
    assert told["policy"]["redo_wait"] == 7200
    assert told["contests"][1]["regions"] == ["Almaty", "Astana"]
    assert [candidate["id"] for candidate in told["contests"][0]["candidates"]] == ["1", "2", "3"]


def test_a_refusal_is_one_for_the_operator_with_all_reasons(little: LittleElection) -> None:
    with pytest.raises(OperatorRefusal) as refused:
        _made(little, lambda books: replace(books, standing=books.standing + 1, acts=()))
    assert str(refused.value).startswith("The bulletin is not published. ")
    assert isinstance(refused.value, BulletinRefused)
    assert len(refused.value.reasons) == 3  # box, act leaves, the incident that is gone


BOOKS_THAT_DO_NOT_RECONCILE: list[tuple[Callable[[Books], Books], str]] = [
    (lambda books: replace(books, standing=books.standing + 1), "envelopes are in the box"),
    (lambda books: replace(books, standing=0, urn=books.standing), "envelopes are in the box"),
    (lambda books: replace(books, paper_over=0), "that paper replaces"),
    (lambda books: replace(books, paper_over=3, standing=books.standing + 2), "but 2 voted on paper"),
    (lambda books: replace(books, waiting={**books.waiting, "cast": 2}), "leaves “ballot”"),
    (lambda books: replace(books, waiting={**books.waiting, "redo": 2}), "leaves “redo”"),
    (lambda books: replace(books, waiting={**books.waiting, "paper": 1}), "leaves “paper”"),
    (lambda books: replace(books, waiting={**books.waiting, "void": 1}), "leaves “void”"),
    (lambda books: replace(books, acts=()), "acts on record"),
    (lambda books: replace(books, reasons={}), "reasons noted for voting again"),
    (lambda books: replace(books, placed={**books.placed, "cast": 0}), "are counted in it"),
    (lambda books: replace(books, frontier=books.frontier[:-1]), "frontier of the log is damaged"),
    (lambda books: replace(books, frontier=bytes(8)), "are counted in it"),
    (lambda books: replace(books, last=books.last[:-2] if books.last else None), "not as it was signed"),
    (lambda books: replace(books, last=b"[]"), "not as it was signed"),
    (lambda books: replace(books, last=b"\xff"), "not as it was signed"),
    (lambda books: replace(books, last=b"[" * 100_000), "not as it was signed"),
    (_hour(telegram=1), "votes by phone, but"),
    (_hour(paper=1), "The hours have 2 votes on paper, but 1 members voted so, and not by phone before."),
    (_hour(telegram=30, sms=-30), "33 votes by sms stand, but the hours have 5 and 3 were cast again."),
    (_hour(telegram=-200), "votes by telegram and have"),
    (_region(telegram=300), "withdrew, but 300 are on the roll"),
    (_region(telegram=-1), "below zero"),
    (_region(enrolled=0), "ballots by phone, but 0 signed in"),
    (_region(enrolled=0), "had signed in; now it is 302"),
    (_region(enrolled=10_000), "10000 signed in and 30 on the paper roll"),
    (_region(telegram=10), 'Region "Almaty": 39 had voted; now it is'),
    (lambda books: replace(books, placed={**books.placed, "redo": -1}), "The log had 0 leaves “redo” and has -1"),
    (lambda books: replace(books, placed={**books.placed, "cast": 0}), "that waited to be put into the log are gone"),
    (
        lambda books: replace(books, roll_changes=[RollChange(1, 5, MORNING, "added", 1)]),
        "do not lead to its version 1",
    ),
    (lambda books: replace(books, roll_changes=[RollChange(1, 1, MORNING, "added", 9)]), "made by no act on record"),
    (_region(electorate=301), "the electorate has changed"),
    (_region(paper_roll=0), "the paper roll has changed"),
    (_region(void=1), "withdrawn"),
    (_record(digest="e" * 64), "rules kept in the store"),
    (_record(stage="draft"), "The election was open and is draft again"),
    (_record(stage="counted"), "envelopes are in the box"),
    (_record(stage="opne"), "no such stage"),
    (_record(roll_frozen_at=None), "roll is not frozen"),
    (_record(roll_digest="a" * 64), "the hash of the roll has changed"),
    (_record(roll_version=2), "no change of it is on record"),
    (_record(public_key=b"q" * 32), "key kept in the store"),
]


@pytest.mark.parametrize(
    ("spoil", "said"), BOOKS_THAT_DO_NOT_RECONCILE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_books_that_do_not_reconcile_make_no_bulletin(
    little: LittleElection, spoil: Callable[[Books], Books], said: str
) -> None:
    assert said in _refused(little, spoil)


def test_a_bulletin_is_of_the_election_of_the_one_before(little: LittleElection) -> None:
    assert "of the election other" in _refused(little, definition=replace(DEFINITION, id="other"))


def test_votes_on_paper_do_not_become_fewer(little: LittleElection) -> None:
    little.publish()
    assert "2 had voted on paper; now it is 0" in _refused(little, _region(paper=0))


def test_a_clock_that_went_back_is_refused(little: LittleElection) -> None:
    assert "the clock went back" in _refused(little, at=little.now - timedelta(seconds=1))


def test_another_key_cannot_go_on(little: LittleElection) -> None:
    assert "another key signed it" in _refused(little, sign=ANOTHER_KEY.sign)


def test_rules_may_change_before_the_opening_and_never_after(little: LittleElection) -> None:
    other = replace(DEFINITION, timezone="Asia/Aqtau")
    assert "The rules or the keys" in _refused(little, definition=other)
    draft = LittleElection()
    draft.stage = "draft"
    draft.publish()
    assert _made(draft, definition=other)["number"] == 2


def test_what_was_told_cannot_be_taken_back(little: LittleElection) -> None:
    little.change_roll()
    little.publish()
    assert "incident" in _refused(little, lambda books: replace(books, roll_changes=()))
    assert "(the version of the roll) was 2" in _refused(little, _record(roll_version=1))
    votes = little.voted.popitem()
    assert "had voted" in _refused(little)
    little.voted.update([votes])
    little.leaves.pop()
    assert "leaves" in _refused(little)


def test_a_log_of_the_same_size_has_the_same_root(little: LittleElection) -> None:
    books = little.books()
    other = books.frontier[:-1] + bytes([books.frontier[-1] ^ 1])
    assert "another root" in _refused(little, lambda books: replace(books, frontier=other))


def test_the_last_bulletin_waits_for_the_close_and_for_every_leaf(little: LittleElection) -> None:
    assert "It is to be the last one, but the election is open." in _refused(little, final=True)
    little.act("close", "closed")
    assert "leaves still wait" in _refused(little, final=True)
    little.place()
    assert _made(little, final=True)["final"] is True
    assert "when the ballots are counted" in _refused(little, final=True, result_digest="a" * 64)


def test_after_the_last_bulletin_comes_no_other_and_no_other_result() -> None:
    whole = a_whole_election()
    assert "published already" in _refused(whole, result_digest="")
    assert "not the one that was published" in _refused(whole, final=True, result_digest="b" * 64)


def test_changes_of_the_roll_are_counted_and_let_the_electorate_change(little: LittleElection) -> None:
    before = _made(little)
    little.change_roll()
    told = _made(little)
    assert (told["roll_changes"], told["roll_version"]) == (1, 2)
    assert told["electorate"] == before["electorate"] + 1
    assert told["incidents"][-1] == {"act": 2, "at": "2026-12-01T08:00:00+00:00", "what": "roll", "roll_version": 2}


def test_a_result_is_the_same_bytes_for_the_same_count_in_whatever_order_the_ballots_come() -> None:
    ballots = [encode(DEFINITION, {"chair": (choice,)}) for choice in "112"]
    forth = published(DEFINITION, count(DEFINITION, ballots), KEY.sign)
    assert published(DEFINITION, count(DEFINITION, reversed(ballots)), KEY.sign) == forth
    told = json.loads(forth, parse_float=lambda text: pytest.fail(text))
    assert [line["votes"] for line in told["contests"][0]["results"]] == [2, 1, 0]
    assert told["totals"] == {"cast": 3, "counted": 3, "void_ballots": 0}
    assert signed({name: value for name, value in told.items() if name != "signature"}, KEY.sign) == forth


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 25), max_size=8))
def test_no_small_region_can_be_told_from_a_bulletin(voters: dict[str, int]) -> None:
    """Every row that names a region has ten or more; a region that has fewer stands with another, and together they
    have ten or more, or nobody is named at all. So no sum less other sums is a small region's."""
    books = LittleElection().books()
    regions = [RegionTurnout(name, 40, 40, number, 0, 0) for name, number in voters.items()]
    told = _drawn(replace(books, regions=regions))
    rows = {row["region"]: row["voted"] for row in told["by_region"] if row["region"] != "*"}
    assert all(rows[name] == voters[name] >= 10 for name in rows)
    assert sorted([*rows, *told["merged"]]) == sorted(voters)
    together = sum(voters[name] for name in told["merged"])
    small = [name for name in told["merged"] if voters[name] < 10]
    if small and rows:
        assert len(told["merged"]) > 1
        assert together >= 10
    assert sum(rows.values()) + together == told["voted"]


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(0, 25), st.integers(0, 5)), max_size=8))
def test_no_small_branch_can_be_told_from_the_reasons(again: dict[str, tuple[int, int]]) -> None:
    books = LittleElection().books()
    reasons = {(branch, "again"): number for branch, (number, _) in again.items()}
    reasons |= {(branch, "not-me"): number for branch, (_, number) in again.items()}
    told = _drawn(replace(books, reasons=reasons))
    named = {row["branch"]: row["again"] + row["not_me"] for row in told["reasons"] if row["branch"]}
    assert all(number >= 10 and number == sum(again[branch]) for branch, number in named.items())
    rest = {branch: sum(numbers) for branch, numbers in again.items() if branch not in named and sum(numbers)}
    if named and rest:
        assert sum(rest.values()) >= 10
        assert len(rest) > 1 or rest.keys() == {""}
    assert (
        sum(row["again"] + row["not_me"] for row in told["reasons"]) == told["redos"] == sum(map(sum, again.values()))
    )


def _drawn(books: Books) -> Any:
    return draw_up(books, DEFINITION, LittleElection().keys(), at=LittleElection().now)
