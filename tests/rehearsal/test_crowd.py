import random

from rehearsal.box import Box
from rehearsal.crowd import Member, crowd
from rehearsal.people import add_all
from tests.rehearsal.fake_house import Contest, FakeHouse

CONTESTS = [Contest("Мажилис", ["Ахметов", "Петров", "Ким"]), Contest("Маслихат", list("ABCDEFG"), choose=3)]


async def test_a_crowd_votes_by_both_doors_in_three_languages_and_everybody_sees_a_receipt(box: Box) -> None:
    add_all(box.people, [{"phone": f"+7702000{n:04d}"} for n in range(24)])
    members = [Member(f"+7702000{n:04d}", ("telegram", "sms")[n % 2], ("kk", "ru", "en")[n % 3]) for n in range(24)]
    seen: list[int] = []
    async with FakeHouse(box, CONTESTS) as house:
        results = await crowd(
            box.url, members, 8, lambda _, results: seen.append(results.voted), rng=random.Random(3), patience=5
        )
    assert (results.voted, results.failed, dict(results.reasons)) == (24, 0, {})
    assert seen == list(range(1, 25))
    assert sorted(house.channels.values()) == ["sms"] * 12 + ["telegram"] * 12
    assert set(house.ballots) == {member.id for member in members}
    for marks in house.ballots.values():
        assert len(marks[0]) == 1
        assert 1 <= len(marks[1]) <= 3
    assert len({str(marks) for marks in house.ballots.values()}) > 5


async def test_a_member_whose_code_never_comes_gives_up_and_says_so(box: Box) -> None:
    async with FakeHouse(box, CONTESTS, deaf_to=frozenset({"+77010000001"})):
        results = await crowd(box.url, [Member("1", "telegram", "kk")], 1, rng=random.Random(1), patience=0.6)
    assert (results.voted, dict(results.reasons)) == (0, {"no code arrived": 1})


async def test_a_silent_bot_leaves_the_member_without_an_answer(box: Box) -> None:
    box.telegram.bot(box.token)
    members = [Member("1", "telegram"), Member("2", "sms"), Member("99", "sms")]
    results = await crowd(box.url, members, 3, rng=random.Random(1), patience=0.3)
    assert dict(results.reasons) == {"no answer in the chat": 1, "no answer by SMS": 1, "no such person": 1}


async def test_what_a_vote_cost_in_messages_is_told(box: Box) -> None:
    outcomes = []
    async with FakeHouse(box, CONTESTS[:1]):
        await crowd(
            box.url, [Member("1", "telegram")], 1, lambda outcome, _: outcomes.append(outcome),
            rng=random.Random(1), patience=5,
        )  # fmt: skip
    # languages, number?, the language screen is replaced by a new message, code?, contest, review, receipt
    assert [outcome.messages for outcome in outcomes] == [6]
    counts = box.hand("1").chat.counts
    assert (counts.sent, counts.edited) == (4, 2)
