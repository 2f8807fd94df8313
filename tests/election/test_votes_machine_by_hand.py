"""Whatever members do, one vote a member is counted: where a vote may be cast again always, and where never."""

from tests.votes_acts import AGAIN_ALWAYS, AGAIN_NEVER, ANSWERS, RUNS, STEPS
from tests.votes_machine import hold_elections

ALWAYS, NEVER = RUNS * 3 // 10, RUNS // 5


def test_where_a_vote_may_be_cast_again_as_often_as_one_likes() -> None:
    tally = hold_elections(AGAIN_ALWAYS, runs=ALWAYS)
    assert tally.runs >= ALWAYS
    assert tally.steps >= ALWAYS * STEPS
    assert tally.missing({**ANSWERS, "let in": f"{ANSWERS['let in']} redo_too_soon"}) == set()


def test_where_a_vote_may_be_cast_again_only_if_it_was_not_hers() -> None:
    tally = hold_elections(AGAIN_NEVER, runs=NEVER)
    assert tally.runs >= NEVER
    assert tally.steps >= NEVER * STEPS
    assert tally.missing({**ANSWERS, "let in": f"{ANSWERS['let in']} no_more_redos"}) == set()
