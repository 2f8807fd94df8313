"""What the radar sees in a nation that votes, what it leaves alone, and that its chances are what it says they are."""

import math
import random
from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta

import pytest

from election.ports import Signal, SignalKind
from election.radar import rates
from election.radar.beat import beats, most_even
from election.radar.burst import WIDTHS, bursts, drawn_lines
from election.radar.case import Finding, Place, merged
from election.radar.rhythm import Branch, Rhythm, rhythm_of, slot_of
from election.radar.tails import binomial_tail, gamma_poisson_tail, regular_tail
from election.radar.watch import News, Watch
from tests.election.radar_nation import HALF_HOUR, OPENED, Day, Harvest, day

HERE: Place = ("region 3", "branch 3")


def test_the_tail_of_a_rate_that_is_half_known_is_that_of_the_draws() -> None:
    chance = random.Random(1)
    draws = 40_000
    hits = sum(_poisson(chance.gammavariate(6.0, 0.5), chance) >= 8 for _ in range(draws))
    assert math.exp(gamma_poisson_tail(8, 6.0, 0.5)) == pytest.approx(hits / draws, rel=0.1)
    assert gamma_poisson_tail(0, 6.0, 0.5) == 0.0
    plain = sum(math.exp(-3) * 3**k / math.factorial(k) for k in range(8, 60))
    assert math.exp(gamma_poisson_tail(8, 1e7, 3e-7)) == pytest.approx(plain, rel=1e-4)


def _poisson(rate: float, chance: random.Random) -> int:
    count, left = 0, math.exp(-rate)
    product = chance.random()
    while product > left:
        count += 1
        product *= chance.random()
    return count


def test_the_binomial_tail_is_the_sum_of_its_terms() -> None:
    whole = sum(math.comb(30, k) * 0.1**k * 0.9 ** (30 - k) for k in range(9, 31))
    assert math.exp(binomial_tail(9, 30, 0.1)) == pytest.approx(whole, rel=1e-9)
    assert math.exp(binomial_tail(30, 30, 0.1)) == pytest.approx(0.1**30)
    assert binomial_tail(0, 30, 0.1) == 0.0


@pytest.mark.parametrize(("gaps", "spread"), [(4, 0.35), (6, 0.3), (10, 0.45)])
def test_gaps_between_random_arrivals_are_as_even_as_the_bound_says_or_less_often(gaps: int, spread: float) -> None:
    chance = random.Random(2)
    draws = 30_000
    even = 0
    for _ in range(draws):
        waits = [chance.expovariate(1) for _ in range(gaps)]
        mean = sum(waits) / gaps
        even += math.sqrt(sum((wait - mean) ** 2 for wait in waits) / gaps) <= spread * mean
    bound = math.exp(regular_tail(gaps, spread))
    assert even / draws <= bound * 1.15 + 3 / draws
    if spread <= 1 / math.sqrt(gaps - 1):  # the ball lies inside, and the bound is the chance itself
        assert even / draws >= bound * 0.85 - 3 / draws


def test_small_branches_are_told_as_their_region_and_small_regions_together() -> None:
    told = merged({("a", "big"): 10, ("a", "x"): 9, ("a", "y"): 4, ("b", "z"): 9, ("c", ""): 30})
    assert told == {
        ("a", "big"): ("a", "big"),
        ("a", "x"): ("a", ""),
        ("a", "y"): ("a", ""),
        ("b", "z"): ("", ""),
        ("c", ""): ("c", ""),
    }


def seen(made: Day, minutes: int = 120) -> list[Finding]:
    """All that is found on a day at which one looks every so often."""
    watch, found = Watch(random.Random(7), draws=150), []
    for now, slot in made.slices(minutes):
        news = made.rows[bisect_left(made.rows, (watch.settled,)) : bisect_left(made.rows, (slot,))]
        found += watch.look(News(news, made.members, {}, [], {}), OPENED, now)
    return found


def is_about(finding: Finding, harvest: Harvest) -> bool:
    return finding.place == harvest.place and finding.began <= harvest.ended and finding.ended >= harvest.began


def _rhythm(made: Day) -> Rhythm:
    by_phone = {place: count for place, (_, count) in made.members.items()}
    return rhythm_of(made.rows, by_phone, merged(by_phone))


@pytest.fixture(scope="module")
def harvested() -> Day:
    return day(500, 50_000, 20, random.Random(11))


def test_most_harvests_among_five_hundred_branches_are_found_and_hardly_anything_else(harvested: Day) -> None:
    found = seen(harvested)
    met = [any(is_about(finding, harvest) for finding in found) for harvest in harvested.harvests]
    strange = {finding.place for finding in found if not any(is_about(finding, each) for each in harvested.harvests)}
    assert sum(met) >= 15
    assert len(strange) <= 4


def test_on_a_day_without_a_harvest_there_is_hardly_a_case() -> None:
    quiet = day(500, 50_000, 0, random.Random(12))
    assert len({(finding.detector, finding.place) for finding in seen(quiet)}) <= 4


