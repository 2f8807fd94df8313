from collections import Counter

from election.definition import Candidate, Contest, Words
from election.order import shown_order


def words(text: str) -> Words:
    return Words(text, text, text)


LISTED = Contest("chair", words("Chair"), tuple(Candidate(str(n), words(f"N{n}")) for n in range(7)))
ROTATED = Contest("council", words("Council"), LISTED.candidates, order="rotated")


def test_a_listed_contest_is_shown_as_the_file_has_it() -> None:
    assert shown_order(LISTED, "M-1") == LISTED.candidates


def test_a_rotated_contest_is_the_same_round_from_another_place() -> None:
    for number in range(100):
        shown = shown_order(ROTATED, f"M-{number}")
        first = ROTATED.candidates.index(shown[0])
        assert shown == ROTATED.candidates[first:] + ROTATED.candidates[:first]


def test_a_member_always_sees_the_same_order() -> None:
    assert [candidate.id for candidate in shown_order(ROTATED, "M-1")] == ["6", "0", "1", "2", "3", "4", "5"]


def test_each_candidate_is_first_equally_often() -> None:
    members = 10_000
    firsts = Counter(shown_order(ROTATED, f"{number:07d}")[0].id for number in range(members))
    expected = members / 7
    chi_square = sum((firsts[candidate.id] - expected) ** 2 / expected for candidate in ROTATED.candidates)
    assert chi_square < 22.46  # 6 degrees of freedom, p = 0.001


def test_two_contests_of_a_member_begin_independently() -> None:
    other = Contest("senate", words("Senate"), LISTED.candidates, order="rotated")
    same = sum(shown_order(ROTATED, str(n))[0] == shown_order(other, str(n))[0] for n in range(2_000))
    assert 200 < same < 380  # a seventh, give or take six standard deviations