def test_a_harvest_by_an_even_hand_is_heard_as_a_beat_too(harvested: Day) -> None:
    alone = [harvest for harvest in harvested.harvests if harvest.even and harvest.size < 60]
    heard = beats(_rhythm(harvested))
    assert alone
    places = {beat.place for beat in heard}
    assert any(harvest.place in places for harvest in alone)
    beat = next(beat for beat in heard if beat.place in {harvest.place for harvest in harvested.harvests})
    assert 60 <= beat.every <= 120
    assert beat.spread < 0.5


def test_a_meeting_of_ten_is_no_case_and_twenty_of_one_hand_are(harvested: Day) -> None:
    quiet = _rhythm(day(300, 30_000, 0, random.Random(13)))
    lines = drawn_lines(quiet, random.Random(14), draws=200)
    typical = sorted(quiet.branches, key=lambda branch: branch.members)[150]
    begun = typical.slots[len(typical.slots) // 2]
    for votes, span, is_case in ((10, 90, False), (20, HALF_HOUR, True)):
        came = sorted([*typical.slots, *(begun + span * number // votes for number in range(votes))])
        struck = _with(quiet, Branch(typical.place, typical.members, came))
        assert (typical.place in {burst.place for burst in bursts(struck, lines)}) is is_case


def _with(rhythm: Rhythm, changed: Branch) -> Rhythm:
    branches = [changed if branch.place == changed.place else branch for branch in rhythm.branches]
    return replace(rhythm, branches=branches)


def test_a_branch_that_votes_with_all_others_at_the_peak_is_no_burst() -> None:
    crowd = [(slot_of(OPENED) + slot, "r", f"b{number}", 1) for slot in range(60) for number in range(40)]
    members = {("r", f"b{number}"): 100 for number in range(40)}
    rhythm = rhythm_of(crowd, members, merged(members))
    assert bursts(rhythm, dict.fromkeys(WIDTHS, -5.0)) == []


def test_where_there_is_no_nation_to_hold_a_branch_against_there_are_no_bursts() -> None:
    members = {("r", f"b{number}"): 100 for number in range(9)}
    rows = [(slot_of(OPENED) + slot, "r", "b1", 1) for slot in range(300)]
    rhythm = rhythm_of(rows, members, merged(members))
    assert bursts(rhythm, drawn_lines(rhythm, random.Random(1))) == []


def test_votes_in_one_slot_or_far_apart_are_no_beat() -> None:
    assert most_even(Branch(HERE, 100, [5] * 40)) is None
    assert most_even(Branch(HERE, 100, list(range(0, 40 * 200, 200)))) is None
    queue = most_even(Branch(HERE, 100, list(range(0, 40 * 30, 30))))
    assert queue is not None
    assert (queue.every, queue.gaps) == (300.0, 30)


def test_a_rate_is_a_case_only_against_that_of_all_others() -> None:
    of = {(f"r{number}", "b"): 200 for number in range(100)}
    even = dict.fromkeys(of, 4)
    assert rates.higher(even, of, 3) == []
    (odd,) = rates.higher(even | {("r7", "b"): 30}, of, 3)
    assert (odd.place, odd.hits, odd.of, odd.hits_elsewhere) == (("r7", "b"), 30, 200, 99 * 4)
    assert rates.higher({("r7", "b"): 2}, of, 3) == []


def signals(kind: SignalKind, *times: int) -> list[Signal]:
    """In branch 3, of so many members each: the n-th does it so often."""
    return [
        Signal(kind, OPENED + timedelta(minutes=5), *HERE, f"m{member}")
        for member, often in enumerate(times)
        for _ in range(often)
    ]


@pytest.fixture(scope="module")
def town() -> Day:
    return day(60, 4_000, 0, random.Random(15))


@pytest.mark.parametrize(
    ("kind", "detector", "mistake", "case"),
    [
        ("other-chat", "other-chat", (1,), (6,)),
        ("phones", "phones", (1,), (1, 1, 1, 1)),
        ("contact", "contacts", (4,), (1, 1, 1, 1)),
        ("not-me", "not-me", (1, 1), (1, 1, 1, 1, 1)),
    ],
)
def test_a_mistake_is_no_case_and_a_habit_of_a_place_is(
    town: Day, kind: SignalKind, detector: str, mistake: tuple[int, ...], case: tuple[int, ...]
) -> None:
    def found(noted: list[Signal]) -> list[Finding]:
        news = News(town.rows, town.members, {}, noted, {HERE: 9})
        now = OPENED + timedelta(hours=12)
        watch = Watch(random.Random(3), draws=50)
        return [each for each in watch.look(news, OPENED, now) if each.detector == detector]

    assert found(signals(kind, *mistake)) == []
    (finding,) = found(signals(kind, *case))
    assert finding.place == HERE
    assert finding.numbers["times"] == sum(case)


def test_votes_again_are_held_against_those_of_all_others(town: Day) -> None:
    again = dict.fromkeys(town.members, 1)
    news = News(town.rows, town.members, again | {HERE: 25}, [], {})
    found = Watch(random.Random(3), draws=50).look(news, OPENED, OPENED + timedelta(hours=12))
    (finding,) = [each for each in found if each.detector == "redo"]
    assert (finding.place, finding.numbers["times"]) == (HERE, 25)
